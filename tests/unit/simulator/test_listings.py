"""Listings of `playlistItems` as YouTube may make them, and the ways in which they may be wrong."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from unit.simulator.api_calls import CHANNEL, NOW, ask, ids, youtube

from linkwatch.simulator.entities import SimChannel, SimPlaylist, SimVideo, Visibility
from linkwatch.simulator.faults import Fault, FaultPeriod
from linkwatch.simulator.youtube import SimulatedYouTube

MANY = [SimVideo(f"many{number:06}A", f"Video {number}", "UCmmmmmmmmmmmmmmmmmmmmmA") for number in range(120)]
OWNER = SimChannel("UCmmmmmmmmmmmmmmmmmmmmmA", "The owner of many")
LONG = SimPlaylist("PLdddddddddddddddd", "Long", CHANNEL.id, [video.id for video in MANY])
UPLOADS = f"UU{OWNER.id[2:]}"
TWO_DEAD = [each.id for each in MANY[:2]]


def pages(simulated: SimulatedYouTube, playlist: str = LONG.id, most: int = 9) -> Iterator[dict[str, Any]]:
    """The pages of a listing, as long as they name a next one."""
    token: dict[str, str] = {}
    for _ in range(most):
        body = ask(simulated, "playlistItems", part="snippet", playlistId=playlist, maxResults=50, **token).json()
        yield body
        if "nextPageToken" not in body:
            return
        token = {"pageToken": body["nextPageToken"]}


def videos(body: dict[str, Any]) -> list[str]:
    return [item["snippet"]["resourceId"]["videoId"] for item in body["items"]]


def shape(simulated: SimulatedYouTube, playlist: str = LONG.id) -> list[tuple[int, int]]:
    """Of each page how many items it has, and how many the listing has by its count."""
    return [(len(body["items"]), body["pageInfo"]["totalResults"]) for body in pages(simulated, playlist)]


def simulated(*faults: Fault, dead: int = 0, **options: Any) -> SimulatedYouTube:
    periods = tuple(FaultPeriod(fault, NOW, NOW + timedelta(hours=1)) for fault in faults)
    made = youtube(OWNER, LONG, *MANY, faults=periods, **options)
    for video in MANY[:dead]:
        made.world.delete(video.id, NOW - timedelta(days=1))
    return made


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [(48, 120), (50, 120), (20, 120)]),
        ({"hidden_items_leave_gaps": False}, [(50, 120), (50, 120), (18, 120)]),
        ({"totals_count_hidden": False}, [(48, 118), (50, 118), (20, 118)]),
        ({"hidden_items_leave_gaps": False, "totals_count_hidden": False}, [(50, 118), (50, 118), (18, 118)]),
        ({"dead_items_listed": True}, [(50, 120), (50, 120), (20, 120)]),
    ],
)
def test_omitted_items_may_be_counted_and_leave_gaps(options: dict[str, bool], expected: list[tuple[int, int]]) -> None:
    made = simulated(dead=2, **{"dead_items_listed": False, **options})
    assert shape(made) == expected
    first = next(pages(made))["items"][0]["snippet"]["position"]
    assert first == (0 if options.get("dead_items_listed") else 2), "positions skip"


def test_each_page_but_the_first_names_the_one_before() -> None:
    first, second, third = pages(simulated())
    assert "prevPageToken" not in first
    for page, before in ((second, first), (third, second)):
        token = {"pageToken": page["prevPageToken"]}
        again = ask(simulated(), "playlistItems", part="snippet", playlistId=LONG.id, maxResults=50, **token).json()
        assert videos(again) == videos(before)


def test_a_full_last_page_may_name_an_empty_one() -> None:
    hundred = SimPlaylist("PLeeeeeeeeeeeeeeee", "Hundred", CHANNEL.id, LONG.video_ids[:100])
    made = simulated(empty_last_page=True)
    made.world.add(hundred)
    assert shape(made, hundred.id) == [(50, 100), (50, 100), (0, 100)]
    assert shape(made) == [(50, 120), (50, 120), (20, 120)]


def test_only_the_newest_uploads_are_listed_and_all_are_counted() -> None:
    made = simulated(uploads_window=70)
    assert shape(made, UPLOADS) == [(50, 120), (20, 120)]
    listed = [video for body in pages(made, UPLOADS) for video in videos(body)]
    assert listed == [video.id for video in reversed(MANY[50:])]
    assert shape(made) == [(50, 120), (50, 120), (20, 120)], "other playlists have no window"


def test_a_page_may_begin_with_the_last_item_of_the_one_before() -> None:
    first, second, third = map(videos, pages(simulated(Fault.PAGES_OVERLAP)))
    assert (second[0], third[0]) == (first[-1], second[-1])
    assert (len(first), len(second), len(third)) == (50, 51, 21)


def test_a_listing_may_end_after_its_first_page_though_more_is_counted() -> None:
    assert shape(simulated(Fault.TOKEN_MISSING)) == [(50, 120)]


def test_another_item_may_be_missing_at_each_reading() -> None:
    made = simulated(Fault.ITEM_MISSING)
    missing = [set(LONG.video_ids) - {video for body in pages(made) for video in videos(body)} for _ in range(4)]
    assert all(len(each) == 3 for each in missing), "one of each page"
    assert len(set.union(*missing)) > 3
    assert shape(made) == [(49, 120), (49, 120), (19, 120)]


def test_an_item_may_have_no_snippet() -> None:
    body = ask(simulated(Fault.SNIPPET_MISSING), "playlistItems", part="snippet", playlistId=LONG.id).json()
    assert sorted("snippet" in item for item in body["items"]) == [False, True, True, True, True]


def test_items_may_share_an_id() -> None:
    made = simulated(Fault.SAME_ID)
    response = ask(made, "playlistItems", part="snippet", playlistId=LONG.id)
    assert (len(set(ids(response))), len(set(videos(response.json())))) == (1, 5)


def test_totals_may_differ_from_page_to_page() -> None:
    totals = [total for _, total in shape(simulated(Fault.TOTALS_DIFFER))]
    assert len(set(totals)) == 3
    assert min(totals) == 120


def test_the_count_of_items_may_waver_from_time_to_time() -> None:
    now = [NOW]
    fault = FaultPeriod(Fault.ITEM_COUNT_WAVERS, NOW, NOW + timedelta(days=30), ids=frozenset({LONG.id}))
    other = SimPlaylist("PLeeeeeeeeeeeeeeee", "Other", CHANNEL.id, LONG.video_ids)
    made = youtube(OWNER, LONG, other, *MANY, faults=(fault,), clock=lambda: now[0])
    counts: dict[str, set[int]] = {LONG.id: set(), other.id: set()}
    for _ in range(20):
        twice = [ask(made, "playlists", part="contentDetails", id=f"{LONG.id},{other.id}").json() for _ in range(2)]
        assert twice[0] == twice[1], "at one time there is one count"
        for item in twice[0]["items"]:
            counts[item["id"]].add(item["contentDetails"]["itemCount"])
        now[0] += timedelta(days=1)
    assert counts == {LONG.id: {119, 120}, other.id: {120}}
    assert len(list(pages(made))) == 3, "the listing is as it was"


def test_a_copy_of_a_video_keeps_the_id_of_its_item_when_another_copy_leaves() -> None:
    twice = SimPlaylist("PLeeeeeeeeeeeeeeee", "Twice", CHANNEL.id, [MANY[0].id, MANY[1].id, MANY[0].id])
    now = [NOW]
    made = youtube(OWNER, twice, *MANY, clock=lambda: now[0])
    before = ids(ask(made, "playlistItems", playlistId=twice.id))
    made.world.remove_item(twice.id, NOW + timedelta(hours=1), 0)
    now[0] += timedelta(hours=1)
    assert ids(ask(made, "playlistItems", playlistId=twice.id)) == before[1:]
    assert len(set(before)) == 3


def test_faults_of_listings_affect_no_other_method() -> None:
    made = simulated(Fault.SNIPPET_MISSING, Fault.ITEM_MISSING)
    body = ask(made, "videos", part="snippet", id=",".join(TWO_DEAD)).json()
    assert [item["snippet"]["title"] for item in body["items"]] == ["Video 0", "Video 1"]


def test_scheduled_videos_are_private_until_their_time() -> None:
    scheduled = SimVideo("scheduled0A", "Soon", CHANNEL.id, Visibility.PRIVATE)
    now = [NOW]
    made = youtube(OWNER, LONG, scheduled, *MANY, clock=lambda: now[0])
    made.world.add_videos(LONG.id, NOW, scheduled.id)
    made.world.bring_back(scheduled.id, NOW + timedelta(days=2))
    titles = []
    for _ in range(2):
        titles.append(list(pages(made))[-1]["items"][-1]["snippet"]["title"])
        now[0] += timedelta(days=2)
    assert titles == ["Private video", "Soon"]
