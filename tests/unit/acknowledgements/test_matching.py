"""Which acknowledgement covers a finding, and until when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from linkwatch.acknowledgements.matching import active_acknowledgements
from linkwatch.models import rules
from linkwatch.models.acknowledgement import UNDATED, Acknowledgement
from linkwatch.models.rules import Rule

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
DAY = timedelta(days=1)
ACCEPTED = NOW - 10 * DAY
BEFORE, AFTER = ACCEPTED - DAY, ACCEPTED + DAY
ID, OTHER = "PL00000000000000000000000000COURSE", "PL0000000000000000000000000000OTHER"


def ack(
    id_: str | None = ID,
    rule: Rule | None = None,
    *,
    at: datetime = ACCEPTED,
    until: date | None = None,
    ended: datetime | None = None,
) -> Acknowledgement:
    return Acknowledgement(id_, rule, "known", at, until, ended)


def covers(
    one: Acknowledgement,
    rule: Rule = rules.DEAD,
    id_: str | None = ID,
    since: datetime | None = AFTER,
    *,
    now: datetime = NOW,
    began: datetime | None = None,
) -> bool:
    return list(active_acknowledgements([one], now, began).matching(rule, id_, since)) == [one]


def test_an_id_alone_covers_whatever_is_found_about_it_and_nothing_else() -> None:
    assert all(covers(ack(), rule) for rule in rules.RULES.values())
    assert not covers(ack(), id_=OTHER)
    assert not covers(ack(), id_=None)


def test_an_id_and_a_rule_cover_that_rule_about_that_id() -> None:
    assert covers(ack(ID, rules.DEAD))
    assert not covers(ack(ID, rules.DEAD), rules.SUSPECT)
    assert not covers(ack(ID, rules.DEAD), id_=OTHER)


@pytest.mark.parametrize("since", [None, BEFORE, ACCEPTED])
def test_a_rule_alone_covers_what_had_begun_when_it_was_accepted(since: datetime | None) -> None:
    assert covers(ack(None, rules.DEAD), since=since)
    assert not covers(ack(None, rules.DEAD), rules.SUSPECT, since=since)


def test_a_resource_that_dies_after_its_rule_was_acknowledged_is_reported() -> None:
    assert not covers(ack(None, rules.DEAD), since=AFTER)
    assert not covers(ack(None, rules.DEAD), since=ACCEPTED + timedelta(milliseconds=1))


def test_a_rule_alone_covers_what_was_so_when_the_memory_began() -> None:
    """A CI without a database sees everything for the first time at each check."""
    assert covers(ack(None, rules.DEAD), since=AFTER, began=AFTER)
    assert not covers(ack(None, rules.DEAD), since=AFTER + DAY, began=AFTER)


def test_a_rule_without_a_date_covers_only_what_was_so_when_the_memory_began() -> None:
    undated = ack(None, rules.DEAD, at=UNDATED)
    assert covers(undated, since=BEFORE, began=BEFORE)
    assert not covers(undated, since=BEFORE + DAY, began=BEFORE)
    assert not covers(undated, since=BEFORE)


def test_it_counts_on_its_last_day_to_the_end_and_no_longer() -> None:
    last = ack(until=NOW.date())
    assert covers(last, now=NOW.replace(hour=23, minute=59))
    assert not covers(last, now=NOW + DAY)
    assert not last.has_expired(NOW)
    assert last.has_expired(NOW + DAY)


def test_what_has_ended_covers_nothing() -> None:
    assert not covers(ack(ended=AFTER))


def test_the_narrowest_is_named() -> None:
    narrow, wide, rule = ack(ID, rules.DEAD), ack(ID), ack(None, rules.DEAD)
    accepted = active_acknowledgements([rule, wide, narrow], NOW, None)
    assert list(accepted.matching(rules.DEAD, ID, BEFORE)) == [narrow, wide, rule]
    assert list(accepted.matching(rules.DEAD, ID, AFTER)) == [narrow, wide]
    assert list(accepted.matching(rules.SUSPECT, ID, BEFORE)) == [wide]
    assert list(accepted.matching(rules.SUSPECT, OTHER, BEFORE)) == []
