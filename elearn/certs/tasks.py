"""Jobs of certificates: render, sign, hash, then publish; the law of it lives in services."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from elearn.certs import queries, rendering, services
from elearn.certs.facts import CertificateSnapshot
from elearn.kernel import jobs, storage
from elearn.kernel.actor import Actor
from elearn.kernel.clock import now as present
from elearn.kernel.installation import installation
from elearn.kernel.settings import agency_values

if TYPE_CHECKING:
    from elearn.certs.signing.local import LocalSigner


@dataclass(frozen=True, slots=True)
class _Order:
    snapshot: CertificateSnapshot
    logo: bytes | None


@dataclass(frozen=True, slots=True)
class _Signed:
    pdf: bytes
    key_id: str


def register() -> None:
    """Tell the job runner what these kinds do."""
    jobs.handle(services.RENDER_JOB, jobs.Handler(prepare=_prepare, work=_work, finish=_finish, is_possible=_may_render))


def _prepare(payload: dict[str, Any]) -> _Order | None:
    """The snapshot, and the logo as it was set when the certificate was issued; None if the file is there."""
    certificate = queries.certificate(UUID(payload["certificate_id"]))
    if queries.publication(certificate.id) is not None:
        return None
    logo = agency_values(certificate.agency_id, certificate.issued_at).get("logo")
    return _Order(certificate.content(), storage.get(logo) if logo else None)


def _work(order: _Order | None) -> _Signed | None:
    if order is None:
        return None
    place = installation()
    if not _may_render({}):
        raise jobs.Unavailable("PDF is switched off on this machine, or Pango is missing; it goes on once that is mended")
    pdf = rendering.render_isolated(order.snapshot, logo=order.logo, fonts_dir=place.fonts_dir)
    key = signer(str(place.keys_dir), place.name)
    signed = key.sign(pdf, reason=f"Sertifikat {order.snapshot.number}", at=order.snapshot.issued_at)
    storage.put(signed)
    return _Signed(signed, key.key_id)


def _may_render(_payload: dict[str, Any]) -> bool:
    """Asked anew each time: Pango may be installed while the worker runs."""
    return installation().pdf and rendering.is_possible()


def _finish(payload: dict[str, Any], signed: _Signed | None, by: Actor, now: datetime) -> None:
    if signed is not None:
        services.publish(UUID(payload["certificate_id"]), signed.pdf, signed.key_id, by=by, now=now)


@lru_cache(maxsize=4)
def signer(keys_dir: str, name: str) -> "LocalSigner":
    """The installation's signer, its key loaded once; pyHanko is met here, for a web server signs nothing."""
    from elearn.certs.signing.local import LocalSigner

    return LocalSigner.open(Path(keys_dir), name=name, at=present())
