"""What became of a list: the net difference between a moment and now."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as altered
from unit.report.builders import (
    CHANNEL,
    DAY,
    LONG_AGO,
    OTHER,
    PLAYLIST,
    RUN_AT,
    VIDEO,
    WATCH_LATER,
    YESTERDAY,
    entry,
    living,
    missing,
    unanswered,
)
from unit.report.diff.comparing import EARLIER, SINCE, compared, happened, only
from unit.report.resource.histories import change, video

from linkwatch.models.events import EventKind
from linkwatch.models.observation import MemberState, ResourceRecord, State
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.records import StoredEvent
from linkwatch.report.diff.model import Difference, DiffKind, net_video_changes
from linkwatch.settings import Settings

LISTED = [entry(PLAYLIST, line=3)]
GONE, SUSPECT = missing(State.UNAVAILABLE), missing(State.SUSPECT)
DIED, MISSED, BACK = EventKind.DIED, EventKind.SUSPECTED, EventKind.RECOVERED


def became(known: ResourceRecord, *events: StoredEvent, **more: object) -> Difference:
    return only(compared(LISTED, {PLAYLIST: known}, events, **more))  # type: ignore[arg-type]  # each by its name


def state(kind: EventKind, before: str, after: str, at: object = RUN_AT) -> StoredEvent:
    return happened(PLAYLIST, kind, before, after, at)  # type: ignore[arg-type]  # a time


def test_nothing_happened() -> None:
    differences = compared(LISTED, {PLAYLIST: living()})
    assert (differences.differences, differences.resources, differences.unanswered) == ([], 1, 0)
    assert differences.first_check == LONG_AGO


@pytest.mark.parametrize(
    ("known", "events", "turn", "before"),
    [
        (GONE, [state(DIED, "available", "unavailable")], DiffKind.DIED, "available"),
        (
            GONE,
            [state(MISSED, "available", "suspect", EARLIER), state(DIED, "suspect", "unavailable")],
            DiffKind.DIED,
            "available",
        ),
        (
            GONE,
            [state(BACK, "unavailable", "available", EARLIER), state(DIED, "available", "unavailable")],
            DiffKind.DIED,
            "unavailable",
        ),
        (SUSPECT, [state(MISSED, "available", "suspect")], DiffKind.WENT_MISSING, "available"),
        (living(), [state(BACK, "unavailable", "available")], DiffKind.RECOVERED, "unavailable"),
    ],
)
def test_a_state_goes_from_the_first_to_the_last(
    known: ResourceRecord, events: list[StoredEvent], turn: DiffKind, before: str
) -> None:
    difference = became(known, *events)
    assert (difference.kind, difference.before, difference.after) == (turn, before, known.state)
    assert (difference.at, difference.absence) == (RUN_AT, None)


def test_what_died_and_recovered_is_reported_as_one_with_its_absence() -> None:
    difference = became(
        living(), state(DIED, "available", "unavailable", EARLIER), state(BACK, "unavailable", "available")
    )
    assert (difference.kind, difference.absence) == (DiffKind.RECOVERED, (EARLIER, RUN_AT))


def test_a_title_that_changed_twice_goes_from_the_first_to_the_last() -> None:
    events = [
        happened(PLAYLIST, EventKind.RETITLED, "a", "b", EARLIER),
        happened(PLAYLIST, EventKind.RETITLED, "b", "c"),
    ]
    difference = became(living("c"), *events)
    assert (difference.kind, difference.before, difference.after, difference.at) == (
        DiffKind.RETITLED,
        "a",
        "c",
        RUN_AT,
    )


@pytest.mark.parametrize("kind", [EventKind.RETITLED, EventKind.OWNER_CHANGED])
def test_what_changed_and_changed_back_is_no_difference(kind: EventKind) -> None:
    events = [happened(PLAYLIST, kind, "a", "b", EARLIER), happened(PLAYLIST, kind, "b", "a")]
    assert compared(LISTED, {PLAYLIST: living("a", owner="a")}, events).differences == []


def test_values_that_were_purged_are_none_and_the_difference_stays() -> None:
    events = [happened(PLAYLIST, EventKind.RETITLED, None, None)]
    before, after = became(living("now"), *events), became(altered(GONE, facts=living().facts), *events)
    assert (before.before, before.after) == (None, "now")
    assert (after.before, after.after) == (None, None)


def test_what_is_unavailable_keeps_its_last_value() -> None:
    gone = altered(GONE, facts=living().facts)
    assert became(gone, happened(PLAYLIST, EventKind.RETITLED, "a", "b")).after == "b"


@pytest.mark.parametrize(
    ("before", "count", "kinds", "turn"),
    [
        ("10", 12, [EventKind.GROWN], DiffKind.GREW),
        ("10", 7, [EventKind.SHRUNK], DiffKind.SHRANK),
        ("10", 0, [EventKind.EMPTIED], DiffKind.SHRANK),
        ("10", 12, [EventKind.SHRUNK, EventKind.GROWN], DiffKind.GREW),
        (None, 12, [EventKind.GROWN], DiffKind.GREW),
        (None, 12, [EventKind.SHRUNK], DiffKind.SHRANK),
        (None, 12, [EventKind.SHRUNK, EventKind.GROWN], DiffKind.EXCHANGED),
    ],
)
def test_a_count_goes_from_the_first_to_the_last(
    before: str | None, count: int, kinds: list[EventKind], turn: DiffKind
) -> None:
    events = [happened(PLAYLIST, kinds[0], before, "8", EARLIER), *(happened(PLAYLIST, k, "8", "9") for k in kinds[1:])]
    difference = became(living(item_count=count), *events)
    assert (difference.kind, difference.before, difference.after) == (turn, before, str(count))


def test_a_count_that_is_the_same_again_is_no_difference() -> None:
    events = [happened(PLAYLIST, EventKind.SHRUNK, "9", "8"), happened(PLAYLIST, EventKind.GROWN, "8", "9")]
    assert compared(LISTED, {PLAYLIST: living(item_count=9)}, events).differences == []


def test_videos_that_came_and_went_are_reported_though_the_count_is_the_same() -> None:
    came, gone = (
        change(MemberChangeKind.ADDED, video(2)),
        change(MemberChangeKind.DELETED, video(1, state=MemberState.DELETED), YESTERDAY),
    )
    for changes, turn in (
        ([gone, came], DiffKind.EXCHANGED),
        ([gone], DiffKind.SHRANK),
        ([came], DiffKind.GREW),
    ):
        difference = became(living(item_count=9), changes={PLAYLIST: changes})
        assert (difference.kind, difference.before, difference.after) == (turn, "9", "9")
        assert difference.videos == net_video_changes(changes)


def test_videos_that_only_moved_are_no_difference() -> None:
    assert (
        compared(
            LISTED, {PLAYLIST: living()}, changes={PLAYLIST: [change(MemberChangeKind.MOVED, video(1))]}
        ).differences
        == []
    )


def test_an_owner_is_named_by_name_and_without_one_by_id() -> None:
    event = happened(PLAYLIST, EventKind.OWNER_CHANGED, "Leonard", "UC1")
    assert became(living(owner="Sal", owner_id="UC1"), event).after == "Sal"
    assert became(living(owner_id="UC1"), event).after == "UC1"


def test_restrictions_are_compared_as_far_as_they_matter() -> None:
    event = happened(PLAYLIST, EventKind.RESTRICTED, "", "age blocked:DE,FR")
    known = living(restrictions=("age", "blocked:DE,FR"))
    assert became(known, event).after == "age blocked:DE,FR"
    assert became(known, event, settings=Settings(regions=("FR",))).after == "age blocked:FR"
    nobody = Settings(restrictions=("embedding",))
    assert compared(LISTED, {PLAYLIST: known}, [event], settings=nobody).differences == []
    lifted = became(living(restrictions=()), happened(PLAYLIST, EventKind.UNRESTRICTED, None, ""))
    assert (lifted.before, lifted.after) == (None, "")


@pytest.mark.parametrize(
    ("known", "first_check", "added"),
    [
        (None, LONG_AGO, True),
        (living(), LONG_AGO, False),
        (altered(living(), first_seen=YESTERDAY), LONG_AGO, True),
        (altered(living(), first_seen=YESTERDAY), YESTERDAY, False),
        (altered(living(), first_seen=SINCE - DAY), LONG_AGO, False),
        (None, None, False),
    ],
)
def test_added_is_what_a_later_check_than_the_first_met(
    known: ResourceRecord | None, first_check: object, added: bool
) -> None:
    first_checks = {} if first_check is None else {"list.md": first_check}
    differences = compared(LISTED, {} if known is None else {PLAYLIST: known}, first_checks=first_checks)  # type: ignore[arg-type]
    assert [each.kind for each in differences.differences] == ([DiffKind.ADDED] if added else [])


def test_what_was_removed_is_reported_with_its_last_place() -> None:
    was = [entry(OTHER, line=9)]
    differences = compared(LISTED, {PLAYLIST: living(), OTHER: living("Calculus 1")}, removed={OTHER: was})
    difference = only(differences)
    assert (difference.kind, difference.item.links, difference.at) == (DiffKind.REMOVED, tuple(was), RUN_AT)
    assert differences.resources == 1


def test_they_are_ordered_by_kind_and_then_by_place() -> None:
    links = [entry(CHANNEL, line=9), entry(VIDEO, line=2, file="b.md"), entry(PLAYLIST, line=7), entry(OTHER, line=5)]
    known = {CHANNEL: living("c"), VIDEO: GONE, PLAYLIST: GONE, OTHER: living("o")}
    events = [
        happened(CHANNEL, EventKind.RETITLED, "a", "c"),
        happened(OTHER, EventKind.RETITLED, "a", "o"),
        *(happened(each, DIED, "available", "unavailable") for each in (VIDEO, PLAYLIST)),
    ]
    differences = compared(links, known, events).differences
    assert [(each.kind, each.item.resource) for each in differences] == [
        (DiffKind.DIED, VIDEO), (DiffKind.DIED, PLAYLIST), (DiffKind.RETITLED, OTHER), (DiffKind.RETITLED, CHANNEL),
    ]  # fmt: skip


def test_what_was_not_answered_about_since_is_counted_but_for_what_cannot_be_asked() -> None:
    links = [*LISTED, entry(VIDEO), entry(OTHER), entry(CHANNEL), entry(WATCH_LATER)]
    known = {PLAYLIST: living(), VIDEO: living(checked=SINCE - DAY), OTHER: unanswered()}
    assert compared(links, known).unanswered == 3


def test_a_list_that_no_check_has_met_has_no_first_check() -> None:
    assert compared(LISTED, {}, first_checks={"other.md": LONG_AGO}).first_check is None


def test_a_list_under_another_name_is_known_since_the_memory_began() -> None:
    differences = compared(LISTED, {PLAYLIST: living()}, first_checks={"a.md": YESTERDAY, "b.md": LONG_AGO})
    assert differences.first_check == LONG_AGO


@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=8))
def test_of_any_chain_of_titles_only_the_ends_count(titles: list[str]) -> None:
    events = [
        happened(PLAYLIST, EventKind.RETITLED, before, after, SINCE + at * (DAY / 10))
        for at, (before, after) in enumerate(pairwise(titles))
        if before != after
    ]
    differences = compared(LISTED, {PLAYLIST: living(titles[-1])}, events).differences
    assert [(each.before, each.after) for each in differences] == (
        [] if titles[0] == titles[-1] else [(titles[0], titles[-1])]
    )
