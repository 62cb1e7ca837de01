"""Every page: what it shows of a month of checks, of nothing at all, and of trouble."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest
from integration.check.harness import listing, playlist_id, playlists
from integration.web.conftest import Serve
from integration.web.fake_daemon import DAY, FakeDaemon, empty_daemon, simulated_youtube
from sqlalchemy import update
from tinyhtml5.parser import HTMLParser

from linkwatch.daemon.api import Progress
from linkwatch.errors import UsageError
from linkwatch.models import rules
from linkwatch.models.observation import MemberState
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.rules import Level
from linkwatch.report.resource.html import render as render_history
from linkwatch.services.show import resource_history
from linkwatch.simulator.entities import SimChannel
from linkwatch.simulator.world import World
from linkwatch.store.outbox import Message, Tone, claim_message, enqueue, mark_failed
from linkwatch.store.playlists import load_members
from linkwatch.store.tables import memberships

CALCULUS = "/resources/playlist/PLO1y6V1SXjjMTg1tzxMo_9BjZfed9SyLb"
STATISTICS = "PLwJRxp3blEvZ8AKMXOy0fc0cqT61GsKCG"
PAGES = [
    "/", "/lists", "/lists/courses", "/lists/courses?sort=name&page=2", "/search?q=calculus",
    "/incidents", "/incidents?show=accepted", "/incidents?show=over", "/duplicates", "/runs",
    "/settings", CALCULUS, "/resources/channel/user/jbstatistics", "/resources/video/ErfnhcEV1O8", "/nothing/here",
]  # fmt: skip


def text_of(answer: httpx.Response) -> str:
    """What a reader reads, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_valid_names_its_source_and_loads_nothing_from_elsewhere(
    serve: Serve, month: FakeDaemon, path: str
) -> None:
    answer = serve(month).get(path)
    assert answer.status_code == (404 if path == "/nothing/here" else 200)
    parser = HTMLParser()
    parser.parse(answer.content)
    assert parser.errors == []
    loaded = re.findall(r'(?:src|<link[^>]+href)="([^"]*)"', answer.text)
    assert loaded
    assert all(address.startswith("/") for address in loaded)
    assert "Titles, names and counts come from YouTube" in text_of(answer)
    assert "style=" not in answer.text
    for link in re.findall(r"<a [^>]*https?://[^>]*>", answer.text):
        assert 'rel="noopener noreferrer"' in link


def test_the_overview_tells_how_things_stand_in_the_words_of_the_report(serve: Serve, month: FakeDaemon) -> None:
    text = text_of(serve(month).get("/"))
    assert "2 errors, 4 warnings in 34 links, checked 2026-09-30 09:00 UTC on a simulated YouTube" in text
    assert "video “Linear Algebra - Full College Course” is no longer available" in text
    assert "2 unavailable of 34 in 23 hours 20 minutes Check now" in text
    assert "15 units of 10,000 used" in text
    assert "all sent, to 1 target" in text


def test_an_overview_without_a_list_says_how_to_name_one(serve: Serve, daemon: FakeDaemon) -> None:
    client = serve(daemon)
    page = client.get("/")
    assert "No lists yet" in text_of(page)
    assert '<a class="button" href="/add-list">Add a list</a>' in page.text
    assert "linkwatch.toml" in text_of(client.get("/add-list"))


def test_before_the_first_check_nothing_is_called_fine(serve: Serve, daemon: FakeDaemon) -> None:
    daemon.add_schedule("new", listing(playlist_id(1)), "resources.csv")
    client = serve(daemon)
    text = text_of(client.get("/"))
    assert "1 link, not checked yet" in text
    assert "whatever is listed is there" not in text
    assert "has not been checked yet" in text_of(client.get(f"/resources/playlist/{playlist_id(1)}"))
    assert "No checks yet" in text_of(client.get("/runs"))


def test_when_all_is_well_the_overview_says_so(serve: Serve, daemon: FakeDaemon) -> None:
    daemon.add_schedule("new", listing(playlist_id(1)), "resources.csv")
    daemon.check("new", simulated_youtube(daemon, World(playlists(2))))
    text = text_of(serve(daemon).get("/"))
    assert "The 1 link is fine" in text
    assert "No problems found" in text


def test_several_lists_are_summed_and_stand_apart(serve: Serve, daemon: FakeDaemon) -> None:
    daemon.add_schedule("one", listing(playlist_id(1), file="one.csv"), "one.csv")
    daemon.add_schedule("two", listing(playlist_id(7), playlist_id(2), file="two.csv"), "two.csv")
    youtube = simulated_youtube(daemon, World(playlists(3)))
    daemon.check("one", youtube)
    daemon.check("two", youtube)
    text = text_of(serve(daemon).get("/"))
    assert "1 error in 3 links" in text
    assert "The 1 link is fine" in text
    assert text.index("one The 1 link") < text.index("two 1 error")


