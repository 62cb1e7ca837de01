"""What a script is told by the exit code."""

import signal
from pathlib import Path

import pytest
from acceptance.command import (
    KEY,
    TIMEOUT_SECONDS,
    UNREACHABLE,
    GatedYouTube,
    age_by_a_day,
    environment,
    interrupt,
    linkwatch,
    linkwatch_process,
    start_process,
    write_list,
)
from acceptance.youtube_servers import AVAILABLE, COURSE, LISTED_TWICE, NOON, UNAVAILABLE, youtube_server

from linkwatch.simulator.faults import Fault
from linkwatch.simulator.serve import YouTubeServer
from linkwatch.simulator.world import World


@pytest.mark.parametrize(
    ("urls", "arguments", "code"),
    [
        ((AVAILABLE,), (), 0),
        (LISTED_TWICE, (), 0),
        (LISTED_TWICE, ("--fail-on", "warning"), 1),
        (LISTED_TWICE, ("--fail-on", "never"), 0),
        ((AVAILABLE, UNAVAILABLE), (), 1),
        ((AVAILABLE, UNAVAILABLE), ("--fail-on", "warning"), 1),
        ((AVAILABLE, UNAVAILABLE), ("--fail-on", "never"), 0),
    ],
)
def test_0_and_1_are_decided_by_fail_on(
    tmp_path: Path, urls: tuple[str, ...], arguments: tuple[str, ...], code: int
) -> None:
    write_list(tmp_path, *urls)
    with youtube_server() as server:
        for command in ("check", "report"):
            ran = linkwatch(command, *arguments, cwd=tmp_path, env=environment(server))
            assert (ran.code, ran.err) == (code, "")


def test_new_only_fails_once(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, UNAVAILABLE)
    with youtube_server() as server:
        env = environment(server)
        assert linkwatch_process("check", "--new-only", cwd=tmp_path, env=env).code == 1
        age_by_a_day(tmp_path / "linkwatch.db")
        assert linkwatch("check", "--new-only", cwd=tmp_path, env=env).code == 0
        assert linkwatch("check", cwd=tmp_path, env=env).code == 1


def test_new_only_fails_for_a_new_link_to_what_is_long_dead(tmp_path: Path) -> None:
    """As in a pull request: the resource died long ago, and the link to it is put into another list today."""
    other = tmp_path / "other.md"
    write_list(tmp_path, AVAILABLE, UNAVAILABLE)
    other.write_text(f"[A course]({AVAILABLE})\n")
    lists = ("resources.csv", "other.md")
    with youtube_server() as server:
        env = environment(server)
        linkwatch("check", *lists, cwd=tmp_path, env=env)
        age_by_a_day(tmp_path / "linkwatch.db")
        assert linkwatch("check", "--new-only", *lists, cwd=tmp_path, env=env).code == 0
        age_by_a_day(tmp_path / "linkwatch.db")
        other.write_text(f"[A course]({AVAILABLE}) [Another]({UNAVAILABLE})\n")
        assert linkwatch("check", "--new-only", *lists, cwd=tmp_path, env=env).code == 1
        age_by_a_day(tmp_path / "linkwatch.db")
        other.write_text(f"[Another, moved]({UNAVAILABLE})\n\n[A course]({AVAILABLE})\n")
        assert linkwatch("check", "--new-only", *lists, cwd=tmp_path, env=env).code == 0


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault.API_KEY_INVALID, "YouTube does not accept the API key"),
        (Fault.SERVICE_DISABLED, "the YouTube Data API v3 is not enabled"),
        (Fault.IP_ADDRESS_BLOCKED, "YouTube refuses the API key here"),
        (Fault.QUOTA_EXCEEDED, "the day's quota is spent"),
    ],
)
def test_3_when_youtube_could_not_be_asked(tmp_path: Path, fault: Fault, said: str) -> None:
    write_list(tmp_path, AVAILABLE)
    with youtube_server(fault) as server:
        ran = linkwatch("check", cwd=tmp_path, env=environment(server))
    assert (ran.code, ran.err) == (3, "")
    assert "Incomplete: 1 of 1 resource" in ran.out
    assert said in ran.out
    assert "1 unknown" in ran.out
    assert "dead" not in ran.out


