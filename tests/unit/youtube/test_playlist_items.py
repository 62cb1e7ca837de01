"""The items of a playlist: placeholders in any language, unreadable fields, and pages that are not one listing."""

import json
from typing import Any

import pytest

from linkwatch.models.observation import MemberState, PlaylistItem
from linkwatch.youtube.decode import BrokenBodyError
from linkwatch.youtube.playlist_items import (
    LISTING_PAGES,
    counted_items,
    has_one_total,
    is_consistent,
    listed_items,
)


def entry(
    video: str = "aaaaaaaaaaA", *, id_: str | None = None, position: int | None = 0, **more: Any
) -> dict[str, Any]:
    snippet = {
        "publishedAt": "2020-01-02T03:04:05Z",
        "title": f"Title {video}",
        "resourceId": {"kind": "youtube#video", "videoId": video},
        "videoOwnerChannelId": "UC1",
        "videoOwnerChannelTitle": "Owner",
        "position": position,
    } | more.pop("snippet", {})
    given = {name: value for name, value in snippet.items() if value is not None}
    return {"id": id_ or f"entry {video}", "snippet": given, "status": {"privacyStatus": "public"}} | more


def items(*entries: dict[str, Any]) -> tuple[PlaylistItem, ...]:
    return listed_items([LISTING_PAGES.decode(body(*entries))])


def body(*entries: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"kind": "youtube#playlistItemListResponse", "items": list(entries)} | more).encode()


def test_an_entry_has_its_video_position_title_and_owner() -> None:
    (item,) = items(entry(position=7))
    assert (item.video_id, item.position, item.title, item.owner_id, item.owner_title) == (
        "aaaaaaaaaaA",
        7,
        "Title aaaaaaaaaaA",
        "UC1",
        "Owner",
    )
    assert item.state is MemberState.AVAILABLE
    assert item.added_at is not None
    assert item.added_at.isoformat() == "2020-01-02T03:04:05+00:00"


PLACEHOLDER = {"videoOwnerChannelId": None, "videoOwnerChannelTitle": None}


@pytest.mark.parametrize("title", ["Private video", "Privates Video", "非公開動画", "Deleted video", "Linear Algebra"])
@pytest.mark.parametrize(
    ("status", "state"),
    [
        ({"privacyStatus": "private"}, MemberState.PRIVATE),
        ({"privacyStatus": "privacyStatusUnspecified"}, MemberState.DELETED),
        ({}, MemberState.DELETED),
    ],
)
def test_a_placeholder_is_recognised_by_its_status_and_has_no_title(
    title: str, status: Any, state: MemberState
) -> None:
    (item,) = items(entry(snippet={"title": title, **PLACEHOLDER}, status=status))
    assert (item.state, item.title, item.owner_title) == (state, None, None)


@pytest.mark.parametrize("title", ["Private video", "Deleted video"])
def test_an_available_video_may_have_the_title_of_a_placeholder(title: str) -> None:
    (item,) = items(entry(snippet={"title": title}))
    assert (item.state, item.title) == (MemberState.AVAILABLE, title)


def test_a_public_video_without_an_owner_is_available() -> None:
    (item,) = items(entry(snippet=PLACEHOLDER, status={"privacyStatus": "unlisted"}))
    assert item.state is MemberState.AVAILABLE


@pytest.mark.parametrize(
    ("status", "state"),
    [("private", MemberState.PRIVATE), ("privacyStatusUnspecified", MemberState.DELETED)],
)
def test_a_placeholder_may_keep_its_owners_id(status: str, state: MemberState) -> None:
    (item,) = items(entry(snippet={"videoOwnerChannelTitle": None}, status={"privacyStatus": status}))
    assert (item.state, item.title, item.owner_id) == (state, None, None)


