"""Several reports as one: its numbers are sums, and nothing in it sounds better than the worst of them."""

from dataclasses import replace

from unit.report.builders import (
    DAY,
    MALFORMED,
    NOW,
    OTHER,
    PLAYLIST,
    RUN,
    VIDEO,
    YESTERDAY,
    entry,
    living,
    missing,
    report_of,
)

from linkwatch.models.events import Event, EventKind
from linkwatch.models.observation import State
from linkwatch.models.records import StoredEvent
from linkwatch.models.rules import Level
from linkwatch.report.merge import merge_reports
from linkwatch.report.model import Report, ReportedEvent
from linkwatch.report.summary import headline

FINE = report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3")})
BROKEN = report_of(
    [entry(VIDEO), entry(OTHER, line=2), entry(MALFORMED, line=3)],
    {VIDEO: missing(State.UNAVAILABLE), OTHER: living("Calculus 1")},
    run=replace(RUN, id=2, started_at=RUN.started_at - DAY),
)


def test_the_numbers_are_sums() -> None:
    counts = merge_reports([FINE, BROKEN], NOW).counts
    assert (counts.links, counts.resources) == (4, 3)
    assert (counts.states[State.AVAILABLE], counts.states[State.UNAVAILABLE]) == (2, 1)
    assert counts.levels[Level.ERROR] == 2


def test_findings_and_resources_stand_one_list_after_the_other() -> None:
    whole = merge_reports([FINE, BROKEN], NOW)
    assert [item.resource for item in whole.resources] == [PLAYLIST, VIDEO, OTHER]
    assert whole.findings == [*FINE.findings, *BROKEN.findings]
    assert "2 errors in 4 links" in headline(whole)


def test_the_run_is_the_last_one_but_an_incomplete_one_is_not_hidden_by_it() -> None:
    assert merge_reports([BROKEN, FINE], NOW).run is FINE.run
    half = replace(
        BROKEN, run=replace(RUN, id=1, complete=False, incomplete_reason="the network", started_at=YESTERDAY)
    )
    assert merge_reports([FINE, half], NOW).run is half.run


def test_one_report_is_reported_as_it_is() -> None:
    assert headline(merge_reports([FINE], NOW)) == headline(FINE)


def with_events(report: Report, *events: ReportedEvent) -> Report:
    return replace(report, events=events)


def test_what_happened_to_something_in_two_lists_is_reported_once_and_newest_first() -> None:
    item = FINE.resources[0]
    died = StoredEvent(PLAYLIST, Event(EventKind.DIED, "available", "unavailable"), YESTERDAY, 1)
    back = StoredEvent(PLAYLIST, Event(EventKind.RECOVERED, "unavailable", "available"), NOW, 2)
    one = with_events(FINE, ReportedEvent(item, died))
    two = with_events(BROKEN, ReportedEvent(item, back), ReportedEvent(item, died))
    assert [happened.stored for happened in merge_reports([one, two], NOW).events] == [back, died]


def test_no_report_at_all_is_one_too() -> None:
    whole = merge_reports([], NOW)
    assert (whole.run, whole.counts.links, whole.first_check, list(whole.events)) == (None, 0, False, [])
