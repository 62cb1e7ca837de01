"""A schema other than `public`, and a role that may make no table, as docs/guide/postgresql.md has them."""

import re
from collections.abc import Iterator
from pathlib import Path

import databases
import pytest
from acceptance.command import environment, linkwatch, write_list
from acceptance.youtube_servers import AVAILABLE, UNAVAILABLE, youtube_server
from sqlalchemy import make_url

pytestmark = pytest.mark.postgresql("SQLite has no roles")

GUIDE = (Path(__file__).parents[2] / "docs" / "guide" / "postgresql.md").read_text("utf-8")
(STATEMENTS,) = re.findall(r"```sql\n(.*?)```", GUIDE, re.DOTALL)
ROLES = re.findall(r"CREATE ROLE (\w+)", STATEMENTS)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """Stands for an empty database in which the statements of the guide were executed."""
    file = tmp_path / "roles"
    databases.url_of(file, empty=True)
    databases.change(file, *STATEMENTS.split(";")[:-1])
    yield file
    for role in reversed(ROLES):
        databases.change(file, f"DROP OWNED BY {role} CASCADE", f"DROP ROLE {role}")


def address(file: Path, role: str) -> str:
    url = make_url(databases.url_of(file)).set(username=role, password=None)
    return f"{url.render_as_string()}?options=-csearch_path%3Dlinkwatch"


def test_one_role_upgrades_and_the_other_does_all_else(file: Path, tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, UNAVAILABLE)
    owner, user = (address(file, role) for role in ("linkwatch_owner", "linkwatch_user"))
    with youtube_server() as server:
        env = environment(server)
        refused = linkwatch("check", "--database", user, cwd=tmp_path, env=env)
        assert refused.code == 2
        assert "linkwatch help postgresql" in refused.err
        assert linkwatch("db", "upgrade", "--database", owner, cwd=tmp_path, env=env).code == 0
        for command, code in (
            (("check",), 1),
            (("check", "--new-only"), 0),
            (("report",), 1),
            (("list", "add", "more", AVAILABLE), 0),
            (("ack", UNAVAILABLE, "--reason", "it is moving"), 0),
            (("report",), 0),
            (("db", "prune"), 0),
            (("doctor",), 0),
        ):
            ran = linkwatch(*command, "--database", user, cwd=tmp_path, env=env)
            assert ran.code == code, (command, ran.out, ran.err)
    tables = databases.rows(file, "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename IN ('runs', 'resources')")
    assert tables == [("linkwatch",)]
    with pytest.raises(Exception, match="permission denied for schema linkwatch"):
        databases.change(file, "SET ROLE linkwatch_user", "CREATE TABLE linkwatch.mine (id int)")
