"""One Report value: every number and every order in it is made here."""

import random
from collections.abc import Iterable, Mapping

import pytest
from unit.report.builders import (
    CHANNEL,
    LONG_AGO,
    MALFORMED,
    OTHER,
    PLAYLIST,
    RUN,
    RUN_AT,
    VIDEO,
    WATCH_LATER,
    YESTERDAY,
    entry,
    found,
    happened,
    lecture,
    living,
    looked,
    missing,
    report_of,
    unanswered,
    with_levels,
    without_key,
)

from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.link import Link
from linkwatch.models.observation import MemberState, Reason, ResourceRecord, State
from linkwatch.models.records import NO_INSPECTIONS, InspectionResults, PlaylistSize
from linkwatch.models.resource import Resource
from linkwatch.models.rules import RULES, Level, Rule
from linkwatch.report.build import only_changed, only_new
from linkwatch.report.model import Counts, Report

GONE = missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND)
FINE = living("Calculus 3")

Scene = tuple[Iterable[Link], Mapping[Resource, ResourceRecord], Iterable[EventKind]]

SCENES: Mapping[Rule, Scene] = {
    rules.DEAD: ([entry(PLAYLIST)], {PLAYLIST: GONE}, ()),
    rules.MALFORMED: ([entry(MALFORMED)], {}, ()),
    rules.EMPTIED: ([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3", item_count=0)}, ()),
    rules.SUSPECT: ([entry(PLAYLIST)], {PLAYLIST: missing(State.SUSPECT, missed_checks=1)}, ()),
    rules.DUPLICATE: ([entry(PLAYLIST, line=1), entry(PLAYLIST, line=2)], {PLAYLIST: FINE}, ()),
    rules.MISLABELLED: ([entry(PLAYLIST, "Linear Algebra")], {PLAYLIST: FINE}, ()),
    rules.OWNER_CHANGED: ([entry(PLAYLIST)], {PLAYLIST: FINE}, [EventKind.OWNER_CHANGED]),
    rules.RESTRICTED: ([entry(VIDEO)], {VIDEO: living("Optimization", restrictions=("age",))}, ()),
    rules.HOLLOW: ([entry(PLAYLIST)], {PLAYLIST: FINE}, ()),
    rules.SHRUNK: ([entry(PLAYLIST)], {PLAYLIST: FINE}, [EventKind.SHRUNK]),
    rules.STALE: ([entry(PLAYLIST)], {PLAYLIST: unanswered()}, ()),
    rules.UNMONITORABLE: ([entry(WATCH_LATER)], {}, ()),
    rules.MISPLACED: ([entry(f"{VIDEO.url}&list={PLAYLIST.id}")], {VIDEO: living("Optimization"), PLAYLIST: FINE}, ()),
    rules.RETITLED: ([entry(PLAYLIST)], {PLAYLIST: FINE}, [EventKind.RETITLED]),
    rules.GROWN: ([entry(PLAYLIST)], {PLAYLIST: FINE}, [EventKind.GROWN]),
    rules.OVERLAP: ([entry(PLAYLIST, line=1), entry(OTHER, line=2)], {PLAYLIST: FINE, OTHER: FINE}, ()),
    rules.UNCANONICAL: ([entry(f"http://youtu.be/{VIDEO.id}?si=x")], {VIDEO: FINE}, ()),
}
"""For each rule the least that makes it fire, and nothing else."""

INSIDES: Mapping[Rule, InspectionResults] = {
    rules.HOLLOW: InspectionResults(
        last_inspections={PLAYLIST: looked(10, gone=1)}, lost_members={PLAYLIST: [lecture(4, MemberState.DELETED)]}
    ),
    rules.MISPLACED: InspectionResults(
        last_inspections={PLAYLIST: looked(10)}, absent_videos={(VIDEO.id, PLAYLIST): None}
    ),
    rules.OVERLAP: InspectionResults(
        overlapping=[{PLAYLIST: "abcd", OTHER: "abcde"}],
        sizes={PLAYLIST: PlaylistSize(37, 37, LONG_AGO, None), OTHER: PlaylistSize(35, 35, LONG_AGO, None)},
    ),
}
"""What was seen inside, for the rules that look there."""

_BEFORE_AND_AFTER = {EventKind.SHRUNK: ("37", "30"), EventKind.GROWN: ("30", "37")}


def scene(rule: Rule, **levels: Level) -> Report:
    links, known, kinds = SCENES[rule]
    events = [happened(PLAYLIST, kind, *_BEFORE_AND_AFTER.get(kind, ("Before", "After"))) for kind in kinds]
    return report_of(links, known, events, settings=with_levels(**levels), inside=INSIDES.get(rule, NO_INSPECTIONS))


@pytest.mark.parametrize("rule", RULES.values(), ids=str)
def test_every_rule_fires_alone_at_its_default_level(rule: Rule) -> None:
    (finding,) = scene(rule).findings
    assert (finding.rule, finding.level) == (rule, rule.level)
    assert finding.links
    assert finding.message


@pytest.mark.parametrize("rule", RULES.values(), ids=str)
def test_every_rule_can_be_switched_off_and_set_to_any_level(rule: Rule) -> None:
    name = rule.name.replace("-", "_")
    assert scene(rule, **{name: Level.OFF}).findings == []
    for level in (Level.ERROR, Level.WARNING, Level.NOTICE):
        report = scene(rule, **{name: level})
        assert [finding.level for finding in report.findings] == [level]
        assert report.counts.levels == {one: int(one is level) for one in Level if one is not Level.OFF}


MANY_LINKS = [
    entry(PLAYLIST, "Linear Algebra", file="b.md", line=10, column=5),
    entry(PLAYLIST, "Calculus 3", file="b.md", line=2),
    entry(OTHER, file="b.md", line=9),
    entry(VIDEO, file="a.md", line=30),
    entry(f"http://youtu.be/{VIDEO.id}", file="a.md", line=4),
    entry(CHANNEL, file="a.md", line=30, column=50),
    entry(MALFORMED, file="c.md", line=1),
    entry(WATCH_LATER, file="a.md", line=1),
    entry("https://example.org/", file="a.md", line=2),
]
MANY_KNOWN = {
    PLAYLIST: FINE,
    OTHER: GONE,
    VIDEO: missing(State.SUSPECT, missed_checks=1),
    CHANNEL: unanswered(YESTERDAY),
}


def test_findings_are_sorted_by_level_file_line_and_id() -> None:
    report = report_of(MANY_LINKS, MANY_KNOWN)
    order = [(f.level.value, f.links[0].file, f.links[0].line, f.rule.name) for f in report.findings]
    assert order == [
        ("error", "b.md", 9, "dead"),
        ("error", "c.md", 1, "malformed"),
        ("warning", "a.md", 1, "unmonitorable"),
        ("warning", "a.md", 30, "duplicate"),
        ("warning", "a.md", 30, "suspect"),
        ("warning", "b.md", 10, "duplicate"),
        ("warning", "b.md", 10, "mislabelled"),
        ("notice", "a.md", 4, "uncanonical"),
    ]


def test_resources_are_sorted_by_where_they_are_listed_first() -> None:
    report = report_of(MANY_LINKS, MANY_KNOWN)
    assert [item.resource.id for item in report.resources] == ["WL", CHANNEL.id, VIDEO.id, OTHER.id, PLAYLIST.id]


def test_every_link_and_resource_is_counted_once() -> None:
    counts = report_of(MANY_LINKS, MANY_KNOWN).counts
    assert counts == Counts(
        links=8,
        resources=5,
        states={
            State.AVAILABLE: 1,
            State.UNAVAILABLE: 1,
            State.SUSPECT: 1,
            State.UNKNOWN: 1,
            State.UNMONITORABLE: 1,
        },
        levels={Level.ERROR: 2, Level.WARNING: 5, Level.NOTICE: 1},
    )
    assert sum(counts.states.values()) == counts.resources


@pytest.mark.parametrize("seed", range(5))
def test_the_order_in_which_things_were_found_does_not_show(seed: int) -> None:
    distinct = [link for link in MANY_LINKS if link.line not in {10, 4}]
    shuffled = list(distinct)
    random.Random(seed).shuffle(shuffled)  # noqa: S311  # an order, not a secret
    report, same = report_of(distinct, MANY_KNOWN), report_of(shuffled, dict(reversed(MANY_KNOWN.items())))
    assert report.findings == same.findings
    assert report.resources == same.resources
    assert report.counts == same.counts


def test_what_no_check_has_met_is_unknown() -> None:
    report = report_of([entry(PLAYLIST), entry(WATCH_LATER, line=2)], run=None)
    assert [item.state for item in report.resources] == [State.UNKNOWN, State.UNMONITORABLE]
    assert report.run is None


def test_before_the_first_check_everything_is_new() -> None:
    report = report_of([entry(MALFORMED)], run=None, first_seen=lambda link: None)
    assert [finding.new for finding in report.findings] == [True]


NEWS = [happened(PLAYLIST, EventKind.RECOVERED, "suspect", "available")]
OLD_NEWS = [happened(VIDEO, EventKind.RECOVERED, "suspect", "available", at=YESTERDAY)]


def test_only_new_keeps_what_began_with_the_last_run_and_counts_it() -> None:
    old = missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND, since=LONG_AGO)
    links = [entry(OTHER), entry(PLAYLIST, line=2), entry(VIDEO, line=3), entry(CHANNEL, line=4)]
    known = {OTHER: old, PLAYLIST: FINE, VIDEO: living("Optimization"), CHANNEL: missing(State.SUSPECT, since=RUN_AT)}
    report = report_of(links, known, [*NEWS, *OLD_NEWS])
    shown = only_new(report)
    assert [finding.rule for finding in report.findings] == [rules.DEAD, rules.SUSPECT]
    assert [finding.rule for finding in shown.findings] == [rules.SUSPECT]
    assert shown.counts.levels == {Level.ERROR: 0, Level.WARNING: 1, Level.NOTICE: 0}
    assert [recovery.item.resource for recovery in report.recoveries] == [PLAYLIST, VIDEO]
    assert [recovery.item.resource for recovery in shown.recoveries] == [PLAYLIST]
    # What is known stays whole: only what is reported gets less.
    assert (shown.resources, shown.counts.states) == (report.resources, report.counts.states)
    assert (shown.counts.links, shown.counts.resources) == (report.counts.links, report.counts.resources)


def test_only_changed_keeps_what_touches_a_changed_line_and_counts_it() -> None:
    """A finding of several links names those first; what changed lines do not name is left out, malformed or not."""
    links = [entry(PLAYLIST, line=1), entry(OTHER, line=2), entry(MALFORMED, line=3), entry(VIDEO, line=4)]
    links += [entry(PLAYLIST, line=5), entry(MALFORMED, line=6)]
    whole = report_of(
        links,
        {PLAYLIST: missing(State.UNAVAILABLE), OTHER: missing(State.UNAVAILABLE), VIDEO: living("A lecture")},
        [happened(VIDEO, EventKind.RECOVERED, None, None)],
    )
    report = only_changed(whole, "main", lambda link: link.line >= 5, 2)
    assert [(finding.rule.name, [link.line for link in finding.links]) for finding in report.findings] == [
        ("dead", [5, 1]),
        ("malformed", [6]),
        ("duplicate", [5, 1]),
    ]
    assert [item.resource for item in report.resources] == [PLAYLIST]
    assert (report.counts.links, report.counts.resources, report.counts.states[State.UNAVAILABLE]) == (2, 1, 1)
    assert (report.counts.levels[Level.ERROR], report.counts.levels[Level.WARNING]) == (2, 1)
    assert (report.recoveries, report.changed_since) == ([], "main")
    assert len(only_changed(whole, "main", lambda link: link.line == 4, 1).recoveries) == 1


def test_a_return_is_reported_for_as_long_as_a_change_is() -> None:
    long_ago = [happened(PLAYLIST, EventKind.RECOVERED, "unavailable", "available", at=LONG_AGO)]
    assert report_of([entry(PLAYLIST)], {PLAYLIST: FINE}, long_ago).recoveries == []


def test_channels_are_unanswered_only_without_a_key() -> None:
    links = [entry(CHANNEL), entry(PLAYLIST, line=2)]
    assert report_of(links, run=without_key()).unchecked_channels == 1
    assert report_of(links, {CHANNEL: living("3Blue1Brown")}, run=without_key()).unchecked_channels == 0
    assert report_of(links, run=RUN).unchecked_channels == 0
    assert report_of(links, run=None).unchecked_channels == 0


def test_two_entries_on_one_line_are_two() -> None:
    links = [entry(PLAYLIST, column=1), entry(PLAYLIST, column=90)]
    report = report_of(links, {PLAYLIST: FINE})
    (duplicate,) = found(report, rules.DUPLICATE)
    assert [link.column for link in duplicate.links] == [1, 90]
    assert report.counts.links == 2


def test_a_duplicate_with_many_places_names_some_and_counts_the_rest() -> None:
    (duplicate,) = found(report_of([entry(PLAYLIST, line=line) for line in range(1, 250)]), rules.DUPLICATE)
    assert duplicate.message.startswith("the same playlist is listed 249 times: ")
    assert duplicate.message.endswith(" and 229 more")
    assert len(duplicate.links) == 249
