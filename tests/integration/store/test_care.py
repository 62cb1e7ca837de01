import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from integration.store.checking import (
    DAY,
    NOW,
    PLAYLIST,
    VIDEO,
    begun,
    check,
    everything,
    gone,
    missed,
    places_of,
    row_of,
    seen,
)

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.errors import StoreError
from linkwatch.observation import Answer, Facts, Sighting
from linkwatch.sources.listed import ListedLink
from linkwatch.store.care import backup, prune
from linkwatch.store.database import Database
from linkwatch.store.history import events_of
from linkwatch.store.lists import remember_lists
from linkwatch.store.memory import meet
from linkwatch.store.schema import open_database
from linkwatch.store.tables import to_time
from linkwatch.verdict.events import EventKind

RETENTION = timedelta(days=30)


def pruned(database: Database, now: datetime, retention: timedelta = RETENTION) -> int:
    with database.write() as connection:
        return prune(connection, now=now, retention=retention)


def daily(database: Database, days: range, *sightings: Sighting) -> None:
    for day in days:
        check(database, NOW + day * DAY, *sightings)
        pruned(database, NOW + day * DAY)


OLD = Sighting(
    PLAYLIST,
    api=Answer.PRESENT,
    facts=Facts("Old title", "UCold", "Old owner", item_count=77_777, restrictions=("blocked:XX",)),
)
TOLD = ["Old title", "Old owner", "77777", "blocked:XX"]


def test_a_superseded_value_is_told_for_thirty_days_and_then_nowhere(database: Database) -> None:
    daily(database, range(3), OLD)
    daily(database, range(3, 33), seen(count=9))
    assert places_of(database, "Old title") == ["events.before", "spans.value"]
    assert places_of(database, "Old owner") == ["events.before", "spans.value"]
    daily(database, range(33, 35), seen(count=9))
    for text in TOLD:
        assert places_of(database, text) == []
    assert places_of(database, "A title") == ["resources.title"], "the present one is refreshed, and stays"


def test_that_something_changed_and_when_stays(database: Database) -> None:
    daily(database, range(1), OLD)
    daily(database, range(1, 40), seen(count=9))
    with database.read() as connection:
        events = events_of(connection, PLAYLIST)
    assert {each.event.kind for each in events} == {
        EventKind.RETITLED,
        EventKind.OWNER_CHANGED,
        EventKind.SHRUNK,
        EventKind.UNRESTRICTED,
    }
    assert {each.at for each in events} == {NOW + DAY}
    assert {(each.event.before, each.event.after) for each in events} == {(None, None)}
    spans = everything(database)["spans"]
    assert sorted(row["attribute"] for row in spans) == ["item_count", "owner", "restrictions", "title"]
    assert {row["value"] for row in spans} == {None}


@pytest.mark.parametrize("how", [gone, missed], ids=["confirmed", "suspect"])
def test_what_was_told_of_the_dead_goes_thirty_days_after_they_were_seen(
    database: Database, how: type[Sighting]
) -> None:
    daily(database, range(1), OLD)
    daily(database, range(1, 31), how(PLAYLIST))
    assert places_of(database, "Old title") == ["resources.title"]
    daily(database, range(31, 32), how(PLAYLIST))
    for text in TOLD:
        assert places_of(database, text) == []
    assert row_of(database)["state"] != "available"
    assert to_time(row_of(database)["last_available_at"]) == NOW


def test_what_nobody_could_ask_about_for_so_long_is_purged_and_stays_available(database: Database) -> None:
    """A network that is down for a month kills nothing, and keeps nothing that can't be refreshed."""
    daily(database, range(1), OLD)
    daily(database, range(1, 32))
    for text in TOLD:
        assert places_of(database, text) == []
    row = row_of(database)
    assert (row["state"], row["owner_id"]) == ("available", "UCold")


def test_what_restricts_a_resource_without_a_title_is_purged_too(database: Database) -> None:
    facts = Facts(restrictions=("blocked:XX",))
    check(database, NOW, Sighting(VIDEO, api=Answer.PRESENT, facts=facts))
    assert pruned(database, NOW + 31 * DAY) == 1
    assert places_of(database, "blocked:XX") == []


