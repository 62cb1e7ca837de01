from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from linkwatch.daemon.schedules import next_scheduled, schedules_of
from linkwatch.models.stored_list import StoredList
from linkwatch.settings import Schedule, Settings

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
COURSES = Schedule(name="courses", lists=("courses/",), cadence=HOUR)


def named(settings: Settings, *lists: str) -> list[tuple[str, tuple[str, ...], object]]:
    return [(each.name, each.lists, each.cadence) for each in schedules_of(settings, lists)]


def test_without_tables_the_lists_of_the_settings_are_one_schedule() -> None:
    assert named(Settings(lists=("a.md", "b.md"), cadence=HOUR)) == [("a.md and 1 more", ("a.md", "b.md"), HOUR)]


def test_lists_that_no_table_names_are_a_schedule_too() -> None:
    settings = Settings(lists=("a.md", "courses/"), schedules=(COURSES,))
    assert named(settings) == [("courses", ("courses/",), HOUR), ("a.md", ("a.md",), DAY)]


def test_with_tables_alone_there_is_nothing_else() -> None:
    assert named(Settings(schedules=(COURSES,))) == [("courses", ("courses/",), HOUR)]


def test_lists_of_the_command_line_are_watched_instead_of_all_others() -> None:
    settings = Settings(lists=("a.md",), schedules=(COURSES,))
    assert named(settings, "b.md") == [("b.md", ("b.md",), DAY)]


@pytest.mark.parametrize(
    ("table_name", "name", "key"),
    [("courses", "a.md", "lists"), ("lists", "a.md", "a.md"), ("a.md", "a.md (2)", "lists")],
)
def test_the_rest_is_named_and_stored_as_no_table_is(table_name: str, name: str, key: str) -> None:
    table = Schedule(name=table_name, lists=("b.md",), cadence=HOUR)
    _, rest = schedules_of(Settings(lists=("a.md",), schedules=(table,)), ())
    assert (rest.name, rest.key, rest.lists) == (name, key, ("a.md",))


def test_other_lists_in_the_settings_keep_the_key_and_the_times_of_the_rest() -> None:
    (before,), (after,) = (
        schedules_of(Settings(lists=("a.md",)), ()),
        schedules_of(Settings(lists=("b.md", "a.md")), ()),
    )
    assert (before.name, after.name) == ("a.md", "b.md and 1 more")
    assert before.key == after.key == "lists"
    assert next_scheduled(before, NOW) == next_scheduled(after, NOW)


def test_without_any_list_it_is_the_projects_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert schedules_of(Settings(), ()) == (), "lists can be added while the daemon runs"
    (tmp_path / "resources.csv").write_text("url\n", "utf-8")
    assert named(Settings()) == [("resources.csv", ("resources.csv",), DAY)]


def test_a_stored_list_has_a_schedule_of_its_own_unless_another_one_names_it() -> None:
    stored = [
        StoredList(name, path, "", NOW) for name, path in (("a.md", None), ("notes", "/x/notes.md"), ("talks", None))
    ]
    table = Schedule(name="often", lists=("list:talks",), cadence=HOUR)
    schedules = schedules_of(Settings(lists=("a.md",), schedules=(table,)), (), stored)
    assert [(each.name, each.key, each.lists, each.stored_list) for each in schedules] == [
        ("often", "often", ("list:talks",), None),
        ("a.md", "lists", ("a.md",), None),
        ("list:a.md", "list:a.md", ("list:a.md",), "a.md"),
        ("notes", "list:notes", ("/x/notes.md",), "notes"),
    ]
    assert schedules_of(Settings(), ("b.md",), stored)[1:], "also beside the lists of the command line"
