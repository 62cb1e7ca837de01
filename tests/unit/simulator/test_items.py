"""The bodies fit the discovery document of the Data API."""

from typing import Any

import jsonschema
import pytest
from unit.simulator.api_calls import (
    CHANNEL,
    DELETED_VIDEO,
    EMPTY_CHANNEL,
    PLAYLIST,
    PRIVATE_VIDEO,
    UNLISTED_VIDEO,
    VIDEO,
    ask,
    youtube,
)
from unit.simulator.discovery import validate

from linkwatch.simulator.entities import SimVideo
from linkwatch.simulator.lists import METHODS

VIDEOS = (
    VIDEO,
    UNLISTED_VIDEO,
    SimVideo("eeeeeeeeeeA", "Restricted", embeddable=False, age_restricted=True, blocked=("DE", "AT")),
    SimVideo("ffffffffffA", "Only here", allowed=("JP",)),
    SimVideo("ggggggggggA", "Nowhere", allowed=()),
    SimVideo("hhhhhhhhhhA", "Live", live="live"),
    SimVideo("iiiiiiiiiiA", "Soon", live="upcoming"),
    SimVideo("jjjjjjjjjjA", "Over", live="completed"),
    SimVideo("kkkkkkkkkkA", "Not yet", upload_status="uploaded"),
)
ASKED = {
    "playlists": ("PlaylistListResponse", {"id": f"{PLAYLIST.id},UU{EMPTY_CHANNEL.id[2:]},UU{CHANNEL.id[2:]}"}),
    "videos": ("VideoListResponse", {"id": ",".join(video.id for video in VIDEOS)}),
    "channels": ("ChannelListResponse", {"id": f"{CHANNEL.id},{EMPTY_CHANNEL.id}"}),
    "playlistItems": ("PlaylistItemListResponse", {"playlistId": PLAYLIST.id}),
}
EVERY_PART = {method: ",".join([*parts.parts, *parts.unmodelled]) for method, parts in METHODS.items()}


@pytest.mark.parametrize("options", [{}, {"thumbnails_lacking": True, "keys_shuffled": True}], ids=["plain", "odd"])
@pytest.mark.parametrize("method", METHODS)
def test_bodies_fit_the_discovery_document(method: str, options: dict[str, Any]) -> None:
    schema, asked = ASKED[method]
    simulated = youtube(*VIDEOS, **options)
    body = ask(simulated, method, part=EVERY_PART[method], **asked).json()
    validate(body, schema)
    assert len(body["items"]) == body["pageInfo"]["totalResults"] > 1


@pytest.mark.parametrize("method", METHODS)
def test_new_keys_are_not_in_the_discovery_document(method: str) -> None:
    schema, asked = ASKED[method]
    with pytest.raises(jsonschema.ValidationError, match="brandNewKey"):
        validate(ask(youtube(*VIDEOS, new_keys=True), method, **asked).json(), schema)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("parts", ["id", "snippet", "status,snippet", "contentDetails"])
def test_an_item_has_the_requested_parts_and_no_other(method: str, parts: str) -> None:
    body = ask(youtube(*VIDEOS), method, part=parts, **ASKED[method][1]).json()
    for item in body["items"]:
        assert item.keys() == {"kind", "etag", "id", *parts.split(",")}


def test_unavailable_videos_have_tombstones() -> None:
    body = ask(youtube(), "playlistItems", part="snippet,status,contentDetails", playlistId=PLAYLIST.id).json()
    living, private, deleted, unlisted, again = body["items"]
    assert (
        private["snippet"] | {"title": "Private video", "description": "This video is private."} == private["snippet"]
    )
    assert (
        deleted["snippet"] | {"title": "Deleted video", "description": "This video is unavailable."}
        == (deleted["snippet"])
    )
    privacy = [each["status"]["privacyStatus"] for each in body["items"]]
    assert privacy == ["public", "private", "privacyStatusUnspecified", "unlisted", "public"]
    for dead in (private, deleted):
        assert dead["snippet"]["thumbnails"] == {}
        assert not {"videoOwnerChannelId", "videoOwnerChannelTitle"} & dead["snippet"].keys()
        assert "videoPublishedAt" not in dead["contentDetails"]
    assert living["snippet"]["videoOwnerChannelTitle"] == CHANNEL.title
    assert unlisted["snippet"]["title"] == UNLISTED_VIDEO.title
    assert living["id"] != again["id"]
    assert [each["snippet"]["position"] for each in body["items"]] == [0, 1, 2, 3, 4]


