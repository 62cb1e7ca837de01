"""Nothing that happens to the process, its streams, its folder or its database ends in a bug, a loss or a wait."""

import ctypes
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import databases
import pytest
from acceptance.command import UNREACHABLE, environment, linkwatch, write_list
from acceptance.youtube_servers import AVAILABLE, WATCH, youtube_server
from integration.check.harness import Harness

from linkwatch.daemon.leader import Leader
from linkwatch.errors import LeaseLostError
from linkwatch.files import write_atomically
from linkwatch.store.backup import backup
from linkwatch.store.database import Database
from linkwatch.store.leases import TERM
from linkwatch.store.process_lock import process_lock
from linkwatch.store.schema import HEAD, open_database

NOW = datetime(2026, 11, 28, 6, tzinfo=UTC)
LINKWATCH = f"{sys.executable} -m linkwatch"

SHELL = {
    "head of a report": (0, "{0} report | head -n 0; exit ${{PIPESTATUS[0]}}"),
    "head of a help": (0, "{0} --help | head -n 0; exit ${{PIPESTATUS[0]}}"),
    "head of JSON": (0, "{0} report --format json | head -c 1; exit ${{PIPESTATUS[0]}}"),
    "head of doctor": (0, "{0} plan | head -n 0; exit ${{PIPESTATUS[0]}}"),
    "report on a full disk": (3, "{0} report > /dev/full"),
    "JSON on a full disk": (3, "{0} report --format json > /dev/full"),
    "help on a full disk": (3, "{0} --help > /dev/full"),
    "plan on a full disk": (3, "{0} plan > /dev/full"),
    "extract on a full disk": (3, "{0} extract resources.csv > /dev/full"),
    "a file on a full disk": (3, "{0} report --format json --output /dev/full"),
    "errors on a full disk": (2, "{0} report --nonsense 2> /dev/full"),
    "log on a full disk": (0, "{0} report -vv 2> /dev/full"),
    "no output": (0, "{0} report >&-"),
    "no errors": (2, "{0} report --nonsense 2>&-"),
    "no input": (2, "{0} report - <&-"),
    "nothing": (0, "{0} report <&- >&- 2>&-"),
    "no output for help": (0, "{0} --help >&-"),
    "12 descriptors": (0, "ulimit -n 12; {0} report"),
    "8 descriptors": (0, "ulimit -n 8; {0} plan"),
    "12 descriptors for a check": (3, "ulimit -n 12; {0} check --fail-on never"),
    "a vanished folder": (2, "mkdir gone; cd gone; rmdir ../gone; {0} report ../resources.csv"),
    "a vanished folder for a check": (2, "mkdir gone; cd gone; rmdir ../gone; {0} check"),
    "a vanished folder for help": (0, "mkdir gone; cd gone; rmdir ../gone; {0} --help"),
    "a file that may not grow": (3, "ulimit -f 1; {0} report --database none.db --format html --output r.html"),
}


WRITING = (
    "check",
    f"ack {AVAILABLE} --reason because",
    "db prune",
    "db upgrade",
    "token revoke",
    "daemon --bind 127.0.0.1:0",
)
READING = (
    "report",
    "db backup backup.db",
    "db copy --from sqlite:///linkwatch.db --to sqlite:///copy.db",
)
"""They write beside the database, or elsewhere."""


@pytest.mark.sqlite("the shell's limits are about files")
@pytest.mark.parametrize("name", SHELL)
def test_what_a_shell_can_do_to_a_command(tmp_path: Path, name: str) -> None:
    write_list(tmp_path, AVAILABLE)
    code, script = SHELL[name]
    # A limit on files would cut the bytecode that Python writes, for everybody.
    env = environment(UNREACHABLE, key=None, PYTHONDONTWRITEBYTECODE="1")
    command = ["bash", "-c", script.format(LINKWATCH)]
    ran = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, timeout=60, check=False)
    assert ran.returncode == code, ran.stderr.decode()
    assert b"Traceback" not in ran.stderr
    assert b"a bug" not in ran.stderr
    left = [file.name for file in tmp_path.iterdir() if "crash" in file.name or ".tmp" in file.name]
    assert left == []


