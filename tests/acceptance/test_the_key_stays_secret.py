"""The API key is in no output, log, report, database or crash log, whatever is asked for and whatever goes wrong."""

from pathlib import Path

import databases
import pytest
from acceptance.command import KEY, UNREACHABLE, CommandResult, environment, linkwatch, write_list
from acceptance.youtube_servers import AVAILABLE, HANDLE, UNAVAILABLE, WATCH, youtube_server

from linkwatch.simulator.faults import Fault


def assert_hidden(folder: Path, *ran: CommandResult) -> None:
    """Look at every byte that was printed or written."""
    for each in ran:
        assert KEY not in each.out
        assert KEY not in each.err
    for file in folder.rglob("*"):
        if file.is_file():
            assert KEY.encode() not in file.read_bytes(), file
    if databases.SERVER:
        assert KEY not in repr(databases.contents(folder / "linkwatch.db"))


@pytest.mark.parametrize(
    "fault",
    [
        None,
        Fault.API_KEY_INVALID,
        Fault.SERVICE_DISABLED,
        Fault.QUOTA_EXCEEDED,
        Fault.INVALID_FILTERS,
        Fault.MISSING_REQUIRED_PARAMETER,
        Fault.HTML_502,
    ],
)
def test_in_a_check_that_tells_everything(tmp_path: Path, fault: Fault | None) -> None:
    write_list(tmp_path, AVAILABLE, UNAVAILABLE, WATCH, HANDLE)
    formats = ("--format", "json", "--output", "report.json", "--format", "terminal", "--output", "report.txt")
    with youtube_server(*[fault] if fault else []) as server:
        ran = linkwatch("check", "-vv", *formats, cwd=tmp_path, env=environment(server))
        if fault is None:
            assert server.url in ran.err, "it really was verbose"
    assert databases.rows(tmp_path / "linkwatch.db", "SELECT count(*) FROM runs") == [(1,)]
    assert ran.code == (1 if fault is None else 3)
    assert_hidden(tmp_path, ran)


def test_in_a_report_of_a_bug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise LookupError(f"no {KEY}")

    monkeypatch.setattr("linkwatch.services.check_lists.run_check", fail)
    write_list(tmp_path, AVAILABLE)
    ran = linkwatch("check", "-vv", cwd=tmp_path, env=environment(UNREACHABLE))
    assert ran.code == 4
    assert len(list(tmp_path.glob("linkwatch-crash-*.log"))) == 1
    assert_hidden(tmp_path, ran)


@pytest.mark.parametrize(
    "arguments",
    [("doctor", "-vv"), ("plan", "-vv"), ("report", "-vv"), ("show", AVAILABLE, "-vv"), ("db", "upgrade", "-vv")],
    ids=lambda arguments: arguments[0],
)
def test_in_every_other_command(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write_list(tmp_path, AVAILABLE)
    with youtube_server() as server:
        checked = linkwatch("check", cwd=tmp_path, env=environment(server))
        assert_hidden(tmp_path, checked, linkwatch(*arguments, cwd=tmp_path, env=environment(server)))


def test_without_a_network(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    assert_hidden(tmp_path, linkwatch("check", "-vv", cwd=tmp_path, env=environment(UNREACHABLE)))


def test_a_key_with_a_slip_of_the_pen_is_refused_without_being_shown(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    ran = linkwatch("check", cwd=tmp_path, env=environment(UNREACHABLE, key=f"{KEY} and more"))
    assert (ran.code, ran.out) == (2, "")
    assert "$YOUTUBE_API_KEY" in ran.err
    assert_hidden(tmp_path, ran)


def test_a_key_in_a_settings_file_is_refused_without_being_shown(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    (tmp_path / "linkwatch.toml").write_text(f'api_key = "{KEY}"\n', "utf-8")
    ran = linkwatch("check", cwd=tmp_path, env=environment(UNREACHABLE, key=None))
    (tmp_path / "linkwatch.toml").unlink()
    assert ran.code == 2
    assert_hidden(tmp_path, ran)
