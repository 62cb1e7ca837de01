"""`linkwatch show`: one resource's life, for people, for machines and as a page; nothing is written or asked."""

import json
import re
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import databases
import pytest
from acceptance.command import UNREACHABLE, CommandResult, age_by_a_day, environment, linkwatch, write_list
from acceptance.youtube_servers import AVAILABLE, CHANNEL, COURSE, HANDLE, UNAVAILABLE, youtube_server
from unit.test_lazy_imports import NETWORK, run

from linkwatch.simulator.entities import SimPlaylist, SimVideo

pytestmark = pytest.mark.long  # each test is some processes


OFFLINE = environment(UNREACHABLE, key=None)
LECTURES = [SimVideo(f"{number:010d}A", f"Lecture {number}") for number in range(30)]
IDS = [lecture.id for lecture in LECTURES]
WHOLE = SimPlaylist(COURSE.id, "Linear Algebra", video_ids=IDS)
HOSTILE = "Linear \x1b]0;owned\x07\u202e<script>alert(1)</script>"


def show(folder: Path, *arguments: str) -> CommandResult:
    return linkwatch("show", *arguments, cwd=folder, env=OFFLINE)


def life(folder: Path, reference: str = AVAILABLE) -> Any:
    return json.loads(show(folder, reference, "--format", "json").out)


def check(folder: Path, *entities: Any) -> None:
    with youtube_server(entities=entities) as server:
        linkwatch("check", cwd=folder, env=environment(server))


