"""Locations: files, folders, globs and standard input, each file once and under the name a user would give it."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkwatch.errors import ListError
from linkwatch.sources import FileSelection, Format, find_files, list_files


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


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, "utf-8")


def names_left(*locations: str, exclude: tuple[str, ...] = (), use_ignore_files: bool = True) -> list[str]:
    return [file.name for file in list_files(locations, FileSelection(exclude, use_ignore_files))]


LISTS = dict.fromkeys(("out/a.md", "out/keep.md", "sub/out/b.md", "sub/x.csv", "sub/y.csv", "top.md"), "")


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        pytest.param({".git/info/exclude": "sub\n"}, ["out/a.md", "out/keep.md", "top.md"], id="git's own exclude"),
        pytest.param(
            {".git/HEAD": "", ".gitignore": "out/\n# x\n"},
            ["sub/x.csv", "sub/y.csv", "top.md"],
            id="a folder anywhere",
        ),
        pytest.param(
            {".git/HEAD": "", ".gitignore": "/out/*\n!keep.md\n*.csv\n", "sub/.gitignore": "!y.csv\nout\n"},
            ["out/keep.md", "sub/y.csv", "top.md"],
            id="a nested file decides over the one above it, and a negation over what stands before it",
        ),
        pytest.param({".gitignore": "*\n"}, sorted(LISTS), id="no checkout"),
        pytest.param({".linkwatchignore": "*.md\n"}, ["sub/x.csv", "sub/y.csv"], id="ours needs no checkout"),
        pytest.param(
            {".gitignore": "*", "sub/.git/x": "", "sub/.gitignore": "x.*"},
            ["out/a.md", "out/keep.md", "sub/out/b.md", "sub/y.csv", "top.md"],
            id="a checkout within the folder",
        ),
        pytest.param(
            {".linkwatchignore": "[z-a]\n!\n*.csv\n\xff"},
            ["out/a.md", "out/keep.md", "sub/out/b.md", "top.md"],
            id="a pattern that is none",
        ),
    ],
)
def test_ignore_files_leave_files_out_of_folders_and_globs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patterns: dict[str, str], left: list[str]
) -> None:
    (tmp_path / "site").mkdir()
    monkeypatch.chdir(tmp_path / "site")
    write(LISTS | patterns)
    assert names_left(".") == left
    assert sorted(names_left("**/*.*")) == left
    assert names_left(".", use_ignore_files=False) == sorted(LISTS)


def test_what_is_named_is_read_whatever_ignores_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site").mkdir()
    monkeypatch.chdir(tmp_path / "site")
    write({**LISTS, ".git/HEAD": "", ".gitignore": "out/\n*.csv\n"})
    assert names_left("out", "sub/x.csv") == ["out/a.md", "out/keep.md", "sub/x.csv"]
    assert names_left("sub/out/*.md") == ["sub/out/b.md"]
    assert names_left("sub/x.csv", exclude=("*.csv",)) == ["sub/x.csv"]
    with pytest.raises(ListError, match="has no list in it") as raised:
        names_left("sub")
    assert "--no-ignore" in raised.value.remedy


def test_patterns_of_the_user_are_relative_to_where_we_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site").mkdir()
    monkeypatch.chdir(tmp_path / "site")
    write(LISTS)
    assert names_left(".", exclude=("/out", "x.*")) == ["sub/out/b.md", "sub/y.csv", "top.md"]
    monkeypatch.chdir("sub")
    assert names_left("..", exclude=("out",)) == [
        f"{tmp_path}/site/out/a.md",
        f"{tmp_path}/site/out/keep.md",
        "x.csv",
        "y.csv",
        f"{tmp_path}/site/top.md",
    ]


@pytest.fixture
def deep_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """2,500 folders in each other, from the 2,048th on with names of more than 4,096 bytes, which can't be opened."""
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    descriptor = os.open(".", os.O_RDONLY)
    for depth in range(1, 2501):
        os.mkdir("d", dir_fd=descriptor)
        deeper = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = deeper
        if depth == 1500:
            os.close(os.open("deep.md", os.O_CREAT, dir_fd=descriptor))
    os.close(descriptor)
    yield
    subprocess.run(["rm", "-rf", "d"], check=True)  # `shutil.rmtree`, with which pytest cleans up, calls itself


@pytest.mark.usefixtures("deep_folder")
def test_folders_nest_to_any_depth() -> None:
    Path("top.md").touch()
    found = find_files(["."])
    assert [file.name for file in found.files] == ["d/" * 1500 + "deep.md", "top.md"]
    [skipped] = found.skipped
    assert "File name too long" in skipped.message
    with pytest.raises(ListError, match="nest too deeply"):
        list_files(["**/*.md"])
