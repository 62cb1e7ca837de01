"""The public pages of lists: what is served to everybody, and that nothing else is."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote
from xml.etree import ElementTree

import feedparser
import httpx
import pytest
from integration.check.harness import listing, playlist_id
from integration.web.conftest import Serve
from integration.web.fake_daemon import FakeDaemon
from integration.web.test_middleware import BEYOND, TOKEN
from integration.web.test_pages import text_of

from linkwatch.services.acknowledge import acknowledge
from linkwatch.services.public import public_secrets, renew_secrets
from linkwatch.settings.schedule import PublicAddress, PublicPage
from linkwatch.web.public_addresses import PublicAddresses

PAGES = {
    "status": "text/html; charset=utf-8",
    "badge.svg": "image/svg+xml",
    "badge.json": "application/json",
    "feed.atom": "application/atom+xml",
}


def publish(
    daemon: FakeDaemon, *pages: PublicPage, address: PublicAddress = PublicAddress.PLAIN, name: str = "courses"
) -> None:
    """Make pages of a list public, all unless some are named."""
    daemon.states[:] = [
        replace(
            state,
            schedule=replace(state.schedule, public=pages or tuple(PublicPage), public_address=address),
        )
        if state.schedule.name == name
        else state
        for state in daemon.states
    ]


def secret_of(daemon: FakeDaemon, name: str = "courses") -> str:
    return public_secrets(daemon.database, [state.schedule for state in daemon.states])[name]


@pytest.fixture
def anybody(serve: Serve, week: FakeDaemon) -> httpx.Client:
    """Somebody who is not logged in."""
    client = serve(week, BEYOND, TOKEN)
    client.headers["accept"] = "*/*"
    return client


@pytest.mark.parametrize("page", PAGES)
def test_a_public_page_is_for_everybody(anybody: httpx.Client, week: FakeDaemon, page: str) -> None:
    publish(week)
    answer = anybody.get(f"/public/courses/{page}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, PAGES[page])
    head = anybody.head(f"/public/courses/{page}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == answer.headers["content-length"]


def test_each_page_is_public_by_itself(anybody: httpx.Client, week: FakeDaemon) -> None:
    publish(week, PublicPage.BADGE)
    answers = {page: anybody.get(f"/public/courses/{page}").status_code for page in PAGES}
    assert answers == {"status": 404, "badge.svg": 200, "badge.json": 200, "feed.atom": 404}


def test_nothing_is_public_unless_the_settings_say_so(anybody: httpx.Client) -> None:
    assert {anybody.get(f"/public/courses/{page}").status_code for page in PAGES} == {404}


def test_a_secret_address_is_none_of_the_names(anybody: httpx.Client, week: FakeDaemon) -> None:
    publish(week, address=PublicAddress.SECRET)
    secret = secret_of(week)
    assert len(secret) == 32
    for page in PAGES:
        answer = anybody.get(f"/public/{secret}/{page}")
        assert answer.status_code == 200
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        for wrong in ("courses", secret[:-1], f"{secret}x", secret.swapcase(), f"{secret}/courses", ""):
            assert anybody.get(f"/public/{wrong}/{page}").status_code in {401, 404}
    assert '<meta name="robots" content="noindex, nofollow">' in anybody.get(f"/public/{secret}/status").text


def test_a_plain_address_may_be_found_by_search_engines(anybody: httpx.Client, week: FakeDaemon) -> None:
    publish(week)
    answer = anybody.get("/public/courses/status")
    assert "x-robots-tag" not in answer.headers
    assert "robots" not in answer.text


def test_a_plain_list_is_not_at_its_secret_address(anybody: httpx.Client, week: FakeDaemon) -> None:
    publish(week, address=PublicAddress.SECRET)
    secret = secret_of(week)
    publish(week, address=PublicAddress.PLAIN)
    assert anybody.get(f"/public/{secret}/status").status_code == 404


def test_whatever_is_not_public_gives_the_same_answer(anybody: httpx.Client, week: FakeDaemon) -> None:
    week.add_schedule("private", listing(playlist_id(0)), "private.csv")
    publish(week, PublicPage.BADGE, address=PublicAddress.SECRET)
    paths = [
        "/public/courses/status", "/public/private/status", "/public/nothing/status",
        f"/public/{secret_of(week)}/status", "/public/%00/status", "/public/%FF/status", "/public/a%0Ab/badge.svg",
    ]  # fmt: skip
    answers = [anybody.get(path, headers={"accept": "text/html"}) for path in paths]
    assert {(each.status_code, each.text, each.headers["cache-control"]) for each in answers} == {
        (404, "Not Found\n", "no-store")
    }
    assert len({frozenset(each.headers.keys()) for each in answers}) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/public", "/public/", "/public/courses", "/public/courses/", "/public/courses/status/", "/public/status",
        "/public/courses/other", "/public/courses/badge", "/public/courses/STATUS", "/public/courses/status.html",
        "/public/courses/status%2f..%2f..%2fsettings", "/public/courses/status%00", "/public/courses/status%0A",
        "/publiccourses/status", "//public/courses/status", "/x/public/courses/status", "/Public/courses/status",
        "/lists/courses", "/feed/courses.atom", "/badge/courses.svg", "/export/courses.csv", "/api/v1/reports/courses",
        "/", "/settings", "/metrics", "/runs", "/incidents", "/search", "/api/v1/progress",
    ],
)  # fmt: skip
def test_no_other_path_becomes_public(anybody: httpx.Client, week: FakeDaemon, path: str) -> None:
    publish(week)
    answer = anybody.get(path)
    assert answer.status_code == 401
    assert "resources.csv" not in answer.text


@pytest.mark.parametrize("host", ["x/public/courses/status?", "x/healthz?", "x/static/#", "x/login?", "[::1]/healthz#"])
def test_no_host_makes_another_path_public(anybody: httpx.Client, week: FakeDaemon, host: str) -> None:
    publish(week)
    assert anybody.get("/settings", headers={"host": host}).status_code == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_public_pages_can_only_be_read(anybody: httpx.Client, week: FakeDaemon, method: str) -> None:
    publish(week)
    assert anybody.request(method, "/public/courses/status", headers={"content-length": "0"}).status_code == 401


def test_names_with_slashes_and_the_key_of_the_default_lists_are_addresses(serve: Serve, daemon: FakeDaemon) -> None:
    daemon.add_schedule("a/b c", listing(playlist_id(0)), "resources.csv")
    publish(daemon, name="a/b c")
    state = daemon.states[0]
    daemon.states[0] = replace(state, schedule=replace(state.schedule, stored_as="lists"))
    client = serve(daemon)
    for address in (quote("a/b c", safe=""), "a/b%20c", "lists"):
        assert client.get(f"/public/{address}/badge.json").json()["message"] == "not checked yet"


def test_the_key_of_a_public_list_gives_way_to_the_name_of_a_private_one(serve: Serve, daemon: FakeDaemon) -> None:
    daemon.add_schedule("resources.csv", listing(playlist_id(0)), "resources.csv")
    daemon.states[0] = replace(daemon.states[0], schedule=replace(daemon.states[0].schedule, stored_as="lists"))
    publish(daemon, name="resources.csv")
    daemon.add_schedule("lists", listing(playlist_id(1)), "private.csv")
    assert serve(daemon).get("/public/lists/status").status_code == 404


def test_the_status_page_says_what_is_missing_and_since_when(anybody: httpx.Client, week: FakeDaemon) -> None:
    publish(week)
    answer = anybody.get("/public/courses/status")
    text = text_of(answer)
    assert "6 videos are missing from playlists" in text
    assert "Last checked 2026-09-06 09:00 UTC" in text
    assert "11. “Calculus 1 – Lecture 11” no longer in the playlist since Sunday, 6 September" in text
    assert "21. “Calculus 1 – Lecture 21” deleted since Sunday, 6 September" in text
    week.now += timedelta(days=7)
    assert "deleted since 6 September 2026" in text_of(anybody.get("/public/courses/status"))


def test_the_status_page_shows_nothing_private(anybody: httpx.Client, week: FakeDaemon) -> None:
    acknowledge(week.settings, week.now, ["shrunk"], "the dean knows", None)
    week.settings_problem = "linkwatch.toml:3: unknown setting"
    week.states[0] = replace(week.states[0], problem="/srv/resources.csv:7: no header", failures=2)
    publish(week)
    for page in PAGES:
        text = anybody.get(f"/public/courses/{page}").text
        for private in ("the dean", "acknowledged", "resources.csv", "linkwatch.toml", "/srv", "quota", "hook.example"):
            assert private not in text, (page, private)
    links = set(re.findall(r'(?:href|src|action)="(/[^"]*)"', anybody.get("/public/courses/status").text))
    allowed = {"/static/dashboard.css", "/static/icon.svg", "/static/times.js", "/public/courses/feed.atom"}
    assert links == allowed


def test_nothing_of_other_lists_is_shown(anybody: httpx.Client, week: FakeDaemon) -> None:
    week.add_schedule("other", listing(playlist_id(7)), "other.csv")
    publish(week, name="other")
    for page in PAGES:
        answer = anybody.get(f"/public/other/{page}")
        assert answer.status_code == 200
        assert "Calculus" not in answer.text
        assert "courses" not in answer.text


def test_the_policy_of_a_status_page_allows_no_requests(anybody: httpx.Client, week: FakeDaemon) -> None:
    publish(week)
    headers = anybody.get("/public/courses/status").headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "connect-src" not in policy
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert anybody.get("/public/courses/badge.svg").headers["cross-origin-resource-policy"] == "cross-origin"


def test_shields_gets_what_its_endpoint_badge_takes(anybody: httpx.Client, week: FakeDaemon) -> None:
    publish(week)
    assert json.loads(anybody.get("/public/courses/badge.json").content) == {
        "schemaVersion": 1,
        "label": "links",
        "message": "3 warnings",
        "color": "8a5200",
        "isError": False,
        "cacheSeconds": 300,
    }
    label = ElementTree.fromstring(anybody.get("/public/courses/badge.svg").content).attrib["aria-label"]  # noqa: S314 - ours
    assert label == "links: 3 warnings"


def test_the_public_feed_has_the_events_and_its_own_address(anybody: httpx.Client, week: FakeDaemon) -> None:
    publish(week)
    feed = feedparser.parse(anybody.get("/public/courses/feed.atom").text)
    assert (feed.bozo, feed.feed.title) == (False, "linkwatch: courses")
    assert any("Calculus 1" in entry.title for entry in feed.entries)
    assert [link.href for link in feed.feed.links if link.rel == "self"] == [
        f"{str(anybody.base_url).rstrip('/')}/public/courses/feed.atom"
    ]
    week.settings = replace(week.settings, base_url="https://links.example/")
    feed = feedparser.parse(anybody.get("/public/courses/feed.atom").text)
    addresses = [link.href for link in feed.feed.links if link.rel == "self"]
    assert addresses == ["https://links.example/public/courses/feed.atom"]


@pytest.mark.parametrize(
    "path", [*(f"/public/courses/{page}" for page in PAGES), "/feed.atom", "/feed/courses.atom", "/badge/courses.svg"]
)
def test_who_has_the_answer_already_gets_304(serve: Serve, week: FakeDaemon, path: str) -> None:
    publish(week)
    client = serve(week)
    answer = client.get(path)
    tag = answer.headers["etag"]
    assert re.fullmatch(r'W/"[0-9a-f]{32}"', tag)
    is_public = path.startswith("/public/")
    assert answer.headers["cache-control"] == ("public, max-age=300" if is_public else "private, no-cache")
    for offered in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = client.get(path, headers={"if-none-match": offered})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == answer.headers["cache-control"]
        assert "content-type" not in again.headers
        assert client.head(path, headers={"if-none-match": offered}).status_code == 304
    for offered in ('W/"other"', "", tag[:-2]):
        assert client.get(path, headers={"if-none-match": offered}).status_code == 200


def test_the_tag_of_an_answer_changes_with_it(serve: Serve, daemon: FakeDaemon) -> None:
    daemon.add_schedule("courses", listing(playlist_id(0)), "resources.csv")
    publish(daemon)
    client = serve(daemon)
    before = {page: client.get(f"/public/courses/{page}").headers["etag"] for page in ("badge.svg", "status")}
    daemon.check("courses", lambda request: httpx.Response(200, json={}))
    after = {page: client.get(f"/public/courses/{page}").headers["etag"] for page in before}
    assert not set(before.values()) & set(after.values())


def test_a_list_that_was_not_checked_yet_says_so(serve: Serve, daemon: FakeDaemon) -> None:
    daemon.add_schedule("courses", listing(playlist_id(0)), "resources.csv")
    publish(daemon)
    client = serve(daemon)
    assert "Not checked yet" in text_of(client.get("/public/courses/status"))
    assert feedparser.parse(client.get("/public/courses/feed.atom").text).bozo is False


def test_a_broken_database_is_all_that_an_error_says(anybody: httpx.Client, week: FakeDaemon) -> None:
    publish(week)
    with week.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE runs RENAME TO ran")
    week.now += timedelta(hours=1)
    answer = anybody.get("/public/courses/status", headers={"accept": "text/html"})
    assert (answer.status_code, answer.text) == (503, "Service Unavailable\n")


def test_the_page_of_the_list_leads_to_its_public_pages(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    assert "/public/" not in client.get("/lists/courses").text
    publish(week, PublicPage.STATUS)
    page = client.get("/lists/courses").text
    assert 'href="/public/courses/status"' in page
    assert "/public/renew" not in page
    publish(week, address=PublicAddress.SECRET)
    assert f'href="/public/{secret_of(week)}/feed.atom"' in client.get("/lists/courses").text


def test_a_secret_address_can_be_made_anew_in_the_dashboard(serve: Serve, week: FakeDaemon) -> None:
    publish(week, address=PublicAddress.SECRET)
    client = serve(week)
    former = secret_of(week)
    form = re.search(r'name="form" value="([\w-]+)"', client.get("/lists/courses").text)
    assert form is not None
    fields = {"form": form[1], "next": "/lists/courses", "schedule": "courses"}
    assert client.post("/public/renew", data={**fields, "form": "0"}).status_code == 403
    assert secret_of(week) == former
    assert client.post("/public/renew", data=fields).status_code == 303
    assert "courses” has a new public address" in text_of(client.get("/lists/courses"))
    assert client.get(f"/public/{former}/status").status_code == 404
    assert client.get(f"/public/{secret_of(week)}/status").status_code == 200
    publish(week, address=PublicAddress.PLAIN)
    assert client.post("/public/renew", data=fields).status_code == 404


def test_an_address_that_another_process_renewed_is_known_within_seconds(week: FakeDaemon) -> None:
    publish(week, address=PublicAddress.SECRET)
    seconds = [0.0]
    addresses = PublicAddresses(week, lambda: seconds[0])
    schedule = week.states[0].schedule
    before = addresses.paths(schedule)
    renew_secrets(week.database, ["courses"])
    seconds[0] = 4.9
    assert addresses.paths(schedule) == before
    seconds[0] = 5.0
    assert addresses.paths(schedule) != before