def test_a_video_with_two_entries_is_listed_twice() -> None:
    pages = [
        LISTING_PAGES.decode(body(entry("aaaaaaaaaaA"), entry("bbbbbbbbbbA", position=1))),
        LISTING_PAGES.decode(body(entry("aaaaaaaaaaA", id_="again", position=2))),
    ]
    assert is_consistent(pages)
    assert [(item.video_id, item.position) for item in listed_items(pages)] == [
        ("aaaaaaaaaaA", 0),
        ("bbbbbbbbbbA", 1),
        ("aaaaaaaaaaA", 2),
    ]


def test_pages_that_overlap_are_not_one_listing() -> None:
    pages = [
        LISTING_PAGES.decode(body(entry("aaaaaaaaaaA"), entry("bbbbbbbbbbA", position=1))),
        LISTING_PAGES.decode(body(entry("bbbbbbbbbbA", position=1), entry("ccccccccccA", position=2))),
    ]
    assert not is_consistent(pages)


def test_without_positions_the_order_counts() -> None:
    assert [
        item.position for item in items(entry("aaaaaaaaaaA", position=None), entry("bbbbbbbbbbA", position=None))
    ] == [
        0,
        1,
    ]


@pytest.mark.parametrize(
    "odd",
    [
        entry(snippet={"resourceId": None}),
        entry(snippet={"resourceId": {"kind": "youtube#video"}}),
        {"id": "entry", "status": {}},
        {"snippet": {"resourceId": {"videoId": "aaaaaaaaaaA"}}},
        "entry",
    ],
)
def test_a_listing_with_an_unreadable_video_id_is_inconsistent(odd: Any) -> None:
    assert not is_consistent([LISTING_PAGES.decode(body(entry(), odd))])


@pytest.mark.parametrize(
    "odd",
    [
        {"publishedAt": ""},
        {"publishedAt": "yesterday"},
        {"publishedAt": 5},
        {"publishedAt": "2020-13-01T00:00:00Z"},
    ],
)
def test_an_unreadable_date_costs_only_the_date(odd: dict[str, Any]) -> None:
    (item,) = items(entry(snippet=odd, position=3))
    assert (item.added_at, item.title, item.position) == (None, "Title aaaaaaaaaaA", 3)


@pytest.mark.parametrize("position", ["third", -1, 2**31, True, 1.5, []])
def test_an_unreadable_position_is_the_index_in_the_listing(position: Any) -> None:
    first, second = items(entry("bbbbbbbbbbA"), entry(position=position))
    assert (first.position, second.position) == (0, 1)


def test_an_unreadable_title_or_owner_is_none() -> None:
    snippet = {"title": 5, "videoOwnerChannelId": ["UC1"], "videoOwnerChannelTitle": {}}
    (item,) = items(entry(snippet=snippet))
    assert (item.state, item.title, item.owner_id, item.owner_title) == (MemberState.AVAILABLE, None, None, None)


@pytest.mark.parametrize(
    ("totals", "counted", "one"),
    [
        ((3, 3), 3, True),
        ((3, 4), None, False),
        ((4, 3), None, False),
        ((None, 3), 3, True),
        ((None, None), None, True),
    ],
)
def test_a_listing_may_have_different_totals(totals: tuple[int | None, ...], counted: int | None, one: bool) -> None:
    pages = [
        LISTING_PAGES.decode(
            body(
                entry(f"{number}aaaaaaaaaA", position=number),
                **({} if total is None else {"pageInfo": {"totalResults": total}}),
            )
        )
        for number, total in enumerate(totals)
    ]
    assert is_consistent(pages)
    assert (counted_items(pages), has_one_total(pages)) == (counted, one)


@pytest.mark.parametrize(
    "answer", [b"", b"{", b"{}", b"<html>", b'{"kind": "youtube#playlistListResponse"}', b'{"kind": "youtube#error"}']
)
def test_a_body_that_is_no_listing_is_not_an_empty_one(answer: bytes) -> None:
    with pytest.raises(BrokenBodyError):
        LISTING_PAGES.decode(answer)


def test_an_empty_listing_is_valid() -> None:
    assert items() == ()
