"""What happened lately: retitled, owner-changed; and how long changes are reported."""

from datetime import timedelta

import pytest
from unit.report.builders import (
    NOW,
    PLAYLIST,
    RUN_AT,
    YESTERDAY,
    entry,
    happened,
    living,
    report_of,
    unanswered,
    with_levels,
)

from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.rules import Level, Rule
from linkwatch.settings import Settings

KNOWN = {PLAYLIST: living("Calculus 3", owner="Professor Leonard", item_count=30)}


@pytest.mark.parametrize(
    ("kind", "before", "after", "rule", "level", "message"),
    [
        (
            EventKind.RETITLED,
            "Calc III",
            "Calculus 3",
            rules.RETITLED,
            Level.NOTICE,
            "playlist title changed: “Calc III” → “Calculus 3”",
        ),
        (
            EventKind.OWNER_CHANGED,
            "Professor Leonard",
            "Somebody",
            rules.OWNER_CHANGED,
            Level.WARNING,
            "owner changed: Professor Leonard → Somebody (playlist “Calculus 3”)",
        ),
        (
            EventKind.SHRUNK,
            "37",
            "30",
            rules.SHRUNK,
            Level.WARNING,
            "playlist “Calculus 3” lost 7 videos: 37 → 30",
        ),
        (
            EventKind.SHRUNK,
            "31",
            "30",
            rules.SHRUNK,
            Level.WARNING,
            "playlist “Calculus 3” lost 1 video: 31 → 30",
        ),
        (
            EventKind.GROWN,
            "28",
            "30",
            rules.GROWN,
            Level.NOTICE,
            "playlist “Calculus 3” gained 2 videos: 28 → 30",
        ),
        (
            EventKind.GROWN,
            "29",
            "30",
            rules.GROWN,
            Level.NOTICE,
            "playlist “Calculus 3” gained 1 video: 29 → 30",
        ),
    ],
)
def test_a_change_is_reported_with_before_and_after(
    kind: EventKind, before: str, after: str, rule: Rule, level: Level, message: str
) -> None:
    links = [entry(PLAYLIST), entry(PLAYLIST, file="other.md", line=5)]
    report = report_of(
        links, KNOWN, [happened(PLAYLIST, kind, before, after)], settings=with_levels(duplicate=Level.OFF)
    )
    (finding,) = report.findings
    assert (finding.rule, finding.level, finding.message) == (rule, level, message)
    assert list(finding.links) == links
    assert (finding.since, finding.new) == (RUN_AT, True)
    assert finding.evidence == {"before": before, "after": after}


CHANGES_FOR = Settings().changes_for


@pytest.mark.parametrize(
    ("age", "reported"),
    [(CHANGES_FOR - timedelta(seconds=1), True), (CHANGES_FOR, False), (2 * CHANGES_FOR, False)],
)
def test_a_change_is_reported_for_as_long_as_the_settings_say(age: timedelta, reported: bool) -> None:
    event = happened(PLAYLIST, EventKind.SHRUNK, "37", "30", at=NOW - age)
    assert bool(report_of([entry(PLAYLIST)], KNOWN, [event]).findings) is reported
    longer = Settings(changes_for=CHANGES_FOR * 3)
    assert report_of([entry(PLAYLIST)], KNOWN, [event], settings=longer).findings


def test_yesterdays_change_is_reported_but_not_new() -> None:
    event = happened(PLAYLIST, EventKind.GROWN, "28", "30", at=YESTERDAY)
    (finding,) = report_of([entry(PLAYLIST)], KNOWN, [event]).findings
    assert (finding.since, finding.new) == (YESTERDAY, False)


def test_a_change_whose_values_were_purged_is_no_longer_reported() -> None:
    purged = [happened(PLAYLIST, kind, None, None) for kind in EventKind]
    long = Settings(changes_for=CHANGES_FOR * 10)
    assert report_of([entry(PLAYLIST)], KNOWN, purged, settings=long).findings == []


def test_what_is_no_longer_listed_is_not_reported() -> None:
    assert report_of([], KNOWN, [happened(PLAYLIST, EventKind.SHRUNK, "37", "30")]).findings == []


def test_several_changes_of_one_resource_are_all_reported() -> None:
    events = [
        happened(PLAYLIST, EventKind.RETITLED, "Calc III", "Calculus 3"),
        happened(PLAYLIST, EventKind.SHRUNK, "37", "29"),
        happened(PLAYLIST, EventKind.GROWN, "29", "30"),
    ]
    report = report_of([entry(PLAYLIST)], KNOWN, events)
    assert {finding.rule for finding in report.findings} == {rules.RETITLED, rules.SHRUNK, rules.GROWN}


def test_a_return_is_reported_as_such_and_is_no_finding() -> None:
    event = happened(PLAYLIST, EventKind.RECOVERED, "suspect", "available")
    report = report_of([entry(PLAYLIST)], KNOWN, [event])
    assert report.findings == []
    (recovery,) = report.recoveries
    assert (recovery.item.resource, recovery.since, recovery.new) == (PLAYLIST, RUN_AT, True)


def test_what_came_back_and_went_again_has_not_returned() -> None:
    event = happened(PLAYLIST, EventKind.RECOVERED, "suspect", "available", at=YESTERDAY)
    assert report_of([entry(PLAYLIST)], {PLAYLIST: unanswered(YESTERDAY)}, [event]).recoveries == []
