"""What administrators decide: which values they may type, and who looks after the installation's jobs."""

from typing import Any

import pytest

from elearn.kernel import jobs
from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.errors import Forbidden, Invalid
from elearn.people import agencies, queries
from elearn.workflows import administration
from tests.conftest import NOON
from tests.factories.world import World


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("logo", "../../secret.key"),
        ("logo", "a" * 64),
        ("public_url", "https://jahat.example"),
        ("lain", "x"),
    ],
)
def test_only_what_the_form_offers_can_be_typed(world: World, key: str, value: str) -> None:
    with pytest.raises(Invalid, match="unknown_setting"):
        administration.change_setting(world.agency_id, key, value, by=world.actor("admin"), now=NOON)


@pytest.mark.parametrize("zone", ["Asia", "Europe", "US/Pacific", "../etc", "Asia/Jakarta\n", "UTC", "/etc/passwd"])
def test_a_zone_is_one_of_three(world: World, zone: str) -> None:
    with pytest.raises(Invalid, match="zone"):
        administration.change_setting(world.agency_id, "zone", zone, by=world.actor("admin"), now=NOON)


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_the_three_zones_of_the_country_can_be_set(world: World, zone: str) -> None:
    administration.change_setting(world.agency_id, "zone", zone, by=world.actor("admin"), now=NOON)

    assert agencies.agency(world.agency_id, now=NOON).zone == zone


def test_the_jobs_of_the_installation_are_not_a_units_administrators(world: World, session: Any) -> None:
    jobs.enqueue("uji", "k", {}, now=NOON)
    job = session.query(jobs.Job).filter_by(kind="uji").one()
    job.park("rusak")
    path = queries.unit(world.units["a"]).path
    scoped = Actor(world.people["other"], frozenset({Grant(Role.LEARNER), Grant(Role.ADMINISTRATOR, path)}), "session")

    with pytest.raises(Forbidden):
        administration.parked_jobs(by=scoped, now=NOON)
    with pytest.raises(Forbidden):
        administration.retry_job(job.id, by=scoped, now=NOON)
    assert job.id in [it.id for it in administration.parked_jobs(by=world.actor("admin"), now=NOON)]
    administration.retry_job(job.id, by=world.actor("admin"), now=NOON)
    assert administration.parked_jobs(by=Actor.system(), now=NOON) == []
