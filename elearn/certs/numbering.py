"""Takes the next number of a series in the issuing transaction: gap-free, never reused."""

from uuid import UUID

from sqlalchemy import select

from elearn.certs.models import NumberCounter, NumberSeries
from elearn.kernel.db import db, upsert
from elearn.kernel.ids import new_id
from elearn.kernel.kept import Kept, changed


@Kept
def _series() -> dict[tuple[UUID, bool], UUID]:
    """The id of each series by its agency and whether it is that of the demo."""
    query = select(NumberSeries.agency_id, NumberSeries.sample, NumberSeries.id)
    return {(agency_id, sample): series_id for agency_id, sample, series_id in db.session.execute(query)}


def series_of(agency_id: UUID, *, sample: bool) -> UUID:
    """The id of an agency's series, made when it is first needed; two that make it at once agree on one."""
    found = _series().get((agency_id, sample))
    if found is not None:
        return found
    values = {"id": new_id(), "agency_id": agency_id, "sample": sample}
    db.session.execute(upsert(NumberSeries).values(values).on_conflict_do_nothing())
    changed()
    query = select(NumberSeries.id).where(NumberSeries.agency_id == agency_id, NumberSeries.sample == sample)
    return db.session.scalars(query).one()


def take_number(series_id: UUID, year: int) -> int:
    """The next number of a year; the counter's row stays locked until the transaction ends.

    A rollback gives the number back, so the numbers of a year have no gap; take it last in the transaction.
    """
    statement = upsert(NumberCounter).values(series_id=series_id, year=year, last=1)
    statement = statement.on_conflict_do_update(index_elements=["series_id", "year"], set_={"last": NumberCounter.last + 1})
    return db.session.execute(statement.returning(NumberCounter.last)).scalar_one()
