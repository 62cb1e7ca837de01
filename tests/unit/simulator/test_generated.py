import tracemalloc
from itertools import chain

import pytest
from unit.simulator.api_calls import NOW, ask, embed, ids

from linkwatch.models.resource import Kind
from linkwatch.simulator.entities import Visibility
from linkwatch.simulator.generated import SPARE_VIDEOS, NumberedVideos, channel_id, generate_world, parse_numbered_id
from linkwatch.simulator.youtube import SimulatedYouTube

PLAYLISTS = [f"PL{number:032d}" for number in range(5000)]
RESOURCES = [
    *((Kind.PLAYLIST, id_) for id_ in PLAYLISTS),
    (Kind.VIDEO, "dQw4w9WgXcQ"),
    (Kind.CHANNEL, "UC1234567890123456789012"),
    (Kind.CHANNEL, "@Someone"),
    (Kind.CHANNEL, "user/somebody"),
    (Kind.CHANNEL, "c/nobody"),
]


@pytest.mark.parametrize("place", [(0, 0), (1, 0), (4999, 63), (2**24 - 1, 2**16 - 1)])
def test_a_numbered_id_holds_its_numbers_and_looks_like_a_video_id(place: tuple[int, int]) -> None:
    (video_id,) = NumberedVideos(place[0], place[1] + 1)[-1:]
    assert parse_numbered_id(video_id) == place
    assert len(video_id) == 11
    assert video_id[-1] in "AEIMQUYcgkosw048"


@pytest.mark.parametrize("id_", ["dQw4w9WgXcQ", "aaaaaaaaaaA", "", "…", "short", "long" * 9])
def test_other_ids_hold_no_numbers(id_: str) -> None:
    assert parse_numbered_id(id_) is None


def test_numbered_videos_are_a_sequence() -> None:
    videos = NumberedVideos(7, 4)
    assert len(set(videos)) == len(videos) == 4
    assert (videos[-1], videos[1:3]) == (videos[3], (videos[1], videos[2]))
    with pytest.raises(IndexError):
        videos[4]


def test_a_generated_channel_id_is_well_formed() -> None:
    made = channel_id("name")
    assert (len(made), made[:2], made[-1] in "AQgw") == (24, "UC", True)


def test_every_listed_resource_exists() -> None:
    simulated = SimulatedYouTube(generate_world(RESOURCES), lambda: NOW)
    asked = PLAYLISTS[:50]
    found = ask(simulated, "playlists", part="snippet,contentDetails,status", id=",".join(asked)).json()["items"]
    assert [each["id"] for each in found] == asked
    assert len({each["snippet"]["title"] for each in found}) > 10
    assert ids(ask(simulated, "videos", id="dQw4w9WgXcQ")) == ["dQw4w9WgXcQ"]
    assert ids(ask(simulated, "channels", id="UC1234567890123456789012")) == ["UC1234567890123456789012"]
    assert len(ids(ask(simulated, "channels", forHandle="@someone"))) == 1
    assert len(ids(ask(simulated, "channels", forUsername="somebody"))) == 1
    assert embed(simulated, f"https://www.youtube.com/playlist?list={asked[0]}").status_code == 200
    assert ids(ask(simulated, "playlists", id="PLsomethingelse")) == []
    assert ids(ask(simulated, "channels", forHandle="@nobody")) == []


def test_the_videos_of_a_playlist_exist_too() -> None:
    simulated = SimulatedYouTube(generate_world(RESOURCES), lambda: NOW)
    (item,) = ask(simulated, "playlists", part="snippet,contentDetails", id=PLAYLISTS[3]).json()["items"]
    entries = ask(simulated, "playlistItems", part="snippet", playlistId=PLAYLISTS[3], maxResults=50).json()
    assert entries["pageInfo"]["totalResults"] == item["contentDetails"]["itemCount"]
    inside = [each["snippet"]["resourceId"]["videoId"] for each in entries["items"]]
    assert ids(ask(simulated, "videos", id=",".join(inside))) == inside
    assert entries["items"][0]["snippet"]["videoOwnerChannelTitle"] == item["snippet"]["channelTitle"]


def test_each_playlist_has_a_limited_number_of_spare_videos() -> None:
    simulated = SimulatedYouTube(generate_world(RESOURCES), lambda: NOW)
    (item,) = ask(simulated, "playlists", part="contentDetails", id=PLAYLISTS[3]).json()["items"]
    last = item["contentDetails"]["itemCount"] + SPARE_VIDEOS - 1
    *_, living, dead = NumberedVideos(3, last + 2)
    of_no_playlist = NumberedVideos(5000, 1)[0]
    assert ids(ask(simulated, "videos", id=f"{living},{dead},{of_no_playlist}")) == [living]


def test_generated_entities_can_be_deleted() -> None:
    world = generate_world(RESOURCES)
    world.delete(PLAYLISTS[7], NOW)
    (video,) = NumberedVideos(8, 1)
    world.make_private(video, NOW)
    playlist, hidden = world.at(NOW).playlist(PLAYLISTS[7]), world.at(NOW).video(video)
    assert playlist is not None
    assert hidden is not None
    assert (playlist.visibility, hidden.visibility) == (Visibility.DELETED, Visibility.PRIVATE)


def test_two_worlds_of_the_same_list_are_the_same() -> None:
    one, other = (SimulatedYouTube(generate_world(RESOURCES), lambda: NOW) for _ in range(2))
    asked = {"part": "snippet,contentDetails", "id": ",".join(PLAYLISTS[:50])}
    assert ask(one, "playlists", **asked).content == ask(other, "playlists", **asked).content


@pytest.mark.long  # tracing every allocation is slow
def test_a_large_world_is_small_in_memory() -> None:
    """Nothing but numbers is kept for each playlist, before it was asked for and after."""
    resources = [(Kind.PLAYLIST, id_) for id_ in PLAYLISTS]
    tracemalloc.start()
    simulated = SimulatedYouTube(generate_world(resources), lambda: NOW)
    for start in range(0, 5000, 50):
        ask(simulated, "playlists", part="snippet", id=",".join(PLAYLISTS[start : start + 50]))
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 4_000_000
    assert len(list(chain.from_iterable(asked.ids for asked in simulated.log))) == 5000
