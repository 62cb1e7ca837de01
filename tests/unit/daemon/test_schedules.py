from datetime import timedelta
from pathlib import Path

import pytest

from linkwatch.daemon.schedules import schedules_of
from linkwatch.errors import UsageError
from linkwatch.settings import Schedule, Settings

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
COURSES = Schedule(name="courses", lists=("courses/",), cadence=HOUR)


def named(settings: Settings, *lists: str) -> list[tuple[str, tuple[str, ...], object]]:
    return [(each.name, each.lists, each.cadence) for each in schedules_of(settings, lists)]


def test_without_tables_the_lists_of_the_settings_are_one_schedule() -> None:
    assert named(Settings(lists=("a.md", "b.md"), cadence=HOUR)) == [("lists", ("a.md", "b.md"), HOUR)]


def test_lists_that_no_table_names_are_a_schedule_too() -> None:
    settings = Settings(lists=("a.md", "courses/"), schedules=(COURSES,))
    assert named(settings) == [("courses", ("courses/",), HOUR), ("lists", ("a.md",), DAY)]


def test_with_tables_alone_there_is_nothing_else() -> None:
    assert named(Settings(schedules=(COURSES,))) == [("courses", ("courses/",), HOUR)]


def test_lists_of_the_command_line_are_watched_instead_of_all_others() -> None:
    settings = Settings(lists=("a.md",), schedules=(COURSES,))
    assert named(settings, "b.md") == [("lists", ("b.md",), DAY)]


def test_a_table_that_is_called_as_the_rest_would_be_takes_its_place() -> None:
    table = Schedule(name="lists", lists=("b.md",), cadence=HOUR)
    assert schedules_of(Settings(lists=("a.md",), schedules=(table,)), ()) == (table,)


def test_without_any_list_it_is_the_projects_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError):
        schedules_of(Settings(), ())
    (tmp_path / "resources.csv").write_text("url\n", "utf-8")
    assert named(Settings()) == [("lists", ("resources.csv",), DAY)]
