"""`linkwatch db copy`: a living installation moves from SQLite to whatever the tests run on, and back."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from acceptance.command import TIMEOUT_SECONDS, UNREACHABLE, environment, linkwatch, report_lines, write_list
from acceptance.youtube_servers import AVAILABLE, COURSE, HANDLE, LECTURE, UNAVAILABLE, youtube_server
from databases import rows, url_of

from linkwatch.store.database import insert_many
from linkwatch.store.schema import open_database
from linkwatch.store.tables import resources

OFFLINE = environment(UNREACHABLE)
RENAMED = type(COURSE)(COURSE.id, "Renamed course", video_ids=(LECTURE.id,) * 11)


def live(folder: Path, database: str) -> None:
    """Two checks, with a dead link, a changed title, and something that is accepted."""
    write_list(folder, AVAILABLE, UNAVAILABLE, HANDLE)
    with youtube_server() as server:
        assert linkwatch("check", "--database", database, cwd=folder, env=environment(server)).code == 1
    accepting = ("ack", UNAVAILABLE, "--reason", "known", "--database", database)
    assert linkwatch(*accepting, cwd=folder, env=OFFLINE).code == 0
    with youtube_server(entities=(RENAMED, LECTURE)) as server:
        linkwatch("check", "--database", database, cwd=folder, env=environment(server))


@pytest.mark.long
def test_reports_are_the_same_afterwards_and_checks_go_on(tmp_path: Path) -> None:
    live(tmp_path, "old.db")
    target = url_of(tmp_path / "linkwatch.db", empty=True)
    before = report_lines(tmp_path, "old.db")
    moved = linkwatch("db", "copy", "--from", "old.db", "--to", target, cwd=tmp_path, env=OFFLINE)
    assert (moved.code, moved.err) == (0, "")
    assert f"export LINKWATCH_DATABASE_URL={target}" in moved.out
    assert re.search(r"^  runs +2$", moved.out, re.MULTILINE)
    assert report_lines(tmp_path, target) == before
    assert report_lines(tmp_path, "old.db") == before
    back = linkwatch("db", "copy", "--database", target, "--to", "back.db", cwd=tmp_path, env=OFFLINE)
    assert (back.code, back.err) == (0, "")
    assert report_lines(tmp_path, "back.db") == before
    for name in (target, "back.db"):
        with youtube_server() as server:
            checked = linkwatch("check", "--database", name, cwd=tmp_path, env=environment(server))
        assert (checked.code, checked.err) == (0, "")
        assert "Renamed course" in linkwatch("show", AVAILABLE, "--database", name, cwd=tmp_path, env=OFFLINE).out
    assert rows(tmp_path / "linkwatch.db", "SELECT id FROM runs ORDER BY id") == [(1,), (2,), (3,)]


_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from linkwatch.store.copy import copy_database
from linkwatch.store.database import connect

def die(done, total):
    if done > 10_000:
        os.kill(os.getpid(), signal.SIGKILL)

with connect(sys.argv[1]) as source, connect(sys.argv[2]) as target:
    copy_database(source, target, now=datetime.now(UTC), progress=die)
"""


@pytest.mark.long
def test_a_killed_copy_is_no_database_and_the_same_command_resumes_it(tmp_path: Path) -> None:
    source, target = f"sqlite:///{tmp_path}/old.db", url_of(tmp_path / "new.db", empty=True)
    live(tmp_path, source)
    with open_database(source) as database, database.write() as connection:
        many = (["video", f"{n:010d}A", "unknown", 0, 0] for n in range(25_000))
        columns = ["kind", "youtube_id", "state", "state_since_at", "first_seen_at"]
        insert_many(connection, resources, columns, many)
    killed = subprocess.run([sys.executable, "-c", _KILLED, source, target], timeout=TIMEOUT_SECONDS, check=False)
    assert killed.returncode == -signal.SIGKILL
    before = report_lines(tmp_path, source)
    for command in (("report",), ("check",), ("db", "upgrade")):
        refused = linkwatch(*command, "--database", target, cwd=tmp_path, env=OFFLINE)
        assert (refused.code, refused.out) == (2, "")
        assert "half a copy" in refused.err
    moved = linkwatch("db", "copy", "--from", source, "--to", target, cwd=tmp_path, env=OFFLINE)
    assert moved.code == 0
    assert re.fullmatch(r"An earlier attempt had already copied 10,0\d\d rows\.\n", moved.err)
    assert re.search(r"^  resources +25,00\d$", moved.out, re.MULTILINE)
    assert report_lines(tmp_path, target) == before


def test_what_cannot_be_copied_is_wrong_use_and_says_why(tmp_path: Path) -> None:
    linkwatch("db", "upgrade", "--database", "old.db", cwd=tmp_path, env=OFFLINE)
    for source, target, why in (
        ("missing.db", "new.db", "there is nothing to copy"),
        ("old.db", "old.db", "the same database"),
        ("old.db", "nowhere/new.db", "there is no folder"),
        ("old.db", "postgresql://user:hunter2@127.0.0.1:9/linkwatch", "127.0.0.1"),
    ):
        ran = linkwatch("db", "copy", "--from", source, "--to", target, cwd=tmp_path, env=OFFLINE)
        assert (ran.code, ran.out) == (2, "")
        assert why in ran.err
        assert "hunter2" not in ran.err
        assert "Traceback" not in ran.err
    assert not (tmp_path / "new.db").exists()