def test_3_without_a_network(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    ran = linkwatch("check", cwd=tmp_path, env=environment(UNREACHABLE))
    assert (ran.code, ran.err) == (3, "")
    assert "no connection" in ran.out


def test_3_when_the_quota_does_not_suffice(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    with youtube_server() as server:
        env = environment(server, LINKWATCH_QUOTA_PER_DAY="1")
        assert linkwatch("check", cwd=tmp_path, env=env).code == 0
        ran = linkwatch("check", cwd=tmp_path, env=env)
    assert ran.code == 3
    assert "quota units are spent" in ran.out


def test_findings_win_over_incompleteness(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, UNAVAILABLE)
    with youtube_server() as server:
        env = environment(server, LINKWATCH_QUOTA_PER_DAY="1")
        assert linkwatch("check", cwd=tmp_path, env=env).code == 1
        incomplete = linkwatch("check", cwd=tmp_path, env=env)
        assert incomplete.code == 1
        assert "Incomplete" in incomplete.out
        assert linkwatch("check", "--fail-on", "never", cwd=tmp_path, env=env).code == 3


def test_4_is_a_bug_with_its_traceback_in_a_log_file_that_is_named(tmp_path: Path) -> None:
    """A `sitecustomize` breaks the standard library below the program: a fault that nobody foresaw."""
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import os, zoneinfo\n"
        "def no_zone(*_, **__): raise LookupError('no zone for ' + os.environ['YOUTUBE_API_KEY'])\n"
        "import threading\n"
        "threading.Thread.start = no_zone\n",
        "utf-8",
    )
    write_list(tmp_path, AVAILABLE)
    env = environment(UNREACHABLE)
    env["PYTHONPATH"] = f"{broken}:{env.get('PYTHONPATH', '')}"
    ran = linkwatch_process("check", cwd=tmp_path, env=env)
    assert (ran.code, ran.out) == (4, "")
    (log,) = tmp_path.glob("linkwatch-crash-*.log")
    assert ran.err == (
        "linkwatch has a bug: LookupError. No link was evaluated by it.\n"
        f"The details are in {log}; please report them.\n"
    )
    assert "Traceback" in log.read_text("utf-8")
    assert "no zone for …" in log.read_text("utf-8")
    assert KEY not in log.read_text("utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_130_is_an_interruption(tmp_path: Path, number: signal.Signals) -> None:
    write_list(tmp_path, AVAILABLE)
    youtube = GatedYouTube(World([COURSE]), lambda: NOON, answers=0)
    with YouTubeServer(youtube) as server:
        process = start_process("check", cwd=tmp_path, env=environment(server))
        assert youtube.reached.wait(TIMEOUT_SECONDS)
        ran = interrupt(process, number)
        youtube.gate.set()
    assert (ran.code, ran.out) == (130, "")
    assert ran.err.strip() == "Interrupted. The answers received so far are kept."
    after = linkwatch("report", cwd=tmp_path, env=environment(UNREACHABLE))
    assert "Incomplete: interrupted" in after.out
    assert "1 unknown" in after.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("chek",),
        ("check", "--fail-on", "sometimes"),
        ("check", "--format", "word"),
        ("check", "--output", "report.json"),
        ("check", "--format", "json", "--output", "a", "--output", "b"),
        ("check", "--format", "json", "--format", "terminal"),
        ("check", "--format", "json", "--output", "-", "--format", "terminal"),
        ("check", "--database", "nowhere/linkwatch.db"),
        ("check", "--database", "oracle-of-delphi://x"),
        ("check", "--config", "missing.toml"),
        ("check", "--format", "json", "--output", "nowhere/report.json"),
        ("report", "--output", "report.json"),
        ("extract",),
        ("show",),
        ("show", "not a link"),
        ("simulate", "--port", "70000"),
        ("simulate", "--day", "31"),
        ("db", "backup"),
        ("db", "rewind"),
    ],
    ids=" ".join,
)
def test_2_is_wrong_use_in_two_or_three_lines(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write_list(tmp_path, AVAILABLE)
    with youtube_server() as server:
        ran = linkwatch(*arguments, cwd=tmp_path, env=environment(server))
    assert (ran.code, ran.out) == (2, "")
    assert "Error: " in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("quota_per_day = 100\nqota = 1\n", "linkwatch.toml:2: unknown setting 'qota'"),
        ('api_key = "x"\n', "read from $YOUTUBE_API_KEY only"),
        ('\n\n[rules]\ndeath = "error"\n', "linkwatch.toml:4: unknown rule 'death'; did you mean 'dead'?"),
        (
            '[rules]\n\ndead = "fatal"\n',
            "toml:3: dead must be one of error, warning, notice, off, not 'fatal'",
        ),
        (
            "quota_per_day = 0\n",
            "toml:1: quota_per_day must be a whole number from 1 to 1,000,000,000, not 0",
        ),
        ("stale_after = 14\n", "linkwatch.toml:1: stale_after must be a length of time such as '6h' or '14d', not 14"),
        ("lists = 3\n", "linkwatch.toml:1: lists must be an array of paths"),
        ("lists = [\n", "linkwatch.toml:1: not TOML"),
    ],
)
def test_2_for_settings_with_file_and_line(tmp_path: Path, settings: str, said: str) -> None:
    write_list(tmp_path, AVAILABLE)
    (tmp_path / "linkwatch.toml").write_text(settings, "utf-8")
    ran = linkwatch("check", cwd=tmp_path, env=environment(UNREACHABLE))
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "linkwatch.db").exists()
