import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from integration.store.checks import NOW, begun
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from linkwatch.errors import StoreError
from linkwatch.models.resource import Kind, Resource
from linkwatch.store.database import Database, connect, sqlite_file
from linkwatch.store.dialects import BUSY_SECONDS
from linkwatch.store.resources import insert_missing
from linkwatch.store.runs import insert_run
from linkwatch.store.schema import open_database
from linkwatch.store.tables import runs


def count(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(runs)).scalar_one()


@pytest.mark.sqlite("its pragmas")
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 1), ("foreign_keys", 1), ("busy_timeout", BUSY_SECONDS * 1000)],
)
def test_every_connection_is_set_up(database: Database, pragma: str, value: object) -> None:
    with database.read() as one, database.read() as two:
        for connection in (one, two):
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_what_is_written_is_there_for_the_next_one(database: Database) -> None:
    with database.write() as connection:
        begun(connection)
    assert count(database) == 1


def test_what_fails_leaves_nothing_behind(database: Database) -> None:
    def fail() -> None:
        with database.write() as connection:
            begun(connection)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert count(database) == 0


def test_who_reads_sees_one_state_from_the_first_question_to_the_last(database: Database) -> None:
    with database.read() as reader:
        question = select(func.count()).select_from(runs)
        before = reader.execute(question).scalar_one()
        with database.write() as writer:
            begun(writer)
        assert (before, reader.execute(question).scalar_one()) == (0, 0)
    assert count(database) == 1


def test_who_reads_does_not_wait_for_who_writes(database: Database) -> None:
    with database.write() as writer:
        begun(writer)
        assert count(database) == 0


def test_a_writer_waits_for_the_other_instead_of_failing(database: Database) -> None:
    inside, leave = threading.Event(), threading.Event()
    order: list[str] = []

    def first() -> None:
        with database.write() as connection:
            inside.set()
            assert leave.wait(20)
            begun(connection)
            order.append("first")

    def second() -> None:
        assert inside.wait(20)
        with database.write() as connection:
            order.append("second")
            # It read after the other had written: what it reads stays true until it ends.
            assert connection.execute(select(func.count()).select_from(runs)).scalar_one() == 1
            begun(connection)

    threads = [threading.Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    assert inside.wait(20)
    leave.set()
    for thread in threads:
        thread.join()
    assert order == ["first", "second"]
    assert count(database) == 2


def test_many_writers_that_read_first_lose_nothing(database: Database) -> None:
    """With a plain BEGIN this fails at once: a reader that wants to write can't wait for a writer."""

    def add() -> None:
        for _ in range(20):
            with database.write() as connection:
                number = connection.execute(select(func.count()).select_from(runs)).scalar_one()
                insert_run(connection, scope=str(number), source="x", now=NOW)

    threads = [threading.Thread(target=add) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        scopes = connection.execute(select(runs.c.scope)).scalars().all()
    assert sorted(map(int, scopes)) == list(range(120))


def test_a_broken_reference_is_refused_in_words(database: Database) -> None:
    with pytest.raises(StoreError, match=r"(?i)foreign key"), database.write() as connection:
        connection.execute(
            text("INSERT INTO events (resource_id, run_id, kind, at) VALUES (77, 77, 'died', 0)"),
        )


def test_another_program_that_holds_the_database_is_named_in_the_remedy(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/linkwatch.db"
    one, two = open_database(url), open_database(url)

    with two.read() as impatient:
        impatient.exec_driver_sql("PRAGMA busy_timeout = 0")
    with pytest.raises(StoreError, match="locked") as refused, one.write(), two.write():
        pass
    assert "Another program" in refused.value.remedy
    one.close()
    two.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "sqlite",
        "sqlite://linkwatch.db",
        "sqlite://user:hunter2@host/linkwatch.db",
        "postgresql://user:hunter2@host:port/name",
        "postgresql://user:hunter2/x@host:99x/name",
        "nosuchthing://user:hunter2@host/name",
        "postgresql+nosuchdriver://user:hunter2@host/name",
    ],
)
def test_an_address_that_is_none_is_reported_without_its_password(url: str) -> None:
    with pytest.raises(StoreError) as refused:
        connect(url)
    assert "hunter2" not in refused.value.message + refused.value.remedy
    assert refused.value.remedy


def test_a_password_is_in_no_error(tmp_path: Path) -> None:
    file = tmp_path / "text.db"
    file.write_text("no database " * 99)
    database = connect(f"sqlite:///{file}")
    # SQLite has no passwords; the address is another database's, for the message alone.
    database.engine.url = database.engine.url.set(username="user", password="hunter2")
    with pytest.raises(StoreError) as refused, database.read():
        pass
    assert "hunter2" not in refused.value.message
    assert "***" in refused.value.message
    database.close()


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///linkwatch.db", "linkwatch.db"),
        ("sqlite:////var/lib/linkwatch.db", "/var/lib/linkwatch.db"),
        ("sqlite+pysqlite:///a.db", "a.db"),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("postgresql://host/name", None),
    ],
)
def test_the_file_behind_an_address(url: str, file: str | None) -> None:
    assert sqlite_file(url) == (None if file is None else Path(file))


