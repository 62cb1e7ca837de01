"""The hooks for pre-commit: their entries run as pre-commit runs them, with files at the end and no shell."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from acceptance.command import UNREACHABLE, CommandResult, Environment, environment, linkwatch
from acceptance.youtube_servers import AVAILABLE, UNAVAILABLE, youtube_server
from ruamel.yaml import YAML

from linkwatch.simulator.serve import YouTubeServer

pytestmark = pytest.mark.long  # each test is some processes


MANIFEST = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook for hook in YAML(typ="safe", pure=True).load(MANIFEST.read_text("utf-8"))
}
KNOWN = {
    "id", "name", "description", "language", "entry", "types", "files", "require_serial", "stages", "pass_filenames",
    "minimum_pre_commit_version",
}  # fmt: skip
BETTER = AVAILABLE + "&si=tracking"


def hook(id_: str, folder: Path, *files: str, place: YouTubeServer | Environment = UNREACHABLE) -> CommandResult:
    """Run a hook on these files."""
    name, *arguments = shlex.split(HOOKS[id_]["entry"])
    assert name == "linkwatch"
    return linkwatch(*arguments, *files, cwd=folder, env=environment(place))


def write(folder: Path, text: str, name: str = "README.md") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize("id_", HOOKS)
def test_a_hook_is_declared_as_pre_commit_wants_it(id_: str) -> None:
    declared = HOOKS[id_]
    assert declared.keys() <= KNOWN
    assert declared["language"] == "python"
    assert declared["require_serial"], "one database, and duplicates across files"


@pytest.mark.parametrize(
    ("file", "taken"),
    [
        ("README.md", True),
        ("docs/a b.MD", True),
        ("course.ipynb", True),
        ("resources.csv", True),
        ("data/resources.csv", True),
        ("data/measured.csv", False),
        ("package.json", False),
        ("src/app.py", False),
    ],
)
def test_what_holds_lists_is_looked_at_and_nothing_else(file: str, taken: bool) -> None:
    assert {bool(re.search(declared["files"], file)) for declared in HOOKS.values()} == {taken}


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (f"[a]({AVAILABLE})\n", 0, ""),
        ("no link at all\n", 0, ""),
        ("[a](https://www.youtube.com/watch?v=short)\n", 1, "malformed"),
        (f"[a]({AVAILABLE})\n\n[b]({AVAILABLE})\n", 1, "duplicate"),
        (f"[a]({BETTER})\n", 1, "uncanonical"),
    ],
)
def test_the_offline_hook_reports_what_the_lists_alone_give(tmp_path: Path, text: str, code: int, said: str) -> None:
    write(tmp_path, text)
    ran = hook("linkwatch-offline", tmp_path, "README.md")
    assert (ran.code, ran.err) == (code, "")
    assert said in ran.out
    assert [file.name for file in tmp_path.iterdir()] == ["README.md"], "no database"


def test_offline_sees_duplicates_across_files_where_the_settings_say_so(tmp_path: Path) -> None:
    write(tmp_path, f"[a]({AVAILABLE})\n")
    write(tmp_path, f"[b]({AVAILABLE})\n", "other.md")
    assert hook("linkwatch-offline", tmp_path, "README.md", "other.md").code == 0
    write(tmp_path, 'duplicates = "everywhere"\n', "linkwatch.toml")
    ran = hook("linkwatch-offline", tmp_path, "README.md", "other.md")
    assert ran.code == 1
    assert "other.md:1" in ran.out


def test_the_fix_hook_mends_what_the_offline_hook_reports(tmp_path: Path) -> None:
    file = write(tmp_path, f"- [a]({BETTER})\n")
    hook("linkwatch-fix", tmp_path, "README.md")
    assert file.read_text("utf-8") == f"- [a]({AVAILABLE})\n"
    assert hook("linkwatch-offline", tmp_path, "README.md").code == 0
    assert hook("linkwatch-fix", tmp_path, "README.md").code == 0
    assert file.read_text("utf-8") == f"- [a]({AVAILABLE})\n"


def test_fix_has_nothing_to_do_without_a_link(tmp_path: Path) -> None:
    file = write(tmp_path, "no link at all\n")
    assert hook("linkwatch-fix", tmp_path, "README.md").code == 0
    assert file.read_text("utf-8") == "no link at all\n"


def test_online_asks_youtube_when_it_is_pushed(tmp_path: Path) -> None:
    assert HOOKS["linkwatch"]["stages"] == ["pre-push", "manual"]
    write(tmp_path, f"[a]({AVAILABLE})\n")
    write(tmp_path, f"[b]({UNAVAILABLE})\n", "other.md")
    write(tmp_path, "no link at all\n", "empty.md")
    with youtube_server() as youtube:
        assert hook("linkwatch", tmp_path, "README.md", place=youtube).code == 0
        assert hook("linkwatch", tmp_path, "empty.md", place=youtube).code == 0
        broken = hook("linkwatch", tmp_path, "README.md", "other.md", place=youtube)
    assert broken.code == 1
    assert "other.md:1" in broken.out


def test_duplicates_in_a_file_that_did_not_change_are_found_in_all_lists(tmp_path: Path) -> None:
    write(tmp_path, f"[a]({AVAILABLE})\n")
    write(tmp_path, f"[b]({AVAILABLE})\n", "OTHER.md")
    write(tmp_path, 'lists = ["*.md"]\nduplicates = "everywhere"\n', "linkwatch.toml")
    assert HOOKS["linkwatch-lists"]["pass_filenames"] is False
    assert hook("linkwatch-offline", tmp_path, "README.md").code == 0, "it gets the changed files alone"
    ran = hook("linkwatch-lists", tmp_path)
    assert ran.code == 1
    assert "duplicate" in ran.out
