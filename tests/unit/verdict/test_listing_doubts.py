"""Which departures a listing proves, by the counts, by what died, and by what was missing before."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from linkwatch.models.observation import Member, MemberState, PlaylistItem
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.verdict.listing_doubts import CountChange, doubts_about, may_be_cut
from linkwatch.verdict.playlist_diff import ListingDoubts, compare_members

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)
AVAILABLE, PRIVATE, GONE = MemberState


def items(videos: str) -> list[PlaylistItem]:
    """A listing in which each letter is a video; a dot is a position without one."""
    return [
        PlaylistItem(video, position, AVAILABLE, f"Title of {video}")
        for position, video in enumerate(videos)
        if video != "."
    ]


def members(videos: str, missing: str = "") -> list[Member]:
    found = compare_members(None, items(videos), {}, {}, NOW).members
    return [replace(each, missing_since=NOW if each.video_id in missing else None) for each in found]


def doubts(
    before: str,
    after: str,
    *counts: tuple[int, int],
    missing: str = "",
    states: Mapping[str, MemberState] | None = None,
    maybe: str = "",
    former: str = "",
    is_uploads: bool = False,
) -> ListingDoubts:
    return doubts_about(
        members(before, missing),
        items(after),
        {**dict.fromkeys(before, AVAILABLE), **(states or {})},
        [CountChange(*each) for each in counts],
        maybe_available=maybe,
        former=former,
        is_uploads=is_uploads,
    )


def held(found: ListingDoubts) -> str:
    return "".join(sorted(video for video, _ in found.held))


@pytest.mark.parametrize(
    ("before", "after", "counts", "expected"),
    [
        pytest.param("abc", "ac", [(3, 2)], "", id="the count fell with it"),
        pytest.param("abc", "ac", [(3, 3)], "b", id="the count stayed"),
        pytest.param("abc", "ac", [], "b", id="no count is known"),
        pytest.param("abc", "ac", [(2, 2)], "b", id="the count stayed, and did not include the dead"),
        pytest.param("abc", "ac", [(3, 2), (3, 3)], "b", id="one of the counts stayed"),
        pytest.param("abc", "acd", [(3, 3)], "", id="one came and one left"),
        pytest.param("abc", "acd", [(4, 4)], "b", id="what came may have been hidden, and what left may be now"),
        pytest.param("abc", "ac", [(4, 3)], "", id="one was hidden, and is"),
        pytest.param("abcd", "ad", [(4, 3)], "bc", id="the count fell with one of two"),
        pytest.param("abcd", "ad", [(4, 2)], "", id="the count fell with both"),
    ],
)
def test_a_departure_that_the_counts_do_not_confirm_is_held(
    before: str, after: str, counts: Sequence[tuple[int, int]], expected: str
) -> None:
    assert held(doubts(before, after, *counts)) == expected


def test_a_member_that_is_missing_again_is_not_held_again() -> None:
    assert held(doubts("abc", "ac", (3, 3), missing="b")) == ""


def test_a_listing_that_omits_at_random_proves_nothing_by_omitting_one_twice() -> None:
    assert held(doubts("abcdef", "adef", (6, 6), missing="b")) == "bc"


def test_one_that_left_is_recognized_beside_others_that_are_omitted_at_random() -> None:
    """The count includes one of the two: not the one that was missing before."""
    assert held(doubts("abcdef", "adef", (5, 5), missing="b")) == "c"


def test_a_video_that_died_left() -> None:
    assert held(doubts("abc", "ac", (3, 3), states={"b": GONE})) == ""
    assert held(doubts("abc", "ac", (3, 3), states={"b": PRIVATE})) == ""


def test_a_video_that_may_only_be_barred_from_embedding_is_held_though_the_count_fell() -> None:
    assert held(doubts("abc", "ac", (3, 2), states={"b": PRIVATE}, maybe="b")) == "b"
    assert held(doubts("abc", "ac", (3, 2), states={"b": PRIVATE}, maybe="b", missing="b")) == ""


def test_members_after_the_end_of_a_cut_listing_stay_however_often_it_is_cut() -> None:
    for missing in ("", "def"):
        found = doubts("abcdef", "abc", (6, 6), missing=missing)
        assert (held(found), sorted(found.after_end)) == ("", [("d", 0), ("e", 0), ("f", 0)])
    assert doubts("abcdef", "abc", (6, 3)) == ListingDoubts(), "the count says that they left"


def test_an_empty_listing_that_is_counted_proves_nothing() -> None:
    assert {video for video, _ in doubts("ab", "", (2, 2)).after_end} == {"a", "b"}
    assert doubts("ab", "", (2, 0)) == ListingDoubts()


def test_the_end_of_an_uploads_list_slides_out_of_what_is_listed() -> None:
    found = doubts("abcdef", "xyabcd", (9, 11), is_uploads=True)
    assert found == ListingDoubts(after_end=frozenset({("e", 0), ("f", 0)}))
    now = compare_members(members("abcdef"), items("xyabcd"), {"e": AVAILABLE, "f": AVAILABLE}, {}, NOW + DAY, found)
    assert [each.video_id for each in now.members] == list("xyabcdef")
    assert [each.position for each in now.members] == list(range(8))
    assert [(each.change, each.member.video_id) for each in now.changes] == [
        (MemberChangeKind.ADDED, "x"),
        (MemberChangeKind.ADDED, "y"),
    ]


def test_what_slides_into_an_uploads_list_was_uploaded_long_ago() -> None:
    found = doubts("abcdef", "abdefg", (9, 8), is_uploads=True)
    assert found == ListingDoubts(unannounced=frozenset({("g", 0)}))


def test_what_a_listing_that_was_cut_lacked_is_not_new() -> None:
    fifty = "".join(chr(ord("Ā") + number) for number in range(50))
    found = doubts(fifty, fifty + "abc", (53, 53))
    assert {video for video, _ in found.unannounced} == {"a", "b", "c"}
    assert len(doubts(fifty, fifty + "abc", (53, 54)).unannounced) == 2, "by the count, one is new"
    assert doubts(fifty, fifty + "abc", (50, 53)).unannounced == frozenset()
    assert {video for video, _ in doubts(fifty, fifty + "abc", (53, 53), former="b").unannounced} <= {"a", "c"}


@pytest.mark.parametrize(
    ("listed", "counts", "cut"),
    [
        (50, [120], True),
        (0, [12], True),
        (50, [50], False),
        (49, [120], False),
        (50, [None], False),
        (50, [50, 51], True),
    ],
)
def test_a_listing_may_be_cut_at_the_end_of_a_page(listed: int, counts: list[int | None], cut: bool) -> None:
    assert may_be_cut(listed, counts) is cut


kept = st.sets(st.sampled_from("abcdefghij"))


@given(kept, kept, st.integers(0, 12), st.integers(0, 12), st.booleans())
def test_what_is_held_stays_and_what_is_listed_is_never_held(
    before: set[str], after: set[str], count: int, count_now: int, is_uploads: bool
) -> None:
    stored, listed = "".join(sorted(before)), "".join(sorted(after))
    found = doubts(stored, listed, (count, count_now), is_uploads=is_uploads)
    now = compare_members(members(stored), items(listed), dict.fromkeys(stored, AVAILABLE), {}, NOW + DAY, found)
    kept_videos = {video for video, _ in found.held | found.after_end}
    assert not kept_videos & after
    assert {each.video_id for each in now.members} == after | kept_videos
    assert {each.video_id for each in now.members if each.missing_since} == {video for video, _ in found.held}
    assert {each.video_id for each in now.left} == before - after - kept_videos
    # Listed again, they are where they were, and nothing is reported of them.
    whole = [each.video_id for each in sorted(now.members, key=lambda each: each.position)]
    again = compare_members(now.members, items("".join(whole)), {}, {}, NOW + 2 * DAY)
    assert again.changes == ()
    assert not any(each.missing_since for each in again.members)
