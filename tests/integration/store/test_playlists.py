import sqlite3
from datetime import timedelta

import pytest
from integration.store.checks import CHANNEL, DAY, NOW, check, everything, gone, seen
from integration.store.inspections import (
    ADDED_AT,
    AVAILABLE,
    COURSE,
    GONE,
    OTHER,
    PRIVATE,
    THIRD,
    listing,
    look,
    playlist,
)
from msgspec.structs import replace
from sqlalchemy import Connection

from linkwatch.models.observation import Member, MemberState
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.records import LastInspection, StoredMemberChange
from linkwatch.models.resource import Resource
from linkwatch.store.database import BATCH, Database
from linkwatch.store.inspection_results import (
    load_last_lost_members,
    load_lost_members,
    load_matches,
    load_membership,
)
from linkwatch.store.playlists import (
    StoredMembers,
    load_last_inspections,
    load_member_changes,
    load_member_history,
    load_members,
    mark_inspection_due,
)
from linkwatch.store.resources import insert_missing


def recalled(database: Database, of: Resource = COURSE) -> StoredMembers:
    with database.read() as connection:
        return load_members(connection, [of])[of]


def all_of(database: Database, of: Resource = COURSE) -> list[Member]:
    with database.read() as connection:
        return load_member_history(connection, of)


def last_look(database: Database, of: Resource = COURSE) -> LastInspection:
    with database.read() as connection:
        return load_last_inspections(connection, [of])[of]


def stored_changes(database: Database, of: Resource = COURSE) -> list[StoredMemberChange]:
    with database.read() as connection:
        return load_member_changes(connection, NOW).get(of, [])


def rows_written(connection: Connection) -> int:
    raw = connection.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw.total_changes


# Looks


def test_what_a_first_look_saw_is_recalled(database: Database) -> None:
    look(database, NOW, {COURSE: listing(["a", "b!", "a"])}, restrictions={"a": ("age", "blocked:DE,FR"), "b": ()})
    known = recalled(database)
    assert not known.is_first
    assert known.members == [
        Member("a", 0, 0, AVAILABLE, NOW, NOW, "Title of a", "UC1", "Owner of a", ADDED_AT, ("age", "blocked:DE,FR")),
        Member("b", 0, 1, PRIVATE, NOW, NOW, restrictions=()),
        Member("a", 1, 2, AVAILABLE, NOW, NOW, "Title of a", "UC1", "Owner of a", ADDED_AT, ("age", "blocked:DE,FR")),
    ]
    assert set(known.rows) == {("a", 0), ("b", 0), ("a", 1)}
    assert stored_changes(database) == []


def test_the_last_look_is_counted(database: Database) -> None:
    look(database, NOW, {COURSE: listing(["a", "b!", "c?", "d"])})
    row_id = recalled(database).row_id
    assert last_look(database) == LastInspection(row_id, NOW, False, "etag of 22", 4, False, 4, 2)
    look(database, NOW + DAY, {COURSE: listing(["a", "d"])})
    assert last_look(database) == LastInspection(row_id, NOW + DAY, False, "etag of 23", 2, False, 2, 0)


def test_a_playlist_never_checked_and_one_never_inspected_are_distinguished(database: Database) -> None:
    with database.write() as connection:
        insert_missing(connection, [COURSE, CHANNEL], NOW)
        assert load_members(connection, [COURSE, OTHER, CHANNEL]).keys() == {COURSE}
        assert load_last_inspections(connection) == {}
    assert recalled(database).is_first
    assert recalled(database).members == []


def test_a_quiet_look_writes_one_row(database: Database) -> None:
    look(database, NOW, {COURSE: listing("abc")})
    before = everything(database)
    look(database, NOW + DAY, {COURSE: listing("abc")})
    after = everything(database)
    assert after["memberships"] == before["memberships"]
    assert after["member_events"] == []
    assert [row["looked_at"] - was["looked_at"] for row, was in zip(after["looks"], before["looks"], strict=True)] == [
        DAY // timedelta(milliseconds=1)
    ]


@pytest.mark.sqlite("it counts what a connection has written, over several transactions")
def test_only_what_changed_is_written(database: Database) -> None:
    """One goes to the end, one has a new title, one is new: three of a thousand rows."""
    videos = [f"v{number}" for number in range(1000)]
    look(database, NOW, {COURSE: listing(videos)})
    entries = [replace(entry, position=entry.position + 1) for entry in listing([*videos[1:], videos[0], "new"])]
    entries[5] = replace(entries[5], title="Another title")
    with database.engine.connect() as connection:
        before = rows_written(connection)
    look(database, NOW + DAY, {COURSE: entries})
    with database.engine.connect() as connection:
        run, members, events, looks = 1, 3, 2, 2
        assert rows_written(connection) - before == run + members + events + looks


