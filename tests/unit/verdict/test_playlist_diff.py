"""The changes of a playlist, kind by kind, and what holds for every pair of listings."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from linkwatch.models.observation import Member, MemberState, PlaylistItem
from linkwatch.models.playlist import MemberChangeKind, Membership
from linkwatch.verdict.playlist_diff import by_occurrence, compare_members, videos_to_ask_about

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)
AVAILABLE, PRIVATE, GONE = MemberState
ADDED, TAKEN_OUT, MADE_PRIVATE, WENT, RETURNED, MOVED, REPLACED = MemberChangeKind

TITLES = {
    "a": "Lecture 1: Limits",
    "b": "Lecture 2: Derivatives",
    "c": "Lecture 3: Integrals",
    "d": "Lecture 4: Series",
    "D": "Lecture 4: Series (new recording)",
    "z": "Unboxing my microphone",
}


def listing(videos: str) -> list[PlaylistItem]:
    """A listing in which each letter is a video; `!` after it makes a private placeholder of it, `?` a deleted one."""
    items: list[PlaylistItem] = []
    for letter in videos:
        if letter in "!?":
            items[-1] = placeholder(items[-1].video_id, items[-1].position, PRIVATE if letter == "!" else GONE)
        else:
            title = TITLES.get(letter, f"Something about {letter}")
            items.append(PlaylistItem(letter, len(items), AVAILABLE, title, "UC1", "A channel", NOW - 9 * DAY))
    return items


def placeholder(video: str, position: int, state: MemberState) -> PlaylistItem:
    return PlaylistItem(video, position, state)


def looked(
    videos: str,
    before: Sequence[Member] | None = None,
    fates: Mapping[str, MemberState] | None = None,
    now: datetime = NOW,
) -> Membership:
    return compare_members(before, listing(videos), fates or {}, {}, now)


def member_changes(membership: Membership) -> list[tuple[str, str]]:
    return sorted((change.member.video_id, change.change.value) for change in membership.changes)


SITUATIONS = [
    pytest.param("abc", "abc", {}, [], id="nothing"),
    pytest.param("abc", "abcd", {}, [("d", ADDED)], id="added at the end"),
    pytest.param("abc", "dabc", {}, [("d", ADDED)], id="added at the top: the others only slide"),
    pytest.param("abc", "ac", {"b": AVAILABLE}, [("b", TAKEN_OUT)], id="taken out: the video lives"),
    pytest.param("abc", "ac", {"b": GONE}, [("b", WENT)], id="gone, and left out of the listing"),
    pytest.param("abc", "ac", {"b": PRIVATE}, [("b", MADE_PRIVATE)], id="private, and left out of the listing"),
    pytest.param("abc", "ab!c", {"b": PRIVATE}, [("b", MADE_PRIVATE)], id="a private placeholder"),
    pytest.param("abc", "ab?c", {"b": GONE}, [("b", WENT)], id="a deleted placeholder"),
    pytest.param("abc", "ab?c", {}, [("b", WENT)], id="a placeholder that nobody asked about"),
    pytest.param("abc", "ab!c", {"b": AVAILABLE}, [], id="a placeholder, but the video lives"),
    pytest.param("abc", "ab!c", {"b": GONE}, [("b", MADE_PRIVATE)], id="of what is not to be had the entry tells more"),
    pytest.param("ab!c", "abc", {}, [("b", RETURNED)], id="returned"),
    pytest.param("ab!c", "ab?c", {}, [("b", WENT)], id="private, then gone"),
    pytest.param("ab!c", "ab!c", {}, [], id="a placeholder is reported once"),
    pytest.param("ab?c", "ac", {"b": GONE}, [], id="a placeholder that goes is no news"),
    pytest.param("abcd", "dabc", {}, [("d", MOVED)], id="moved to the top"),
    pytest.param("abcd", "bcda", {}, [("a", MOVED)], id="moved to the end"),
    pytest.param("abcde", "xacdby", {"e": AVAILABLE}, [("b", MOVED), ("e", TAKEN_OUT), ("x", ADDED), ("y", ADDED)],
                 id="moved while others come and go"),
    pytest.param("abcd", "abcD", {"d": AVAILABLE}, [("d", REPLACED)], id="replaced by one with a like title"),
    pytest.param("abcd", "abcD", {"d": GONE}, [("d", REPLACED)], id="replaced when the old one was deleted"),
    pytest.param("abcd", "abcz", {"d": AVAILABLE}, [("d", TAKEN_OUT), ("z", ADDED)], id="an unlike title is no heir"),
    pytest.param("abcd", "Dabc", {"d": AVAILABLE}, [("D", ADDED), ("d", TAKEN_OUT)], id="another place is no heir"),
    pytest.param("abcd", "abcDD", {"d": AVAILABLE}, [("D", ADDED), ("d", REPLACED)], id="an heir that comes twice"),
    pytest.param("abc", "abca", {}, [("a", ADDED)], id="the same video once more"),
    pytest.param("abca", "abc", {"a": AVAILABLE}, [("a", TAKEN_OUT)], id="the same video once less"),
    pytest.param("abca", "aabc", {}, [("a", MOVED)], id="one of two of the same moved"),
    pytest.param("abc", "", {"a": AVAILABLE, "b": GONE, "c": PRIVATE},
                 [("a", TAKEN_OUT), ("b", WENT), ("c", MADE_PRIVATE)], id="everything left"),
    pytest.param("", "ab", {}, [("a", ADDED), ("b", ADDED)], id="an empty one is filled"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "fates", "changes"), SITUATIONS)
def test_changes_of_each_kind(
    before: str, after: str, fates: Mapping[str, MemberState], changes: list[tuple[str, MemberChangeKind]]
) -> None:
    known = looked(before).members
    now = looked(after, known, fates, NOW + DAY)
    assert member_changes(now) == sorted((video, change.value) for video, change in changes)
    assert [member.position for member in now.members] == list(range(len(now.members)))
    assert set(by_occurrence(listing(after))) == {(member.video_id, member.occurrence) for member in now.members}


def test_the_first_inspection_has_no_changes() -> None:
    first = looked("ab!c")
    assert (first.changes, first.left) == ((), ())
    assert [member.state for member in first.members] == [AVAILABLE, PRIVATE, AVAILABLE]
    assert {(member.first_seen, member.state_since) for member in first.members} == {(NOW, NOW)}


def test_a_replacement_is_named() -> None:
    change = looked("abcD", looked("abcd").members, {"d": AVAILABLE}).changes[0]
    assert (change.member.video_id, change.member.title, change.replaced_by) == ("d", TITLES["d"], "D")


def test_a_placeholder_never_overwrites_the_facts_of_its_video() -> None:
    before = looked("abc").members[1]
    after = looked("ab!c", looked("abc").members, {}, NOW + DAY).members[1]
    assert after == replace(before, state=PRIVATE, state_since=NOW + DAY)


def test_a_video_that_left_keeps_its_position_its_title_and_its_time() -> None:
    known = looked("abc").members
    (gone,) = looked("ac", known, {"b": GONE}, NOW + DAY).left
    assert gone == replace(known[1], state=GONE, state_since=NOW + DAY, left_at=NOW + DAY)
    (out,) = looked("ac", known, {"b": AVAILABLE}, NOW + DAY).left
    assert out == replace(known[1], left_at=NOW + DAY)


def test_a_new_title_is_stored_and_is_no_change() -> None:
    items = [replace(item, title=f"{item.title}, revised") for item in listing("abc")]
    after = compare_members(looked("abc").members, items, {}, {}, NOW + DAY)
    assert after.changes == ()
    assert [member.title for member in after.members] == [f"{TITLES[video]}, revised" for video in "abc"]


def test_restrictions_stay_until_they_are_asked_for_again() -> None:
    first = compare_members(None, listing("ab"), {}, {"a": ("age",), "b": ()}, NOW).members
    assert [member.restrictions for member in first] == [("age",), ()]
    unasked = compare_members(first, listing("ab"), {}, {}, NOW).members
    assert [member.restrictions for member in unasked] == [("age",), ()]
    asked = compare_members(first, listing("ab"), {}, {"a": ()}, NOW).members
    assert [member.restrictions for member in asked] == [(), ()]


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        ("abc", "abc", []),
        ("abc", "abcd", []),
        ("abc", "cba", []),
        ("abc", "ac", ["b"]),
        ("abc", "ab!c?", ["b", "c"]),
        ("ab!c", "ab!c", []),
        ("ab!c", "ab?c", []),
        ("ab?c", "ac", ["b"]),
        ("ab!c", "abc", []),
        ("aba", "b", ["a"]),
        ("abc", "", ["a", "b", "c"]),
    ],
)
def test_only_videos_that_left_or_became_placeholders_are_asked_about(
    before: str, after: str, asked: list[str]
) -> None:
    assert videos_to_ask_about(looked(before).members, listing(after)) == asked


def test_a_placeholder_of_an_available_video_is_asked_about_each_time_and_no_change() -> None:
    known = looked("ab!c", looked("abc").members, {"b": AVAILABLE}).members
    assert videos_to_ask_about(known, listing("ab!c")) == ["b"]
    assert member_changes(looked("ab!c", known, {"b": AVAILABLE})) == []


def test_inconsistent_positions_move_nothing() -> None:
    """Entries without a position, or pages that overlap: the listing says the same as before."""
    for positions in ([0, 0, 0], [2, 1, 0], [5, 5, 1]):
        items = [replace(item, position=at) for item, at in zip(listing("abc"), positions, strict=True)]
        known = compare_members(None, items, {}, {}, NOW).members
        assert compare_members(known, items, {}, {}, NOW).changes == ()


# What holds for every pair of listings

contents = st.lists(st.tuples(st.sampled_from("abcdefghij"), st.sampled_from(["", "", "", "!", "?"])), max_size=12).map(
    lambda pairs: "".join(video + mark for video, mark in pairs)
)
fates_of_all = st.fixed_dictionaries({video: st.sampled_from(MemberState) for video in "abcdefghij"})


def fates_asked(known: Sequence[Member], after: str, fates: Mapping[str, MemberState]) -> dict[str, MemberState]:
    """The fates as a look learns them."""
    return {video: fates[video] for video in videos_to_ask_about(known, listing(after))}


@given(contents, contents, fates_of_all)
def test_the_same_listing_again_has_no_changes(before: str, after: str, fates: Mapping[str, MemberState]) -> None:
    known = looked(before).members
    now = looked(after, known, fates_asked(known, after, fates), NOW + DAY)
    again = looked(after, now.members, fates_asked(now.members, after, fates), NOW + 2 * DAY)
    assert (again.members, again.left, again.changes) == (now.members, (), ())


@given(contents, contents, fates_of_all)
def test_the_changes_explain_the_difference(before: str, after: str, fates: Mapping[str, MemberState]) -> None:
    known = looked(before).members
    now = looked(after, known, fates_asked(known, after, fates), NOW + DAY)
    was, is_ = (sorted(by_occurrence(listing(videos))) for videos in (before, after))
    kinds = {kind: [c for c in now.changes if c.change is kind] for kind in MemberChangeKind}
    came = [(c.member.video_id, c.member.occurrence) for c in kinds[ADDED]]
    assert len(came) + len(kinds[REPLACED]) == len(set(is_) - set(was))
    assert set(came) <= set(is_) - set(was)
    assert {c.replaced_by for c in kinds[REPLACED]} <= {video for video, _ in set(is_) - set(was)}
    assert sorted((member.video_id, member.occurrence) for member in now.left) == sorted(set(was) - set(is_))
    silent = [m for m in known if (m.video_id, m.occurrence) not in is_ and m.state is not AVAILABLE]
    went = [c for c in now.changes if c.member.left_at is not None]
    assert len(now.left) - len(silent) <= len(went) <= len(now.left)
    assert len({(c.change, c.member.video_id, c.member.occurrence) for c in now.changes}) == len(now.changes)


@given(st.permutations("abcdef"), st.integers(0, 6))
def test_the_fewest_moves_are_reported(order: Sequence[str], kept: int) -> None:
    """By brute force: no smaller set of videos, taken away, leaves the others in their old order."""
    after = [*order[:kept], "x", *order[kept:]]
    moved = [c.member.video_id for c in looked("".join(after), looked("abcdef").members).changes if c.change is MOVED]
    rest = [video for video in order if video not in moved]
    assert rest == sorted(rest)
    fewer = combinations(order, len(moved) - 1) if moved else ()
    assert not [some for some in fewer if (left := [v for v in order if v not in some]) == sorted(left)]


# Copies of one video, and scheduled videos


def keyed(videos: str, keys: Sequence[int]) -> list[PlaylistItem]:
    return [replace(item, item_key=key) for item, key in zip(listing(videos), keys, strict=True)]


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=8), st.data())
def test_a_copy_that_leaves_is_named_by_its_own_place(videos: list[str], data: st.DataObject) -> None:
    items = keyed("".join(videos), range(len(videos)))
    known = compare_members(None, items, {}, {}, NOW).members
    position = data.draw(st.integers(0, len(videos) - 1))
    rest = [replace(item, position=at) for at, item in enumerate(items[:position] + items[position + 1 :])]
    now = compare_members(known, rest, {videos[position]: AVAILABLE}, {}, NOW + DAY)
    assert [(c.change, c.member.video_id, c.member.position) for c in now.changes] == [
        (TAKEN_OUT, videos[position], position)
    ]
    assert [member.item_key for member in now.members] == [item.item_key for item in rest]
    occurrences = [member.occurrence for member in now.members if member.video_id == videos[position]]
    assert occurrences == list(range(len(occurrences))), "the first copy is the first occurrence"


def test_copies_whose_item_ids_are_not_stored_are_matched_by_their_order() -> None:
    known = looked("aba").members
    now = compare_members(known, keyed("aba", [1, 2, 3]), {}, {}, NOW + DAY)
    assert (now.changes, [member.item_key for member in now.members]) == ((), [1, 2, 3])


def test_a_video_that_was_private_when_it_was_added_has_not_returned() -> None:
    known = looked("ab!").members
    added = looked("ab!c!", known, {}, NOW + DAY)
    public = looked("abc", added.members, {}, NOW + 2 * DAY)
    assert member_changes(public) == [("b", RETURNED)], (
        "what was private at the first inspection may have been public before"
    )
    hidden = looked("abc!", public.members, {"c": PRIVATE}, NOW + 3 * DAY)
    assert member_changes(hidden) == [("c", MADE_PRIVATE)]
    assert member_changes(looked("abc", hidden.members, {}, NOW + 4 * DAY)) == [("c", RETURNED)]