@pytest.fixture(scope="module")
def remembered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that was given another title and lost a lecture, after some days."""
    made = tmp_path_factory.mktemp("remembered")
    write_list(made, AVAILABLE, HANDLE)
    check(made, WHOLE, *LECTURES, CHANNEL)
    age_by_a_day(made / "linkwatch.db")
    check(made, replace(WHOLE, title=HOSTILE, video_ids=IDS[1:]), *LECTURES, CHANNEL)
    return made


@pytest.fixture
def folder(tmp_path: Path, remembered: Path) -> Path:
    """The same, for each test anew."""
    copytree(remembered, tmp_path, dirs_exist_ok=True)
    databases.copy(remembered / "linkwatch.db", tmp_path / "linkwatch.db")
    return tmp_path


def test_it_shows_state_history_and_members(folder: Path) -> None:
    ran = show(folder, AVAILABLE)
    assert (ran.code, ran.err) == (0, "")
    for piece in (
        r"The last 2 checks\n  \d{4}-\d\d-\d\d  ▇▇  \d{4}-\d\d-\d\d   ▇ available",
        r"  title         [^\n]* UTC to [^\n]* UTC  “Linear Algebra”",
        r"  videos        [^\n]* UTC to now +29\n",
        r" UTC  retitled: Linear Algebra → Linear ",
        r"Videos, inspected on [^\n]*\n  29 videos\n"
        r"       1  “Lecture 1” · by [^\n]* · available · added \d{4}-\d\d-\d\d",
        r"       … 9 more \(--format json has all\)\n",
        r" UTC  “Lecture 0”: removed by the playlist owner \(number 1\)\n",
        r"Where it is listed\n  resources\.csv:2:1  ",
    ):
        assert re.search(piece, ran.out), piece


@pytest.mark.parametrize("reference", ["resources.csv:2", "resources.csv:2:1", HOSTILE.lower(), "<SCRIPT>"])
def test_it_takes_what_reports_print(folder: Path, reference: str) -> None:
    """The place of a link, or a title: whole, or a part that no other has, in upper or lower case."""
    assert show(folder, reference).out == show(folder, AVAILABLE).out


def test_of_a_title_that_fits_more_than_one_the_ids_are_named(tmp_path: Path) -> None:
    lectures = [replace(LECTURES[number], title="Mathematics") for number in (1, 2)]
    write_list(tmp_path, *(f"https://www.youtube.com/watch?v={lecture.id}" for lecture in lectures))
    check(tmp_path, *lectures)
    ran = show(tmp_path, "mathematics")
    assert ran.code == 2
    assert f"“mathematics” fits 2 resources: video {lectures[0].id} Mathematics, video {lectures[1].id}" in ran.err
    assert "Give the id of one." in ran.err


def test_json_has_all_of_it(folder: Path) -> None:
    document = life(folder)
    assert document["schema"] == "linkwatch.life/1"
    assert document["resource"]["title"] == HOSTILE
    assert [each["state"] for each in document["checks"]] == ["available", "available"]
    assert [each["value"] for each in document["history"]["title"]] == ["Linear Algebra", HOSTILE]
    assert [each["title"] for each in document["inside"]["members"]] == [f"Lecture {n}" for n in range(1, 30)]
    assert [(each["change"], each["video"]["title"]) for each in document["inside"]["changes"]] == [
        ("taken-out", "Lecture 0")
    ]
    assert [(link["file"], link["line"]) for link in document["links"]] == [("resources.csv", 2)]


def test_the_page_goes_to_its_file_and_nothing_to_the_terminal(folder: Path) -> None:
    ran = show(folder, AVAILABLE, "--format", "html", "--output", "life.html")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    page = (folder / "life.html").read_text("utf-8")
    assert "&lt;script&gt;" in page
    assert "Titles, names and counts come from YouTube." in page
    assert not {"<script", "\x1b", "\u202e"} & {page[at : at + 7] for at in range(len(page))} | {"\x1b"} & set(page)


def test_no_title_reaches_the_terminal_as_it_is(folder: Path) -> None:
    assert not {"\x1b", "\x07", "\u202e"} & set(show(folder, AVAILABLE).out)


@pytest.mark.parametrize("reference", ["@test", "https://www.youtube.com/@Test/videos", CHANNEL.id])
def test_a_handle_and_its_channel_are_one(folder: Path, reference: str) -> None:
    document = life(folder, reference)
    assert (document["resource"]["id"], document["resource"]["names"]) == (CHANNEL.id, ["@test"])
    assert document["inside"] is None


def test_acknowledgements_are_shown(folder: Path) -> None:
    linkwatch("ack", AVAILABLE, "retitled", "--reason", "it is the same", cwd=folder, env=OFFLINE)
    assert "Acknowledged\n  retitled: it is the same\n" in show(folder, AVAILABLE).out


def test_a_resource_that_left_the_list_keeps_its_history(folder: Path) -> None:
    write_list(folder, HANDLE)
    age_by_a_day(folder / "linkwatch.db")
    check(folder, WHOLE, *LECTURES, CHANNEL)
    assert "in no list as of the last checks" in show(folder, AVAILABLE).out
    assert [each["state"] for each in life(folder)["checks"]] == ["available", "available"]


def test_a_check_without_answer_leaves_a_gap(folder: Path) -> None:
    age_by_a_day(folder / "linkwatch.db")
    linkwatch("check", cwd=folder, env=environment(UNREACHABLE))
    assert "▇▇·" in show(folder, AVAILABLE).out


def test_purged_values_are_said_to_be_so(folder: Path) -> None:
    for _ in range(31):
        age_by_a_day(folder / "linkwatch.db")
    linkwatch("db", "prune", cwd=folder, env=OFFLINE)
    ran = show(folder, AVAILABLE)
    assert "  title           no longer kept\n" in ran.out
    assert "Lecture" not in ran.out
    assert "Linear" not in ran.out
    assert "None" not in ran.out


def test_nothing_is_written(folder: Path) -> None:
    before = databases.contents(folder / "linkwatch.db")
    for name in ("terminal", "json", "html"):
        assert show(folder, AVAILABLE, "--format", name).code == 0
    assert databases.contents(folder / "linkwatch.db") == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((UNAVAILABLE,), "no check has found playlist"),
        (("not a link",), "“not a link” is not a YouTube URL or id, nor a place, title or label of the lists"),
        (("resources.csv:9",), "“resources.csv:9” is not a YouTube URL or id, nor a place, title or label"),
        ((AVAILABLE, "--output", "nowhere/life.txt"), "nowhere/life.txt: No such file or directory"),
        ((AVAILABLE, "--format", "csv"), "'csv' is not one of"),
    ],
)
def test_wrong_use_is_explained(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = show(folder, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.sqlite("what else is loaded does not depend on the kind of database")
@pytest.mark.parametrize("name", ["terminal", "json", "html"])
def test_no_network_code_is_loaded(folder: Path, name: str) -> None:
    code, loaded = run(folder, "show", COURSE.id, "--format", name)
    assert code == 0
    assert loaded & (NETWORK | {"alembic"}) == set()
    assert ("jinja2" in loaded) is (name == "html")
