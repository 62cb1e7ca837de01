from datetime import UTC, datetime, timedelta

import pytest
from unit.simulator.api_calls import ask, embed, ids, reason

from linkwatch.simulator.demo_list import PLAYLISTS, VIDEOS
from linkwatch.simulator.generated import channel_id
from linkwatch.simulator.scenario import Scenario, demo_scenario
from linkwatch.simulator.youtube import SimulatedYouTube

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
"""So that the month has the change to summer time in it."""
STORY = demo_scenario(START)
ALL = [playlist.id for playlist in PLAYLISTS]
HEADLINES = {day.number: day.headline for day in STORY.days if day.headline}


def on(day: int, story: Scenario = STORY) -> SimulatedYouTube:
    """YouTube at the check of a day."""
    return SimulatedYouTube(story.world, lambda: story.days[day - 1].at)


def playlist(day: int, id_: str) -> tuple[str, str, int]:
    """Title, owner and count on a day."""
    (item,) = ask(on(day), "playlists", part="snippet,contentDetails", id=id_).json()["items"]
    return item["snippet"]["title"], item["snippet"]["channelTitle"], item["contentDetails"]["itemCount"]


def test_the_month_has_thirty_days_24_hours_apart() -> None:
    assert [day.number for day in STORY.days] == list(range(1, 31))
    assert [day.at for day in STORY.days] == [START + timedelta(days=number) for number in range(30)]
    assert list(HEADLINES) == sorted(HEADLINES) == [3, 6, 8, 10, 12, 14, 17, 20, 22, 25, 28]


def test_on_the_first_day_everything_is_available() -> None:
    simulated = on(1)
    assert ids(ask(simulated, "playlists", id=",".join(ALL))) == ALL
    videos = [video.id for video in VIDEOS]
    assert ids(ask(simulated, "videos", id=",".join(videos))) == videos
    for name in ("jbstatistics", "BCFoltz"):
        assert len(ids(ask(simulated, "channels", forUsername=name))) == 1


@pytest.mark.parametrize(
    ("id_", "title", "owner"),
    [
        ("PLDesaqWTN6ESk16YRmzuJ8f6-rnuy0Ry7", "Calculus 3 (Full Length Videos)", "Professor Leonard"),
        ("PL49CF3715CB9EF31D", "MIT 18.06 Linear Algebra, Spring 2005", "MIT OpenCourseWare"),
        ("PL3940DD956CDF0622", "Lecture Collection | Convex Optimization", "Stanford"),
    ],
)
def test_titles_are_those_of_youtube(id_: str, title: str, owner: str) -> None:
    assert playlist(1, id_)[:2] == (title, owner)


def test_day_3_a_title_changes() -> None:
    id_ = "PL7wAPgl1JVvUEb0dIygHzO4698tmcwLk9"
    assert playlist(2, id_)[0] == "Math for Programmers"
    assert playlist(3, id_)[0] == "Math for Programmers and Game Developers"


def test_day_6_a_playlist_loses_four_removed_and_two_deleted_videos() -> None:
    id_ = "PLO1y6V1SXjjMTg1tzxMo_9BjZfed9SyLb"
    before, after = (playlist(day, id_)[2] for day in (5, 6))
    assert (before, after) == (142, 136)
    then, now = (STORY.world.at(STORY.days[day - 1].at).playlist(id_) for day in (5, 6))
    assert then is not None
    assert now is not None
    left = sorted(set(then.video_ids) - set(now.video_ids))
    assert len(ids(ask(on(6), "videos", id=",".join(left)))) == 4


def test_day_8_available_playlists_are_omitted_for_one_check() -> None:
    missing = set(ALL) - set(ids(ask(on(8), "playlists", id=",".join(ALL))))
    assert len(missing) == 9
    for id_ in missing:
        assert embed(on(8), f"https://www.youtube.com/playlist?list={id_}").status_code == 200
    assert ids(ask(on(9), "playlists", id=",".join(ALL))) == ALL


def test_day_10_a_playlist_is_deleted() -> None:
    id_ = "PLwJRxp3blEvZ8AKMXOy0fc0cqT61GsKCG"
    for day in (10, 11, 30):
        assert ids(ask(on(day), "playlists", id=id_)) == []
        assert embed(on(day), f"https://www.youtube.com/playlist?list={id_}").status_code == 404


def test_day_12_youtube_is_down() -> None:
    assert ask(on(12), "playlists", id=ALL[0]).status_code == 503
    assert embed(on(12), f"https://www.youtube.com/playlist?list={ALL[0]}").status_code == 503
    assert ask(on(13), "playlists", id=ALL[0]).status_code == 200


def test_day_14_the_quota_is_spent_by_another_program() -> None:
    assert reason(ask(on(14), "playlists", id=ALL[0])) == "quotaExceeded"
    assert ask(on(15), "playlists", id=ALL[0]).status_code == 200


def test_day_17_a_playlist_is_made_private_and_day_25_public_again() -> None:
    id_ = "PLRDl2inPrWQW1QSWhBU0ki-jq_uElkh2a"
    found = {day: ids(ask(on(day), "playlists", id=id_)) for day in (16, 17, 24, 25)}
    assert found == {16: [id_], 17: [], 24: [], 25: [id_]}
    assert embed(on(17), f"https://www.youtube.com/playlist?list={id_}").status_code == 403


def test_day_20_a_video_is_restricted() -> None:
    (before,), (after,) = (
        ask(on(day), "videos", part="status,contentDetails", id="ErfnhcEV1O8").json()["items"] for day in (19, 20)
    )
    assert (before["status"]["embeddable"], after["status"]["embeddable"]) == (True, False)
    assert after["contentDetails"]["contentRating"] == {"ytRating": "ytAgeRestricted"}


def test_day_22_a_playlist_changes_owner_and_another_grows() -> None:
    scratch, hero = "PLQVvvaa0QuDcjD5BAw2DxE6OF2tius3V3", "PLAqhIrjkxbuWI23v9cThsA9GvCAUhRvKZ"
    assert [playlist(day, scratch)[1] for day in (21, 22)] == ["sentdex", "freeCodeCamp.org"]
    assert [playlist(day, hero)[2] for day in (21, 22)] == [10, 12]
    entries = ask(on(22), "playlistItems", part="snippet", playlistId=hero, maxResults=50).json()["items"]
    assert {each["snippet"]["videoOwnerChannelId"] for each in entries} == {channel_id("karpathy")}


def test_day_28_a_video_is_deleted() -> None:
    assert [len(ids(ask(on(day), "videos", id="JnTa9XtvmfI"))) for day in (27, 28, 30)] == [1, 0, 0]


def test_two_scenarios_are_the_same() -> None:
    other = demo_scenario(START)
    assert other.days == STORY.days
    asked = {"part": "snippet,contentDetails", "id": ",".join(ALL)}
    for day in (1, 30):
        assert ask(on(day), "playlists", **asked).content == ask(on(day, other), "playlists", **asked).content