def test_what_could_not_be_delivered_is_shown_with_its_failure(serve: Serve, daemon: FakeDaemon) -> None:
    daemon.add_schedule("new", listing(playlist_id(1)), "resources.csv")
    daemon.check("new", simulated_youtube(daemon, World(playlists(2))))
    with daemon.database.write() as connection:
        enqueue(connection, 1, [Message("0123456789ab", "team", Tone.FAILURE, "title", "body")], daemon.now)
        claimed = claim_message(connection, 1, daemon.now)
        assert claimed is not None
        mark_failed(connection, claimed, "the response was <403>", None)
    text = text_of(serve(daemon).get("/"))
    assert "team : 1 message given up (the response was <403>)" in text
    assert "linkwatch notify send --retry" in text


def test_lists_that_cannot_be_read_are_a_trouble_of_their_own_alone(serve: Serve, week: FakeDaemon) -> None:
    week.add_schedule("broken", listing(), "gone.csv")
    week.lists["broken"] = UsageError("gone.csv: no such file", remedy="Name one that is there.")
    client = serve(week)
    assert "gone.csv: no such file. Name one that is there." in text_of(client.get("/"))
    page = client.get("/lists/broken")
    assert page.status_code == 200
    assert "gone.csv: no such file" in text_of(page)
    assert client.get("/lists/courses").status_code == 200


def test_lists_of_which_the_last_good_form_is_watched_say_so(serve: Serve, week: FakeDaemon) -> None:
    week.states[0] = replace(week.states[0], problem="resources.csv:7: no header", failures=2)
    client = serve(week)
    assert "resources.csv:7: no header" in text_of(client.get("/"))
    text = text_of(client.get("/lists/courses"))
    assert "Not up to date with the files: resources.csv:7: no header" in text
    assert "2 incomplete checks in a row" in text


def test_settings_that_were_not_reloaded_are_named_on_every_page(serve: Serve, week: FakeDaemon) -> None:
    week.settings_problem = "linkwatch.toml:3: unknown setting 'colour'"
    client = serve(week)
    for path in ("/", "/runs", "/settings"):
        assert "linkwatch.toml:3: unknown setting 'colour'" in text_of(client.get(path))


def test_a_running_check_is_shown_and_the_page_looks_again_without_a_script(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    assert "refresh" not in client.get("/runs").text
    week.running = Progress("courses", week.now, 12, 40)
    answer = client.get("/runs")
    assert "Checking links · courses 12 of 40" in text_of(answer)
    assert '<noscript><meta http-equiv="refresh"' in answer.text


def rows_of(answer: httpx.Response) -> int:
    return answer.text.count('<p class="name">')


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", 34),
        ("state=unavailable", 2),
        ("kind=channel", 2),
        ("rule=duplicate", 1),
        ("q=CALCULUS+1", 2),
        ("q=professor+leonard&kind=playlist", 3),
        ("state=unavailable&kind=video", 1),
        ("q=no+such+thing", 0),
        ("state=nonsense&kind=%00&rule=", 34),
        ("page=99", 34),
        ("page=-1", 34),
        ("page=abc", 34),
    ],
)
def test_a_list_is_filtered_by_state_kind_finding_and_text(
    serve: Serve, month: FakeDaemon, query: str, kept: int
) -> None:
    answer = serve(month).get(f"/lists/courses?{query}")
    assert rows_of(answer) == kept
    assert (kept == 0) == ("No resource matches" in text_of(answer))


def test_a_long_list_comes_in_pages_that_keep_the_filter(serve: Serve, daemon: FakeDaemon) -> None:
    ids = [playlist_id(number) for number in range(120)]
    daemon.add_schedule("long", listing(*ids), "resources.csv")
    daemon.check("long", simulated_youtube(daemon, World(playlists(110))))
    client = serve(daemon)
    assert [rows_of(client.get(f"/lists/long?page={page}")) for page in (1, 2, 3)] == [50, 50, 20]
    answer = client.get("/lists/long?state=available&page=2")
    assert rows_of(answer) == 50
    assert "51 – 100 of 110 resources" in text_of(answer)
    assert 'href="/lists/long?state=available&amp;page=3"' in answer.text
    assert playlist_id(50) in answer.text
    assert playlist_id(49) not in answer.text


