"""The dashboard in a browser: narrow and wide, light and dark, by keyboard alone, with its script and without."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from browser.conftest import SCHEMES, Opened, assert_everybody_can_use, watched
from browser.conftest import sideways_scroll as overflow
from browser.test_html import HOSTILE, TOO_PALE
from integration.check.harness import listing, playlist_id, playlists
from integration.web.fake_daemon import FakeDaemon, copy_daemon, empty_daemon, played_month, simulated_youtube
from starlette.routing import compile_path

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.daemon.api import Progress
from linkwatch.errors import UsageError
from linkwatch.models.link import Link
from linkwatch.models.resource import Kind, Resource
from linkwatch.services.acknowledge import acknowledge
from linkwatch.services.list_input import read_typed
from linkwatch.services.stored_lists import add_links, add_path, change_row, stored_lists
from linkwatch.settings.schedule import PublicAddress, PublicPage
from linkwatch.simulator.world import World
from linkwatch.store.acknowledgements import load_acknowledgements
from linkwatch.store.outbox import Message, Tone, claim_message, enqueue, mark_failed
from linkwatch.store.runs import finish_run, insert_run
from linkwatch.web.app import ROUTES
from linkwatch.web.server import Dashboard

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

Browse = Callable[..., Opened]

CALCULUS = "/resources/playlist/PLO1y6V1SXjjMTg1tzxMo_9BjZfed9SyLb"
PAGES = [
    "/", "/lists", "/lists/courses", "/lists/courses?q=nothing+fits", "/search?q=calculus", "/incidents",
    "/incidents?show=accepted",
    "/incidents?show=over", "/duplicates", "/runs", "/settings", CALCULUS, "/lists/elsewhere",
    f"/resources/playlist/{playlist_id(1)}", "/public/courses/status",
    "/add-list", "/edit/talks", "/edit/talks?file=list:talks&line=2", "/edit/notes", "/remove/talks",
]  # fmt: skip
TOKEN = "a-long-random-token"


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> FakeDaemon:
    """The simulated month; its database is closed."""
    daemon = played_month(empty_daemon(tmp_path_factory.mktemp("month")))
    daemon.database.close()
    return daemon


@pytest.fixture
def eventful(month: FakeDaemon, tmp_path: Path) -> Iterator[FakeDaemon]:
    """The month, with something of everything that a page can show."""
    daemon = copy_daemon(month, tmp_path)
    acknowledge(daemon.settings, daemon.now, ["PLwJRxp3blEvZ8AKMXOy0fc0cqT61GsKCG", "dead"], "it moves", "2026-11-30")
    daemon.add_schedule("elsewhere", listing(), "gone.csv")
    daemon.lists["elsewhere"] = UsageError("gone.csv: no such file", remedy="Name one that is there.")
    daemon.add_schedule("new", listing(playlist_id(1), file="new.csv"), "new.csv")
    public = replace(daemon.states[0].schedule, public=tuple(PublicPage), public_address=PublicAddress.PLAIN)
    daemon.states[0] = replace(daemon.states[0], schedule=public, failures=2, problem="resources.csv:7: no header")
    lines = (f"Lecture {number} {Resource(Kind.PLAYLIST, playlist_id(number)).url}" for number in range(60))
    add_links(daemon.database, "talks", read_typed("\n".join(["# Mathematics", *lines]), daemon.settings))
    change_row(daemon.database, "talks", None, 3, lambda csv, row: csv.pause(row, paused=True))
    notes = tmp_path / "notes.md"
    notes.write_text(f"# Notes\n\n- [Calculus]({Resource(Kind.PLAYLIST, playlist_id(1)).url})\n", "utf-8")
    add_path(daemon.database, "notes", notes)
    daemon.refresh_stored_lists()
    daemon.settings_problem = "linkwatch.toml:3: unknown setting 'colour'"
    with daemon.database.write() as connection:
        enqueue(connection, 30, [Message("0123456789ab", "team", Tone.FAILURE, "title", "body")], daemon.now)
        claimed = claim_message(connection, 1, daemon.now)
        assert claimed is not None
        mark_failed(connection, claimed, "it answered 403", None)
    yield daemon
    daemon.database.close()


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[FakeDaemon]:
    """A daemon that watches nothing yet."""
    daemon = empty_daemon(tmp_path)
    yield daemon
    daemon.database.close()


@pytest.fixture
def browse(browser: "Browser") -> Iterator[Browse]:
    """Serve a stand-in and open a page of it: `browse(daemon, "/runs", width=360, color_scheme="dark")`."""
    with ExitStack() as open_:

        def browsed(
            daemon: FakeDaemon,
            path: str = "/",
            *,
            address: str = "127.0.0.1:0",
            token: str | None = None,
            width: int = 1280,
            **more: Any,
        ) -> Opened:
            dashboard = open_.enter_context(Dashboard(daemon, address, token, daemon.clock))
            context = browser.new_context(base_url=dashboard.url, viewport={"width": width, "height": 800}, **more)
            open_.callback(context.close)
            context.set_default_timeout(10_000)
            opened = watched(context.new_page(), dashboard.url)
            opened.page.goto(path)
            return opened

        yield browsed


def elsewhere(opened: Opened) -> list[str]:
    """Requests to anybody but the dashboard."""
    own = opened.page.evaluate("() => location.origin")
    return [request for request in opened.requests if not request.startswith(own)]


def test_every_page_of_the_dashboard_is_in_the_list_of_pages() -> None:
    documents = ("/feed", "/badge", "/export", "/metrics", "/healthz", "/readyz", "/api", "/login", "/stored")
    patterns = {path: compile_path(path)[0] for path in ROUTES if not path.startswith(documents)}
    pages = [page.partition("?")[0] for page in PAGES]
    missing = {path for path, pattern in patterns.items() if not any(map(pattern.match, pages))}
    assert missing == {f"/public/{{address:path}}/{name}" for name in ("badge.svg", "badge.json", "feed.atom")}


@pytest.mark.parametrize("path", PAGES)
def test_everybody_can_use_every_page_at_every_width_light_and_dark(
    browse: Browse, eventful: FakeDaemon, path: str
) -> None:
    eventful.running = Progress("courses", eventful.now, 12, 40)
    opened = browse(eventful, path)
    for summary in opened.page.locator("summary").all():
        summary.click()
    assert_everybody_can_use(opened)
    assert elsewhere(opened) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_stands_out_from_what_is_behind_it(browse: Browse, eventful: FakeDaemon, scheme: str) -> None:
    eventful.running = Progress("courses", eventful.now, 12, 40)
    opened = browse(eventful, color_scheme=scheme)
    dark = "rgb(19, 21, 24)"
    assert (opened.page.evaluate("() => getComputedStyle(document.body).backgroundColor") == dark) == (scheme == "dark")
    for path in PAGES:
        opened.page.goto(path)
        for summary in opened.page.locator("summary").all():
            summary.click()
        assert (path, opened.page.evaluate(TOO_PALE)) == (path, [])


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_landmarks_headings_in_order_and_a_name_for_every_field(
    browse: Browse, eventful: FakeDaemon, path: str
) -> None:
    page = browse(eventful, path).page
    for landmark in ("banner", "main", "contentinfo"):
        assert page.get_by_role(landmark).count() == 1
    levels = page.evaluate("() => [...document.querySelectorAll('h1,h2,h3,h4')].map(each => +each.localName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))
    nameless = """() => [...document.querySelectorAll('input:not([type=hidden]), select, button')]
        .filter(each => !(each.labels?.length || each.textContent.trim())).map(each => each.outerHTML)"""
    assert page.evaluate(nameless) == []
    doubled = "() => { const ids = [...document.querySelectorAll('[id]')].map(each => each.id);\
        return ids.filter((id, at) => ids.indexOf(id) !== at); }"
    assert page.evaluate(doubled) == []


def test_the_date_is_asked_for_where_it_is_needed_alone(browse: Browse, eventful: FakeDaemon) -> None:
    page = browse(eventful, "/incidents").page
    day = page.locator("input[name=day]")
    assert not day.is_visible()
    page.get_by_label("Until").select_option("date")
    assert day.is_visible()
    page.get_by_role("checkbox", name="dead of").first.check()
    page.get_by_label("Reason").fill("it moves")
    page.get_by_role("button", name="Acknowledge", exact=True).click()
    assert "the date is missing" in page.get_by_role("alert").last.inner_text()
    assert page.get_by_label("Reason").input_value() == "it moves"
    assert day.is_visible()


def test_times_are_told_by_the_readers_clock_with_utc_beside(browse: Browse, eventful: FakeDaemon) -> None:
    cell = browse(eventful, "/runs", width=360, timezone_id="Europe/Berlin").page.locator("td time").first
    assert cell.inner_text().split("\n") == ["40 min ago", "Sep 30, 2026, 11:00 AM (2026-09-30 09:00 UTC)"]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [360, 800, 1400])
def test_a_status_page_is_for_people_without_the_token(
    browse: Browse, eventful: FakeDaemon, width: int, scheme: str
) -> None:
    opened = browse(
        eventful,
        "/public/courses/status",
        token=TOKEN,
        width=width,
        color_scheme=scheme,
        timezone_id="Europe/Berlin",
    )
    page = opened.page
    page.clock.set_fixed_time(eventful.now)
    page.reload()
    assert page.get_by_role("heading", level=1).inner_text() == "2 of 34 links are unavailable"
    checked = page.locator(".rest").inner_text()
    assert checked == "Last checked 40 min ago Sep 30, 2026, 11:00 AM (2026-09-30 09:00 UTC)"
    gone = page.get_by_role("region", name="Unavailable").get_by_role("listitem").first
    assert gone.inner_text() == "Linear Algebra - Full College Course\n\nunavailable since Monday, 28 September"
    assert (opened.remarks, opened.dialogs, elsewhere(opened), overflow(opened)) == ([], [], [], 0)
    assert page.evaluate(TOO_PALE) == []


def test_a_status_page_needs_no_script(browse: Browse, eventful: FakeDaemon) -> None:
    page = browse(eventful, "/public/courses/status", java_script_enabled=False).page
    assert page.locator(".rest").inner_text() == "Last checked 2026-09-30 09:00 UTC"
    page.get_by_role("link", name="feed").wait_for()


@pytest.mark.parametrize(
    ("path", "place", "local", "utc"),
    [
        ("/", "#clock", "Sep 30, 2026, 3:10 PM", "2026-09-30 09:40 UTC"),
        ("/", ".rest", "Sep 30, 2026, 2:30 PM", "2026-09-30 09:00 UTC"),
        ("/lists/courses", ".legend", "Sep 1, 2026, 2:30 PM", "2026-09-01 09:00 UTC"),
        ("/incidents", ".issue", "Sep 28, 2026, 2:30 PM", "2026-09-28 09:00 UTC"),
        ("/incidents?show=over", ".past li", "Sep 25, 2026, 2:30 PM", "2026-09-25 09:00 UTC"),
        ("/runs", "td", "Sep 30, 2026, 2:30 PM", "2026-09-30 09:00 UTC"),
        (CALCULUS, ".timeline li", "Sep 6, 2026, 2:30 PM", "2026-09-06 09:00 UTC"),
    ],
)
def test_local_times_have_utc_beside_them_and_without_a_script_times_are_utc(
    browse: Browse, eventful: FakeDaemon, path: str, place: str, local: str, utc: str
) -> None:
    page = browse(eventful, path, width=360, timezone_id="Asia/Kolkata").page
    text = " ".join(" ".join(page.locator(place).all_inner_texts()).split())
    assert f"{local} ({utc})" in text
    page = browse(eventful, path, java_script_enabled=False, timezone_id="Asia/Kolkata").page
    text = " ".join(" ".join(page.locator(place).all_inner_texts()).split())
    assert utc in text
    assert local not in text


@pytest.mark.parametrize("path", ["/lists/courses", CALCULUS])
def test_the_words_of_charts_have_local_times_with_utc_beside_them(
    browse: Browse, eventful: FakeDaemon, path: str
) -> None:
    page = browse(eventful, path, timezone_id="Asia/Kolkata").page
    titles = " ".join(page.locator("svg title").all_text_contents())
    assert "Sep 30, 2026, 2:30 PM (2026-09-30 09:00 UTC): " in titles
    page = browse(eventful, path, java_script_enabled=False, timezone_id="Asia/Kolkata").page
    titles = " ".join(page.locator("svg title").all_text_contents())
    assert "2026-09-30 09:00 UTC: " in titles
    assert "2:30 PM" not in titles


def test_ids_and_lines_of_markdown_are_copied(browse: Browse, eventful: FakeDaemon) -> None:
    page = browse(eventful, CALCULUS, permissions=["clipboard-read", "clipboard-write"]).page
    page.get_by_role("button", name="Copy Markdown").click()
    page.get_by_role("button", name="Copied").wait_for()
    id_ = CALCULUS.rpartition("/")[2]
    line = f"- [Calculus 1](https://www.youtube.com/playlist?list={id_})"
    assert page.evaluate("() => navigator.clipboard.readText()") == line


def tab_to(opened: Opened, selector: str) -> None:
    """Press Tab until something has the focus."""
    for _ in range(300):
        opened.page.keyboard.press("Tab")
        if opened.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_the_first_stop_skips_to_the_content(browse: Browse, eventful: FakeDaemon) -> None:
    opened = browse(eventful, "/incidents")
    opened.page.keyboard.press("Tab")
    skip = opened.page.locator(".skip")
    assert opened.page.evaluate("() => document.activeElement.className") == "skip"
    box = skip.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    opened.page.keyboard.press("Enter")
    opened.page.keyboard.press("Tab")
    assert opened.page.evaluate("() => document.activeElement.closest('main') !== null")


def test_whatever_has_the_focus_shows_it(browse: Browse, eventful: FakeDaemon) -> None:
    opened = browse(eventful, "/incidents")
    seen = 0
    for _ in range(25):
        opened.page.keyboard.press("Tab")
        outline = opened.page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", opened.page.evaluate("() => document.activeElement.outerHTML")
        seen += 1
    assert seen == 25


def test_a_finding_is_snoozed_by_keyboard_alone(browse: Browse, eventful: FakeDaemon) -> None:
    opened = browse(eventful, "/incidents")
    keyboard = opened.page.keyboard
    tab_to(opened, "input[name=finding]")
    keyboard.press("Space")
    tab_to(opened, "input[name=reason]")
    keyboard.type("a new one is being made")
    tab_to(opened, "select[name=until]")
    keyboard.type("a week")
    tab_to(opened, "#acknowledge button")
    keyboard.press("Enter")
    said = opened.page.get_by_role("status")
    said.wait_for()
    assert "Acknowledged: dead of “Linear Algebra - Full College Course”" in said.inner_text()
    with eventful.database.read() as connection:
        until = {ack.id: ack.until for ack in load_acknowledgements(connection)}
    assert until["JnTa9XtvmfI"] == eventful.now.date() + timedelta(days=7)
    assert opened.remarks == []


def test_what_is_accepted_is_taken_back_and_a_check_is_wished_for(browse: Browse, eventful: FakeDaemon) -> None:
    opened = browse(eventful, "/incidents?show=accepted")
    opened.page.get_by_role("button", name="Remove acknowledgement").click()
    assert "Acknowledgement removed: dead" in opened.page.get_by_role("status").inner_text()
    opened.page.get_by_role("link", name="Overview").click()
    opened.page.get_by_role("button", name="Check now").first.click()
    assert "Check of “courses” queued." in opened.page.get_by_role("status").inner_text()
    assert eventful.requested_checks == ["courses"]


def test_pages_lead_to_each_other(browse: Browse, eventful: FakeDaemon) -> None:
    opened = browse(eventful)
    page = opened.page
    page.get_by_role("link", name="courses", exact=True).first.click()
    page.get_by_label("Text").fill("calculus 1")
    page.get_by_role("button", name="Show").click()
    assert page.locator(".resources .name").all_inner_texts() == ["Calculus 1 (Full Length Videos)", "Calculus 1"]
    page.get_by_role("link", name="Calculus 1", exact=True).click()
    page.get_by_role("link", name="next").click()
    assert "51 – 100 of 136 videos" in page.locator("main").inner_text()
    for name in ("Lists", "Issues", "Duplicates", "Runs", "Settings", "Overview"):
        page.get_by_label("Pages", exact=True).get_by_role("link", name=name).click()
        assert page.locator("[aria-current=page]").first.inner_text() == name
    assert opened.remarks == []


def test_a_running_check_is_followed_until_it_ends(browse: Browse, eventful: FakeDaemon) -> None:
    """The script asks as time passes; the browser's clock is ours."""
    eventful.running = Progress("courses", eventful.now, 12, 40)
    opened = browse(eventful, "/runs")
    page = opened.page
    page.clock.install()
    page.reload()
    progress = page.locator("#progress")
    assert "12 of 40" in progress.inner_text()
    eventful.running = Progress("courses", eventful.now, 1_000, 1_340)
    with page.expect_response("**/api/v1/progress"):
        page.clock.run_for(2_000)
    progress.get_by_text("1,000 of 1,340").wait_for()
    eventful.running = Progress("courses", eventful.now, 1_010, 1_340)
    with page.expect_response("**/api/v1/progress"):
        page.clock.run_for(2_000)
    # The browser's clock goes on by itself, too: 10 in 2 seconds or a little more.
    progress.get_by_text(re.compile(r"^1,010 of 1,340 · [1-5]\.\d/s · [2-6] min left$")).wait_for()
    eventful.running = None
    with page.expect_navigation():
        page.clock.run_for(2_000)
    assert page.locator("#progress").is_hidden()
    assert opened.remarks == []


