"""A backup of PostgreSQL, as docs/guide/postgresql.md has it: dumped, and restored into an empty database."""

import subprocess
from pathlib import Path

import databases
import pytest
from acceptance.command import environment, linkwatch, write_list
from acceptance.youtube_servers import AVAILABLE, UNAVAILABLE, youtube_server
from sqlalchemy import make_url
from with_postgres import programs

pytestmark = pytest.mark.postgresql("its own tools")


def test_a_restored_dump_has_all_that_was_known(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, UNAVAILABLE)
    with youtube_server() as server:
        env = environment(server)
        assert linkwatch("check", cwd=tmp_path, env=env).code == 1
        before = databases.contents(tmp_path / "linkwatch.db")
        backup = tmp_path / "backup"
        dump = ("pg_dump", "--format=custom", f"--file={backup}", f"--dbname={url(tmp_path / 'linkwatch.db')}")
        run(*dump)
        databases.url_of(tmp_path / "restored.db", empty=True)
        run("pg_restore", f"--dbname={url(tmp_path / 'restored.db')}", str(backup))
        assert databases.contents(tmp_path / "restored.db") == before
        restored = databases.url_of(tmp_path / "restored.db")
        again = linkwatch("check", "--new-only", "--database", restored, cwd=tmp_path, env=env)
    assert (again.code, again.err) == (0, ""), "what is broken was known"


def url(file: Path) -> str:
    """The database as libpq's tools take it."""
    return make_url(databases.url_of(file)).set(drivername="postgresql").render_as_string(hide_password=False)


def run(program: str, *arguments: str) -> None:
    subprocess.run([programs() / program, *arguments], check=True, capture_output=True)
