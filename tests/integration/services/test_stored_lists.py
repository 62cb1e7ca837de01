"""Lists in the database: what is added, changed and removed, by whoever does it first, and what is refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import url_of

from linkwatch.errors import UsageError
from linkwatch.services import stored_lists
from linkwatch.services.list_input import read_typed
from linkwatch.services.stored_lists import AddedLinks, add_links, add_path, allowed_path, change_row, find_row
from linkwatch.settings import Settings
from linkwatch.sources.csv_list import CsvList, Row
from linkwatch.store.database import Database
from linkwatch.store.schema import open_database

VIDEO, OTHER, PLAYLIST = "https://youtu.be/jNQXAC9IVRw", "https://youtu.be/dQw4w9WgXcQ", "PL49CF3715CB9EF31D"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(url_of(tmp_path / "linkwatch.db")) as opened:
        yield opened


def add(database: Database, name: str, *lines: str) -> AddedLinks:
    return add_links(database, name, read_typed("\n".join(lines), Settings()))


def text_of(database: Database, name: str) -> str:
    return stored_lists.load_list(database, name)[1]


def test_links_are_added_once(database: Database) -> None:
    assert add(database, "talks", VIDEO, f"Rick {OTHER}") == AddedLinks(True, 2, 0)
    before = stored_lists.stored_lists(database)
    assert add(database, " list:talks ", VIDEO) == AddedLinks(False, 0, 1)
    assert stored_lists.stored_lists(database) == before
    assert add(database, "talks", VIDEO, PLAYLIST) == AddedLinks(False, 1, 1)
    assert text_of(database, "talks") == (
        f"url,label,owner,section\n{VIDEO},,,\n{OTHER},Rick,,\nhttps://www.youtube.com/playlist?list={PLAYLIST},,,\n"
    )
    assert stored_lists.stored_lists(database) != before, "its digest is another one"


@pytest.mark.parametrize("name", ["", " ", "a/b", "../x", ".hidden", "a:1", "-", "x" * 81, "a\nb", "a\0"])
def test_a_name_that_would_be_ambiguous_is_refused(database: Database, name: str) -> None:
    with pytest.raises(UsageError, match="can't be the name of a list"):
        add(database, name, VIDEO)
    assert not stored_lists.stored_lists(database)


def test_lists_are_in_the_order_of_their_names(database: Database) -> None:
    for name in ("b", "Ä", "a", "B", "a b", "2"):
        add(database, name, VIDEO)
    assert [each.name for each in stored_lists.stored_lists(database)] == ["2", "B", "a", "a b", "b", "Ä"]


def test_of_two_who_change_a_list_the_second_is_told(database: Database) -> None:
    add(database, "talks", VIDEO, OTHER)
    digest = stored_lists.load_list(database, "talks")[0].digest
    change_row(database, "talks", digest, 2, lambda csv, row: csv.change(row, {"label": "Zoo"}))
    with pytest.raises(UsageError, match="was changed meanwhile"):
        change_row(database, "talks", digest, 2, stored_lists.remove_row)
    with pytest.raises(UsageError, match="was changed meanwhile"):
        stored_lists.replace_text(database, "talks", "url\n", digest=digest)
    assert text_of(database, "talks") == f"url,label,owner,section\n{VIDEO},Zoo,,\n{OTHER},,,\n"


def test_the_last_link_is_not_removed(database: Database) -> None:
    add(database, "talks", VIDEO, OTHER)
    change_row(database, "talks", None, 2, stored_lists.remove_row)
    with pytest.raises(UsageError, match="no link would be left"):
        change_row(database, "talks", None, 2, stored_lists.remove_row)
    assert text_of(database, "talks") == f"url,label,owner,section\n{OTHER},,,\n"


@pytest.mark.parametrize(
    ("reference", "line"), [("3", 3), (OTHER, 3), ("dQw4w9WgXcQ", 3), ("youtube.com/watch?v=dQw4w9WgXcQ", 3)]
)
def test_a_row_is_found_by_what_a_person_writes(database: Database, reference: str, line: int) -> None:
    add(database, "talks", VIDEO, OTHER)
    assert find_row(database, "talks", reference) == line


def test_a_row_that_is_not_there_or_twice_is_no_row(database: Database) -> None:
    add(database, "talks", VIDEO, f"{OTHER}?t=1", f"{OTHER}?t=2")
    for reference, message in (("9", "is not in the list"), (PLAYLIST, "is not in"), ("dQw4w9WgXcQ", "2 times")):
        with pytest.raises(UsageError, match=message):
            find_row(database, "talks", reference)


def test_a_list_that_stands_for_a_file_is_not_changed(database: Database, tmp_path: Path) -> None:
    add_path(database, "notes", tmp_path / "notes.md")

    def nothing(csv: CsvList, row: Row) -> None:
        pytest.fail("it has no rows")

    for attempt in (
        lambda: add(database, "notes", VIDEO),
        lambda: change_row(database, "notes", None, 2, nothing),
        lambda: stored_lists.replace_text(database, "notes", "url\n", digest=None),
    ):
        with pytest.raises(UsageError, match="stands for"):
            attempt()
    with pytest.raises(UsageError, match="already"):
        add_path(database, "notes", tmp_path / "other.md")


def test_what_was_removed_is_gone_and_may_be_added_again(database: Database) -> None:
    add(database, "talks", VIDEO)
    stored_lists.remove_list(database, "talks")
    assert not stored_lists.stored_lists(database)
    for attempt in (
        lambda: stored_lists.remove_list(database, "talks"),
        lambda: stored_lists.load_list(database, "talks"),
        lambda: change_row(database, "talks", None, 2, stored_lists.remove_row),
    ):
        with pytest.raises(UsageError, match="list:talks: there is no such list in the database"):
            attempt()
    assert add(database, "talks", OTHER).is_new_list


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a list, a hidden file, and links to what is outside."""
    work = tmp_path / "work"
    for folder in (work / "courses", work / ".git", tmp_path / "secret"):
        folder.mkdir(parents=True)
    for file in (work / "a.md", work / "courses" / "b.csv", work / ".git" / "x.md", tmp_path / "secret" / "s.md"):
        file.write_text(VIDEO, "utf-8")
    (work / "out").symlink_to(tmp_path / "secret")
    (work / "in.md").symlink_to(work / "a.md")
    (work / "loop").symlink_to(work / "loop")
    monkeypatch.chdir(work)
    return work


