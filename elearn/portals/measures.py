"""The page /metrics, on a port of its own: what web processes counted, and what the database says; nothing of persons."""

import os
import platform
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from elearn.certs.models import Certificate
from elearn.kernel import jobs, meter
from elearn.kernel.db import db
from elearn.kernel.job import Job
from elearn.portals import health

ROOT = Path(__file__).resolve().parents[2]


def serve(app: Flask, host: str, port: int) -> Any:
    """Answer on this address, in a thread; gives the server."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=os.environ[meter.FOLDER])  # type: ignore[no-untyped-call]
    registry.register(Stored(app))
    server, _thread = start_http_server(port, addr=host, registry=registry)
    return server


class Stored(Collector):
    """What is asked of the database at each look, and which release this is."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def collect(self) -> Iterator[Any]:
        """Families of figures; where the database is away, that alone."""
        with self._app.app_context():
            try:
                found = list(_stored())
            except SQLAlchemyError:
                found = []
            finally:
                db.session.remove()
        yield GaugeMetricFamily("elearn_database_up", "Whether the database answers.", value=float(bool(found)))
        yield from found
        release = GaugeMetricFamily("elearn_build_info", "Which release runs.", labels=["version", "python"])
        release.add_metric([_version(), platform.python_version()], 1)
        yield release


def _stored() -> Iterator[Any]:
    condition = health.condition()
    by_state = GaugeMetricFamily("elearn_jobs", "Jobs by kind and state.", labels=["kind", "state"])
    counted = select(Job.kind, Job.state, func.count()).group_by(Job.kind, Job.state)
    sums: dict[tuple[str, str], int] = {}
    for kind, state, count in db.session.execute(counted):
        named = kind if jobs.is_known(kind) else "other", str(state)
        sums[named] = sums.get(named, 0) + count
    for labels, count in sums.items():
        by_state.add_metric(labels, count)
    yield by_state
    yield GaugeMetricFamily("elearn_queue_age_seconds", "Age of the oldest job that is due.", value=condition["queue_age_s"])
    yield GaugeMetricFamily("elearn_disk_free_bytes", "Room where files lie.", value=condition["disk_free_bytes"])
    if condition["sweep_age_s"] is not None:
        yield GaugeMetricFamily("elearn_sweep_age_seconds", "Since a worker last swept.", value=condition["sweep_age_s"])
    issued = CounterMetricFamily("elearn_certificates_issued", "Certificates in the register.", labels=["kind"])
    for is_sample, count in db.session.execute(select(Certificate.sample, func.count()).group_by(Certificate.sample)):
        issued.add_metric(["sample" if is_sample else "real"], count)
    yield issued


def _version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
