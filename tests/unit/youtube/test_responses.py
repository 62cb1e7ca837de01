import json
from typing import Any

import pytest

from linkwatch.models.observation import ChannelNames, Facts
from linkwatch.youtube.decode import BrokenBodyError, PageDecoder
from linkwatch.youtube.responses import (
    CHANNEL_PAGES,
    PLAYLIST_PAGES,
    VIDEO_PAGES,
    Item,
    Snippet,
    channel_facts,
    is_viewable,
    playlist_facts,
    video_facts,
)


def page(kind: str, *items: Any, **more: Any) -> bytes:
    return json.dumps({"kind": kind, "etag": "e", "items": list(items), **more}).encode()


def item(**fields: Any) -> Item:
    """The only item of a page."""
    (only,) = VIDEO_PAGES.decode(
        page("youtube#videoListResponse", {"kind": "youtube#video", "id": "x", **fields})
    ).items
    return only


@pytest.mark.parametrize(
    ("pages", "body"),
    [
        (VIDEO_PAGES, b'{"kind":"youtube#videoListResponse","items":[],"pageInfo":{"totalResults":0}}'),
        (CHANNEL_PAGES, b'{"kind":"youtube#channelListResponse","pageInfo":{"totalResults":0}}'),
        (PLAYLIST_PAGES, b'{"kind":"youtube#playlistListResponse","items":[]}'),
        (PLAYLIST_PAGES, b'{"kind":"youtube#playlistListResponse","items":null}'),
    ],
)
def test_the_empty_response_of_each_method_is_read(pages: PageDecoder[Item], body: bytes) -> None:
    page = pages.decode(body)
    assert (page.items, page.unreadable, page.next_page_token) == ((), (), None)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        pytest.param(r"a\u0000b", "a\ufffdb", id="one"),
        pytest.param(r"\u0000\u0000", "\ufffd\ufffd", id="two"),
        pytest.param(r"a\\u0000b", r"a\u0000b", id="a backslash and no NUL"),
        pytest.param(r"a\\\u0000b", "a\\\ufffdb", id="a backslash and a NUL"),
    ],
)
def test_a_nul_in_a_title_is_a_replacement_character(written: str, title: str) -> None:
    """PostgreSQL could not keep it, and a title that comes back changed would be news at every check."""
    body = b'{"kind": "youtube#videoListResponse", "items": [{"id": "x", "snippet": {"title": "%s"}}]}'
    (item,) = VIDEO_PAGES.decode(body % written.encode()).items
    assert item.snippet == Snippet(title=title)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"foo":1}',
        b"null",
        b"[]",
        b'{"kind":"gateway#empty","items":[]}',
        b'{"kind":5,"items":[]}',
        b'{"error":{"code":403}}',
        b'{"kind":"youtube#videoListResponse","items":[',
        b'{"kind":"youtube#videoListResponse","items":{}}',
        b'{"items":[]}',
        b'{"kind":"youtube#playlistListResponse","items":[]}',
        b'{"kind":"youtube#videoListResponse","items":[],"pageInfo":{"totalResults":"many"}}',
        b'{"kind":"youtube#videoListResponse","items":[],"pageInfo":{"totalResults":-1}}',
        b'{"kind":"youtube#videoListResponse","items":[],"pageInfo":{"totalResults":9223372036854775808}}',
        b'{"kind":"youtube#videoListResponse","items":[],"nextPageToken":5}',
        b'{"kind":"youtube#videoListResponse","items":[]} trailing',
        b'{"kind":"youtube#videoListResponse","nextPageToken":"\xff"}',
        b'{"kind":"youtube#videoListResponse","x":' + b"[" * 100_000,
        b"<!DOCTYPE html><title>YouTube</title>",
    ],
    ids=lambda body: repr(body[:60]),
)
def test_a_body_that_is_not_the_data_apis_is_broken(body: bytes) -> None:
    with pytest.raises(BrokenBodyError):
        VIDEO_PAGES.decode(body)


@pytest.mark.parametrize(
    ("odd", "id_"),
    [
        ({"id": "odd", "status": {"embeddable": "yes"}}, "odd"),
        ({"id": "odd", "status": {"privacyStatus": 5}}, "odd"),
        ({"id": "odd", "snippet": []}, "odd"),
        ({"id": "odd", "contentDetails": {"itemCount": 2**63}}, "odd"),
        ({"id": "odd", "contentDetails": {"itemCount": -1}}, "odd"),
        ({"id": "odd", "contentDetails": {"itemCount": "12"}}, "odd"),
        ({"id": 5}, None),
        ({}, None),
        (None, None),
        ("odd", None),
    ],
)
def test_an_unreadable_item_affects_only_itself(odd: Any, id_: str | None) -> None:
    decoded = VIDEO_PAGES.decode(page("youtube#videoListResponse", {"id": "before"}, odd, {"id": "after"}))
    assert [item.id for item in decoded.items] == ["before", "after"]
    assert decoded.unreadable == (id_,)