def test_every_resource_has_the_bar_of_its_last_checks(serve: Serve, month: FakeDaemon) -> None:
    answer = serve(month).get("/lists/courses")
    assert answer.text.count('<svg class="ticks"') == 34
    assert "28 of 30 checks available, 2 without answer" in answer.text


def test_a_resource_tells_its_timeline_with_the_members_that_went(serve: Serve, month: FakeDaemon) -> None:
    text = text_of(serve(month).get(CALCULUS))
    assert "shrunk 142 → 136" in text
    assert "“Calculus 1 – Lecture 11” removed by the playlist owner (number 11)" in text
    assert "“Calculus 1 – Lecture 21” deleted (number 21)" in text
    assert "No longer in the playlist 6" in text
    assert "1 – 50 of 136 videos" in text


def test_the_file_of_a_history_has_the_order_of_its_page(serve: Serve, month: FakeDaemon) -> None:
    resource = Resource(Kind.PLAYLIST, CALCULUS.rpartition("/")[2])
    history = resource_history(resource, database=month.database, settings=month.settings, now=month.now)
    assert history is not None
    page, file = (
        [heading.strip() for heading in re.findall(r"<h2[^>]*>([^<]*)", text)]
        for text in (serve(month).get(CALCULUS).text, render_history(history))
    )
    both = set(page) & set(file)
    assert len(both) >= 5
    assert [heading for heading in page if heading in both] == [heading for heading in file if heading in both]


def test_the_members_of_a_playlist_come_in_pages_of_their_own(serve: Serve, month: FakeDaemon) -> None:
    client = serve(month)
    assert "“Calculus 1 – Lecture 1”" in text_of(client.get(CALCULUS))
    second = text_of(client.get(f"{CALCULUS}?members=3"))
    assert "101 – 136 of 136 videos" in second
    assert "“Calculus 1 – Lecture 1”" not in second.partition("Videos 136")[2]


def test_a_resource_shows_what_is_wrong_with_it_and_in_which_list(serve: Serve, month: FakeDaemon) -> None:
    answer = serve(month).get(f"/resources/playlist/{STATISTICS}")
    text = text_of(answer)
    assert "unavailable (not found) since 2026-09-10 09:00 UTC · in courses" in text
    assert "is no longer available (last seen" in text
    assert '<svg class="strip"' in answer.text


def test_a_handle_is_the_channel_that_it_was_resolved_to(serve: Serve, daemon: FakeDaemon) -> None:
    daemon.add_schedule("new", listing("https://www.youtube.com/@bright"), "resources.csv")
    channel = SimChannel("UC" + "0" * 21 + "A", "Bright", "@bright")
    daemon.check("new", simulated_youtube(daemon, World([channel])))
    client = serve(daemon)
    by_handle, by_id = (client.get(f"/resources/channel/{name}") for name in ("@bright", channel.id))
    assert by_handle.status_code == by_id.status_code == 200
    assert "Bright" in text_of(by_handle)
    assert "resources.csv:2:1" in text_of(by_id)


@pytest.mark.parametrize(
    "path",
    [
        "/lists/nothing",
        "/resources/playlist/PLnothing",
        "/resources/nonsense/x",
        "/resources/video/%00%F0%28",
        "/lists/",
    ],
)
def test_what_is_not_there_is_not_found_and_said_so(serve: Serve, month: FakeDaemon, path: str) -> None:
    answer = serve(month).get(path)
    assert answer.status_code == 404
    assert "Go to the overview" in text_of(answer)


def test_issues_come_worst_first_and_can_be_filtered(serve: Serve, month: FakeDaemon) -> None:
    client = serve(month)
    levels = re.findall(r'<li class="issue (\w+)"', client.get("/incidents").text)
    assert levels == ["error"] * 2 + ["warning"] * 4
    cards = [
        client.get(f"/incidents?{query}").text.count('<p class="message"')
        for query in ("", "level=error", "rule=restricted", "list=courses", "list=other", "new=1")
    ]
    assert cards == [6, 2, 1, 6, 0, 0]


def test_what_came_back_is_over_with_its_length(serve: Serve, month: FakeDaemon) -> None:
    text = text_of(serve(month).get("/incidents?show=over"))
    assert "2026-09-17 09:00 UTC to 2026-09-25 09:00 UTC Machine Learning Foundations unavailable for 8 days" in text