def test_all_that_a_change_changes_comes_back(database: Database) -> None:
    look(database, NOW, {COURSE: listing("ab")}, restrictions={"a": ("age",)})
    look(database, NOW + DAY, {COURSE: listing("ba?", titled="New title of")}, restrictions={"a": ()})
    look(database, NOW + 2 * DAY, {COURSE: listing(["b", "a?"], titled="New title of")}, restrictions={"a": ()})
    known = {member.video_id: member for member in recalled(database).members}
    assert known["b"] == Member("b", 0, 0, AVAILABLE, NOW, NOW, "New title of b", "UC1", "Owner of b", ADDED_AT, None)
    assert (known["a"].position, known["a"].state, known["a"].title) == (1, GONE, "New title of a")
    assert known["a"].restrictions == ()


def test_many_playlists_are_kept_and_recalled_at_once(database: Database) -> None:
    listings = {playlist(number): listing([f"{number}-{at}" for at in range(3)]) for number in range(BATCH + 5)}
    look(database, NOW, listings)
    look(database, NOW + DAY, {each: (*items[1:], *items[:1]) for each, items in listings.items()})
    with database.read() as connection:
        known = load_members(connection, listings)
        assert len(load_last_inspections(connection, listings)) == len(load_last_inspections(connection)) == BATCH + 5
    assert {each: {m.video_id for m in of.members} for each, of in known.items()} == {
        each: {item.video_id for item in items} for each, items in listings.items()
    }


# Members that come and go


def test_what_left_stays_known_and_is_no_longer_in_it(database: Database) -> None:
    look(database, NOW, {COURSE: listing("abcd")})
    look(database, NOW + DAY, {COURSE: listing("ad")}, {"b": AVAILABLE, "c": GONE})
    assert [member.video_id for member in recalled(database).members] == ["a", "d"]
    members = all_of(database)
    assert [(m.video_id, m.position, m.state, m.left_at) for m in members] == [
        ("a", 0, AVAILABLE, None),
        ("d", 1, AVAILABLE, None),
        ("b", 1, AVAILABLE, NOW + DAY),
        ("c", 2, GONE, NOW + DAY),
    ]
    assert members[3].title == "Title of c"


def test_what_comes_back_is_a_new_stay(database: Database) -> None:
    look(database, NOW, {COURSE: listing("ab")})
    look(database, NOW + DAY, {COURSE: listing("b")}, {"a": AVAILABLE})
    run_id = look(database, NOW + 2 * DAY, {COURSE: listing("ab")})
    stays = [(m.video_id, m.first_seen, m.left_at) for m in all_of(database)]
    assert stays == [("a", NOW + 2 * DAY, None), ("b", NOW, None), ("a", NOW, NOW + DAY)]
    last = stored_changes(database)[-1]
    assert (last.change, last.member, last.run_id) == (MemberChangeKind.ADDED, all_of(database)[0], run_id)


def test_a_placeholder_leaves_the_title_that_was_known(database: Database) -> None:
    look(database, NOW, {COURSE: listing("ab")})
    look(database, NOW + DAY, {COURSE: listing(["a", "b!"])})
    assert recalled(database).members[1] == replace(
        Member("b", 0, 1, AVAILABLE, NOW, NOW, "Title of b", "UC1", "Owner of b", ADDED_AT),
        state=PRIVATE,
        state_since=NOW + DAY,
    )


# Closed playlists


def test_a_closed_playlist_keeps_the_members_it_had(database: Database) -> None:
    look(database, NOW, {COURSE: listing(["a", "b!"])})
    members = all_of(database)
    look(database, NOW + DAY, {COURSE: None})
    assert all_of(database) == members
    closed = last_look(database)
    assert (closed.inspected_at, closed.closed, closed.member_count, closed.lost_count) == (NOW + DAY, True, 2, 1)
    assert stored_changes(database) == []
    assert not recalled(database).is_first


def test_what_was_closed_from_the_first_look_on_has_nothing_to_compare_with(database: Database) -> None:
    look(database, NOW, {COURSE: None})
    assert recalled(database).is_first
    look(database, NOW + DAY, {COURSE: listing("ab")})
    assert stored_changes(database) == []
    assert not last_look(database).closed
    assert not recalled(database).is_first


