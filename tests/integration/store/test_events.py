import pytest
from integration.store.checks import DAY, NOW, PLAYLIST, VIDEO, check, gone, seen

from linkwatch.models.events import EventKind
from linkwatch.spool import sequence
from linkwatch.store import events
from linkwatch.store.database import Database
from linkwatch.store.events import events_since, last_events, load_change_times, load_events, load_spans


def test_the_last_event_of_each_kind_of_each_resource(database: Database) -> None:
    check(database, NOW, seen(title="1"), seen(VIDEO, title="1"))
    check(database, NOW + 1 * DAY, seen(title="2"), seen(VIDEO, title="2"))
    check(database, NOW + 2 * DAY, gone())
    last = check(database, NOW + 3 * DAY, seen(title="3"))
    with database.read() as connection:
        found = last_events(connection)
    assert {(r.id, kind): (e.event.before, e.event.after, (e.at - NOW).days) for (r, kind), e in found.items()} == {
        (PLAYLIST.id, EventKind.RETITLED): ("2", "3", 3),
        (PLAYLIST.id, EventKind.DIED): ("available", "unavailable", 2),
        (PLAYLIST.id, EventKind.RECOVERED): ("unavailable", "available", 3),
        (VIDEO.id, EventKind.RETITLED): ("1", "2", 1),
    }
    assert found[PLAYLIST, EventKind.RETITLED].run_id == last


def test_the_last_events_are_the_same_when_they_are_too_many_for_the_memory(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, title in enumerate(["1", "2", "3", "4"]):
        check(database, NOW + day * DAY, seen(title=title), seen(VIDEO, title=title if day < 3 else "3"))
    check(database, NOW + 4 * DAY, gone())
    with database.read() as connection:
        in_memory = last_events(connection)
        monkeypatch.setattr(sequence, "IN_MEMORY", 1)
        spooled = last_events(connection)
    assert (isinstance(in_memory, dict), isinstance(spooled, dict)) == (True, False)
    assert list(spooled.items()) == list(in_memory.items())
    assert len(spooled) == 3
    assert (VIDEO, EventKind.DIED) not in spooled


@pytest.mark.parametrize("look_ups", [0, 1, 200])
def test_older_events_are_found_though_only_recent_ones_are_iterated_over(
    database: Database, monkeypatch: pytest.MonkeyPatch, look_ups: int
) -> None:
    monkeypatch.setattr(events, "MOST_LOOK_UPS", look_ups)
    check(database, NOW, seen(title="1"), seen(VIDEO, title="1"))
    check(database, NOW + 1 * DAY, seen(title="2"), seen(VIDEO, title="2"))
    check(database, NOW + 2 * DAY, gone())
    check(database, NOW + 3 * DAY, seen(title="3"))
    with database.read() as connection:
        every = last_events(connection)
        found = last_events(connection, NOW + 3 * DAY)
        assert set(found) == {(PLAYLIST, EventKind.RETITLED), (PLAYLIST, EventKind.RECOVERED)}
        keys = [(resource, kind) for resource in (PLAYLIST, VIDEO) for kind in EventKind]
        for _ in range(2):
            assert {key: found[key] for key in keys if key in found} == every


def test_what_was_stored_at_a_wrong_clock_is_no_recent_event_once_a_later_one_is_older(database: Database) -> None:
    """The last event is the one that was stored last."""
    check(database, NOW, seen(title="1"))
    check(database, NOW + 9 * DAY, seen(title="2"))
    check(database, NOW + 1 * DAY, seen(title="3"))
    with database.read() as connection:
        assert dict(last_events(connection, NOW + 5 * DAY)) == {}
        assert last_events(connection, NOW)[PLAYLIST, EventKind.RETITLED].event.after == "3"


def test_events_of_one_resource_are_not_those_of_another(database: Database) -> None:
    check(database, NOW, seen(), seen(VIDEO))
    check(database, NOW + DAY, seen(title="New"), seen(VIDEO))
    with database.read() as connection:
        assert [each.event.kind for each in load_events(connection, PLAYLIST)] == [EventKind.RETITLED]
        assert load_events(connection, VIDEO) == []
        assert [span.value for span in load_spans(connection, PLAYLIST)] == ["A title"]
        assert load_spans(connection, VIDEO) == []


def test_spans_follow_each_other_without_a_gap_in_order(database: Database) -> None:
    for day, title in enumerate(["a", "b", "a", "c"]):
        check(database, NOW + day * DAY, seen(title=title))
    with database.read() as connection:
        spans = load_spans(connection, PLAYLIST)
    assert [span.value for span in spans] == ["a", "b", "a"]
    assert [(span.last_seen - NOW).days for span in spans] == [0, 1, 2]


def test_an_empty_database_has_no_history(database: Database) -> None:
    with database.read() as connection:
        assert last_events(connection) == {}
        assert load_events(connection, PLAYLIST) == []
        assert load_spans(connection, PLAYLIST) == []


def test_the_events_since_a_time_are_those_of_all_resources_and_include_that_time(database: Database) -> None:
    check(database, NOW, seen(title="1"), seen(VIDEO, title="1"))
    check(database, NOW + 1 * DAY, seen(title="2"), seen(VIDEO, title="1"))
    last = check(database, NOW + 2 * DAY, gone(), seen(VIDEO, title="2"))
    with database.read() as connection:
        since_start = events_since(connection, NOW)
        since_last = events_since(connection, NOW + 2 * DAY)
    assert {r: [e.event.kind for e in stored] for r, stored in since_start.items()} == {
        PLAYLIST: [EventKind.RETITLED, EventKind.DIED],
        VIDEO: [EventKind.RETITLED],
    }
    assert {r: [(e.event.kind, e.resource, e.at, e.run_id) for e in stored] for r, stored in since_last.items()} == {
        PLAYLIST: [(EventKind.DIED, PLAYLIST, NOW + 2 * DAY, last)],
        VIDEO: [(EventKind.RETITLED, VIDEO, NOW + 2 * DAY, last)],
    }


def test_the_current_value_began_when_the_last_former_one_was_superseded(database: Database) -> None:
    for day, title in enumerate(["a", "b", "c", "c"]):
        check(database, NOW + day * DAY, seen(title=title), seen(VIDEO, title="x"))
    with database.read() as connection:
        assert load_change_times(connection, PLAYLIST) == {"title": NOW + 2 * DAY}
        assert load_change_times(connection, VIDEO) == {}