def test_duplicates_name_every_entry_and_what_overlaps_is_reported(serve: Serve, daemon: FakeDaemon) -> None:
    copies = [replace(each, video_ids=tuple(f"{n:010d}A" for n in range(5))) for each in playlists(2)]
    daemon.add_schedule("new", listing(playlist_id(0), playlist_id(1), playlist_id(0)), "resources.csv")
    youtube = simulated_youtube(daemon, World(copies))
    daemon.check("new", youtube)
    text = text_of(serve(daemon).get("/duplicates"))
    assert "the same playlist is listed twice" in text
    assert "resources.csv:2:1 resources.csv:4:1" in text
    assert "shares all of its 5 videos with" in text


def test_a_rule_that_is_off_is_said_to_be_off(serve: Serve, week: FakeDaemon) -> None:
    week.settings = replace(week.settings, levels={**week.settings.levels, rules.DUPLICATE: Level.OFF})
    text = text_of(serve(week).get("/duplicates"))
    assert "the rule duplicate is turned off in the settings" in text


def test_runs_are_reported_with_what_they_cost_and_why_they_are_incomplete(serve: Serve, month: FakeDaemon) -> None:
    text = text_of(serve(month).get("/runs"))
    assert "2026-09-30 09:00 UTC #30 complete courses 0 seconds 15" in text
    assert "#14 incomplete" in text
    assert text.index("#30") < text.index("#1 ")


def test_runs_come_in_pages(serve: Serve, daemon: FakeDaemon) -> None:
    daemon.add_schedule("new", listing(playlist_id(1)), "resources.csv")
    youtube = simulated_youtube(daemon, World(playlists(2)))
    for _ in range(51):
        daemon.now += timedelta(hours=1)
        daemon.check("new", youtube)
    client = serve(daemon)
    assert client.get("/runs").text.count('data-name="Result"') == 50
    assert client.get("/runs?page=2").text.count('data-name="Result"') == 1
    assert client.get("/runs?page=7").text == client.get("/runs?page=2").text.replace("page=2", "page=7")


def test_the_settings_are_shown_and_no_secret_of_them(serve: Serve, tmp_path: Path) -> None:
    daemon = empty_daemon(
        tmp_path, data_api_url="https://somebody:hunter2@proxy.example/", dashboard_token="tokentoken"
    )
    try:
        answer = serve(daemon).get("/settings")
    finally:
        daemon.database.close()
    text = text_of(answer)
    assert "api_key set (not shown)" in text
    assert "json://…" in text
    assert "https://…@proxy.example/" in text
    for secret in ("AIzaSimulated", "secret-path", "secret-uuid", "hunter2", "tokentoken"):
        assert secret not in answer.text