def test_a_check_shorter_than_a_poll_shows_its_result_too(browse: Browse, eventful: FakeDaemon) -> None:
    """Who asks for a check of a short list sees what came of it, though no poll ever met it running."""
    page = browse(eventful, "/").page
    page.clock.install()
    page.get_by_role("button", name="Check now").first.click()
    assert "queued" in page.get_by_role("status").inner_text()
    with eventful.database.write() as connection:
        run = insert_run(connection, scope="", source="simulator", now=eventful.now)
        finish_run(connection, run, now=eventful.now, units=0, incomplete_reason=None, held=False, note=None)
    with page.expect_navigation():
        page.clock.run_for(2_000)
    assert page.get_by_role("status").count() == 0


def test_a_check_that_begins_is_shown_and_nobody_is_thrown_out_of_a_form(browse: Browse, eventful: FakeDaemon) -> None:
    opened = browse(eventful, "/incidents")
    page = opened.page
    page.clock.install()
    page.reload()
    page.locator("summary").first.click()
    page.locator("input[name=reason]").first.fill("half a sen")
    eventful.running = Progress("courses", eventful.now, 3, 40)
    with page.expect_response("**/api/v1/progress"):
        page.clock.run_for(15_000)
    page.get_by_text("3 of 40").wait_for()
    eventful.running = None
    with page.expect_response("**/api/v1/progress"):
        page.clock.run_for(15_000)
    page.get_by_role("link", name="show the results").wait_for()
    assert page.locator("input[name=reason]").first.input_value() == "half a sen"


