"""What the pages of a playlist say of each video: placeholders in any language, entries once, one listing or none."""

import json
from typing import Any

import pytest

from linkwatch.models.observation import MemberState, PlaylistItem
from linkwatch.youtube.decode import BrokenBodyError
from linkwatch.youtube.playlist_items import decode_listing, is_one_listing, listed_items


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
    told = {name: value for name, value in snippet.items() if value is not None}
    return {"id": id_ or f"entry {video}", "snippet": told, "status": {"privacyStatus": "public"}} | more


def items(*entries: dict[str, Any]) -> tuple[PlaylistItem, ...]:
    return listed_items([decode_listing(body(*entries))])


def body(*entries: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"kind": "youtube#playlistItemListResponse", "items": list(entries)} | more).encode()


def test_an_entry_tells_its_video_place_title_and_owner() -> None:
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
def test_a_placeholder_is_told_by_its_status_and_its_title_is_none(title: str, status: Any, state: MemberState) -> None:
    (item,) = items(entry(snippet={"title": title, **PLACEHOLDER}, status=status))
    assert (item.state, item.title, item.owner_title) == (state, None, None)


@pytest.mark.parametrize("title", ["Private video", "Deleted video"])
def test_a_living_video_may_be_called_like_a_placeholder(title: str) -> None:
    (item,) = items(entry(snippet={"title": title}))
    assert (item.state, item.title) == (MemberState.AVAILABLE, title)


def test_a_public_video_without_a_told_owner_lives() -> None:
    (item,) = items(entry(snippet=PLACEHOLDER, status={"privacyStatus": "unlisted"}))
    assert item.state is MemberState.AVAILABLE


def test_an_entry_that_two_pages_show_is_one_and_a_video_that_two_entries_hold_is_two() -> None:
    pages = [
        decode_listing(body(entry("aaaaaaaaaaA"), entry("bbbbbbbbbbA", position=1))),
        decode_listing(body(entry("bbbbbbbbbbA", position=1), entry("aaaaaaaaaaA", id_="again", position=2))),
    ]
    assert [(item.video_id, item.position) for item in listed_items(pages)] == [
        ("aaaaaaaaaaA", 0),
        ("bbbbbbbbbbA", 1),
        ("aaaaaaaaaaA", 2),
    ]


def test_without_a_position_the_order_counts() -> None:
    assert [
        item.position for item in items(entry("aaaaaaaaaaA", position=None), entry("bbbbbbbbbbA", position=None))
    ] == [
        0,
        1,
    ]


def test_an_entry_without_a_video_is_none() -> None:
    assert items(entry(snippet={"resourceId": None})) == ()


@pytest.mark.parametrize(("totals", "one"), [((3, 3), True), ((3, 4), False), ((None, 3), True), ((None, None), True)])
def test_pages_of_different_lengths_are_not_one_listing(totals: tuple[int | None, ...], one: bool) -> None:
    pages = [
        decode_listing(body(entry(), **({} if total is None else {"pageInfo": {"totalResults": total}})))
        for total in totals
    ]
    assert is_one_listing(pages) is one


@pytest.mark.parametrize(
    "answer", [b"", b"{", b"{}", b"<html>", b'{"kind": "youtube#playlistListResponse"}', b'{"kind": "youtube#error"}']
)
def test_what_is_no_listing_is_no_empty_one(answer: bytes) -> None:
    with pytest.raises(BrokenBodyError):
        decode_listing(answer)


def test_an_empty_listing_is_one() -> None:
    assert items() == ()