def test_an_empty_playlist_has_been_looked_into(database: Database) -> None:
    look(database, NOW, {COURSE: ()})
    assert not recalled(database).is_first
    look(database, NOW + DAY, {COURSE: listing("a")})
    assert [each.change for each in stored_changes(database)] == [MemberChangeKind.ADDED]


def test_a_playlist_that_lost_all_and_was_closed_is_not_new_when_it_opens(database: Database) -> None:
    look(database, NOW, {COURSE: listing("a")})
    look(database, NOW + DAY, {COURSE: ()}, {"a": AVAILABLE})
    look(database, NOW + 2 * DAY, {COURSE: None})
    assert not recalled(database).is_first


# Due


def test_what_moved_is_due_until_it_was_looked_into(database: Database) -> None:
    look(database, NOW, {COURSE: listing("a"), THIRD: listing("c")})
    with database.write() as connection:
        insert_missing(connection, [OTHER], NOW)
        mark_inspection_due(connection, [COURSE, OTHER])
        mark_inspection_due(connection, [COURSE, playlist(9)])
        due = {each: (last.due, last.inspected_at) for each, last in load_last_inspections(connection).items()}
    assert due == {COURSE: (True, NOW), OTHER: (True, None), THIRD: (False, NOW)}
    assert recalled(database, OTHER).is_first
    look(database, NOW + DAY, {COURSE: listing("a"), OTHER: None})
    assert not last_look(database).due
    assert not last_look(database, OTHER).due
    assert recalled(database, OTHER).is_first


# What happened


def test_what_happened_is_reported_with_time_place_and_heir(database: Database) -> None:
    look(database, NOW, {COURSE: listing(["a", "Part 1", "c", "d"])})
    run_id = look(database, NOW + DAY, {COURSE: listing(["d", "Part 1b", "a", "c!"])}, {"Part 1": GONE})
    changes = {each.change: each for each in stored_changes(database)}
    assert changes.keys() == {MemberChangeKind.MOVED, MemberChangeKind.REPLACED, MemberChangeKind.MADE_PRIVATE}
    assert {(each.at, each.run_id) for each in changes.values()} == {(NOW + DAY, run_id)}
    replaced = changes[MemberChangeKind.REPLACED]
    assert (replaced.member.title, replaced.position) == ("Title of Part 1", 1)
    assert (replaced.replaced_by, replaced.replaced_by_title) == ("Part 1b", "Title of Part 1b")
    moved, hidden = changes[MemberChangeKind.MOVED], changes[MemberChangeKind.MADE_PRIVATE]
    assert (moved.member.video_id, moved.position, moved.replaced_by, moved.replaced_by_title) == ("d", 0, None, None)
    assert (hidden.member.state, hidden.position) == (PRIVATE, 3)


def test_changes_are_reported_oldest_first_and_since_a_time_only(database: Database) -> None:
    for day, videos in enumerate(["a", "ab", "abc", "abcd"]):
        look(database, NOW + day * DAY, {COURSE: listing(videos), OTHER: listing(videos.upper())})
    with database.read() as connection:
        whole = load_member_changes(connection, NOW)
        late = load_member_changes(connection, NOW + 2 * DAY, [OTHER, THIRD])
        assert load_member_changes(connection, NOW + 3 * DAY + timedelta(milliseconds=1)) == {}
    assert {each: [c.member.video_id for c in changes] for each, changes in whole.items()} == {
        COURSE: ["b", "c", "d"],
        OTHER: ["B", "C", "D"],
    }
    assert {each: [c.member.video_id for c in changes] for each, changes in late.items()} == {OTHER: ["C", "D"]}


def test_the_heir_is_named_by_its_title_in_the_same_playlist(database: Database) -> None:
    look(database, NOW, {COURSE: listing(["a", "Part 1"])})
    look(database, NOW + DAY, {COURSE: listing(["a", "Part 2"])}, {"Part 1": AVAILABLE})
    look(database, NOW + 2 * DAY, {OTHER: listing(["Part 2"], titled="Elsewhere")})
    assert [each.replaced_by_title for each in stored_changes(database)] == ["Title of Part 2"]


# Losses, holders, membership


def test_losses_are_those_in_it_that_nobody_can_watch(database: Database) -> None:
    look(database, NOW, {COURSE: listing(["a", "b!", "c?", "d?"]), OTHER: listing("ab"), THIRD: listing(["x!"])})
    look(database, NOW + DAY, {COURSE: listing(["a", "b!", "c?"])}, {"d": GONE})
    with database.read() as connection:
        assert {
            each: [(m.video_id, m.state) for m in lost] for each, lost in load_lost_members(connection).items()
        } == {
            COURSE: [("b", PRIVATE), ("c", GONE)],
            THIRD: [("x", PRIVATE)],
        }
        assert load_lost_members(connection, [OTHER, THIRD]).keys() == {THIRD}
        assert load_lost_members(connection, []) == {}