def test_without_a_script_everything_works(browse: Browse, eventful: FakeDaemon) -> None:
    opened = browse(eventful, "/incidents", java_script_enabled=False)
    page = opened.page
    page.get_by_role("checkbox", name="dead of").first.check()
    page.get_by_label("Reason").first.fill("so be it")
    page.get_by_role("button", name="Acknowledge", exact=True).first.click()
    assert "Acknowledged: dead" in page.get_by_role("status").inner_text()
    eventful.running = Progress("courses", eventful.now, 12, 40)
    page.goto("/")
    assert "12 of 40" in page.locator("#progress").inner_text()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_a_text(browse: Browse, bare: FakeDaemon, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()  # a list or a database holds no half of a surrogate pair
    told = f"Calculus {text} Three"
    file, name = (f"{what} {text[:100]}".translate({0: None, 10: None}) for what in ("list", "schedule"))
    urls = (f"https://www.youtube.com/playlist?list={playlist_id(n)}" for n in (0, 0, 1))
    links = [Link(url, file, line, 1, told, told, told) for line, url in enumerate(urls, 1)]
    bare.add_schedule(name, catalogue_links(links), file)
    world = World([replace(each, title=told) for each in playlists(2)])
    youtube = simulated_youtube(bare, world)
    bare.check(name, youtube)
    world.delete(playlist_id(0), bare.now)
    bare.now += timedelta(days=1)
    bare.check(name, youtube)
    opened = browse(bare, width=360)
    for path in (
        "/", f"/lists/{quote(name, safe='')}", "/incidents", "/duplicates", "/runs", "/settings",
        f"/resources/playlist/{playlist_id(0)}",
    ):  # fmt: skip
        opened.page.goto(path)
        assert (path, opened.remarks, opened.dialogs, elsewhere(opened)) == (path, [], [], [])
        assert (path, overflow(opened)) == (path, 0)


def test_beyond_loopback_one_logs_in_and_out_again(browse: Browse, eventful: FakeDaemon) -> None:
    opened = browse(eventful, "/runs", address="0.0.0.0:0", token=TOKEN)
    page = opened.page
    page.get_by_label("Token").fill(TOKEN)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Runs").wait_for()
    assert opened.remarks == []
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("heading", name="Log in").wait_for()
    page.goto("/runs")
    assert page.get_by_role("heading", name="Log in").is_visible()


def test_the_login_fits_and_is_quiet(browse: Browse, bare: FakeDaemon) -> None:
    opened = browse(bare, "/login", address="0.0.0.0:0", token=TOKEN, width=360)
    assert (opened.remarks, overflow(opened)) == ([], 0)
    assert opened.page.evaluate(TOO_PALE) == []
    assert_everybody_can_use(opened)


def test_everybody_can_use_what_says_that_something_is_wrong(browse: Browse, eventful: FakeDaemon) -> None:
    """A page that does not exist, and a form that is asked for again; the console says that they are errors."""
    opened = browse(eventful, "/lists/nothing")
    opened.remarks.clear()
    assert_everybody_can_use(opened, "404")
    opened.page.goto("/incidents")
    opened.page.get_by_label("Until").select_option("date")
    opened.page.get_by_role("checkbox", name="dead of").first.check()
    opened.page.get_by_label("Reason").fill("it moves")
    opened.page.get_by_role("button", name="Acknowledge", exact=True).click()
    opened.page.get_by_text("the date is missing").wait_for()
    opened.remarks.clear()
    assert_everybody_can_use(opened, "a form that is asked for again")


def test_a_dashboard_of_nothing_yet_is_a_page_too(browse: Browse, bare: FakeDaemon) -> None:
    opened = browse(bare, width=360)
    assert "No lists yet" in opened.page.locator("main").inner_text()
    for path in (
        "/",
        "/incidents",
        "/incidents?show=accepted",
        "/incidents?show=over",
        "/duplicates",
        "/runs",
        "/settings",
    ):
        opened.page.goto(path)
        assert (path, opened.remarks, overflow(opened)) == (path, [], 0)
        assert (path, opened.page.evaluate(TOO_PALE)) == (path, [])
    opened.page.goto("/")
    assert_everybody_can_use(opened)


def test_a_badge_is_drawn(browse: Browse, eventful: FakeDaemon) -> None:
    opened = browse(eventful, "/badge/courses.svg")
    assert opened.remarks == []
    box = opened.page.locator("svg").bounding_box()
    assert box is not None
    assert box["height"] == 20


def test_links_are_pasted_by_keyboard_and_what_is_wrong_can_be_mended(browse: Browse, bare: FakeDaemon) -> None:
    page = browse(bare).page
    page.get_by_role("link", name="Add a list").click()
    page.get_by_label("Name").first.focus()
    page.keyboard.type("talks")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("\n# Maths\nZoo https://youtu.be/jNQXAC9IVRw\nnothing")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "Line 4 has no YouTube link: “nothing”" in page.get_by_role("alert").inner_text()
    links = page.get_by_role("textbox", name="Links")
    assert links.input_value() == "\n# Maths\nZoo https://youtu.be/jNQXAC9IVRw\nnothing", "with its first line, too"
    links.fill(links.input_value().replace("nothing", "youtu.be/dQw4w9WgXcQ"))
    page.get_by_role("button", name="Add these links").click()
    assert page.url.endswith("/lists/talks")
    assert [each.name for each in stored_lists(bare.database)] == ["talks"]
    page.get_by_role("link", name="edit the list").click()
    page.get_by_role("button", name="Pause the link on line 3").click()
    assert "(paused)" in page.get_by_role("row", name="dQw4w9WgXcQ").inner_text()