def test_states_and_their_past_stay_for_ever(database: Database) -> None:
    check(database, NOW, seen())
    check(database, NOW + DAY, gone())
    check(database, NOW + 2 * DAY, seen())
    before = everything(database)
    pruned(database, NOW + 400 * DAY)
    after = everything(database)
    assert after["spans"] == before["spans"]
    assert after["events"] == before["events"]
    assert [row["state"] for row in after["resources"]] == ["available"]


def test_labels_of_the_users_stay_for_ever(database: Database) -> None:
    link = ListedLink("https://www.youtube.com/playlist?list=" + PLAYLIST.id, "a.csv", 1, 1, "Old title", "Part", "Me")
    check(database, NOW, OLD)
    with database.write() as connection:
        meet(connection, [PLAYLIST], NOW)
        remember_lists(connection, ["a.csv"], catalogue_links([link]).links, NOW)
    pruned(database, NOW + 400 * DAY)
    assert places_of(database, "Old title") == ["links.label"]


def test_what_is_gone_is_not_purged_again(database: Database) -> None:
    daily(database, range(1), OLD)
    check(database, NOW + DAY, seen())
    assert pruned(database, NOW + 40 * DAY) > 0
    assert pruned(database, NOW + 40 * DAY) == 0


def test_after_a_purge_the_title_that_comes_back_is_no_news(database: Database) -> None:
    check(database, NOW, OLD)
    pruned(database, NOW + 31 * DAY)
    check(database, NOW + 32 * DAY, seen())
    with database.read() as connection:
        assert EventKind.RETITLED not in {each.event.kind for each in events_of(connection, PLAYLIST)}


def test_a_longer_retention_keeps_longer(database: Database) -> None:
    check(database, NOW, OLD)
    check(database, NOW + DAY, seen())
    assert pruned(database, NOW + 60 * DAY, timedelta(days=365)) == 0
    assert places_of(database, "Old title") == ["events.before", "spans.value"]


# Backup


def url_of(file: Path) -> str:
    return f"sqlite:///{file}"


def test_a_backup_opens_and_holds_everything(database: Database, tmp_path: Path) -> None:
    check(database, NOW, seen(), gone(VIDEO))
    backup(url_of(tmp_path / "linkwatch.db"), tmp_path / "copy.db")
    copy = open_database(url_of(tmp_path / "copy.db"))
    assert everything(copy) == everything(database)
    check(copy, NOW + DAY, seen())
    copy.close()


def test_a_backup_while_somebody_writes_holds_what_was_committed(database: Database, tmp_path: Path) -> None:
    check(database, NOW, seen())
    committed = everything(database)
    with database.write() as connection:
        begun(connection)
        backup(url_of(tmp_path / "linkwatch.db"), tmp_path / "copy.db")
        begun(connection)
    copy = open_database(url_of(tmp_path / "copy.db"))
    assert everything(copy) == committed
    copy.close()


def test_an_existing_target_is_refused_and_left_alone(database: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(StoreError, match="there already"):
        backup(url_of(tmp_path / "linkwatch.db"), target)
    assert target.read_text() == "precious"


@pytest.mark.parametrize("place", ["nowhere/copy.db", "file/copy.db"], ids=["no folder", "a file for a folder"])
def test_a_target_that_cannot_be_written_leaves_nothing_behind(database: Database, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StoreError, match=r"copy\.db") as refused:
        backup(url_of(tmp_path / "linkwatch.db"), tmp_path / place)
    assert refused.value.remedy
    assert sorted(tmp_path.iterdir()) == before


def test_a_damaged_database_is_not_copied(tmp_path: Path) -> None:
    file = tmp_path / "linkwatch.db"
    file.write_bytes(b"no database " * 999)
    with pytest.raises(StoreError, match="not a database"):
        backup(url_of(file), tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///nowhere.db", "postgresql://host/name"])
def test_what_has_no_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match="no SQLite file") as refused:
        backup(url, tmp_path / "copy.db")
    assert "pg_dump" in refused.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_was_left_half_done_is_no_obstacle(database: Database, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / ".copy.db.part")) as half:
        half.execute("CREATE TABLE rest (id)")
    backup(url_of(tmp_path / "linkwatch.db"), tmp_path / "copy.db")
    copy = open_database(url_of(tmp_path / "copy.db"))
    assert everything(copy) == everything(database)
    copy.close()