def test_unavailable_videos_may_be_omitted_from_a_playlist() -> None:
    simulated = youtube(dead_items_listed=False, item_count_includes_dead=False)
    listed = ask(simulated, "playlistItems", part="contentDetails", playlistId=PLAYLIST.id).json()["items"]
    found = [item["contentDetails"]["videoId"] for item in listed]
    assert found == [VIDEO.id, UNLISTED_VIDEO.id, VIDEO.id]
    count = ask(simulated, "playlists", part="contentDetails", id=PLAYLIST.id).json()["items"][0]["contentDetails"]
    assert count == {"itemCount": 3}
    assert not {PRIVATE_VIDEO.id, DELETED_VIDEO.id} & set(found)


def test_the_count_includes_unavailable_videos_by_default() -> None:
    body = ask(youtube(), "playlists", part="contentDetails", id=PLAYLIST.id).json()
    assert body["items"][0]["contentDetails"] == {"itemCount": 5}


def test_items_have_restrictions_and_states() -> None:
    body = ask(youtube(*VIDEOS), "videos", part="snippet,contentDetails,status", id=ASKED["videos"][1]["id"]).json()
    items = {item["id"]: item for item in body["items"]}
    restricted = items["eeeeeeeeeeA"]
    assert restricted["contentDetails"]["contentRating"] == {"ytRating": "ytAgeRestricted"}
    assert restricted["contentDetails"]["regionRestriction"] == {"blocked": ["DE", "AT"]}
    assert restricted["status"]["embeddable"] is False
    assert items["ffffffffffA"]["contentDetails"]["regionRestriction"] == {"allowed": ["JP"]}
    assert items["ggggggggggA"]["contentDetails"]["regionRestriction"] == {"allowed": []}
    assert "regionRestriction" not in items[VIDEO.id]["contentDetails"]
    assert items["hhhhhhhhhhA"]["snippet"]["liveBroadcastContent"] == "live"
    assert items["jjjjjjjjjjA"]["snippet"]["liveBroadcastContent"] == "none"
    assert items["kkkkkkkkkkA"]["status"]["uploadStatus"] == "uploaded"


def test_bodies_are_as_large_as_real_ones() -> None:
    many = [SimVideo(f"{number:010}A", f"Lecture {number}", CHANNEL.id) for number in range(50)]
    bodies = {
        full: ask(youtube(*many, full_size=full), "videos", part="snippet", id=",".join(v.id for v in many))
        for full in (True, False)
    }
    assert len(bodies[True].content) > 3 * len(bodies[False].content)
    snippets = [item["snippet"] for item in bodies[True].json()["items"]]
    assert {len(snippet["thumbnails"]) for snippet in snippets} == {3, 4, 5}
    assert {0, 5000} <= {len(snippet["description"]) for snippet in snippets}


@pytest.mark.parametrize("shown", [False, True])
def test_a_mix_may_be_shown_but_its_items_never_are(shown: bool) -> None:
    simulated, mix = youtube(mixes_shown=shown), f"RD{VIDEO.id}"
    items = ask(simulated, "playlists", part="snippet,contentDetails", id=mix).json()["items"]
    assert [item["id"] for item in items] == [mix] * shown
    assert ask(simulated, "playlistItems", part="snippet", playlistId=mix).status_code == 404


def test_only_localized_follows_hl() -> None:
    snippet = ask(youtube(), "playlists", part="snippet", id=PLAYLIST.id, hl="de").json()["items"][0]["snippet"]
    assert (snippet["title"], snippet["localized"]["title"]) == (PLAYLIST.title, f"{PLAYLIST.title} (de)")


def test_statistics_are_strings() -> None:
    statistics = ask(youtube(), "videos", part="statistics", id=VIDEO.id).json()["items"][0]["statistics"]
    assert all(isinstance(value, str) for value in statistics.values())


def test_keys_may_come_in_another_order() -> None:
    plain, odd = (
        ask(youtube(keys_shuffled=shuffled), "playlists", part="snippet", id=PLAYLIST.id).json()["items"][0]
        for shuffled in (False, True)
    )
    assert plain == odd
    assert list(plain) != list(odd)
