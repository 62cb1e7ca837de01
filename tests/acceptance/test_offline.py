"""Everything that needs no network and no key: report, plan, extract, show, help."""

import importlib.metadata
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import databases
import pytest
from acceptance.command import (
    UNREACHABLE,
    CommandResult,
    age_by_a_day,
    environment,
    linkwatch,
    linkwatch_process,
    write_list,
)
from acceptance.youtube_servers import AVAILABLE, COURSE, HANDLE, LISTED_TWICE, UNAVAILABLE, WATCH, youtube_server

ROOT = Path(__file__).parents[2]
README = ROOT / "tests" / "lists" / "learning-math-for-ml.md"
OFFLINE = environment(UNREACHABLE, key=None)
KEYED_OFFLINE = environment(UNREACHABLE)
COMMANDS = [
    (),
    ("check",),
    ("report",),
    ("plan",),
    ("extract",),
    ("show",),
    ("ack",),
    ("fix",),
    ("diff",),
    ("notify",),
    ("notify", "test"),
    ("notify", "send"),
    ("demo",),
    ("simulate",),
    ("doctor",),
    ("db",),
    ("db", "upgrade"),
    ("db", "backup"),
    ("db", "prune"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_help_has_an_example(tmp_path: Path, command: tuple[str, ...]) -> None:
    ran = linkwatch(*command, "--help", cwd=tmp_path, env=OFFLINE)
    assert (ran.code, ran.err) == (0, "")
    assert "Example:\n" in ran.out
    assert f"linkwatch {' '.join(command)}".strip() in ran.out.partition("Example:")[2]
    if command and command not in {("db",), ("notify",)}:
        for option in ("--config", "--database", "--quiet", "--verbose"):
            assert option in ran.out


def test_the_console_script_is_the_module(tmp_path: Path) -> None:
    (script,) = importlib.metadata.entry_points(group="console_scripts", name="linkwatch")
    assert script.value == "linkwatch.cli:main"
    assert linkwatch("--version", cwd=tmp_path).out.startswith("linkwatch, version ")


def test_report_before_any_check_says_so_and_creates_nothing(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, WATCH)
    ran = linkwatch("report", cwd=tmp_path, env=OFFLINE)
    assert (ran.code, ran.err) == (0, "")
    assert "2 links, not checked yet: run “linkwatch check”" in ran.out
    assert [file.name for file in tmp_path.iterdir()] == ["resources.csv"]


def test_report_prints_what_check_printed(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, UNAVAILABLE)
    with youtube_server() as server:
        checked = linkwatch("check", cwd=tmp_path, env=environment(server))
    reported = linkwatch("report", cwd=tmp_path, env=OFFLINE)
    assert (reported.code, reported.out) == (checked.code, checked.out)


def test_report_writes_nothing(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, UNAVAILABLE)
    with youtube_server() as server:
        linkwatch("check", cwd=tmp_path, env=environment(server))
    before = databases.contents(tmp_path / "linkwatch.db")
    for arguments in (("report",), ("plan",), ("show", UNAVAILABLE)):
        linkwatch(*arguments, cwd=tmp_path, env=OFFLINE)
    assert databases.contents(tmp_path / "linkwatch.db") == before


@pytest.mark.parametrize("command", ["report", "plan", "extract"])
def test_no_socket_is_opened(tmp_path: Path, command: str) -> None:
    """The network's own module is broken below the command: whoever touches it ends in exit code 4."""
    trap = tmp_path / "trap"
    trap.mkdir()
    (trap / "sitecustomize.py").write_text(
        "import socket\n"
        "def no_network(*_, **__): raise AssertionError('the network was touched')\n"
        "socket.socket.connect = socket.getaddrinfo = no_network\n",
        "utf-8",
    )
    file = write_list(tmp_path, AVAILABLE)
    env = dict(KEYED_OFFLINE)
    env["PYTHONPATH"] = f"{trap}:{env.get('PYTHONPATH', '')}"
    assert linkwatch_process(command, file, cwd=tmp_path, env=env).code == 0


def test_plan_with_a_key_counts_units_and_without_one_requests(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, WATCH, HANDLE, "https://www.youtube.com/playlist?list=WL")
    with_key = linkwatch("plan", cwd=tmp_path, env=KEYED_OFFLINE)
    assert (with_key.code, with_key.err) == (0, "")
    assert "4 links, 4 resources." in with_key.out
    assert "Cost: 3 quota units" in with_key.out
    assert "Not asked: 1 resource; nothing can be asked about it." in with_key.out
    without = linkwatch("plan", cwd=tmp_path, env=OFFLINE)
    assert (without.code, without.err) == (0, "")
    assert "Without a key: 2 oEmbed requests, no quota." in without.out
    assert "Not asked: 1 resource; without a key a channel can't be checked." in without.out
    assert not (tmp_path / "linkwatch.db").exists()


def test_plan_is_what_the_check_then_costs(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, WATCH, HANDLE)
    with youtube_server() as server:
        env = environment(server, LINKWATCH_QUOTA_PER_DAY="100")
        planned = linkwatch("plan", cwd=tmp_path, env=env).out
        assert "Cost: 3 quota units, and one for each retry; 100 of 100" in planned
        assert "Inspections: 1 playlist, at least 1 quota unit, as no check has counted their videos;" in planned
        checked = linkwatch("check", cwd=tmp_path, env=env).out
        assert "4 of 100 units · 3 resources: 3 available · 96 quota units left today" in checked
        planned = linkwatch("plan", cwd=tmp_path, env=env).out
        assert "96 of 100 are left today" in planned
        assert "Inspections" not in planned
        off = linkwatch("plan", cwd=tmp_path, env={**env, "LINKWATCH_INSIDE": "off"}).out
        assert "Inspections" not in off


def test_extract_of_the_seed_readme_is_the_repository_s_list_byte_for_byte(tmp_path: Path) -> None:
    ran = linkwatch("extract", README, cwd=tmp_path, env=OFFLINE)
    assert (ran.code, ran.err) == (0, "")
    assert len(ran.out.splitlines()) == 35
    assert ran.out.encode() == (ROOT / "resources.csv").read_bytes()
    assert ran.out.encode() == (files("linkwatch.simulator") / "resources.csv").read_bytes()


def test_extract_of_what_was_extracted_is_the_same(tmp_path: Path) -> None:
    once = linkwatch("extract", README, cwd=tmp_path, env=OFFLINE)
    (tmp_path / "once.csv").write_text(once.out, "utf-8")
    assert linkwatch("extract", "once.csv", cwd=tmp_path, env=OFFLINE).out == once.out
    assert linkwatch("extract", "-", cwd=tmp_path, env=OFFLINE, stdin=once.out.encode()).out == once.out


def shown(cwd: Path, reference: str) -> CommandResult:
    return linkwatch("show", reference, cwd=cwd, env=OFFLINE)


def test_show_takes_a_url_or_an_id_and_prints_the_history(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, HANDLE)
    with youtube_server() as server:
        linkwatch("check", cwd=tmp_path, env=environment(server))
    age_by_a_day(tmp_path / "linkwatch.db")
    with youtube_server(entities=(type(COURSE)(COURSE.id, "Another title", item_count=7),)) as server:
        linkwatch("check", cwd=tmp_path, env=environment(server))
    for reference in (COURSE.id, AVAILABLE, f"https://m.youtube.com/playlist?list={COURSE.id}&si=x"):
        ran = shown(tmp_path, reference)
        assert (ran.code, ran.err) == (0, "")
        for piece in (
            f"playlist {COURSE.id}",
            "title           Another title",
            "videos          7",
            "state           available since",
            "retitled: Linear Algebra → Another title",
            "shrunk: 12 → 7",
            "resources.csv:2:1",
        ):
            assert piece in ran.out
    by_handle, by_id = shown(tmp_path, "@test"), shown(tmp_path, "https://www.youtube.com/@Test/videos")
    assert by_handle.out == by_id.out
    assert "channel UC" in by_handle.out
    assert "state           suspect" in by_handle.out


@pytest.mark.parametrize("reference", ["PL49CF3715CB9EF31D", "jNQXAC9IVRw", "@nobody", "https://youtu.be/jNQXAC9IVRw"])
def test_show_of_what_was_never_checked_is_wrong_use_and_creates_nothing(tmp_path: Path, reference: str) -> None:
    ran = shown(tmp_path, reference)
    assert (ran.code, ran.out) == (2, "")
    assert "no check has found" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_away_is_no_bug(tmp_path: Path) -> None:
    write_list(tmp_path, *LISTED_TWICE, UNAVAILABLE)
    command = f"{sys.executable} -m linkwatch report --format json | true; echo ${{PIPESTATUS[0]}}"
    ran = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=OFFLINE, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.stderr == ""
    assert not list(tmp_path.glob("linkwatch-crash-*"))
