"""`linkwatch db`, and databases that are not as they should be."""

import re
from pathlib import Path

import pytest
from acceptance.command import UNREACHABLE, age_by_a_day, environment, linkwatch, write_list
from acceptance.youtube_servers import AVAILABLE, COURSE, UNAVAILABLE, youtube_server
from databases import change, contents, rows, url_of

pytestmark = pytest.mark.long  # each test is some processes

OFFLINE = environment(UNREACHABLE)


def test_upgrade_makes_the_tables_and_says_what_it_did(tmp_path: Path) -> None:
    url_of(tmp_path / "linkwatch.db", empty=True)
    first = linkwatch("db", "upgrade", cwd=tmp_path, env=OFFLINE)
    second = linkwatch("db", "upgrade", cwd=tmp_path, env=OFFLINE)
    assert (first.code, first.err, second.code, second.err) == (0, "", 0, "")
    assert "was new" in first.out
    assert "already" in second.out


@pytest.mark.sqlite("PostgreSQL's tool is pg_dump")
def test_a_backup_is_the_database_and_never_overwrites(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, UNAVAILABLE)
    with youtube_server() as server:
        checked = linkwatch("check", cwd=tmp_path, env=environment(server))
    made = linkwatch("db", "backup", "saved.db", cwd=tmp_path, env=OFFLINE)
    assert (made.code, made.err) == (0, "")
    assert "saved.db" in made.out
    assert linkwatch("report", "--database", "saved.db", cwd=tmp_path, env=OFFLINE).out == checked.out
    again = linkwatch("db", "backup", "saved.db", cwd=tmp_path, env=OFFLINE)
    assert (again.code, again.out) == (2, "")
    assert "exists already" in again.err


@pytest.mark.sqlite("PostgreSQL is backed up by its own tool")
def test_a_backup_into_a_folder_is_named_after_its_time(tmp_path: Path) -> None:
    linkwatch("db", "upgrade", cwd=tmp_path, env=OFFLINE)
    (tmp_path / "backups").mkdir()
    made = linkwatch("db", "backup", "backups", cwd=tmp_path, env=OFFLINE)
    assert (made.code, made.err) == (0, "")
    (file,) = (tmp_path / "backups").iterdir()
    assert re.fullmatch(r"linkwatch-\d{4}-\d\d-\d\dT\d{6}Z\.db", file.name)
    assert file.name in made.out
    assert rows(file, "SELECT count(*) FROM runs") == [(0,)]


@pytest.mark.postgresql("it has a tool of its own")
def test_to_back_postgresql_up_its_own_tool_is_named(tmp_path: Path) -> None:
    ran = linkwatch("db", "backup", "saved.db", cwd=tmp_path, env=OFFLINE)
    assert (ran.code, ran.out) == (2, "")
    assert "pg_dump" in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("target", ["nowhere/saved.db", "saved.db"])
def test_a_backup_of_nothing_or_to_nowhere_is_wrong_use(tmp_path: Path, target: str) -> None:
    if "nowhere" in target:
        linkwatch("db", "upgrade", cwd=tmp_path, env=OFFLINE)
    ran = linkwatch("db", "backup", target, cwd=tmp_path, env=OFFLINE)
    assert (ran.code, ran.out) == (2, "")
    assert not (tmp_path / "saved.db").exists()


def test_prune_purges_old_titles_and_keeps_the_fact_of_the_change(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    database = tmp_path / "linkwatch.db"
    with youtube_server() as server:
        linkwatch("check", cwd=tmp_path, env=environment(server))
    with youtube_server(entities=(type(COURSE)(COURSE.id, "Renamed course", item_count=12),)) as server:
        linkwatch("check", cwd=tmp_path, env=environment(server))
    for _ in range(31):
        age_by_a_day(database)
    ran = linkwatch("db", "prune", cwd=tmp_path, env=OFFLINE)
    assert (ran.code, ran.err) == (0, "")
    assert "30 days" in ran.out
    assert rows(database, "SELECT kind, before, after FROM events") == [("retitled", None, None)]
    assert rows(database, "SELECT attribute, value FROM spans") == [("title", None)]
    assert "of the log" not in ran.out
    shown = linkwatch("show", AVAILABLE, cwd=tmp_path, env=OFFLINE)
    assert "retitled" in shown.out
    assert "Linear Algebra" not in shown.out


def test_prune_prints_how_many_rows_of_the_log_it_deleted(tmp_path: Path) -> None:
    linkwatch("db", "upgrade", cwd=tmp_path, env=OFFLINE)
    database = tmp_path / "linkwatch.db"
    change(database, "INSERT INTO quota_days (day, units) VALUES ('2020-02-02', 7)")
    ran = linkwatch("db", "prune", cwd=tmp_path, env=OFFLINE)
    assert (ran.code, ran.err) == (0, "")
    assert "Deleted 1 row of the log" in ran.out
    assert rows(database, "SELECT * FROM quota_days") == []


@pytest.mark.parametrize(
    "command", [("check",), ("report",), ("plan",), ("show", AVAILABLE), ("db", "upgrade")], ids=" ".join
)
@pytest.mark.parametrize("kind", [pytest.param("text", marks=pytest.mark.sqlite("its file")), "foreign", "newer"])
def test_what_is_no_database_of_ours_is_left_as_it_is(tmp_path: Path, command: tuple[str, ...], kind: str) -> None:
    write_list(tmp_path, AVAILABLE)
    database = tmp_path / "linkwatch.db"
    if kind == "text":
        database.write_text("This is a text file and no database at all.\n" * 100, "utf-8")
    else:
        linkwatch("db", "upgrade", cwd=tmp_path, env=OFFLINE)
        if kind == "newer":
            change(database, "UPDATE alembic_version SET version_num = '9999'")
        else:
            change(database, "DROP TABLE alembic_version", "CREATE TABLE songs (title TEXT)")
    before = contents(database)
    ran = linkwatch(*command, cwd=tmp_path, env=OFFLINE)
    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    assert {"text": "not a database", "foreign": "not linkwatch's", "newer": "newer than this linkwatch"}[
        kind
    ] in ran.err
    assert contents(database) == before
