"""Locations: files, folders, globs and standard input, each file once and under the name a user would give it."""

import os
from pathlib import Path

import pytest

from linkwatch.errors import ListError
from linkwatch.sources import Format, list_files


@pytest.fixture(autouse=True)
def courses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with lists, data, hidden files and other people's code; we stand in it."""
    names = [
        "b.md",
        "a/A.CSV",
        "a/z.ipynb",
        "a/x.bin",
        ".hidden.md",
        ".git/c.md",
        "node_modules/d.md",
        "env/pyvenv.cfg",
        "env/e.md",
        "notes.xyz",
        "empty/f.bin",
    ]
    for name in names:
        path = tmp_path / "courses" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.chdir(tmp_path / "courses")


def names(*locations: str) -> list[str]:
    return [file.name for file in list_files(locations)]


@pytest.mark.parametrize(
    ("location", "found"),
    [
        pytest.param(".", ["a/A.CSV", "a/z.ipynb", "b.md"], id="a folder without hidden files and others' code"),
        pytest.param("a", ["a/A.CSV", "a/z.ipynb"], id="a folder by name"),
        pytest.param(".git", [".git/c.md"], id="a hidden folder that is named"),
        pytest.param("./a/../b.md", ["b.md"], id="a file by a roundabout name"),
        pytest.param("notes.xyz", ["notes.xyz"], id="any file that is named"),
        pytest.param("**/*.md", ["b.md", "env/e.md", "node_modules/d.md"], id="a glob by extension"),
        pytest.param("a/*", ["a/A.CSV", "a/z.ipynb"], id="a glob of any name"),
        pytest.param("*.xyz", ["notes.xyz"], id="a glob of an unknown extension"),
        pytest.param("-", ["-"], id="standard input"),
    ],
)
def test_a_location_stands_for_files(location: str, found: list[str]) -> None:
    assert names(location) == found


def test_a_file_is_listed_once_and_where_it_was_first_named() -> None:
    Path("link.md").symlink_to("b.md")
    assert names("a/A.CSV", "-", ".", "b.md", "link.md", "-") == ["a/A.CSV", "-", "a/z.ipynb", "b.md"]


def test_a_file_outside_the_working_directory_has_its_whole_name(monkeypatch: pytest.MonkeyPatch) -> None:
    outside = (Path.cwd() / "b.md").as_posix()
    monkeypatch.chdir("a")
    assert names("../b.md") == [outside]


def test_a_file_whose_name_looks_like_a_glob_is_a_file() -> None:
    Path("[1].md").touch()
    assert names("[1].md") == ["[1].md"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("b.MD", Format.MARKDOWN),
        ("b.tsv", Format.CSV),
        ("b.Rmd", Format.MARKDOWN),
        ("b.unknown", Format.TEXT),
        ("b", Format.TEXT),
    ],
)
def test_the_extension_tells_the_format_in_either_case(name: str, kind: Format) -> None:
    Path(name).touch()
    assert [file.format for file in list_files([name])] == [kind]


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("missing.md", "missing.md: does not exist"),
        ("*.nothing", "matches no list"),
        ("empty", "has no list in it"),
        ("b.md/x", "can't be read: Not a directory"),
        ("x" * 300, "can't be read: File name too long"),
        ("nul\0.md", "is not the name of a file"),
    ],
)
def test_what_is_not_there_is_reported_with_a_remedy(location: str, message: str) -> None:
    with pytest.raises(ListError, match=message) as raised:
        list_files([location])
    assert raised.value.remedy


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_is_closed_to_us_is_an_error() -> None:
    Path("a").chmod(0)
    try:
        with pytest.raises(ListError, match="permission denied"):
            list_files(["."])
    finally:
        Path("a").chmod(0o700)