def test_a_bug_in_a_folder_that_vanishes_is_reported_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "gone").mkdir()
    write_list(tmp_path / "gone", AVAILABLE)

    def vanish(*_: object, **__: object) -> None:
        shutil.rmtree(tmp_path / "gone")
        raise LookupError

    with patch("linkwatch.services.check_lists.run_check", vanish):
        ran = linkwatch(
            "check", cwd=tmp_path / "gone", env=environment(UNREACHABLE, LINKWATCH_DATABASE_URL=f"{tmp_path}/a.db")
        )
    assert ran.code == 4
    assert list((tmp_path / "tmp").glob("linkwatch-crash-*.log"))


# Temporary files


def test_no_planted_link_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    monkeypatch.setattr("secrets.token_hex", lambda _: "guessed")
    (tmp_path / ".linkwatch-guessed.tmp").symlink_to(victim)
    with pytest.raises(FileExistsError):
        write_atomically(tmp_path / "report.json", [b"{}"])
    open_database(f"sqlite:///{tmp_path}/a.db").close()
    with pytest.raises(Exception, match="exists"):
        backup(f"sqlite:///{tmp_path}/a.db", tmp_path / "backup.db")
    assert victim.read_text() == "precious"


@pytest.mark.parametrize("number", [28, 122, 5, 27])
def test_a_full_disk_leaves_the_old_report_and_no_other_file(tmp_path: Path, number: int) -> None:
    write_list(tmp_path, AVAILABLE)
    (tmp_path / "report.json").write_text("old")

    def full(_: int) -> None:
        raise OSError(number, os.strerror(number))

    with patch("linkwatch.files.os.fsync", full):
        ran = linkwatch(
            "report", "--format", "json", "--output", "report.json", cwd=tmp_path, env=environment(key=None)
        )
    assert ran.code == 3
    assert (tmp_path / "report.json").read_text() == "old"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["report.json", "resources.csv"]


@pytest.mark.sqlite("the shell's limits are about files")
@pytest.mark.parametrize(
    ("command", "exists"),
    [*((command, True) for command in (*WRITING, *READING)), *((command, False) for command in WRITING)],
)
def test_a_database_on_a_full_disk_is_incomplete_and_stays_whole(tmp_path: Path, command: str, exists: bool) -> None:
    """A limit on the size of files is what a full disk looks like from inside."""
    write_list(tmp_path, AVAILABLE)
    url = f"sqlite:///{tmp_path}/linkwatch.db"
    if exists:
        open_database(url).close()
    env = environment(UNREACHABLE, key=None, PYTHONDONTWRITEBYTECODE="1")
    limited = ["bash", "-c", f"ulimit -f 1; exec {LINKWATCH} {command}"]
    ran = subprocess.run(limited, cwd=tmp_path, env=env, capture_output=True, timeout=60, check=False)
    assert ran.returncode == 3, ran.stderr.decode()
    assert b"disk I/O error" in ran.stderr
    assert b"Traceback" not in ran.stderr
    assert not {"backup.db", "copy.db"} & {file.name for file in tmp_path.iterdir() if file.stat().st_size}
    open_database(url).close()


def test_a_backup_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"no database")
    with pytest.raises(Exception, match="not a database"):
        backup(f"sqlite:///{tmp_path}/a.db", tmp_path / "backup.db")
    assert [file.name for file in tmp_path.iterdir()] == ["a.db"]


# The database


def _of_another_program(path: Path, *, wal: bool = False) -> None:
    with closing(sqlite3.connect(path)) as connection:
        if wal:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript("CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine');")


