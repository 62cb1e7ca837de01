"""Which lines of a list are new since a revision, as git says."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from integration.sources.repository import Repository

from linkwatch.errors import UsageError
from linkwatch.models.link import Link
from linkwatch.sources import list_files
from linkwatch.sources.changed_lines import has_commit, read_changed_lines

LINES = [f"line {number}" for number in range(1, 21)]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with one commit, of a list of twenty lines, in which the test runs."""
    repository = Repository(tmp_path / "repository")
    repository.write("list.md", *LINES)
    repository.commit()
    monkeypatch.chdir(repository.folder)
    return repository


def changed(*locations: str, since: str = "HEAD", most: int = 30) -> dict[str, list[int]]:
    """The new lines among the first ones of each list that has any."""
    files = list_files(locations)
    lines = read_changed_lines(since, files)
    found = {
        file.name: [number for number in range(1, most) if Link("x", file.name, number, 1) in lines] for file in files
    }
    return {name: numbers for name, numbers in found.items() if numbers}


WHOLE = list(range(1, 30))


@pytest.mark.parametrize(
    ("lines", "new"),
    [
        (LINES, []),
        ([*LINES, "more"], [21]),
        (["first", *LINES], [1]),
        ([*LINES[:4], "changed", *LINES[5:]], [5]),
        ([*LINES[:4], "a", "b", *LINES[5:]], [5, 6]),
        ([*LINES[:4], *LINES[5:]], []),
        ([*LINES[:4], "a", *LINES[4:6], "b", *LINES[6:]], [5, 8]),
        ([*LINES[:4], "++ b/other.md", "-- a/other.md", *LINES[6:], "@@ -1 +1 @@"], [5, 6, 21]),
        (["", *LINES, ""], [1, 22]),
        ([], []),
    ],
    ids=[
        *("nothing", "appended", "prepended", "changed", "changed to two", "removed", "two places", "like a diff"),
        *("empty lines", "emptied"),
    ],
)
def test_new_lines_are_those_that_git_adds(repository: Repository, lines: Sequence[str], new: list[int]) -> None:
    repository.write("list.md", *lines)
    assert changed("list.md") == ({"list.md": new} if new else {})
    repository.commit()
    assert changed("list.md") == {}, "committed: nothing since HEAD"
    assert changed("list.md", since="HEAD~1") == ({"list.md": new} if new else {})


def test_a_last_line_without_a_line_feed_is_new_when_one_follows(repository: Repository) -> None:
    repository.write("list.md", "a", "b", end="\n")
    (repository.folder / "list.md").write_bytes(b"a\nb")
    repository.commit()
    (repository.folder / "list.md").write_bytes(b"a\nb\nc")
    assert changed("list.md") == {"list.md": [2, 3]}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_ends_of_lines_do_not_move_the_numbers(repository: Repository, end: str) -> None:
    repository.write("list.md", *LINES, end=end)
    repository.commit()
    repository.write("list.md", *LINES[:3], "new", *LINES[3:], end=end)
    assert changed("list.md") == {"list.md": [4]}


def test_a_list_with_carriage_returns_alone_is_new_as_a_whole_when_it_changed(repository: Repository) -> None:
    """They end a line to the readers of lists, but not to git."""
    repository.write("list.md", *LINES, end="\r")
    repository.commit()
    assert changed("list.md") == {}
    repository.write("list.md", *LINES, "new", end="\r")
    assert changed("list.md") == {"list.md": WHOLE}


def test_a_list_that_git_does_not_track_is_new_as_a_whole(repository: Repository) -> None:
    repository.write("untracked.md", "a")
    repository.write("ignored.md", "a")
    repository.write(".gitignore", "ignored.md")
    repository.write("staged.md", "a")
    repository.git("add", "staged.md")
    assert changed("untracked.md", "ignored.md", "staged.md", "list.md") == dict.fromkeys(
        ["untracked.md", "ignored.md", "staged.md"], WHOLE
    )


def test_a_renamed_list_has_the_lines_that_changed_with_it(repository: Repository) -> None:
    repository.git("mv", "list.md", "renamed.md")
    assert changed("renamed.md") == {}
    repository.write("renamed.md", *LINES, "new")
    repository.commit()
    assert changed("renamed.md", since="HEAD~1") == {"renamed.md": [21]}


@pytest.mark.parametrize(
    "name", ["with space.md", "tab\there.md", 'quo"te.md', "back\\slash.md", "ünï.md", "[a]*.md", "-x.md", ":(top)x.md"]
)
def test_lists_of_any_name(repository: Repository, name: str) -> None:
    repository.write(name, *LINES)
    repository.commit()
    file = repository.write(name, *LINES, "new")
    assert changed(str(file)) == {name: [21]}
    repository.git("mv", "--", name, f"moved {name}")
    assert changed(str(repository.folder / f"moved {name}")) == {f"moved {name}": [21]}