def test_other_errors_pass_as_they_are(database: Database) -> None:
    with pytest.raises(SQLAlchemyError), database.read() as connection:
        connection.execute(text("SELECT :x"), {"y": 1})


def over_a_network(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of which this machine says that it is another one's."""
    shared, table = folder / "shared", folder / "mountinfo"
    shared.mkdir()
    table.write_text(f"1 1 0:1 / / rw - ext4 /dev/sda rw\n2 1 0:2 / {shared} rw - nfs4 server:/export rw\n")
    monkeypatch.setattr("linkwatch.store.filesystem.MOUNTS", table)
    return shared


@pytest.mark.parametrize("create", [True, False])
def test_a_network_file_system_is_refused_with_the_reason_and_nothing_is_made_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, create: bool
) -> None:
    shared = over_a_network(tmp_path, monkeypatch)
    with pytest.raises(StoreError, match=r"network file system \(nfs4, mounted on .*one machine") as refused:
        open_database(f"sqlite:///{shared}/linkwatch.db", create=create)
    assert "on a disk of this machine" in refused.value.remedy
    assert list(shared.iterdir()) == []
    open_database(f"sqlite:///{tmp_path}/linkwatch.db").close()


def test_a_link_to_a_network_file_system_is_refused_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = over_a_network(tmp_path, monkeypatch)
    (tmp_path / "linkwatch.db").symlink_to(shared / "linkwatch.db")
    with pytest.raises(StoreError, match="network file system"):
        connect(f"sqlite:///{tmp_path}/linkwatch.db")


@pytest.mark.postgresql("SQLite takes the index without knowing the table")
def test_rows_that_were_just_put_in_are_found_by_their_index(database: Database) -> None:
    """PostgreSQL's own servant looks at a new table after a minute; until then all playlists would be gone through."""
    new = [Resource(Kind.PLAYLIST, f"PL{number:032d}") for number in range(10_000)]
    with database.write() as connection:
        insert_missing(connection, new, NOW)
        ids = ", ".join(f"'{each.id}'" for each in new[:50])
        query = f"EXPLAIN SELECT id FROM resources WHERE kind = 'playlist' AND youtube_id IN ({ids})"  # noqa: S608 - ours
        plan = "\n".join(connection.exec_driver_sql(query).scalars())
    assert re.search(r"Index Cond: .*youtube_id", plan)


class Interrupting:
    """A cursor whose statement is interrupted, and whose connection then can't be tidied up."""

    def __init__(self, error: type[Exception]) -> None:
        self._error = error

    def ping(self) -> None:
        try:
            raise KeyboardInterrupt
        finally:
            raise self._error("can't change 'autocommit' now: connection in transaction status ACTIVE")


def test_an_interruption_that_the_driver_hides_is_one(database: Database) -> None:
    driver = Interrupting(database.engine.dialect.loaded_dbapi.ProgrammingError)
    with pytest.raises(KeyboardInterrupt), database.read():
        driver.ping()


def test_an_error_after_an_interruption_is_an_error(database: Database) -> None:
    """Who was interrupted saves what there is: should that fail, it must be said."""
    try:
        raise KeyboardInterrupt
    except KeyboardInterrupt:
        with pytest.raises(StoreError), database.write() as connection:
            connection.exec_driver_sql("SELECT nothing FROM nowhere")


INSERTING = """
import itertools, sys
from sqlalchemy import bindparam, update
from linkwatch.store.database import connect, insert_many
from linkwatch.store.tables import aliases

changed = update(aliases).where(aliases.c.alias == bindparam("name")).values(channel_id=bindparam("id"))
with connect(sys.argv[1]) as database:
    database.idle_seconds = 1
    with database.write() as connection:
        print(flush=True)
        for n in itertools.count(step=1000):
            rows = [(str(n), "", n) for n in range(n, n + 1000)]
            insert_many(connection, aliases, ["alias", "channel_id", "resolved_at"], rows)
            connection.execute(changed, [{"name": name, "id": "UC"} for name, _, _ in rows])
"""


@pytest.mark.long
@pytest.mark.postgresql("SQLite can't end another process' transaction")
def test_a_writer_that_is_stopped_anywhere_holds_up_no_other(database: Database) -> None:
    """As a laptop that sleeps: its connection stays, and nothing comes from it."""
    url = database.engine.url.render_as_string(hide_password=False)
    for pause in range(8):
        with subprocess.Popen([sys.executable, "-c", INSERTING, url], stdout=subprocess.PIPE) as other:
            try:
                assert other.stdout is not None
                assert other.stdout.readline()
                for _ in range(pause):
                    count(database)  # it goes on meanwhile
                other.send_signal(signal.SIGSTOP)
                with database.write() as connection:
                    begun(connection)
            finally:
                other.kill()
