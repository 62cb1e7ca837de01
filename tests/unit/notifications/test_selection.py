"""What a recipient is notified of: what is new, of its lists, rules and level; never what is acknowledged."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from unit.report.builders import (
    LONG_AGO,
    MALFORMED,
    NOW,
    OTHER,
    PLAYLIST,
    RUN,
    RUN_AT,
    VIDEO,
    YESTERDAY,
    entry,
    happened,
    living,
    missing,
    report_of,
)

from linkwatch.models import rules
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.events import EventKind
from linkwatch.models.observation import ResourceRecord, State
from linkwatch.models.records import Run
from linkwatch.models.rules import Level
from linkwatch.notifications.selection import NotificationHistory, Selection, select_for
from linkwatch.report.model import Finding, Report
from linkwatch.settings import Notify

TARGET = Notify(name="team", url="$CHAT", place="linkwatch.toml:1")
PREVIOUS = NotificationHistory(YESTERDAY)
INCOMPLETE = replace(RUN, complete=False, incomplete_reason="no connection")


def report(run: Run = RUN, known: ResourceRecord | None = None) -> Report:
    """A playlist that just died, one that died long ago, a video that is back, and a link that names nothing."""
    return report_of(
        [entry(PLAYLIST, line=1), entry(OTHER, file="old.md", line=2), entry(VIDEO, line=3), entry(MALFORMED, line=4)],
        {
            PLAYLIST: known or missing(State.UNAVAILABLE),
            OTHER: missing(State.UNAVAILABLE, since=LONG_AGO),
            VIDEO: living("A lecture"),
        },
        [happened(VIDEO, EventKind.RECOVERED, None, None)],
        run=run,
    )


def selected_findings(findings: Sequence[Finding]) -> list[tuple[str, str | None]]:
    return [(finding.rule.name, finding.id) for finding in findings]


def test_what_began_since_the_last_time_is_news_and_what_was_broken_before_is_not() -> None:
    selection = select_for(TARGET, report(), PREVIOUS)
    assert selected_findings(selection.findings) == [("dead", PLAYLIST.id)]
    assert [each.item.resource for each in selection.recoveries] == [VIDEO]
    assert {finding.id for finding in selection.still_broken} == {OTHER.id, None}
    assert (selection.first, selection.became_incomplete, selection.became_complete) == (False, False, False)


def test_what_a_run_found_that_died_before_it_could_tell_is_news_of_the_next() -> None:
    """It is not new by the report: that knows the run."""
    later = replace(RUN, id=4, started_at=RUN_AT + timedelta(hours=1))
    selection = select_for(TARGET, report(later), PREVIOUS)
    assert selected_findings(selection.findings) == [("dead", PLAYLIST.id)]
    assert not selection.findings[0].new


def test_nothing_is_in_two_notifications() -> None:
    selection = select_for(TARGET, report(), NotificationHistory(RUN_AT))
    assert (selection.findings, selection.recoveries, bool(selection)) == ([], [], False)
    assert len(selection.still_broken) == 3


def test_the_first_notification_is_a_summary_of_everything() -> None:
    selection = select_for(TARGET, report(), NotificationHistory())
    assert selection.first
    assert len(selection.findings) == 3
    assert selection.still_broken == []
    assert select_for(TARGET, report_of([entry(VIDEO)], {VIDEO: living()}), NotificationHistory()), (
        "that all is well is selection, once"
    )


def test_what_is_acknowledged_is_in_no_notification() -> None:
    made = report()
    ack = Acknowledgement(id=None, rule=None, reason=None, accepted_at=NOW)
    accepted = replace(made, findings=[replace(finding, acknowledged=ack) for finding in made.findings])
    selection = select_for(TARGET, accepted, PREVIOUS)
    assert (selection.findings, selection.still_broken) == ([], [])


@pytest.mark.parametrize(
    ("target", "found", "back"),
    [
        (replace(TARGET, rules=(rules.SUSPECT,)), 0, 1),
        (replace(TARGET, rules=(rules.DUPLICATE,)), 0, 0),
        (replace(TARGET, lists=("li*.md",)), 1, 1),
        (replace(TARGET, lists=("old.md",)), 0, 0),
        (replace(TARGET, level=Level.ERROR), 1, 1),
    ],
)
def test_a_recipient_is_notified_of_its_lists_and_rules(target: Notify, found: int, back: int) -> None:
    selection = select_for(target, report(), PREVIOUS)
    assert (len(selection.findings), len(selection.recoveries)) == (found, back)


@pytest.mark.parametrize(("level", "count"), [(Level.ERROR, 0), (Level.WARNING, 1), (Level.NOTICE, 1)])
def test_what_is_below_the_level_is_in_no_notification(level: Level, count: int) -> None:
    selection = select_for(replace(TARGET, level=level), report(known=missing(State.SUSPECT)), PREVIOUS)
    assert len(selection.findings) == count


@pytest.mark.parametrize(
    ("run", "before", "begins", "ends"),
    [
        (INCOMPLETE, PREVIOUS, True, False),
        (INCOMPLETE, replace(PREVIOUS, last_incomplete=True), False, False),
        (RUN, replace(PREVIOUS, last_incomplete=True), False, True),
        (RUN, PREVIOUS, False, False),
        (INCOMPLETE, NotificationHistory(), True, False),
    ],
)
def test_a_spell_of_incomplete_checks_is_reported_when_it_begins_and_when_it_ends(
    run: Run, before: NotificationHistory, begins: bool, ends: bool
) -> None:
    selection: Selection = select_for(TARGET, report(run), before)
    assert (selection.became_incomplete, selection.became_complete) == (begins, ends)