@pytest.mark.parametrize("where", [".", "courses", ".."])
def test_it_works_from_any_folder_and_with_absolute_names(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    file = repository.write("courses/maths.md", *LINES)
    repository.commit()
    repository.write("courses/maths.md", *LINES, "new")
    monkeypatch.chdir(repository.folder / where)
    name = os.path.relpath(file)
    for location in (name, str(file), os.path.relpath(file.parent)):
        assert list(changed(location).values()) == [[21]]


def test_lists_of_several_repositories_and_behind_links(repository: Repository, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other")
    other.write("list.md", *LINES)
    other.commit()
    other.write("list.md", "new", *LINES)
    (repository.folder / "link.md").symlink_to(other.folder / "list.md")
    assert changed("list.md", "link.md") == {"link.md": [1]}


def test_settings_and_variables_of_the_user_change_nothing(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting in ("noprefix=true", "mnemonicPrefix=true", "interHunkContext=9", "context=9", "renames=false"):
        repository.git("config", *f"diff.{setting}".split("="))
    repository.git("config", "diff.external", "false")
    repository.git("config", "diff.relative", "true")
    repository.git("config", "color.ui", "always")
    repository.write(".gitattributes", "*.md -diff")
    monkeypatch.setenv("GIT_DIFF_OPTS", "--unified=9")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    repository.write("list.md", *LINES[:4], "a", *LINES[4:6], "b", *LINES[6:])
    assert changed("list.md") == {"list.md": [5, 8]}


def test_in_a_hook_the_repository_is_found_from_the_list(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write("courses/maths.md", *LINES)
    repository.commit()
    monkeypatch.setenv("GIT_DIR", str(repository.folder / ".git"))
    assert changed("courses/maths.md") == {}


@pytest.mark.parametrize(
    "revision",
    [
        lambda repository: "main",
        lambda repository: "v1",
        lambda repository: repository.git("rev-parse", "HEAD"),
        lambda repository: repository.git("rev-parse", "--short", "HEAD"),
        lambda repository: "main^{/.}",
        lambda repository: "@",
    ],
    ids=["branch", "tag", "commit", "short commit", "by its message", "at"],
)
def test_any_name_of_a_commit(repository: Repository, revision: Callable[[Repository], str]) -> None:
    repository.git("tag", "--annotate", "--message=.", "v1")
    repository.write("list.md", *LINES, "new")
    since = revision(repository)
    assert changed("list.md", since=since) == {"list.md": [21]}
    assert has_commit(since, repository.folder)


@pytest.mark.parametrize("revision", ["nothing", "HEAD~9", "0" * 40, "main..main", "HEAD:list.md", "a b", "ü"])
def test_an_unknown_revision_is_told_with_what_to_do(repository: Repository, revision: str) -> None:
    with pytest.raises(UsageError, match="has no such commit") as caught:
        changed("list.md", since=revision)
    assert "git fetch --unshallow" in caught.value.remedy
    assert not has_commit(revision, repository.folder)


@pytest.mark.parametrize("revision", ["", "-h", "--output=x", "--all", "a\0b"])
def test_a_revision_can_be_no_option(repository: Repository, revision: str) -> None:
    repository.write("list.md", "new")
    with pytest.raises(UsageError, match="not a git revision"):
        changed("list.md", since=revision)
    assert not (repository.folder / "x").exists()


def test_a_list_outside_a_repository_is_told(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text("a\n")
    with pytest.raises(UsageError, match=r"list\.md is in no git repository that can be read: fatal: not a git"):
        changed(str(tmp_path / "list.md"))


def test_standard_input_is_told(repository: Repository) -> None:
    with pytest.raises(UsageError, match="can't be used with standard input"):
        changed("list.md", "-")


def test_without_git_it_says_so(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository.folder))
    with pytest.raises(UsageError, match="git can't be run: No such file or directory") as caught:
        changed("list.md")
    assert caught.value.remedy == "Install git, or leave the option out."


def test_a_thousand_changed_lists(repository: Repository) -> None:
    for number in range(1_001):
        repository.write(f"many/{number}.md", "a")
    repository.commit()
    for number in range(1_001):
        repository.write(f"many/{number}.md", "a", "b")
    found = changed("many", most=3)
    assert len(found) == 1_001
    assert set(map(tuple, found.values())) == {(2,)}
