from datetime import timedelta

import pytest
from unit.simulator.api_calls import (
    CHANNEL,
    DELETED_PLAYLIST,
    DELETED_VIDEO,
    EMPTY_CHANNEL,
    NOW,
    PLAYLIST,
    PRIVATE_PLAYLIST,
    PRIVATE_VIDEO,
    UNLISTED_VIDEO,
    VIDEO,
    ask,
    ids,
    reason,
    youtube,
)

from linkwatch.simulator.entities import SimPlaylist, SimVideo

MANY = [SimVideo(f"many{number:06}A", f"Video {number}") for number in range(120)]
LONG = SimPlaylist("PLdddddddddddddddd", "Long", CHANNEL.id, [video.id for video in MANY])
UPLOADS_OF_NONE = f"UU{EMPTY_CHANNEL.id[2:]}"


def test_a_missing_resource_is_omitted_with_200() -> None:
    simulated = youtube()
    asked = [DELETED_VIDEO.id, VIDEO.id, PRIVATE_VIDEO.id, "garbage", UNLISTED_VIDEO.id, "", "zzzzzzzzzzA"]
    response = ask(simulated, "videos", id=",".join(asked))
    assert (response.status_code, ids(response)) == (200, [VIDEO.id, UNLISTED_VIDEO.id])
    playlists = ask(simulated, "playlists", id=[PRIVATE_PLAYLIST.id, PLAYLIST.id, DELETED_PLAYLIST.id])
    assert ids(playlists) == [PLAYLIST.id]


@pytest.mark.parametrize(
    ("method", "asked", "shape"),
    [
        ("videos", {"id": "zzzzzzzzzzA"}, {"items": [], "pageInfo": {"totalResults": 0, "resultsPerPage": 0}}),
        ("playlists", {"id": "PLz"}, {"items": [], "pageInfo": {"totalResults": 0, "resultsPerPage": 5}}),
        ("channels", {"id": "UCz"}, {"pageInfo": {"totalResults": 0, "resultsPerPage": 5}}),
        ("channels", {"forHandle": "@nobody"}, {"pageInfo": {"totalResults": 0, "resultsPerPage": 5}}),
    ],
)
def test_the_empty_shapes_differ(method: str, asked: dict[str, str], shape: dict[str, object]) -> None:
    body = ask(youtube(), method, **asked).json()
    assert {key: value for key, value in body.items() if key not in {"kind", "etag"}} == shape


@pytest.mark.parametrize(
    "asked",
    [
        {"forHandle": "@AChannel"},
        {"forHandle": "achannel"},
        {"forUsername": "AChannel"},
        {"id": CHANNEL.id},
    ],
)
def test_a_channel_is_found_by_each_of_its_names(asked: dict[str, str]) -> None:
    response = ask(youtube(), "channels", part="snippet", **asked)
    assert ids(response) == [CHANNEL.id]
    assert response.json()["items"][0]["snippet"]["customUrl"] == "@achannel"


def test_ids_and_parts_come_with_commas_or_repeated() -> None:
    simulated = youtube()
    joined = ask(simulated, "videos", part="id,snippet", id=f"{VIDEO.id},{UNLISTED_VIDEO.id}")
    repeated = ask(simulated, "videos", part=["id", "snippet"], id=[VIDEO.id, UNLISTED_VIDEO.id])
    assert joined.json() == repeated.json()


@pytest.mark.parametrize(
    ("method", "asked", "status", "why"),
    [
        ("videos", {"id": ",".join(video.id for video in MANY[:51])}, 400, "invalidFilters"),
        ("videos", {"id": ",".join(video.id for video in MANY[:50]) + ","}, 400, "invalidFilters"),
        ("channels", {"id": CHANNEL.id, "forHandle": "@achannel"}, 400, "invalidFilters"),
        ("videos", {}, 400, "missingRequiredParameter"),
        ("videos", {"id": VIDEO.id, "part": ""}, 400, "missingRequiredParameter"),
        ("videos", {"id": VIDEO.id, "part": "snippets"}, 400, "unknownPart"),
        ("playlists", {"id": PLAYLIST.id, "maxResults": "51"}, 400, "invalidParameter"),
        ("playlists", {"id": PLAYLIST.id, "maxResults": "many"}, 400, "invalidParameter"),
        ("playlistItems", {"playlistId": PLAYLIST.id, "pageToken": "nonsense"}, 400, "invalidPageToken"),
        ("playlistItems", {"playlistId": "PLz"}, 404, "playlistNotFound"),
        ("playlistItems", {"playlistId": "RDMMxyz"}, 404, "playlistNotFound"),
        ("playlistItems", {"playlistId": DELETED_PLAYLIST.id}, 404, "playlistNotFound"),
        ("playlistItems", {"playlistId": UPLOADS_OF_NONE}, 404, "playlistNotFound"),
        ("playlistItems", {"playlistId": PRIVATE_PLAYLIST.id}, 403, "playlistItemsNotAccessible"),
        ("playlists", {"mine": "true"}, 501, "notModelled"),
        ("search", {"q": "calculus"}, 501, "notModelled"),
    ],
)
def test_a_malformed_request_is_refused(method: str, asked: dict[str, str], status: int, why: str) -> None:
    response = ask(youtube(*MANY), method, **asked)
    assert (response.status_code, reason(response)) == (status, why)


