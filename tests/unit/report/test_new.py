"""Which findings are new: those whose fault began lately, and those whose link was put into a list lately."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from unit.report.builders import (
    DAY,
    LONG_AGO,
    MALFORMED,
    NOW,
    OTHER,
    PLAYLIST,
    RUN_AT,
    VIDEO,
    WATCH_LATER,
    YESTERDAY,
    Events,
    entry,
    found,
    happened,
    lecture,
    living,
    looked,
    missing,
    report_of,
    turned,
    unanswered,
)

from linkwatch.models.events import EventKind
from linkwatch.models.link import Link
from linkwatch.models.observation import MemberState, ResourceRecord, State
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.records import NO_INSPECTIONS, InspectionResults
from linkwatch.models.resource import Resource
from linkwatch.models.rules import RULES
from linkwatch.report.build import only_new
from linkwatch.settings import Settings

STALE_AFTER = Settings().stale_after
RECENTLY = RUN_AT - 3 * DAY
"""Before the last runs, but not so long ago that changes are no longer reported."""


@dataclass(frozen=True)
class Fault:
    """What gives one finding."""

    links: tuple[Link, ...] = (entry(PLAYLIST),)
    known: Mapping[Resource, ResourceRecord] = field(default_factory=dict)
    events: Events = field(default_factory=dict)
    inside: InspectionResults = NO_INSPECTIONS


def dead(at: datetime) -> Fault:
    return Fault(known={PLAYLIST: missing(State.UNAVAILABLE, since=at)})


def suspect(at: datetime) -> Fault:
    return Fault(known={PLAYLIST: missing(State.SUSPECT, since=at)})


def emptied(at: datetime) -> Fault:
    emptying = happened(PLAYLIST, EventKind.EMPTIED, "9", "0", at)
    return Fault(known={PLAYLIST: living("Calculus", item_count=0)}, events=dict([emptying]))


def all_lost(at: datetime) -> Fault:
    lost = [lecture(1, MemberState.DELETED, since=at)]
    inside = InspectionResults(last_inspections={PLAYLIST: looked(1, 1)}, lost_members={PLAYLIST: lost})
    return Fault(known={PLAYLIST: living("Calculus", item_count=1)}, inside=inside)


def hollow(at: datetime) -> Fault:
    lost = [lecture(1, MemberState.DELETED, since=at)]
    inside = InspectionResults(last_inspections={PLAYLIST: looked(4, 1)}, lost_members={PLAYLIST: lost})
    return Fault(known={PLAYLIST: living("Calculus", item_count=4)}, inside=inside)


def restricted(at: datetime) -> Fault:
    blocking = happened(VIDEO, EventKind.RESTRICTED, "", "age", at)
    return Fault((entry(VIDEO),), {VIDEO: living("Calculus", restrictions=("age",))}, dict([blocking]))


def stale(at: datetime) -> Fault:
    return Fault(known={PLAYLIST: living("Calculus", checked=at - STALE_AFTER)})


def never_answered(at: datetime) -> Fault:
    return Fault(known={PLAYLIST: unanswered(at - STALE_AFTER)})


def retitled(at: datetime) -> Fault:
    return Fault(
        known={PLAYLIST: living("New")}, events=dict([happened(PLAYLIST, EventKind.RETITLED, "Old", "New", at)])
    )


def owner_changed(at: datetime) -> Fault:
    return Fault(
        known={PLAYLIST: living("New")}, events=dict([happened(PLAYLIST, EventKind.OWNER_CHANGED, "A", "B", at)])
    )


def shrunk(at: datetime) -> Fault:
    inside = InspectionResults(member_changes={PLAYLIST: [turned(MemberChangeKind.REMOVED, 1, at=at)]})
    return Fault(known={PLAYLIST: living("Calculus")}, inside=inside)


def grown(at: datetime) -> Fault:
    return Fault(known={PLAYLIST: living("Calculus")}, events=dict([happened(PLAYLIST, EventKind.GROWN, "3", "4", at)]))


def mislabelled(at: datetime) -> Fault:
    link = entry(PLAYLIST, "Thermodynamics")
    changing = happened(PLAYLIST, EventKind.RETITLED, "Thermodynamics", "Calculus", at)
    return Fault((link,), {PLAYLIST: living("Calculus")}, dict([changing]))


OF_RESOURCES: Mapping[str, tuple[str, Callable[[datetime], Fault]]] = {
    "dead": ("dead", dead),
    "suspect": ("suspect", suspect),
    "emptied": ("emptied", emptied),
    "all members lost": ("emptied", all_lost),
    "hollow": ("hollow", hollow),
    "restricted": ("restricted", restricted),
    "stale": ("stale", stale),
    "never answered": ("stale", never_answered),
    "retitled": ("retitled", retitled),
    "owner-changed": ("owner-changed", owner_changed),
    "shrunk": ("shrunk", shrunk),
    "grown": ("grown", grown),
    "mislabelled": ("mislabelled", mislabelled),
}


@pytest.mark.parametrize("listed", [LONG_AGO, RUN_AT, None], ids=["old link", "new link", "link that no check met"])
@pytest.mark.parametrize("began", [RECENTLY, RUN_AT], ids=["old fault", "new fault"])
@pytest.mark.parametrize("name", OF_RESOURCES)
def test_a_finding_is_new_when_its_fault_or_its_link_is(name: str, began: datetime, listed: datetime | None) -> None:
    rule, fault_at = OF_RESOURCES[name]
    fault = fault_at(began)
    report = report_of(
        fault.links,
        fault.known,
        fault.events.items(),
        inside=fault.inside,
        first_seen=lambda link: listed,
        listed_since=lambda link, resource: listed,
        new_since=YESTERDAY,
    )
    (finding,) = found(report, RULES[rule])
    is_new = began == RUN_AT or listed != LONG_AGO
    assert finding.new is is_new
    assert [each.rule.name for each in only_new(report).findings if each == finding] == [rule] * is_new
    assert finding.appeared_at == (None if listed is None else max(began, listed))
    if rule != "mislabelled":  # a label and a title disagree since both are there
        assert finding.since == began


OF_LINKS: Mapping[str, tuple[Link, ...]] = {
    "malformed": (entry(MALFORMED),),
    "uncanonical": (entry(f"https://youtu.be/{VIDEO.id}?si=tracking"),),
    "duplicate": (entry(PLAYLIST), entry(PLAYLIST, line=2)),
    "unmonitorable": (entry(WATCH_LATER),),
}


@pytest.mark.parametrize("listed", [LONG_AGO, RUN_AT, None], ids=["old link", "new link", "link that no check met"])
@pytest.mark.parametrize("rule", OF_LINKS)
def test_what_a_link_is_by_itself_is_as_new_as_the_link(rule: str, listed: datetime | None) -> None:
    report = report_of(
        OF_LINKS[rule],
        first_seen=lambda link: listed,
        listed_since=lambda link, resource: listed,
        new_since=YESTERDAY,
    )
    (finding,) = found(report, RULES[rule])
    assert (finding.since, finding.appeared_at, finding.new) == (listed, listed, listed != LONG_AGO)


def test_the_same_link_in_another_list_is_new() -> None:
    report = report_of(
        [entry(PLAYLIST, file="old.md"), entry(PLAYLIST, file="new.md")],
        {PLAYLIST: missing(State.UNAVAILABLE, since=LONG_AGO)},
        listed_since=lambda link, resource: RUN_AT if link.file == "new.md" else LONG_AGO,
        new_since=YESTERDAY,
    )
    (finding,) = found(report, RULES["dead"])
    assert (finding.new, finding.since, finding.appeared_at) == (True, LONG_AGO, RUN_AT)


def test_a_label_that_was_rewritten_is_no_new_link() -> None:
    report = report_of(
        [entry(PLAYLIST, "Another label")],
        {PLAYLIST: missing(State.UNAVAILABLE, since=LONG_AGO)},
        first_seen=lambda link: RUN_AT,
        new_since=YESTERDAY,
    )
    (finding,) = found(report, RULES["dead"])
    assert not finding.new


def test_a_link_that_was_listed_since_the_last_report_is_new_although_a_run_in_between_met_it() -> None:
    """That run was killed, or read other lists: it reported nothing to the readers of these."""
    report = report_of(
        [entry(PLAYLIST)],
        {PLAYLIST: missing(State.UNAVAILABLE, since=LONG_AGO)},
        listed_since=lambda link, resource: YESTERDAY,
        new_since=YESTERDAY - DAY,
    )
    (finding,) = found(report, RULES["dead"])
    assert (finding.new, finding.appeared_at) == (True, YESTERDAY)


def test_of_a_link_that_names_two_resources_one_may_be_new_in_the_list() -> None:
    both = f"https://www.youtube.com/watch?v={VIDEO.id}&list={OTHER.id}"
    report = report_of(
        [entry(VIDEO), entry(both, line=2)],
        {VIDEO: missing(State.UNAVAILABLE, since=LONG_AGO), OTHER: missing(State.UNAVAILABLE, since=LONG_AGO)},
        listed_since=lambda link, resource: RUN_AT if resource == OTHER else LONG_AGO,
        new_since=YESTERDAY,
    )
    assert {finding.id: finding.new for finding in found(report, RULES["dead"])} == {VIDEO.id: False, OTHER.id: True}
    assert report.generated_at == NOW


def test_a_fault_ahead_of_now_is_not_new_in_every_report_until_then() -> None:
    fault = dead(RUN_AT + timedelta(days=1800))
    report = report_of(
        fault.links,
        fault.known,
        first_seen=lambda link: LONG_AGO,
        listed_since=lambda link, _: LONG_AGO,
        new_since=YESTERDAY,
    )
    (finding,) = found(report, RULES["dead"])
    assert not finding.new