def test_a_database_that_cannot_be_read_is_said_in_words_on_every_page(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    with week.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE runs RENAME TO ran")
    for path in ("/", "/runs", "/lists/courses"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert re.search(r"no such table: runs|relation \"runs\" does not exist", text_of(answer))
        assert "Traceback" not in answer.text


def test_a_broken_file_of_acknowledgements_hides_nothing_and_is_reported(serve: Serve, week: FakeDaemon) -> None:
    Path(week.settings.acks_file).write_text("nonsense = [", "utf-8")
    client = serve(week)
    for path in ("/", "/incidents", "/incidents?show=accepted", "/settings"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "not TOML" in text_of(answer)


def test_a_day_later_nothing_is_kept_that_depends_on_the_day(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    assert "shrunk" in text_of(client.get("/incidents"))
    week.now += 8 * DAY
    assert "shrunk" not in text_of(client.get("/incidents"))


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("", "Statistics and econometrics"),
        ("worst", "Statistics and econometrics"),
        ("state", "Statistics and econometrics"),
        ("name", "A friendly introduction to information theory"),
        ("nonsense", "Statistics and econometrics"),
    ],
)
def test_a_list_is_sorted_worst_first_or_as_one_likes(serve: Serve, month: FakeDaemon, sort: str, first: str) -> None:
    names = re.findall(r'<p class="name"><a [^>]*>([^<]*)', serve(month).get(f"/lists/courses?sort={sort}").text)
    assert names[0].startswith(first)


def test_a_list_can_be_had_in_its_own_order(serve: Serve, month: FakeDaemon) -> None:
    lines = re.findall(r"line\xa0(\d+)", serve(month).get("/lists/courses?sort=line").text)
    assert [int(line) for line in lines][:3] == [2, 3, 4]


def test_the_figures_of_a_list_lead_to_what_they_count(serve: Serve, month: FakeDaemon) -> None:
    client = serve(month)
    page = client.get("/lists/courses").text
    assert '<a href="/lists/courses?state=unavailable" aria-label="2 unavailable">2</a>' in page
    assert '<a href="/incidents?list=courses&amp;level=error" aria-label="2 errors">2</a>' in page


def test_all_lists_are_searched_at_once(serve: Serve, daemon: FakeDaemon) -> None:
    daemon.add_schedule("one", listing(playlist_id(1), file="one.csv"), "one.csv")
    daemon.add_schedule("two", listing(playlist_id(2), file="two.csv"), "two.csv")
    client = serve(daemon)
    assert rows_of(client.get("/search?q=PL")) == 2
    found = client.get(f"/search?q={playlist_id(2)}")
    assert rows_of(found) == 1
    assert "two · playlist" in text_of(found)
    assert rows_of(client.get("/search?q=")) == 0


def test_a_list_that_was_never_found_is_said_on_top(serve: Serve, week: FakeDaemon) -> None:
    week.states[0] = replace(week.states[0], missing=("missing.csv",))
    client = serve(week)
    for path in ("/", "/lists", "/lists/courses"):
        assert "missing.csv was not found; its links are not being checked." in text_of(client.get(path))


def test_a_list_is_downloaded(
    serve: Serve, daemon: FakeDaemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    id_ = playlist_id(1)
    Path("one.csv").write_text(f"url\nhttps://youtube.com/playlist?list={id_}&feature=share\n", "utf-8")
    daemon.add_schedule("one.csv", listing(id_, file="one.csv"), "one.csv")
    client = serve(daemon)
    assert client.get("/export/one.csv.csv").text.startswith("\ufefffile,")
    assert client.get("/export/one.csv.json").json()["schema"] == "linkwatch.report/1"
    page = client.get("/export/one.csv.html")
    assert page.text.startswith("<!DOCTYPE html>")
    assert page.headers["content-disposition"] == "attachment; filename*=UTF-8''one.csv.html"
    assert f"+https://youtube.com/playlist?list={id_}\n" in client.get("/export/one.csv.patch").text
    assert client.get("/export/one.csv.exe").status_code == client.get("/export/two.csv").status_code == 404


def test_a_long_list_has_page_numbers_and_a_jump(serve: Serve, daemon: FakeDaemon) -> None:
    daemon.add_schedule("long", listing(*[playlist_id(number) for number in range(450)]), "resources.csv")
    answer = serve(daemon).get("/lists/long?q=PL&page=5")
    numbers = re.findall(r'href="[^"]*page=(\d+)"', answer.text)
    assert numbers == ["4", "1", "3", "4", "6", "7", "9", "6"]
    assert '<input type="hidden" name="q" value="PL">' in answer.text
    assert '<input type="number" name="page" min="1" max="9" value="5" required>' in answer.text


def test_pictures_of_videos_are_shown_only_if_the_settings_say_so(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    paths = [
        "/lists/courses?kind=video",
        "/lists/courses?kind=playlist",
        "/search?q=statistics",
        CALCULUS,
        "/resources/video/JnTa9XtvmfI",
    ]
    for path in paths:
        answer = client.get(path)
        assert "<img" not in answer.text
        assert "img-src 'self';" in answer.headers["content-security-policy"]
    policy = client.get("/").headers["content-security-policy"]
    week.settings = replace(week.settings, thumbnails=True)
    for path in paths:
        answer = client.get(path)
        addresses = set(re.findall(r'<img[^>]* src="([^"]*)"', answer.text))
        assert addresses, path
        assert all(re.fullmatch(r"https://i\.ytimg\.com/vi/[\w-]{11}/mqdefault\.jpg", each) for each in addresses), path
        wider = policy.replace("img-src 'self'", "img-src 'self' https://i.ytimg.com")
        assert answer.headers["content-security-policy"] == wider, path
    for path in ("/api/v1/runs", "/badge/courses.svg", "/static/dashboard.css"):
        assert client.get(path).headers["content-security-policy"] == policy


def test_the_picture_of_a_playlist_is_that_of_its_first_video_that_can_be_watched(
    serve: Serve, week: FakeDaemon
) -> None:
    week.settings = replace(week.settings, thumbnails=True)
    playlist = Resource(Kind.PLAYLIST, CALCULUS.rpartition("/")[2])

    def pictures() -> list[str]:
        client = serve(week)
        listed = f"/lists/courses?q={playlist.id}"
        return [re.findall(r"/vi/([\w-]{11})/", client.get(path).text)[0] for path in (CALCULUS, listed)]

    with week.database.write() as connection:
        first, second = load_members(connection, [playlist])[playlist].members[:2]
    assert pictures() == [first.video_id] * 2
    with week.database.write() as connection:
        connection.execute(
            update(memberships).where(memberships.c.video_id == first.video_id).values(state=MemberState.PRIVATE)
        )
    assert pictures() == [second.video_id] * 2
