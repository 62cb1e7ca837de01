import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from linkwatch.daemon.list_watcher import WatchedLists, describe_missing, refuse_stdin
from linkwatch.errors import UsageError
from linkwatch.models.link import Link
from linkwatch.settings import Ignore

A, B, C = (f"https://www.youtube.com/watch?v={letter * 10}A" for letter in "abc")


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Writes a list, as an editor does: each time the file is another one by its size or its time."""
    monkeypatch.chdir(tmp_path)
    moments = iter(range(1_000_000_000, 2_000_000_000))

    def write_list(name: str, *lines: str) -> None:
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("\n".join(lines) + "\n", "utf-8")
        moment = next(moments)
        os.utime(name, ns=(moment, moment))

    return write_list


def nothing(_file: str) -> Sequence[Link]:
    return []


def watched(*locations: str, ignore: tuple[Ignore, ...] = ()) -> WatchedLists:
    lists = WatchedLists(locations, ignore, nothing)
    lists.refresh()
    return lists


def urls(lists: WatchedLists) -> list[str]:
    assert lists.read is not None
    return [item.link.url for item in lists.read.catalogue.links]


def test_a_list_that_was_not_written_is_not_read_again(write: Callable[..., None]) -> None:
    write("a.md", A)
    lists = watched("a.md")
    before = lists.read
    assert not lists.refresh()
    assert lists.read is before


def test_what_is_written_is_in_force_at_the_next_look(write: Callable[..., None]) -> None:
    write("a.md", A)
    lists = watched("a.md")
    write("a.md", A, B)
    assert lists.refresh()
    assert urls(lists) == [A, B]
    assert lists.problem is None


def test_a_broken_edit_keeps_the_last_good_form_and_says_so_until_it_is_mended(write: Callable[..., None]) -> None:
    write("a.json", f'["{A}"]')
    lists = watched("a.json")
    write("a.json", f'["{B}"')
    assert not lists.refresh()
    assert not lists.refresh(), "and again, for as long as nobody mends it"
    assert urls(lists) == [A]
    assert lists.problem is not None
    assert lists.problem.startswith("a.json:2: ")
    write("a.json", f'["{B}"]')
    assert lists.refresh()
    assert urls(lists) == [B]
    assert lists.problem is None


def test_a_broken_list_takes_nothing_from_the_others(write: Callable[..., None]) -> None:
    write("courses/a.json", f'["{A}"]')
    write("courses/b.md", B)
    lists = watched("courses")
    write("courses/a.json", f'["{A}')
    write("courses/b.md", B, C)
    assert lists.refresh()
    assert urls(lists) == [A, B, C]
    assert lists.problem is not None


def test_a_comment_that_names_an_unknown_rule_is_a_broken_edit(write: Callable[..., None]) -> None:
    write("a.md", A)
    lists = watched("a.md")
    write("a.md", f"{B} <!-- linkwatch: ignore deda -->")
    lists.refresh()
    assert urls(lists) == [A]
    assert lists.problem is not None
    assert "unknown rule 'deda'" in lists.problem


def test_a_list_that_was_emptied_or_deleted_is_watched_in_its_last_good_form(write: Callable[..., None]) -> None:
    write("a.md", A)
    lists = watched("a.md")
    write("a.md", "")
    assert not lists.refresh()
    assert urls(lists) == [A]
    assert lists.problem == "no YouTube link found in a.md"
    Path("a.md").unlink()
    assert not lists.refresh()
    assert urls(lists) == [A]
    assert lists.problem is not None
    assert "does not exist" in lists.problem
    write("a.md", A)
    lists.refresh()
    assert lists.problem is None


def test_a_list_that_comes_into_a_folder_or_leaves_it_is_followed(write: Callable[..., None]) -> None:
    write("courses/a.md", A)
    lists = watched("courses")
    write("courses/b.md", B)
    assert lists.refresh()
    assert lists.files == ("courses/a.md", "courses/b.md")
    Path("courses/a.md").unlink()
    assert lists.refresh()
    assert urls(lists) == [B]


def test_after_a_restart_what_was_last_checked_stands_in_for_what_cant_be_read(write: Callable[..., None]) -> None:
    write("a.json", f'["{B}"')
    remembered = {"a.json": [Link(A, "a.json", 2, 1)], "gone.md": [Link(C, "gone.md", 1, 1)]}
    broken = WatchedLists(("a.json",), (), lambda file: remembered[file])
    assert broken.refresh()
    assert urls(broken) == [A]
    assert broken.problem is not None
    gone = WatchedLists(("gone.md",), (), lambda file: remembered[file], files=("gone.md",))
    assert gone.refresh()
    assert urls(gone) == [C]
    assert gone.problem is not None


@pytest.mark.parametrize("location", ["gone.md", "./gone.md", "gone", "gone/", "go*.md"])
def test_after_a_restart_one_list_that_is_gone_is_watched_beside_one_that_is_there(
    location: str, write: Callable[..., None]
) -> None:
    name = "gone/b.md" if "." not in location else "gone.md"
    write("a.md", A)
    lists = WatchedLists(("a.md", location), (), lambda _: [Link(C, name, 1, 1)], files=("a.md", name))
    lists.refresh()
    assert urls(lists) == [A, C]
    assert location in str(lists.problem)
    assert not lists.missing
    assert not lists.refresh()
    write(name, B)
    lists.refresh()
    assert (urls(lists), lists.problem) == ([A, B], None)


def test_what_never_had_a_good_form_has_none(write: Callable[..., None]) -> None:
    write("a.json", f'["{B}"')
    assert watched("a.json").read is None
    assert watched("missing.md").read is None


def test_a_list_that_never_existed_is_missing_until_it_is_written(write: Callable[..., None]) -> None:
    write("a.md", A)
    lists = watched("a.md", "b.md", "c.md")
    assert (urls(lists), lists.problem, list(lists.missing)) == ([A], None, ["b.md", "c.md"])
    assert describe_missing(lists.missing) == "b.md, c.md were not found; their links are not being checked"
    write("b.md", B)
    lists.refresh()
    assert (urls(lists), list(lists.missing)) == ([A, B], ["c.md"])
    assert describe_missing(lists.missing) == "c.md was not found; its links are not being checked"
    Path("b.md").unlink()
    lists.refresh()
    assert (urls(lists), list(lists.missing)) == ([A, B], ["c.md"])
    assert lists.problem is not None


def test_what_is_ignored_is_counted_and_left_out(write: Callable[..., None]) -> None:
    write("a.md", A, f"{B} <!-- linkwatch: ignore -->", C)
    lists = watched("a.md", ignore=(Ignore(url=C),))
    assert urls(lists) == [A]
    assert lists.read is not None
    assert lists.read.catalogue.ignored == 2


def test_standard_input_cant_be_watched() -> None:
    with pytest.raises(UsageError):
        refuse_stdin(["a.md", "-"])
