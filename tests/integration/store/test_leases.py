"""Who may lead: a lease ends by itself, also when it was renewed by a clock that was wrong."""

from datetime import timedelta

import pytest
from integration.store.checks import NOW

from linkwatch.errors import LeaseLostError
from linkwatch.store.database import Database
from linkwatch.store.leases import DAEMON, TERM, Lease, acquire_lease, load_lease, renew_lease

SECOND = timedelta(seconds=1)


def acquired(database: Database, holder: str, after: timedelta = timedelta()) -> Lease | None:
    with database.write() as connection:
        return acquire_lease(connection, DAEMON, holder, NOW + after)


@pytest.mark.parametrize(
    ("ahead", "free"),
    [(timedelta(), False), (TERM, False), (TERM + SECOND, True), (timedelta(days=2000), True), (-TERM, True)],
    ids=["at once", "clocks that differ a little", "by more than the term", "by years", "expired"],
)
def test_a_lease_renewed_ahead_of_now_has_expired(database: Database, ahead: timedelta, *, free: bool) -> None:
    first = acquired(database, "a", ahead)
    assert first is not None
    with database.read() as connection:
        held = load_lease(connection, DAEMON)
    assert held is not None
    assert held.is_held(NOW) is not free
    second = acquired(database, "b")
    assert (second is not None) is free
    if second is not None:
        with database.write() as connection, pytest.raises(LeaseLostError):
            renew_lease(connection, first, NOW)
