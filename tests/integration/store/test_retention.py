import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from integration.store.checks import (
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
from integration.store.inspections import AVAILABLE, COURSE, GONE, OTHER, THIRD, listing, look
from sqlalchemy import select

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.errors import StoreError
from linkwatch.models.events import EventKind
from linkwatch.models.link import Link
from linkwatch.models.observation import Answer, Facts, Observation
from linkwatch.models.times import to_time
from linkwatch.store.backup import backup, vacuum
from linkwatch.store.database import Database
from linkwatch.store.events import load_events
from linkwatch.store.lists import save_lists
from linkwatch.store.resources import insert_missing
from linkwatch.store.retention import purge
from linkwatch.store.schedules import load_summary, save_summary
from linkwatch.store.schema import open_database
from linkwatch.store.tables import resources

RETENTION = timedelta(days=30)
IN_A_FILE = pytest.mark.sqlite("PostgreSQL keeps no file of its own for a database; its tool is pg_dump")


def pruned(database: Database, now: datetime, retention: timedelta = RETENTION) -> int:
    with database.write() as connection:
        return purge(connection, now=now, retention=retention).data_rows


def daily(database: Database, days: range, *observations: Observation) -> None:
    for day in days:
        check(database, NOW + day * DAY, *observations)
        pruned(database, NOW + day * DAY)


OLD = Observation(
    PLAYLIST,
    api=Answer.PRESENT,
    facts=Facts("Old title", "UCold", "Old owner", item_count=77_777, restrictions=("blocked:XX",)),
)
TOLD = ["Old title", "Old owner", "77777", "blocked:XX"]


def test_a_superseded_value_is_kept_for_thirty_days_and_then_nowhere(database: Database) -> None:
    daily(database, range(3), OLD)
    daily(database, range(3, 33), seen(count=9))
    assert places_of(database, "Old title") == ["events.before", "spans.value"]
    assert places_of(database, "Old owner") == ["events.before", "spans.value"]
    daily(database, range(33, 35), seen(count=9))
    for text in TOLD:
        assert places_of(database, text) == []
    assert places_of(database, "A title") == ["resources.title"], "the present one is refreshed, and stays"


def test_of_several_changes_each_value_goes_in_its_own_time(database: Database) -> None:
    """A title that was superseded long ago is not kept by one that was superseded lately."""
    for days, title in ((range(3), "The first"), (range(3, 30), "The second"), (range(30, 36), "The third")):
        daily(database, days, seen(title=title))
    assert places_of(database, "The first") == []
    assert places_of(database, "The second") == ["events.before", "spans.value"]


def test_that_something_changed_and_when_stays(database: Database) -> None:
    daily(database, range(1), OLD)
    daily(database, range(1, 40), seen(count=9))
    with database.read() as connection:
        events = load_events(connection, PLAYLIST)
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
def test_facts_of_unavailable_resources_are_purged_thirty_days_after_they_were_seen(
    database: Database, how: type[Observation]
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
    check(database, NOW, Observation(VIDEO, api=Answer.PRESENT, facts=facts))
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
    link = Link("https://www.youtube.com/playlist?list=" + PLAYLIST.id, "a.csv", 1, 1, "Old title", "Part", "Me")
    check(database, NOW, OLD)
    with database.write() as connection:
        insert_missing(connection, [PLAYLIST], NOW)
        save_lists(connection, ["a.csv"], catalogue_links([link]).links, NOW)
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
        assert EventKind.RETITLED not in {each.event.kind for each in load_events(connection, PLAYLIST)}


def test_a_longer_retention_keeps_longer(database: Database) -> None:
    check(database, NOW, OLD)
    check(database, NOW + DAY, seen())
    assert pruned(database, NOW + 60 * DAY, timedelta(days=365)) == 0
    assert places_of(database, "Old title") == ["events.before", "spans.value"]


# Inside playlists


def looked_daily(database: Database, days: range, videos: Sequence[str], titled: str = "Title of") -> None:
    for day in days:
        look(database, NOW + day * DAY, {COURSE: listing(videos, titled)}, {"out": AVAILABLE, "lost": GONE})
        pruned(database, NOW + day * DAY)


def titled(database: Database) -> set[str]:
    """The videos of which somebody could still read a title."""
    return {row["video_id"] for row in everything(database)["memberships"] if row["title"] is not None}


def test_the_title_of_what_left_is_kept_for_thirty_days_and_then_nowhere(database: Database) -> None:
    looked_daily(database, range(1), ["a", "out", "lost", "hidden", "dead"])
    looked_daily(database, range(1, 32), ["a", "hidden!", "dead?"])
    assert titled(database) == {"a", "out", "lost", "hidden", "dead"}
    looked_daily(database, range(32, 33), ["a", "hidden!", "dead?"])
    assert titled(database) == {"a"}
    for video in ("out", "lost", "hidden", "dead"):
        assert places_of(database, f"Owner of {video}") == []
        assert "memberships.video_id" in places_of(database, video)


def test_what_happened_inside_stays_without_its_titles(database: Database) -> None:
    looked_daily(database, range(1), ["a", "out", "lost", "hidden"])
    looked_daily(database, range(1, 2), ["a", "hidden!"])
    before = everything(database)
    pruned(database, NOW + 400 * DAY)
    after = everything(database)
    assert after["member_events"] == before["member_events"] != []
    purged = {"title": None, "owner_title": None, "restrictions": None}
    assert after["memberships"] == [{**row, **purged} for row in before["memberships"]]


def test_what_is_in_a_playlist_that_nobody_looks_into_any_more_is_purged(database: Database) -> None:
    look(database, NOW, {OTHER: listing("b")}, restrictions={"b": ("blocked:XX",)})
    looked_daily(database, range(31), "a")
    assert titled(database) == {"a", "b"}
    looked_daily(database, range(31, 32), "a")
    assert titled(database) == {"a"}
    assert places_of(database, "blocked:XX") == []
    looks = {row["members"]: (row["etag"], row["item_count"]) for row in everything(database)["looks"][:1]}
    assert looks == {1: (None, None)}


def test_a_closed_playlist_keeps_no_longer_what_was_read_when_it_was_open(database: Database) -> None:
    look(database, NOW, {THIRD: listing("c")})
    for day in range(1, 32):
        look(database, NOW + day * DAY, {THIRD: None})
        assert titled(database) == {"c"}
        pruned(database, NOW + day * DAY)
    assert titled(database) == set()


def test_what_is_purged_of_members_is_not_purged_again(database: Database) -> None:
    looked_daily(database, range(2), ["a", "hidden!"])
    assert pruned(database, NOW + 40 * DAY) == 2
    assert pruned(database, NOW + 40 * DAY) == 0


# What the file holds


def words_in(folder: Path, word: str) -> list[str]:
    """The files in which a word can be found, whatever part of them it is in."""
    return sorted(file.name for file in folder.iterdir() if word.encode() in file.read_bytes())


@IN_A_FILE
def test_after_a_month_no_byte_of_the_file_tells_what_may_not_be_kept(database: Database, tmp_path: Path) -> None:
    """SQLite would keep what was deleted or overwritten in its free space, and a backup would keep it too."""
    many = [f"video {number}" for number in range(200)]
    check(database, NOW, OLD)
    looked_daily(database, range(1), [*many, "out", "lost", "hidden"], "Superseded")
    assert words_in(tmp_path, "Superseded") != []
    for day in range(1, 33):
        check(database, NOW + day * DAY, seen(count=9))
        looked_daily(database, range(day, day + 1), [*many, "hidden!"])
    database.close()
    backup(url_of(tmp_path / "linkwatch.db"), tmp_path / "copy.db")
    for text in ("Superseded", "Owner of out", "Owner of lost", "Owner of hidden", *TOLD):
        assert places_of(database, text) == []
        database.close()
        assert words_in(tmp_path, text) == [], text
    assert words_in(tmp_path, "Title of video 7") == ["copy.db", "linkwatch.db"]


def with_remains(database: Database, folder: Path) -> None:
    """Leave something in the file's free space, as an older linkwatch did, and now and then a page that is split."""
    looked_daily(database, range(1), [f"video {number}" for number in range(200)], "Superseded")
    database.close()
    with closing(sqlite3.connect(folder / "linkwatch.db")) as careless:
        careless.execute("PRAGMA secure_delete = OFF")
        careless.execute("UPDATE memberships SET title = NULL")
        careless.commit()
    assert words_in(folder, "Superseded") == ["linkwatch.db"]


@IN_A_FILE
def test_a_backup_holds_no_remains(database: Database, tmp_path: Path) -> None:
    with_remains(database, tmp_path)
    backup(url_of(tmp_path / "linkwatch.db"), tmp_path / "copy.db")
    assert words_in(tmp_path, "Superseded") == ["linkwatch.db"]


@IN_A_FILE
def test_a_rebuilt_file_holds_no_remains_and_all_the_rest(database: Database, tmp_path: Path) -> None:
    with_remains(database, tmp_path)
    before = everything(database)
    vacuum(url_of(tmp_path / "linkwatch.db"))
    assert everything(database) == before
    database.close()
    assert words_in(tmp_path, "Superseded") == []


@IN_A_FILE
def test_a_file_can_be_rebuilt_while_somebody_reads(database: Database, tmp_path: Path) -> None:
    check(database, NOW, seen())
    with database.read() as connection:
        before = connection.execute(select(resources)).all()
        vacuum(url_of(tmp_path / "linkwatch.db"))
        assert connection.execute(select(resources)).all() == before


def test_what_is_no_file_is_not_rebuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    vacuum("postgresql://host/name")
    vacuum("sqlite:///nowhere.db")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_not_rebuilt(tmp_path: Path) -> None:
    file = tmp_path / "linkwatch.db"
    file.write_bytes(b"no database " * 999)
    with pytest.raises(StoreError, match="not a database"):
        vacuum(url_of(file))


# Backup


def url_of(file: Path) -> str:
    return f"sqlite:///{file}"


@IN_A_FILE
def test_a_backup_opens_and_holds_everything(database: Database, tmp_path: Path) -> None:
    check(database, NOW, seen(), gone(VIDEO))
    backup(url_of(tmp_path / "linkwatch.db"), tmp_path / "copy.db")
    copy = open_database(url_of(tmp_path / "copy.db"))
    assert everything(copy) == everything(database)
    check(copy, NOW + DAY, seen())
    copy.close()


@IN_A_FILE
def test_a_backup_is_one_file_that_needs_no_log_and_no_shared_memory(database: Database, tmp_path: Path) -> None:
    """It may be read where SQLite may not write a log: on a share, on a disk that is read only."""
    check(database, NOW, seen())
    (tmp_path / "share").mkdir()
    backup(url_of(tmp_path / "linkwatch.db"), tmp_path / "share" / "copy.db")
    with closing(sqlite3.connect(f"file:{tmp_path}/share/copy.db?mode=ro", uri=True)) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchall() == [("delete",)]
        assert copy.execute("SELECT count(*) FROM runs").fetchall() == [(1,)]
    assert [file.name for file in (tmp_path / "share").iterdir()] == ["copy.db"]


@IN_A_FILE
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


@IN_A_FILE
def test_an_existing_target_is_refused_and_left_alone(database: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(StoreError, match=r"copy\.db: exists already"):
        backup(url_of(tmp_path / "linkwatch.db"), target)
    assert target.read_text() == "precious"


@IN_A_FILE
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
def test_what_has_no_file_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match="no SQLite file") as refused:
        backup(url, tmp_path / "copy.db")
    assert "pg_dump" in refused.value.remedy
    assert list(tmp_path.iterdir()) == []


@IN_A_FILE
def test_a_copy_that_was_left_half_done_is_no_obstacle(database: Database, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / ".copy.db.part")) as half:
        half.execute("CREATE TABLE rest (id)")
    backup(url_of(tmp_path / "linkwatch.db"), tmp_path / "copy.db")
    copy = open_database(url_of(tmp_path / "copy.db"))
    assert everything(copy) == everything(database)
    copy.close()


def test_summaries_which_hold_titles_go_when_they_are_old(database: Database) -> None:
    with database.write() as connection:
        save_summary(connection, "old", "1", NOW - RETENTION - DAY, "{}")
        save_summary(connection, "new", "1", NOW, "{}")
    assert pruned(database, NOW) == 1
    with database.read() as connection:
        assert [load_summary(connection, name, "1") for name in ("old", "new")] == [None, "{}"]
