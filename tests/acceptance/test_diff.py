"""`linkwatch diff`: what became of a list since a day; and nothing is written or asked."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import databases
import pytest
from acceptance.command import UNREACHABLE, CommandResult, age_by_a_day, environment, linkwatch, write_list
from acceptance.youtube_servers import AVAILABLE, COURSE, LECTURE, UNAVAILABLE, WATCH, youtube_server
from unit.test_lazy_imports import NETWORK, run

from linkwatch.simulator.entities import SimPlaylist, SimVideo

pytestmark = pytest.mark.long  # each test is some processes


OFFLINE = environment(UNREACHABLE, key=None)
LECTURES = [SimVideo(f"{number:010d}A", f"Lecture {number}") for number in range(5)]
IDS = [lecture.id for lecture in LECTURES]
WHOLE = SimPlaylist(COURSE.id, "Linear Algebra", video_ids=IDS[:4])
HOSTILE = "Linear \x1b]0;owned\x07\u202eevil"


def diff(folder: Path, *arguments: str) -> CommandResult:
    return linkwatch("diff", *arguments, cwd=folder, env=OFFLINE)


def turns(folder: Path, *arguments: str) -> list[tuple[str, str]]:
    """What is told, and of what."""
    document: Any = json.loads(diff(folder, *arguments, "--format", "json").out)
    return [(each["change"], each["id"]) for each in document["differences"]]


def check(folder: Path, *entities: Any) -> None:
    with youtube_server(entities=entities) as server:
        linkwatch("check", cwd=folder, env=environment(server))


@pytest.fixture(scope="module")
def remembered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list whose course was retitled and changed, and whose video died, since the first check of two days ago."""
    made = tmp_path_factory.mktemp("remembered")
    write_list(made, AVAILABLE, WATCH)
    check(made, WHOLE, *LECTURES, LECTURE)
    age_by_a_day(made / "linkwatch.db")
    age_by_a_day(made / "linkwatch.db")
    check(made, replace(WHOLE, title=HOSTILE, video_ids=IDS[1:]), *LECTURES)
    return made


@pytest.fixture
def folder(tmp_path: Path, remembered: Path) -> Path:
    """The same, for each test anew."""
    copytree(remembered, tmp_path, dirs_exist_ok=True)
    databases.copy(remembered / "linkwatch.db", tmp_path / "linkwatch.db")
    return tmp_path


def test_it_shows_what_has_changed_in_the_list(folder: Path) -> None:
    ran = diff(folder, "--since", "1d")
    assert (ran.code, ran.err) == (0, "")
    told = ran.out.splitlines()
    assert told[0].startswith("3 differences since ")
    assert [line for line in told if line and line[0] != " "][1:] == [
        "No longer available",
        "Title changed",
        "Other videos",
    ]
    assert "  video “Me at the zoo” has been unavailable since " in ran.out
    assert "playlist title changed: “Linear Algebra” → “Linear " in ran.out
    assert "counts 4 videos as before, but not the same ones\n" in ran.out
    assert "    added: “Lecture 4”\n" in ran.out
    assert "    removed by the playlist owner: “Lecture 0”\n" in ran.out
    assert not {"\x1b", "\x07", "\u202e"} & set(ran.out)


def test_json_has_its_schema_and_all_of_it(folder: Path) -> None:
    document = json.loads(diff(folder, "--since", "1d", "resources.csv", "--format", "json").out)
    assert document["schema"] == "linkwatch.diff/1"
    assert (document["complete"], document["resources"], document["unanswered"]) == (True, 2, 0)
    assert [each["change"] for each in document["differences"]] == ["died", "retitled", "exchanged"]
    assert [each["after"] for each in document["differences"]] == ["unavailable", HOSTILE, "4"]


def test_what_died_and_recovered_in_between_is_one_line(folder: Path) -> None:
    age_by_a_day(folder / "linkwatch.db")
    check(folder, WHOLE, *LECTURES, LECTURE)
    ran = diff(folder, "--since", "2d")
    assert ran.out.startswith("1 difference since ")
    assert "Available again\n  video “Me at the zoo” was missing from " in ran.out
    assert ran.out.endswith(" and is available again\n    resources.csv:3:1\n")
    assert turns(folder, "--since", "12h") == [
        ("recovered", LECTURE.id),
        ("retitled", COURSE.id),
        ("exchanged", COURSE.id),
    ]


