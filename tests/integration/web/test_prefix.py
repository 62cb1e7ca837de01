"""The dashboard below a path of a proxy, which passes that path on or cuts it off."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import httpx
import pytest
from integration.web.conftest import PATIENT
from integration.web.fake_daemon import FakeDaemon
from integration.web.test_public import publish
from loopback import PLAIN_HTTP

from linkwatch.web.paths import add_prefix
from linkwatch.web.server import Dashboard

TOKEN = "a token that nobody guesses 0123456789"
PREFIX = "/courses/links"
MOST_OF_A_KIND = 3
"""Pages that are looked at, of those that differ in their query or their last part alone."""


class Proxy(httpx.HTTPTransport):
    """Knows the dashboard below `PREFIX`, and nothing else."""

    def __init__(self, *, cuts: bool) -> None:
        super().__init__(verify=PLAIN_HTTP)
        self._cuts = cuts

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode()
        if not path.startswith((f"{PREFIX}/", f"{PREFIX}?")) and path != PREFIX:
            return httpx.Response(502, text=f"{path} is not below {PREFIX}")
        if self._cuts:
            rest = path.removeprefix(PREFIX)
            url = request.url.copy_with(raw_path=(rest if rest.startswith("/") else f"/{rest}").encode())
            request = httpx.Request(request.method, url, headers=request.headers, stream=request.stream)
        return super().handle_request(request)


@pytest.fixture(params=[True, False], ids=["cut off", "passed on"])
def browser(week: FakeDaemon, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    week.settings = replace(week.settings, base_url=f"https://links.example.org{PREFIX}/")
    publish(week)
    with (
        Dashboard(week, "127.0.0.1:0", TOKEN, week.clock, attempts=PATIENT) as dashboard,
        httpx.Client(
            base_url=f"{dashboard.url.rstrip('/')}{PREFIX}",
            transport=Proxy(cuts=request.param),
            headers={"accept": "text/html"},
            follow_redirects=True,
            timeout=30,
        ) as client,
    ):
        yield client


def log_in(browser: httpx.Client) -> httpx.Response:
    """Log in; returns the page that it leads to."""
    page = browser.get("")
    fields = dict(re.findall(r'name="(form|next)" value="([^"]*)"', page.text))
    return post(browser, page, "/login", token=TOKEN, **fields)


def post(browser: httpx.Client, page: httpx.Response, ending: str, **fields: str) -> httpx.Response:
    """Send the form of a page whose address ends so."""
    (action,) = {action for action in re.findall(r'action="([^"]*)"', page.text) if action.endswith(ending)}
    return browser.post(page.url.join(unescape(action)), data=fields)


def kind_of(url: httpx.URL) -> str:
    return "/".join(url.path.split("/")[:5])


def test_every_address_of_every_page_is_below_the_path(browser: httpx.Client) -> None:
    page = log_in(browser)
    assert page.url.path == f"{PREFIX}/"
    waiting, met, kinds = [page.url], {page.url}, Counter[str]()
    while waiting:
        page = browser.get(waiting.pop(0))
        assert page.status_code == 200, page.url
        if not page.headers["content-type"].startswith("text/html"):
            continue
        assert all(path.startswith(f"{PREFIX}/") for path in re.findall(r'action="(/[^"]*)"', page.text))
        for address in re.findall(r'\b(?:href|src)="(/[^"]*)"', page.text):
            url = page.url.join(unescape(address))
            kinds[kind_of(url)] += url not in met
            if url not in met and kinds[kind_of(url)] <= MOST_OF_A_KIND:
                waiting.append(url)
            met.add(url)
    assert {f"{PREFIX}/{name}" for name in ("lists", "incidents", "runs", "settings", "metrics")} <= kinds.keys()
    assert f"{PREFIX}/public/courses" in kinds


def test_forms_lead_back_below_the_path(browser: httpx.Client, week: FakeDaemon) -> None:
    page = log_in(browser)
    (cookie,) = browser.cookies.jar
    assert cookie.path == PREFIX
    form = re.search(r'name="form" value="([^"]*)"', page.text)
    assert form is not None
    page = post(
        browser, browser.get("lists/courses"), "/check", form=form[1], schedule="courses", next="/lists/courses"
    )
    assert (page.status_code, page.url.path) == (200, f"{PREFIX}/lists/courses")
    assert week.requested_checks == ["courses"]
    assert post(browser, page, "/logout", form=form[1]).url.path == f"{PREFIX}/login"


def test_what_has_an_address_of_its_own_gives_that_of_the_proxy(browser: httpx.Client) -> None:
    log_in(browser)
    outside = f"https://links.example.org{PREFIX}/feed.atom"
    assert f'href="{outside}"' in browser.get("feed.atom").text
    servers = browser.get("api/v1/openapi.json").json()["servers"]
    assert servers == [{"url": f"{PREFIX}/api/v1"}]


def test_a_path_beside_the_prefix_is_none(browser: httpx.Client) -> None:
    log_in(browser)
    beside = browser.base_url.copy_with(path=f"{PREFIX}x/lists")
    assert browser.get(beside).status_code == 502


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ('<a href="/lists">', '<a href="/a/lists">'),
        ('<script src="/static/x.js">', '<script src="/a/static/x.js">'),
        ('<form action="/check">', '<form action="/a/check">'),
        ('<a href="https://youtu.be/x">', '<a href="https://youtu.be/x">'),
        ('<a href="#main">', '<a href="#main">'),
        ('<a href="//example.org/">', '<a href="//example.org/">'),
        ("a title with href=&#34;/lists&#34;", "a title with href=&#34;/lists&#34;"),
    ],
)
def test_the_prefix_is_added_to_our_own_addresses_alone(page: str, expected: str) -> None:
    assert add_prefix(page, "/a") == expected
    assert add_prefix(page, "") == page
