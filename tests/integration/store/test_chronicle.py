from integration.store.checking import CHANNEL, DAY, NOW, PLAYLIST, VIDEO, check, gone, seen

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.models.events import EventKind
from linkwatch.models.link import Link
from linkwatch.store.database import Database
from linkwatch.store.events import events_since, load_change_times
from linkwatch.store.lists import load_links_by_resource, resources_unlisted_since, save_lists
from linkwatch.store.runs import finish_run, first_run_starts, insert_run, run_scope, run_starts_reading


def run(database: Database, *files: str, day: int = 0, ended: bool = True) -> None:
    """A check of these lists that asks nothing."""
    with database.write() as connection:
        id_ = insert_run(connection, scope=run_scope(files), source="data-api", now=NOW + day * DAY)
        if ended:
            finish_run(connection, id_, now=NOW + day * DAY, units=0, incomplete_reason=None, held=False, note=None)


def remember(database: Database, *links: Link, files: tuple[str, ...] = ("list.csv",)) -> None:
    with database.write() as connection:
        save_lists(connection, files, catalogue_links(links).links, NOW)


def link(url: str, line: int, file: str = "list.csv") -> Link:
    return Link(url, file, line, 1, "Label", "Section", None)


def test_the_events_since_a_moment_are_those_of_all_resources_with_the_moment_itself(database: Database) -> None:
    check(database, NOW, seen(title="1"), seen(VIDEO, title="1"))
    check(database, NOW + 1 * DAY, seen(title="2"), seen(VIDEO, title="1"))
    last = check(database, NOW + 2 * DAY, gone(), seen(VIDEO, title="2"))
    with database.read() as connection:
        whole = events_since(connection, NOW)
        found = events_since(connection, NOW + 2 * DAY)
    assert {r: [e.event.kind for e in told] for r, told in whole.items()} == {
        PLAYLIST: [EventKind.RETITLED, EventKind.DIED],
        VIDEO: [EventKind.RETITLED],
    }
    assert {r: [(e.event.kind, e.resource, e.at, e.run_id) for e in told] for r, told in found.items()} == {
        PLAYLIST: [(EventKind.DIED, PLAYLIST, NOW + 2 * DAY, last)],
        VIDEO: [(EventKind.RETITLED, VIDEO, NOW + 2 * DAY, last)],
    }


def test_what_is_so_began_when_the_last_of_what_was_so_ended(database: Database) -> None:
    for day, title in enumerate(["a", "b", "c", "c"]):
        check(database, NOW + day * DAY, seen(title=title), seen(VIDEO, title="x"))
    with database.read() as connection:
        assert load_change_times(connection, PLAYLIST) == {"title": NOW + 2 * DAY}
        assert load_change_times(connection, VIDEO) == {}


def test_the_last_checks_are_those_of_lists_that_were_among_others_too(database: Database) -> None:
    run(database, "a.md")
    run(database, "a.md", "b.md", day=1)
    run(database, "b.md", day=2)
    run(database, "a.md", day=3, ended=False)
    run(database, "a.md", day=4)

    def days(files: set[str], until: int = 9, limit: int = 9) -> list[int]:
        with database.read() as connection:
            return [(time - NOW).days for time in run_starts_reading(connection, files, NOW + until * DAY, limit)]

    assert days({"a.md"}) == [0, 1, 4]
    assert days({"b.md"}) == [1, 2]
    assert days({"a.md", "b.md"}, limit=2) == [2, 4]
    assert days({"a.md"}, until=1) == [0, 1]
    assert days(set()) == [0, 1, 2, 4]
    assert days({"c.md"}) == []


def test_the_first_check_of_each_list_counts_though_it_was_killed(database: Database) -> None:
    run(database, "b.md", day=2)
    run(database, "a.md", "b.md", day=1, ended=False)
    run(database, "b.md", day=3)
    with database.read() as connection:
        assert first_run_starts(connection) == {"a.md": NOW + DAY, "b.md": NOW + DAY}


def test_the_entries_of_some_lists_are_as_they_were_checked(database: Database) -> None:
    check(database, NOW, seen(), seen(VIDEO))
    mine, theirs = link(PLAYLIST.url, 2), link(VIDEO.url, 7, "other.csv")
    remember(database, mine, theirs, files=("list.csv", "other.csv"))
    with database.read() as connection:
        assert load_links_by_resource(connection, ["list.csv"]) == {PLAYLIST: [mine]}
        assert load_links_by_resource(connection, ["list.csv", "other.csv"]) == {PLAYLIST: [mine], VIDEO: [theirs]}
        assert load_links_by_resource(connection, ["nowhere.csv"]) == {}


def test_what_no_list_names_any_more_is_known_only_when_all_lists_are_meant(database: Database) -> None:
    check(database, NOW, seen(CHANNEL))
    check(database, NOW + DAY, seen(), seen(VIDEO))
    remember(database, link(PLAYLIST.url, 2))
    with database.read() as connection:
        assert resources_unlisted_since(connection, NOW, ["list.csv", "new.csv"]) == [CHANNEL, VIDEO]
        assert resources_unlisted_since(connection, NOW + DAY, ["list.csv"]) == [VIDEO]
        assert resources_unlisted_since(connection, NOW, ["new.csv"]) == []