def test_added_and_removed_links_are_shown(folder: Path) -> None:
    write_list(folder, UNAVAILABLE, AVAILABLE)
    assert turns(folder, "--since", "12h")[-2:] == [("added", UNAVAILABLE.partition("=")[2]), ("removed", LECTURE.id)]
    age_by_a_day(folder / "linkwatch.db")
    check(folder, WHOLE, *LECTURES)
    assert ("added", UNAVAILABLE.partition("=")[2]) in turns(folder, "--since", "12h")
    assert turns(folder, "--since", "2d")[-1] == ("removed", LECTURE.id)
    assert "“Me at the zoo” is in no list any more; it was last checked " in diff(folder, "--since", "2d").out


def test_the_first_check_adds_nothing_and_is_what_is_known_from(folder: Path) -> None:
    ran = diff(folder, "--since", "2020-01-01")
    assert "Note: the first check of these lists was on " in ran.out
    assert "Added" not in ran.out


@pytest.mark.parametrize("since", ["0d", "0h"])
def test_without_changes_it_says_so(folder: Path, since: str) -> None:
    ran = diff(folder, "--since", since)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("No difference since ")


def test_before_any_check_it_says_so_and_creates_nothing(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    ran = diff(tmp_path, "--since", "7d")
    assert (ran.code, ran.out) == (0, "1 resource, not checked yet: run “linkwatch check”\n")
    assert [file.name for file in tmp_path.iterdir()] == ["resources.csv"]


def test_purged_values_are_said_to_be_so(folder: Path) -> None:
    for _ in range(31):
        age_by_a_day(folder / "linkwatch.db")
    linkwatch("db", "prune", cwd=folder, env=OFFLINE)
    ran = diff(folder, "--since", "40d")
    assert "has another title; neither is kept any longer" in ran.out
    assert "Linear" not in ran.out
    assert "Lecture" not in ran.out
    assert "None" not in ran.out


@pytest.mark.parametrize(
    ("since", "meant"),
    [
        ("2026-01-02", datetime(2026, 1, 2, tzinfo=UTC)),
        ("2026-01-02T10:00", datetime(2026, 1, 2, 10, tzinfo=UTC)),
        ("2026-01-02T10:00+02:00", datetime(2026, 1, 2, 8, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_utc(folder: Path, since: str, meant: datetime) -> None:
    document = json.loads(diff(folder, "--since", since, "--format", "json").out)
    assert datetime.fromisoformat(document["since"]) == meant


@pytest.mark.parametrize(
    ("since", "length"), [("7d", timedelta(7)), ("12h", timedelta(hours=12)), (" 2w ", timedelta(14))]
)
def test_a_length_of_time_is_counted_from_now(folder: Path, since: str, length: timedelta) -> None:
    document = json.loads(diff(folder, "--since", since, "--format", "json").out)
    assert datetime.fromisoformat(document["generated_at"]) - datetime.fromisoformat(document["since"]) == length


SINCE = "--since must be a day or a length of time of at most 36500d, not"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing option '--since'"),
        (("--since", "yesterday"), f"{SINCE} yesterday"),
        (("--since", "7"), f"{SINCE} 7"),
        (("--since", "999999w"), f"{SINCE} 999999w"),
        (
            ("--since", "0001-01-01T00:00+23:00"),
            f"{SINCE} 0001-01-01T00:00+23:00",
        ),
        (("--since", "9999-01-01"), "--since 9999-01-01 lies in the future"),
        (("--since", "\x1b[31m"), "�[31m"),
        (("--since", "7d", "missing.csv"), "missing.csv"),
        (("--since", "7d", "--output", "nowhere/diff.txt"), "nowhere/diff.txt: No such file or directory"),
        (("--since", "7d", "--format", "html"), "'html' is not one of"),
    ],
)
def test_wrong_use_is_explained(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = diff(folder, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_nothing_is_written_but_what_is_asked_for(folder: Path) -> None:
    before = databases.contents(folder / "linkwatch.db")
    told = diff(folder, "--since", "2020-01-01").out
    assert diff(folder, "--since", "2020-01-01", "--output", "diff.txt").out == ""
    assert diff(folder, "--since", "2020-01-01", "--output", "-").out == told
    assert (folder / "diff.txt").read_text("utf-8") == told
    assert databases.contents(folder / "linkwatch.db") == before


@pytest.mark.sqlite("what else is loaded does not depend on the kind of database")
@pytest.mark.parametrize("name", ["terminal", "json"])
def test_no_network_code_is_loaded(folder: Path, name: str) -> None:
    code, loaded = run(folder, "diff", "--since", "7d", "--format", name)
    assert code == 0
    assert loaded & (NETWORK | {"alembic", "jinja2"}) == set()


def test_every_help_has_an_example(tmp_path: Path) -> None:
    ran = diff(tmp_path, "--help")
    assert "linkwatch diff --since 7d\n" in ran.out.partition("Example:\n")[2]
    for option in ("--config", "--database", "--quiet", "--verbose"):
        assert option in ran.out
