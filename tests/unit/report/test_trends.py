"""The states of resources by day."""

from datetime import timedelta

from msgspec.structs import replace as altered
from unit.report.builders import DAY, NOW
from unit.report.resource.histories import KNOWN

from linkwatch.models.observation import State
from linkwatch.models.records import Span
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.trends import states_by_day

OLD, NEW = Resource(Kind.VIDEO, "oldoldoldol"), Resource(Kind.VIDEO, "newnewnewne")


def test_each_day_counts_the_states_at_its_end() -> None:
    records = [
        (OLD, altered(KNOWN, state=State.AVAILABLE, first_seen=NOW - 30 * DAY)),
        (NEW, altered(KNOWN, state=State.UNAVAILABLE, first_seen=NOW - 2 * DAY)),
    ]
    ended = {
        OLD: [
            Span("state", "available", NOW - 30 * DAY, NOW - 3 * DAY),
            Span("unanswered", None, NOW - 3 * DAY, NOW - 2 * DAY),
            Span("state", "unavailable not_found", NOW - 3 * DAY, NOW - DAY),
        ],
        NEW: [Span("state", "suspect", NOW - 2 * DAY, NOW - timedelta(minutes=1))],
    }
    counted = states_by_day(records, ended, NOW, 5)
    assert [day.day for day in counted] == [(NOW - ago * DAY).date() for ago in (4, 3, 2, 1, 0)]
    assert [day[1:] for day in counted] == [(1, 0, 0), (0, 0, 1), (0, 1, 1), (1, 1, 0), (1, 0, 1)]


def test_what_was_never_answered_is_not_counted() -> None:
    record = altered(KNOWN, state=State.UNKNOWN, first_seen=NOW - 30 * DAY)
    assert {day.total for day in states_by_day([(OLD, record)], {}, NOW, 3)} == {0}