def test_a_title_that_is_no_text_affects_only_its_item() -> None:
    body = b'{"kind":"youtube#videoListResponse","items":[{"id":"x","snippet":{"title":"\xff"}},{"id":"y"}]}'
    decoded = VIDEO_PAGES.decode(body)
    assert ([item.id for item in decoded.items], decoded.unreadable) == (["y"], ("x",))


def test_new_keys_other_orders_and_missing_thumbnails_change_nothing() -> None:
    known = {"title": "T", "channelId": "UC1", "channelTitle": "C", "thumbnails": {}}
    body = page(
        "youtube#playlistListResponse",
        {"brandNew": {"a": [1]}, "snippet": {"brandNew": None, **known}, "id": "PL1", "contentDetails": {"n": 1}},
        nextPageToken="t",
        brandNew="x",
    )
    decoded = PLAYLIST_PAGES.decode(body)
    assert playlist_facts(decoded.items[0]) == Facts(title="T", owner_id="UC1", owner_title="C")
    assert decoded.next_page_token == "t"


@pytest.mark.parametrize(
    ("status", "there"),
    [
        ({}, True),
        ({"privacyStatus": "public", "uploadStatus": "processed"}, True),
        ({"privacyStatus": "unlisted", "uploadStatus": "uploaded"}, True),
        ({"privacyStatus": "private", "uploadStatus": "processed"}, False),
        ({"uploadStatus": "deleted"}, False),
        ({"uploadStatus": "failed"}, False),
        ({"uploadStatus": "rejected"}, False),
        ({"privacyStatus": "somethingNew", "uploadStatus": "somethingNew"}, True),
    ],
)
def test_what_only_its_owner_can_watch_is_not_viewable(status: dict[str, str], *, there: bool) -> None:
    assert is_viewable(item(status=status)) is there


def test_an_item_without_status_is_viewable() -> None:
    assert is_viewable(item())


@pytest.mark.parametrize(
    ("details", "status", "words"),
    [
        ({}, {}, ()),
        ({"contentRating": {}}, {"embeddable": True}, ()),
        ({"contentRating": {"ytRating": "ytAgeRestricted"}}, {}, ("age",)),
        ({"contentRating": {"mpaaRating": "mpaaR"}}, {}, ()),
        ({}, {"embeddable": False}, ("embedding",)),
        ({"regionRestriction": {"blocked": ["FR", "DE"]}}, {}, ("blocked:DE,FR",)),
        ({"regionRestriction": {"blocked": []}}, {}, ()),
        ({"regionRestriction": {"allowed": ["US"]}}, {}, ("allowed:US",)),
        ({"regionRestriction": {"allowed": []}}, {}, ("allowed:",)),
        ({"regionRestriction": {}}, {}, ()),
        (
            {"regionRestriction": {"blocked": ["DE"]}, "contentRating": {"ytRating": "ytAgeRestricted"}},
            {"embeddable": False},
            ("age", "blocked:DE", "embedding"),
        ),
    ],
)
def test_restrictions_are_sorted(details: Any, status: Any, words: tuple[str, ...]) -> None:
    assert video_facts(item(contentDetails=details, status=status)).restrictions == words


@pytest.mark.parametrize(
    ("broadcast", "words"), [("live", ("live",)), ("upcoming", ("upcoming",)), ("none", ()), ("completed", ())]
)
def test_streams_and_premieres_are_restrictions(broadcast: str, words: tuple[str, ...]) -> None:
    assert video_facts(item(snippet={"liveBroadcastContent": broadcast})).restrictions == words


def test_a_video_without_details_has_no_restrictions() -> None:
    assert video_facts(item()) == Facts(restrictions=())


def test_the_title_is_the_owners_and_not_the_translated_one() -> None:
    snippet = {"title": "Own", "localized": {"title": "Translated"}, "channelId": "UC1", "channelTitle": "C"}
    assert video_facts(item(snippet=snippet)).title == "Own"
    assert playlist_facts(item(snippet=snippet, contentDetails={"itemCount": 0})) == Facts(
        title="Own", owner_id="UC1", owner_title="C", item_count=0
    )


def test_a_channel_has_its_id_and_handle() -> None:
    channel = Item(id="UC" + "a" * 21 + "A", snippet=Snippet(title="Name"))
    assert channel_facts(channel) == Facts(title="Name", channel=ChannelNames(channel.id))


def test_an_id_that_is_no_channel_id_resolves_nothing() -> None:
    assert channel_facts(item()) == Facts()