def test_fifty_ids_are_accepted_and_the_default_of_five_cuts_nothing() -> None:
    asked = [video.id for video in MANY[:50]]
    response = ask(youtube(*MANY), "videos", id=",".join(asked))
    assert ids(response) == asked
    assert "nextPageToken" not in response.json()


def test_the_default_of_five_may_cut_id_lists() -> None:
    asked = [video.id for video in MANY[:12]]
    simulated = youtube(*MANY, max_results_pages_ids=True)
    found, token = [], ""
    for _ in range(3):
        page = ask(simulated, "videos", id=",".join(asked), pageToken=token)
        found += ids(page)
        token = page.json().get("nextPageToken", "")
    assert (found, token) == (asked, "")
    assert ids(ask(simulated, "videos", id=",".join(asked), maxResults=50)) == asked


def test_the_pages_of_a_playlist_hold_every_item_once() -> None:
    simulated, found, token, sizes = youtube(*MANY, LONG), [], "", []
    while True:
        asked = {"playlistId": LONG.id, "maxResults": 50} | ({"pageToken": token} if token else {})
        page = ask(simulated, "playlistItems", part="contentDetails", **asked).json()
        found += [each["contentDetails"]["videoId"] for each in page["items"]]
        sizes.append(len(page["items"]))
        assert page["pageInfo"] == {"totalResults": 120, "resultsPerPage": 50}
        token = page.get("nextPageToken")
        if token is None:
            break
    assert sizes == [50, 50, 20]
    assert found == list(LONG.video_ids)


def test_pages_have_no_snapshot() -> None:
    """Between two pages the list shrinks: what moved up is never seen, and a place that is gone is refused."""
    now = [NOW]
    simulated = youtube(*MANY, LONG, clock=lambda: now[0])
    simulated.world.remove_videos(LONG.id, NOW + timedelta(hours=1), *LONG.video_ids[:10])
    simulated.world.remove_videos(LONG.id, NOW + timedelta(hours=2), *LONG.video_ids[:80])
    asked = {"playlistId": LONG.id, "maxResults": 50, "part": "contentDetails"}
    token = ask(simulated, "playlistItems", **asked).json()["nextPageToken"]
    now[0] += timedelta(hours=1)
    second = ask(simulated, "playlistItems", **asked, pageToken=token).json()
    assert second["items"][0]["contentDetails"]["videoId"] == LONG.video_ids[60]
    now[0] += timedelta(hours=1)
    assert reason(ask(simulated, "playlistItems", **asked, pageToken=token)) == "invalidPageToken"


def test_a_token_is_valid_for_its_own_listing_only() -> None:
    other = SimPlaylist("PLffffffffffffffff", "As long", CHANNEL.id, LONG.video_ids)
    simulated = youtube(*MANY, LONG, other)
    token = ask(simulated, "playlistItems", playlistId=LONG.id).json()["nextPageToken"]
    assert ask(simulated, "playlistItems", playlistId=LONG.id, pageToken=token).status_code == 200
    assert reason(ask(simulated, "playlistItems", playlistId=other.id, pageToken=token)) == "invalidPageToken"


def test_max_results_of_zero_lists_nothing() -> None:
    body = ask(youtube(), "playlistItems", playlistId=PLAYLIST.id, maxResults=0).json()
    assert body["items"] == []


def test_duplicates_are_returned_once_or_twice() -> None:
    asked = f"{VIDEO.id},{VIDEO.id}"
    assert ids(ask(youtube(), "videos", id=asked)) == [VIDEO.id]
    assert ids(ask(youtube(duplicates_repeated=True), "videos", id=asked)) == [VIDEO.id] * 2


def test_the_order_may_be_another_one() -> None:
    asked = [video.id for video in MANY[:50]]
    found = ids(ask(youtube(*MANY, order_shuffled=True), "videos", id=",".join(asked)))
    assert found != asked
    assert sorted(found) == asked


def test_an_empty_uploads_list_may_be_hidden_too() -> None:
    assert ids(ask(youtube(), "playlists", id=UPLOADS_OF_NONE)) == [UPLOADS_OF_NONE]
    assert ids(ask(youtube(empty_uploads_listed=False), "playlists", id=UPLOADS_OF_NONE)) == []


def test_uploads_are_listed_the_newest_first() -> None:
    newer = SimVideo("eeeeeeeeeeA", "Second", CHANNEL.id)
    body = ask(youtube(newer), "playlistItems", part="contentDetails", playlistId=f"UU{CHANNEL.id[2:]}").json()
    assert [each["contentDetails"]["videoId"] for each in body["items"]] == [newer.id, VIDEO.id]


def test_the_items_of_one_video_can_be_requested() -> None:
    body = ask(youtube(), "playlistItems", part="snippet", playlistId=PLAYLIST.id, videoId=VIDEO.id).json()
    assert [each["snippet"]["position"] for each in body["items"]] == [0, 4]


def test_an_empty_playlist_is_not_a_missing_one() -> None:
    empty = SimPlaylist("PLeeeeeeeeeeeeeeee", "Empty", CHANNEL.id)
    response = ask(youtube(empty), "playlistItems", playlistId=empty.id)
    assert (response.status_code, response.json()["items"]) == (200, [])


def test_a_playlist_without_modelled_videos_shows_the_count_it_was_given() -> None:
    counted = SimPlaylist("PLeeeeeeeeeeeeeeee", "Counted", item_count=900)
    body = ask(youtube(counted), "playlists", part="contentDetails", id=counted.id).json()
    assert body["items"][0]["contentDetails"] == {"itemCount": 900}