def test_living_playlists_that_hold_half_of_a_dead_one_are_found(database: Database) -> None:
    dead, *others = map(playlist, range(7))
    held = ["abcdef", "abcdxy", "abc", "ab", "abcdef", "abcde"]
    look(database, NOW, {dead: listing("abcdefa"), **{o: listing(v) for o, v in zip(others, held, strict=True)}})
    look(database, NOW + DAY, {others[5]: listing("ab")}, dict.fromkeys("cde", AVAILABLE))
    check(database, NOW + DAY, gone(dead), *(seen(other) for other in others if other != others[4]), gone(others[4]))
    with database.read() as connection:
        assert load_matches(connection, [dead, playlist(99)]) == {
            dead: [(others[0], 6, 6), (others[1], 4, 6), (others[2], 3, 6)]
        }


def test_no_more_than_three_holders_are_reported_and_the_best_first(database: Database) -> None:
    lists = [playlist(number) for number in range(6)]
    look(database, NOW, {each: listing("abcd" if number % 2 else "abc") for number, each in enumerate(lists)})
    check(database, NOW, *map(seen, lists))
    with database.read() as connection:
        assert load_matches(connection, lists[1:2])[lists[1]] == [(lists[3], 4, 4), (lists[5], 4, 4), (lists[0], 3, 4)]


def test_who_is_in_what_is_known_of_open_playlists_only(database: Database) -> None:
    look(database, NOW, {COURSE: listing("ab"), OTHER: listing("b"), THIRD: listing("a")})
    look(database, NOW + DAY, {COURSE: listing("b"), THIRD: None}, {"a": AVAILABLE})
    never, unmet = playlist(8), playlist(9)
    with database.write() as connection:
        insert_missing(connection, [never], NOW)
        mark_inspection_due(connection, [never])
        pairs = [(video, each) for video in "ab" for each in (COURSE, OTHER, THIRD, never, unmet)]
        assert load_membership(connection, pairs) == {
            ("a", COURSE): False,
            ("b", COURSE): True,
            ("a", OTHER): False,
            ("b", OTHER): True,
        }
        assert load_membership(connection, []) == {}


@pytest.mark.parametrize("state", MemberState)
def test_every_state_comes_back(database: Database, state: MemberState) -> None:
    mark = {AVAILABLE: "", PRIVATE: "!", GONE: "?"}[state]
    look(database, NOW, {COURSE: listing([f"a{mark}"])})
    assert [member.state for member in all_of(database)] == [state]


# Public status


def last_lost(database: Database, *playlists: Resource, most: int = 10) -> tuple[list[tuple[Resource, str]], int]:
    with database.read() as connection:
        lost, count = load_last_lost_members(connection, playlists, NOW + 20 * DAY, most)
    return [(of, member.video_id) for of, member in lost], count


def test_the_videos_that_are_missing_from_playlists_come_last_lost_first(database: Database) -> None:
    look(database, NOW, {COURSE: listing(["a", "b?", "c", "d", "e"]), OTHER: listing(["x", "y"])})
    look(database, NOW + DAY, {COURSE: listing(["a", "b?", "d", "e"])})
    later = NOW + 25 * DAY
    look(database, later, {COURSE: listing(["a", "b?", "d!"]), OTHER: listing(["x", "y?"])})
    # c left before the time from which on; e after it; b was deleted at the first inspection.
    expected = [(COURSE, "e"), (COURSE, "d"), (OTHER, "y"), (COURSE, "b")]
    lost, count = last_lost(database, COURSE, OTHER)
    assert (sorted(lost[:3], key=str), lost[3:], count) == (sorted(expected[:3], key=str), expected[3:], 4)
    assert last_lost(database, OTHER) == ([(OTHER, "y")], 1)
    assert last_lost(database, COURSE, OTHER, most=3) == (lost[:3], 4)
    assert last_lost(database) == ([], 0)


def test_a_scheduled_video_is_not_missing(database: Database) -> None:
    look(database, NOW, {COURSE: listing(["a"])})
    look(database, NOW + DAY, {COURSE: listing(["a", "premiere!"])})
    assert last_lost(database, COURSE) == ([], 0)
