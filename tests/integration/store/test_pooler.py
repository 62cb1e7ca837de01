"""PgBouncer between us and PostgreSQL, in transaction mode: each transaction may get another session."""

import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import databases
import pytest
from integration.store.checks import NOW, check, seen
from sqlalchemy import make_url

from linkwatch.errors import StoreError
from linkwatch.services.doctor import examine_database
from linkwatch.settings import Settings
from linkwatch.store.database import Database
from linkwatch.store.dialects import is_pooled, split_prepare_threshold
from linkwatch.store.schema import open_database

POSTGRESQL = pytest.mark.postgresql("a pooler is PostgreSQL's")


@pytest.mark.parametrize(("text", "value"), [("None", None), ("none", None), ("0", 0), ("7", 7)])
def test_the_threshold_of_an_address_is_a_number_or_none(text: str, value: int | None) -> None:
    url, arguments = split_prepare_threshold(make_url(f"postgresql://db/x?prepare_threshold={text}&sslmode=require"))
    assert (str(url), arguments) == ("postgresql://db/x?sslmode=require", {"prepare_threshold": value})


def test_another_threshold_is_refused() -> None:
    with pytest.raises(StoreError, match="prepare_threshold is 'never'"):
        split_prepare_threshold(make_url("postgresql://db/x?prepare_threshold=never"))


@pytest.fixture
def pooled(tmp_path: Path) -> Iterator[str]:
    """The address of an empty database behind a PgBouncer that has two sessions."""
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        pytest.skip("needs PgBouncer (on Debian: apt install pgbouncer)")
    url = make_url(databases.url_of(tmp_path / "pooled", empty=True))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    user = pwd.getpwnam("nobody")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    knows_statements = tuple(map(int, said.split()[1].split(".")[:2])) >= (1, 21)
    as_older = "max_prepared_statements = 0\n" if knows_statements else ""
    settings = tmp_path / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n* = host={url.host} port={url.port} user={url.username}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\npool_mode = transaction\n"
        f"default_pool_size = 2\nunix_socket_dir =\n{as_older}"
        "ignore_startup_parameters = extra_float_digits\n"
    )
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    process = subprocess.Popen([program, "-q", "-u", user.pw_name, str(settings)])
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                assert process.poll() is None
                time.sleep(0)  # not a wait: the next one to run may be PgBouncer
        yield url.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
    finally:
        process.terminate()
        process.wait()


def read_often(one: Database, other: Database) -> None:
    """Statements that psycopg prepares after five times, in sessions that change."""
    for _ in range(12):
        for database in (one, other):
            check(database, NOW, seen())
            with database.read(), other.read() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM resources WHERE id > %s", (1,))


@POSTGRESQL
def test_without_prepared_statements_a_pooler_does_no_harm(pooled: str) -> None:
    address = f"{pooled}?prepare_threshold=None"
    with open_database(address) as one, open_database(address) as other:
        read_often(one, other)
        with one.read() as connection:
            assert is_pooled(connection)
        results = {result.subject: result for result in examine_database(Settings(database_url=address), one)}
        assert results["pooler"].message == "the database is behind a pooler, such as PgBouncer"
        assert results["pooler"].remedy == ""


@POSTGRESQL
def test_with_them_the_error_says_what_to_do(pooled: str) -> None:
    with open_database(pooled) as one, open_database(pooled) as other:
        results = {result.subject: result for result in examine_database(Settings(database_url=pooled), one)}
        assert "prepare_threshold=None" in results["pooler"].remedy
        with pytest.raises(StoreError, match="prepared statement") as raised:
            read_often(one, other)
        assert raised.value.remedy.startswith("A pooler is between")


@POSTGRESQL
def test_a_server_without_a_pooler_is_none(database: Database) -> None:
    with database.read() as connection:
        assert not is_pooled(connection)