@pytest.mark.parametrize("path", ["a.md", " a.md ", "courses/b.csv", "courses", "./courses/../a.md", "in.md"])
def test_a_path_in_an_allowed_folder_can_be_given(folders: Path, path: str) -> None:
    assert allowed_path(path, Settings()) == (folders / path.strip()).resolve()
    assert allowed_path(str(folders / path.strip()), Settings()).is_relative_to(folders)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "..",
            ".",
            "",
            "/",
            "/etc/passwd",
            "../secret/s.md",
            "../secret/none",
            "out/s.md",
            "out",
            ".git/x.md",
            "loop",
        ),
        *("\0", "courses/../../secret/s.md", "~", "a.md\0", "x" * 5000),
    ],
)
def test_no_other_path_can_be_given_and_nothing_is_said_of_it(folders: Path, path: str) -> None:
    with pytest.raises(UsageError) as caught:
        allowed_path(path, Settings())
    if not path.startswith(("~", "x")):
        assert "is not below a folder" in caught.value.message
    assert VIDEO not in caught.value.message


@pytest.mark.parametrize(
    ("allowed", "possible"),
    [((), []), (("courses",), ["courses/b.csv"]), ((".", "../secret"), ["a.md", "courses/b.csv", "out/s.md"])],
)
def test_the_operator_names_the_folders(folders: Path, allowed: tuple[str, ...], possible: list[str]) -> None:
    settings = Settings(list_folders=allowed)
    accepted = []
    for path in ("a.md", "courses/b.csv", "out/s.md"):
        try:
            allowed_path(path, settings)
            accepted.append(path)
        except UsageError:
            pass
    assert accepted == possible
