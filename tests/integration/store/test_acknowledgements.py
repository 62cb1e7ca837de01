"""What is accepted, in real tables."""

from datetime import date, timedelta

import pytest
from integration.store.checks import CHANNEL, DAY, NOW, PLAYLIST, VIDEO, check, everything, gone, seen
from msgspec.structs import replace
from sqlalchemy import select

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.models import rules
from linkwatch.models.acknowledgement import UNDATED, Acknowledgement
from linkwatch.models.link import Link
from linkwatch.models.resource import Resource
from linkwatch.store.acknowledgements import load_acknowledgements, save_acknowledgements
from linkwatch.store.database import Database
from linkwatch.store.lists import ids_in_other_lists, save_lists
from linkwatch.store.resources import load_titles
from linkwatch.store.runs import first_run_start
from linkwatch.store.tables import acks

ONE = Acknowledgement(PLAYLIST.id, rules.DEAD, "it moves", NOW, date(2026, 12, 31))
TWO = Acknowledgement(PLAYLIST.id, None, "known", NOW + timedelta(milliseconds=1))
THREE = Acknowledgement(None, rules.DUPLICATE, "meant so “é”", NOW + DAY, None, NOW + 2 * DAY)


def keep(database: Database, *kept: Acknowledgement) -> None:
    with database.write() as connection:
        save_acknowledgements(connection, kept)


def stored(database: Database) -> list[Acknowledgement]:
    with database.read() as connection:
        return load_acknowledgements(connection)


def test_what_is_kept_is_read_back_in_its_order(database: Database) -> None:
    keep(database, ONE, TWO, THREE)
    assert stored(database) == [ONE, TWO, THREE]


def test_times_before_the_machine_knew_any_are_kept(database: Database) -> None:
    keep(database, replace(ONE, accepted_at=UNDATED))
    assert stored(database) == [replace(ONE, accepted_at=UNDATED)]


@pytest.mark.parametrize(
    "changed",
    [
        replace(ONE, reason="another"),
        replace(ONE, until=None),
        replace(ONE, accepted_at=NOW + DAY),
        replace(ONE, ended_at=NOW + DAY),
    ],
    ids=["reason", "until", "accepted", "ended"],
)
def test_what_changes_is_changed_and_what_is_not_kept_goes(database: Database, changed: Acknowledgement) -> None:
    keep(database, ONE, TWO, THREE)
    keep(database, changed, THREE)
    assert set(stored(database)) == {changed, THREE}


def test_what_stays_is_not_written_again(database: Database) -> None:
    keep(database, ONE, TWO)
    before = everything(database)["acks"]
    keep(database, ONE, TWO)
    assert everything(database)["acks"] == before
    keep(database, TWO)
    with database.read() as connection:
        (row,) = connection.execute(select(acks.c.id))
    assert row.id == before[1]["id"]


def test_nothing_is_kept_of_nothing(database: Database) -> None:
    keep(database, ONE)
    keep(database)
    assert stored(database) == []


def test_the_memory_began_with_the_first_check_of_any_list(database: Database) -> None:
    with database.read() as connection:
        assert first_run_start(connection) is None
    check(database, NOW + DAY, seen())
    check(database, NOW + 2 * DAY, seen())
    with database.read() as connection:
        assert first_run_start(connection) == NOW + DAY


def test_titles_are_reported_where_they_are_known(database: Database) -> None:
    check(database, NOW, seen(PLAYLIST, "Statistics"), gone(VIDEO))
    with database.read() as connection:
        assert load_titles(connection, [PLAYLIST.id, VIDEO.id, None, "PLnever"]) == {PLAYLIST.id: "Statistics"}


def test_of_many_thousand_ids_the_known_titles_are_found(database: Database) -> None:
    check(database, NOW, seen(PLAYLIST, "Statistics"))
    with database.read() as connection:
        ids = [f"PL{n:032d}" for n in range(2500)] + [PLAYLIST.id]
        assert load_titles(connection, ids) == {PLAYLIST.id: "Statistics"}


def test_what_stands_in_lists_that_were_not_read_is_reported(database: Database) -> None:
    check(database, NOW, seen(PLAYLIST), seen(VIDEO), seen(CHANNEL))
    with database.write() as connection:
        for file, listed in (("a.csv", [PLAYLIST, VIDEO]), ("b.csv", [VIDEO, CHANNEL])):
            links = catalogue_links(_link(file, resource) for resource in listed).links
            save_lists(connection, [file], links, NOW)
    ids = [PLAYLIST.id, VIDEO.id, None]
    with database.read() as connection:
        assert ids_in_other_lists(connection, ids, ["a.csv"]) == {VIDEO.id, None}
        assert ids_in_other_lists(connection, ids, ["b.csv"]) == {PLAYLIST.id, VIDEO.id, None}
        assert ids_in_other_lists(connection, ids, ["b.csv", "a.csv", "c.csv"]) == set()
        assert ids_in_other_lists(connection, [], []) == {None}


def _link(file: str, resource: Resource) -> Link:
    return Link(resource.url, file, 1, 1, None, None, None)