def _of_another_alembic(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE notes (text); CREATE TABLE alembic_version (version_num);")
        connection.execute("INSERT INTO alembic_version VALUES (?)", [HEAD])
        connection.commit()


def _newer(path: Path) -> None:
    open_database(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("UPDATE alembic_version SET version_num = '9999'; PRAGMA journal_mode = DELETE;")


FOREIGN: dict[str, Callable[[Path], None]] = {
    "another program's": _of_another_program,
    "another program's, with a log": lambda path: _of_another_program(path, wal=True),
    "another program's, by Alembic": _of_another_alembic,
    "a newer version's": _newer,
    "no database": lambda path: write_atomically(path, [b"not a database at all" * 100]),
}


@pytest.mark.sqlite("files")
@pytest.mark.parametrize(
    "command", ["report", "check", "doctor", "db upgrade", "db prune", "plan", "ack --list", "show {}"]
)
@pytest.mark.parametrize("name", FOREIGN)
def test_a_database_that_is_not_ours_is_refused_and_stays_as_it_is(tmp_path: Path, name: str, command: str) -> None:
    write_list(tmp_path, AVAILABLE)
    FOREIGN[name](tmp_path / "linkwatch.db")
    before = (tmp_path / "linkwatch.db").read_bytes()
    arguments = command.format(AVAILABLE).split()
    ran = linkwatch(*arguments, cwd=tmp_path, env=environment(UNREACHABLE))
    assert ran.code == 2
    assert (tmp_path / "linkwatch.db").read_bytes() == before


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a list, and a database with one check of it."""
    folder = tmp_path_factory.mktemp("checked")
    write_list(folder, AVAILABLE, WATCH)
    with youtube_server() as server:
        assert linkwatch("check", cwd=folder, env=environment(server)).code == 0
    return folder


@pytest.mark.sqlite("files")
@pytest.mark.parametrize("command", ["report", "check", "plan", "show {}", "db prune"])
def test_a_damaged_database_is_reported_as_damaged(tmp_path: Path, checked: Path, command: str) -> None:
    shutil.copytree(checked, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "linkwatch.db"
    content = bytearray(file.read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)
    file.write_bytes(content)
    ran = linkwatch(*command.format(AVAILABLE).split(), cwd=tmp_path, env=environment(UNREACHABLE))
    assert ran.code == 3
    assert "the file is damaged" in ran.err
    assert "Restore a backup" in ran.err


def _drop_capabilities() -> None:
    """Let permissions hold for root too: prctl(PR_CAPBSET_DROP) for each capability."""
    if os.getuid() == 0:
        for capability in range(41):
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder in which nobody can write."""
    modes = {path: path.stat().st_mode for path in [folder, *folder.rglob("*")]}
    for path in modes:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


@pytest.mark.sqlite("files")
@pytest.mark.parametrize(
    "arguments",
    [
        ("report",),
        ("report", "--format", "json"),
        ("plan",),
        ("show", AVAILABLE),
        ("diff", "--since", "2020-01-01"),
        ("ack", "--list"),
        ("fix",),
    ],
    ids=" ".join,
)
def test_what_reads_works_in_a_folder_that_is_read_only(
    tmp_path: Path, checked: Path, arguments: tuple[str, ...]
) -> None:
    shutil.copytree(checked, tmp_path / "lists")
    expected = linkwatch(*arguments, cwd=tmp_path / "lists", env=environment(key=None)).code
    for file in (tmp_path / "lists").glob("linkwatch.db-*"):
        file.unlink()
    before = (tmp_path / "lists" / "linkwatch.db").read_bytes()
    with read_only(tmp_path / "lists"):
        ran = subprocess.run(
            [sys.executable, "-m", "linkwatch", *arguments],
            cwd=tmp_path / "lists",
            env=environment(key=None),
            capture_output=True,
            timeout=60,
            check=False,
            preexec_fn=_drop_capabilities,
        )
    assert ran.returncode == expected, ran.stderr.decode()
    assert sorted(file.name for file in (tmp_path / "lists").iterdir()) == ["linkwatch.db", "resources.csv"]
    assert (tmp_path / "lists" / "linkwatch.db").read_bytes() == before


@pytest.mark.sqlite("files")
@pytest.mark.parametrize("step", ["upgrade", "insert_many", "_finish"])
def test_a_copy_that_dies_is_never_taken_for_whole(tmp_path: Path, checked: Path, step: str) -> None:
    shutil.copytree(checked, tmp_path, dirs_exist_ok=True)
    copying = ("db", "copy", "--to", "copy.db")

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with patch(f"linkwatch.store.copy.{step}", die):
        assert linkwatch(*copying, cwd=tmp_path, env=environment(key=None)).code == 130
    if (tmp_path / "copy.db").exists():
        ran = linkwatch("report", "--database", "copy.db", cwd=tmp_path, env=environment(key=None))
        assert (ran.code, "half a copy" in ran.err) == (2, True)
    assert linkwatch(*copying, cwd=tmp_path, env=environment(key=None)).code == 0
    assert linkwatch("report", "--database", "copy.db", cwd=tmp_path, env=environment(key=None)).code == 0
    assert not list(tmp_path.glob(".linkwatch-*"))


# Several daemons


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Harness(tmp_path).database


def _leader(database: Database, name: str, now: list[datetime]) -> Leader:
    return Leader(Database(database.engine), name, lambda: now[0])


def test_after_a_leader_is_killed_another_one_leads_at_once(tmp_path: Path, database: Database) -> None:
    """The first leads in a process of its own, which is killed as `kill -9` does."""
    url = (
        databases.url_of(tmp_path / "linkwatch.db") if databases.SERVER else f"sqlite:///{database.engine.url.database}"
    )
    script = (
        "import sys; from datetime import UTC, datetime; from linkwatch.daemon.leader import Leader; "
        "from linkwatch.store.schema import open_database; "
        f"leader = Leader(open_database({url!r}), 'first', lambda: datetime.fromisoformat({NOW.isoformat()!r})); "
        "print(leader.acquire(), flush=True); sys.stdin.read()"
    )
    now = [NOW]
    second = _leader(database, "second", now)
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"True\n"
        assert not second.acquire()
        first.send_signal(signal.SIGKILL)
    if not databases.SERVER:
        assert second.acquire()


def test_a_leader_without_a_lock_is_waited_for(database: Database) -> None:
    """As one of the version before, or on a file system that has no locks."""
    now = [NOW]
    with (
        patch("linkwatch.store.process_lock.FileLock.acquire", lambda _: False),
        patch("linkwatch.store.process_lock.SessionLock.acquire", lambda _: False),
    ):
        assert _leader(database, "old", now).acquire()
    second = _leader(database, "second", now)
    assert not second.acquire()
    now[0] += TERM
    assert second.acquire()


@pytest.mark.parametrize("first_to_continue", ["leader", "standby"])
def test_of_two_that_were_stopped_and_continued_one_leads(database: Database, first_to_continue: str) -> None:
    """The term has ended for both; who writes first holds the lease, and the other one does not write."""
    now = [NOW]
    leader, standby = _leader(database, "a", now), _leader(database, "b", now)
    assert leader.acquire()
    assert not standby.acquire()
    now[0] += 10 * TERM
    if first_to_continue == "leader":
        with leader._database.write():
            pass
        assert not standby.acquire()
    else:
        assert standby.acquire()
        with pytest.raises(LeaseLostError), leader._database.write():
            pass


def test_one_that_resigns_leaves_the_lock_to_others(database: Database) -> None:
    now = [NOW]
    leader = _leader(database, "a", now)
    assert leader.acquire()
    leader.resign()
    lock = process_lock(database)
    assert lock.acquire()
    lock.release()


@pytest.mark.sqlite("a file")
def test_a_lock_follows_no_planted_link(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "a.db-leader").symlink_to(tmp_path / "victim")
    with open_database(f"sqlite:///{tmp_path}/a.db") as database:
        assert not process_lock(database).acquire()
    assert (tmp_path / "victim").read_text() == "precious"
