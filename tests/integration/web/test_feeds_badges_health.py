"""Feeds, badges, and whether the daemon lives: what programs and other pages take from the dashboard."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from xml.etree import ElementTree

import feedparser
import pytest
from integration.check.harness import listing, playlist_id, playlists, videos
from integration.web.conftest import Serve
from integration.web.fake_daemon import FakeDaemon, simulated_youtube

from linkwatch.errors import UsageError
from linkwatch.models.rules import RULES, Level
from linkwatch.simulator.world import World
from linkwatch.store.runs import insert_run

STRANGE = 'Math & <"Friends"> / 50 % 💡'


@pytest.mark.parametrize("path", ["/feed.atom", "/feed/courses.atom"])
def test_a_feed_is_valid_and_tells_what_happened(serve: Serve, month: FakeDaemon, path: str) -> None:
    client = serve(month)
    answer = client.get(path)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = feedparser.parse(answer.text)
    assert not feed.bozo
    titles = [entry.title for entry in feed.entries]
    assert titles[0] == "no longer available: video “Linear Algebra - Full College Course”"
    assert "fewer videos: playlist “Calculus 1”" in titles
    own = [link.href for link in feed.feed.links if link.rel == "self"]
    assert own == [f"{str(client.base_url).rstrip('/')}{path}"]


def test_the_feed_of_all_tells_once_what_two_lists_share(serve: Serve, daemon: FakeDaemon) -> None:
    youtube = simulated_youtube(daemon, World(playlists(2)))
    for name in ("one", "two"):
        daemon.add_schedule(name, listing(playlist_id(1), file=f"{name}.csv"), f"{name}.csv")
        daemon.check(name, youtube)
    youtube.world.delete(playlist_id(1), daemon.now)
    daemon.now += timedelta(days=1)
    daemon.check("one", youtube)
    assert len(feedparser.parse(serve(daemon).get("/feed.atom").text).entries) == 1


def test_without_a_list_the_feed_is_empty_and_valid(serve: Serve, daemon: FakeDaemon) -> None:
    feed = feedparser.parse(serve(daemon).get("/feed.atom").text)
    assert (feed.bozo, feed.entries) == (False, [])


def badge(serve: Serve, daemon: FakeDaemon, name: str = "courses") -> str:
    answer = serve(daemon).get(f"/badge/{quote(name, safe='')}.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "private, no-cache"
    return str(ElementTree.fromstring(answer.content).attrib["aria-label"])  # noqa: S314 - it is ours


def test_a_badge_tells_the_worst_or_that_all_is_fine(serve: Serve, daemon: FakeDaemon) -> None:
    daemon.add_schedule("courses", listing(playlist_id(0), playlist_id(1)), "resources.csv")
    assert badge(serve, daemon) == "links: not checked yet"
    lectures = videos(2)
    courses = [replace(each, video_ids=[video.id for video in lectures], item_count=None) for each in playlists(2)]
    youtube = simulated_youtube(daemon, World([*courses, *lectures]))
    daemon.check("courses", youtube)
    assert badge(serve, daemon) == "links: 2 fine"
    youtube.world.delete(playlist_id(1), daemon.now)
    daemon.now += timedelta(days=1)
    daemon.check("courses", youtube)
    assert badge(serve, daemon) == "links: 1 error"


def test_lists_are_reached_whatever_their_names_hold(serve: Serve, daemon: FakeDaemon) -> None:
    daemon.add_schedule(STRANGE, listing(playlist_id(0)), "resources.csv")
    client = serve(daemon)
    name = quote(STRANGE, safe="")
    assert f'href="/lists/{name}"' in client.get("/").text
    for path in (f"/lists/{name}", f"/feed/{name}.atom", f"/badge/{name}.svg", f"/api/v1/reports/{name}"):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/feed/nothing.atom", "/badge/nothing.svg"])
def test_what_is_not_there_has_neither_feed_nor_badge(serve: Serve, month: FakeDaemon, path: str) -> None:
    assert serve(month).get(path).status_code == 404


def test_lists_that_cannot_be_read_have_a_badge_that_says_nothing_good(serve: Serve, week: FakeDaemon) -> None:
    week.lists["courses"] = UsageError("resources.csv: no such file")
    assert badge(serve, week) == "links: not checked yet"


def test_a_daemon_that_turns_is_ready(serve: Serve, month: FakeDaemon) -> None:
    client = serve(month)
    assert (client.get("/healthz").status_code, client.get("/readyz").text) == (200, "ready\n")


def test_a_daemon_that_does_not_turn_is_not_ready_and_lives(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    week.last_heartbeat = week.now - timedelta(minutes=2, seconds=1)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "no heartbeat of the daemon for 2 minutes\n")
    week.last_heartbeat = None
    assert client.get("/readyz").text == "no heartbeat of the daemon yet\n"
    assert client.get("/healthz").status_code == 200
    week.last_heartbeat = week.now
    assert client.get("/readyz").status_code == 200


def test_a_heartbeat_or_a_check_ahead_of_now_is_not_ready(serve: Serve, week: FakeDaemon) -> None:
    """A clock that stood at 2031 for one check stopped the daemon, which passed for ready."""
    client = serve(week)
    wrong = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)
    week.last_heartbeat = wrong
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "the last heartbeat lies ahead of now (2031-05-06 07:08 UTC): set the clock\n"
    week.last_heartbeat = week.now
    with week.database.write() as connection:
        insert_run(connection, scope="courses.csv", source="data-api", now=wrong)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "the last check lies ahead of now (2031-05-06 07:08 UTC): set the clock\n"
    with week.database.write() as connection:
        insert_run(connection, scope="courses.csv", source="data-api", now=week.now)
    assert client.get("/readyz").status_code == 200, "the next check was made at the right time"


def test_a_broken_database_is_not_ready_and_its_place_is_not_reported(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    with week.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE runs RENAME TO ran")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "the database can't be read\n")
    assert client.get("/healthz").status_code == 200
    assert client.get("/metrics", headers={"accept": "*/*"}).status_code == 503


def test_the_settings_of_a_badge_are_those_in_force(serve: Serve, week: FakeDaemon) -> None:
    """A rule that is switched off is gone from it at once."""
    client = serve(week)
    assert "warning" in client.get("/badge/courses.svg").text
    week.settings = replace(week.settings, levels=dict.fromkeys(RULES.values(), Level.OFF))
    assert "fine" in client.get("/badge/courses.svg").text
