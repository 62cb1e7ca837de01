import sqlite3
from datetime import timedelta

import pytest
from integration.store.checks import (
    CHANNEL,
    DAY,
    HANDLE,
    NOW,
    PLAYLIST,
    VIDEO,
    begun,
    check,
    everything,
    gone,
    learn,
    missed,
    row_of,
    seen,
)
from msgspec.structs import replace
from sqlalchemy import Connection

from linkwatch.models.events import Event, EventKind
from linkwatch.models.observation import Answer, ChannelNames, Facts, Observation, Reason, ResourceRecord, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import to_millis, to_time
from linkwatch.store.channels import load_aliases, save_alias
from linkwatch.store.database import BATCH, Database
from linkwatch.store.events import load_events, load_spans
from linkwatch.store.resources import (
    find_unchanged,
    insert_missing,
    iter_last_checks,
    load_resources,
    load_row_ids,
    save_unanswered,
    save_verdicts,
)
from linkwatch.store.tables import metadata
from linkwatch.verdict.judge import Verdict, judge
from linkwatch.verdict.policy import Policy


def known(database: Database, resource: Resource = PLAYLIST) -> ResourceRecord | None:
    with database.read() as connection:
        found = load_resources(connection, [resource]).get(resource)
    return found.record if found else None


def changes(connection: Connection) -> int:
    """Rows that were written over this connection; on PostgreSQL, in this transaction."""
    raw = connection.connection.dbapi_connection
    if isinstance(raw, sqlite3.Connection):
        return raw.total_changes
    query = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
    return int(connection.exec_driver_sql(query).scalar_one())


FULL = ResourceRecord(
    state=State.UNAVAILABLE,
    state_since=NOW - DAY,
    first_seen=NOW - 9 * DAY,
    reason=Reason.PRIVATE,
    last_checked=NOW,
    last_available=NOW - 2 * DAY,
    missed_checks=3,
    last_missed_at=NOW - timedelta(hours=1),
    api=Answer.ABSENT,
    oembed=Answer.UNAUTHORIZED,
    facts=Facts(
        title="A title",
        owner_id="UC1",
        owner_title="An owner",
        item_count=0,
        restrictions=("age", "blocked:DE,FR", "embedding?"),
    ),
)
BARE = ResourceRecord(state=State.UNKNOWN, state_since=NOW, first_seen=NOW)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(FULL, id="full"),
        pytest.param(BARE, id="bare"),
        pytest.param(
            ResourceRecord(
                State.AVAILABLE, NOW, NOW, last_checked=NOW, last_available=NOW, facts=Facts(restrictions=())
            ),
            id="nothing restricts it",
        ),
        *(
            pytest.param(ResourceRecord(state, NOW, NOW, last_checked=NOW), id=state)
            for state in State
            if state is not State.AVAILABLE
        ),
        *(
            pytest.param(ResourceRecord(State.SUSPECT, NOW, NOW, api=each, oembed=each), id=f"answer {each}")
            for each in Answer
        ),
        *(
            pytest.param(ResourceRecord(State.UNAVAILABLE, NOW, NOW, reason=each), id=f"reason {each}")
            for each in Reason
        ),
    ],
)
def test_what_is_known_comes_back_as_it_was(database: Database, value: ResourceRecord) -> None:
    with database.write() as connection:
        save_verdicts(connection, begun(connection), {}, {PLAYLIST: Verdict(value)}, NOW)
    assert known(database) == value


@pytest.mark.parametrize("before", [BARE, FULL], ids=["bare", "full"])
@pytest.mark.parametrize("after", [BARE, FULL], ids=["bare", "full"])
def test_a_change_of_everything_comes_back_as_it_is(
    database: Database, before: ResourceRecord, after: ResourceRecord
) -> None:
    with database.write() as connection:
        run_id = begun(connection)
        save_verdicts(connection, run_id, {}, {PLAYLIST: Verdict(before)}, NOW)
        save_verdicts(connection, run_id, load_resources(connection, [PLAYLIST]), {PLAYLIST: Verdict(after)}, NOW)
    assert known(database) == after


def test_who_was_never_met_is_left_out(database: Database) -> None:
    with database.read() as connection:
        assert load_resources(connection, [PLAYLIST]) == {}
        assert load_row_ids(connection, [PLAYLIST]) == {}
        assert load_resources(connection, []) == {}


def test_the_same_id_of_another_kind_is_another_thing(database: Database) -> None:
    check(database, NOW, seen(Resource(Kind.VIDEO, "same"), title="Video"))
    assert known(database, Resource(Kind.PLAYLIST, "same")) is None


def test_a_quiet_check_moves_the_time_of_the_check_and_nothing_else(database: Database) -> None:
    check(database, NOW, seen(), seen(VIDEO))
    before = everything(database)
    check(database, NOW + DAY, seen(), seen(VIDEO))
    after = everything(database)
    at = to_millis(NOW + DAY)
    assert after["resources"] == [{**row, "last_checked_at": at} for row in before["resources"]]
    assert len(after.pop("runs")) == len(before.pop("runs")) + 1
    assert {**after, "resources": 0} == {**before, "resources": 0}


def test_a_quiet_check_writes_one_row_a_resource(database: Database) -> None:
    observations = [seen(Resource(Kind.VIDEO, f"v{number}")) for number in range(50)]
    check(database, NOW, *observations)
    with database.write() as connection:
        run_id = begun(connection)
        before = changes(connection)
        learn(connection, run_id, observations, NOW + DAY)
        assert changes(connection) - before == 50


def test_what_one_of_many_changed_is_written_and_the_rest_is_touched(database: Database) -> None:
    observations = [seen(Resource(Kind.VIDEO, f"v{number}")) for number in range(20)]
    check(database, NOW, *observations)
    changed = observations[7].resource
    check(database, NOW + DAY, *observations[:7], seen(changed, title="Another"), *observations[8:])
    rows = everything(database)
    assert [row["title"] for row in rows["resources"]].count("A title") == 19
    assert [(row["value"], row["attribute"]) for row in rows["spans"]] == [("A title", "title")]
    assert [(row["before"], row["after"]) for row in rows["events"]] == [("A title", "Another")]
    assert {to_time(row["last_checked_at"]) for row in rows["resources"]} == {NOW + DAY}


def test_no_answer_moves_nothing(database: Database) -> None:
    check(database, NOW, seen())
    before = everything(database)["resources"]
    check(database, NOW + DAY, Observation(PLAYLIST, api=Answer.NONE))
    assert everything(database)["resources"] == before


def test_while_it_is_available_it_was_last_available_when_it_was_last_checked(database: Database) -> None:
    check(database, NOW, seen())
    check(database, NOW + DAY, seen())
    assert row_of(database)["last_available_at"] is None
    record = known(database)
    assert record is not None
    assert record.last_checked == record.last_available == NOW + DAY


@pytest.mark.parametrize("how", [gone, missed])
def test_once_it_went_the_last_time_it_was_seen_is_kept(database: Database, how: type[Observation]) -> None:
    check(database, NOW, seen())
    check(database, NOW + DAY, seen())
    check(database, NOW + 2 * DAY, how(PLAYLIST))
    check(database, NOW + 3 * DAY, how(PLAYLIST))
    dead = known(database)
    assert dead is not None
    assert dead.state is not State.AVAILABLE
    assert (dead.last_available, dead.last_checked) == (NOW + DAY, NOW + 3 * DAY)
    assert dead.facts.title == "A title"


def test_every_value_that_ended_has_its_span(database: Database) -> None:
    check(database, NOW, seen())
    check(database, NOW + DAY, seen())
    check(database, NOW + 2 * DAY, seen(title="Second", count=9, owner="UC2"))
    check(database, NOW + 3 * DAY, gone())
    check(database, NOW + 4 * DAY, seen(title="Third", count=9, owner="UC2"))
    with database.read() as connection:
        spans = [(span.attribute, span.value, (span.last_seen - NOW).days) for span in load_spans(connection, PLAYLIST)]
        first = {span.attribute: span.first_seen for span in reversed(load_spans(connection, PLAYLIST))}
    assert sorted(spans) == [
        ("item_count", "10", 1),
        ("owner", "Owner UC1 UC1", 1),
        ("state", "available", 2),
        ("state", "unavailable not_found", 3),
        ("title", "A title", 1),
        ("title", "Second", 3),
    ]
    assert set(first.values()) == {NOW}


def test_events_are_reported_once_for_a_resource_a_kind_and_a_run(database: Database) -> None:
    check(database, NOW, seen())
    with database.write() as connection:
        run_id = begun(connection)
        for _ in range(2):  # a check that is run twice over the same answers
            learn(connection, run_id, [seen(title="New", count=11)], NOW + DAY)
    with database.read() as connection:
        stored = load_events(connection, PLAYLIST)
    assert [each.event for each in stored] == [
        Event(EventKind.RETITLED, "A title", "New"),
        Event(EventKind.GROWN, "10", "11"),
    ]
    assert {(each.at, each.run_id) for each in stored} == {(NOW + DAY, run_id)}


def test_more_than_one_batch_goes_in_at_once(database: Database) -> None:
    many = [seen(Resource(Kind.VIDEO, f"v{number:010d}"), title=f"Title {number}") for number in range(2 * BATCH + 500)]
    check(database, NOW, *many)
    check(database, NOW + DAY, *many[:-1], seen(many[-1].resource, title="Another"))
    with database.read() as connection:
        loaded = load_resources(connection, [observation.resource for observation in many])
        last_checks = list(iter_last_checks(connection, [observation.resource for observation in many]))
        assert len(load_row_ids(connection, loaded)) == len(many)
    assert last_checks == [(to_millis(NOW + DAY), observation.resource) for observation in many]
    assert {each.record.last_checked for each in loaded.values()} == {NOW + DAY}
    for observation in many[:-1]:
        facts = loaded[observation.resource].record.facts
        assert observation.facts is not None
        assert facts.title == observation.facts.title


@pytest.mark.parametrize(
    "title",
    [
        "Линейная алгебра · 线性代数 · 🎓",
        "e\u0301 and \u202e and \ufeff",
        "'; DROP TABLE resources; --",
        "%s :name ? {x}",
        "line\nbreak\ttab\x1b[31m",
        "x" * 10_000,
    ],
    ids=repr,
)
def test_any_title_comes_back_as_it_is_and_is_not_news_twice(database: Database, title: str) -> None:
    for day in range(3):
        check(database, NOW + day * DAY, seen(title=title))
    found = known(database)
    assert found is not None
    assert found.facts.title == title
    with database.read() as connection:
        assert load_events(connection, PLAYLIST) == []
        assert load_spans(connection, PLAYLIST) == []


def test_when_each_was_last_answered_about(database: Database) -> None:
    check(database, NOW, seen())
    with database.write() as connection:
        insert_missing(connection, [VIDEO], NOW)
        wanted = [CHANNEL, PLAYLIST, VIDEO]
        assert list(iter_last_checks(connection, wanted)) == [(-1, CHANNEL), (to_millis(NOW), PLAYLIST), (-1, VIDEO)]


def test_to_meet_is_no_answer(database: Database) -> None:
    mix = Resource(Kind.PLAYLIST, "WL")
    for day in range(2):
        with database.write() as connection:
            insert_missing(connection, [VIDEO, mix, PLAYLIST], NOW + day * DAY)
    assert known(database, VIDEO) == BARE
    assert known(database, mix) == ResourceRecord(State.UNMONITORABLE, NOW, NOW)
    check(database, NOW + DAY, seen())
    with database.write() as connection:
        insert_missing(connection, [PLAYLIST], NOW + 2 * DAY)
    met = known(database)
    assert met is not None
    assert (met.state, met.first_seen) == (State.AVAILABLE, NOW)


# A handle and the channel behind it


def channel_seen(resource: Resource = CHANNEL, title: str = "A channel") -> Observation:
    return Observation(resource, api=Answer.PRESENT, facts=Facts(title=title, channel=ChannelNames(CHANNEL.id)))


def resolve(database: Database, channel: Resource = CHANNEL) -> None:
    with database.write() as connection:
        save_alias(connection, HANDLE, channel, NOW + 5 * DAY)


def test_a_handle_that_is_resolved_at_once_leaves_an_alias_only(database: Database) -> None:
    resolve(database)
    with database.read() as connection:
        assert load_aliases(connection) == {HANDLE.id: CHANNEL.id}
        assert load_row_ids(connection, [HANDLE, CHANNEL]) == {}


def test_what_was_known_of_a_handle_is_known_of_its_channel(database: Database) -> None:
    with database.write() as connection:
        insert_missing(connection, [HANDLE], NOW)
    check(database, NOW + DAY, Observation(HANDLE, api=Answer.ABSENT, confirmed=True))
    resolve(database)
    assert known(database, HANDLE) is None
    kept = known(database, CHANNEL)
    assert kept is not None
    assert (kept.state, kept.first_seen) == (State.UNAVAILABLE, NOW)
    with database.read() as connection:
        assert [each.event.kind for each in load_events(connection, CHANNEL)] == [EventKind.DIED]


def test_to_resolve_twice_changes_nothing(database: Database) -> None:
    check(database, NOW, missed(HANDLE))
    resolve(database)
    before = everything(database)
    resolve(database)
    assert everything(database) == before


def test_a_handle_and_its_channel_become_one_with_the_past_of_both(database: Database) -> None:
    check(database, NOW, channel_seen(HANDLE), channel_seen())
    check(database, NOW + DAY, channel_seen(HANDLE, "By handle"), channel_seen())
    run_id = check(database, NOW + 2 * DAY, channel_seen(HANDLE, "Both"), channel_seen(title="Both"))
    resolve(database)
    assert known(database, HANDLE) is None
    with database.read() as connection:
        events = [(each.event.kind, each.event.after, each.run_id) for each in load_events(connection, CHANNEL)]
        spans = sorted(span.value or "" for span in load_spans(connection, CHANNEL))
    assert events == [(EventKind.RETITLED, "By handle", run_id - 1), (EventKind.RETITLED, "Both", run_id)]
    assert spans == ["A channel", "A channel", "By handle"]
    assert len(everything(database)["resources"]) == 1


def test_a_handle_that_was_reassigned_names_its_new_channel(database: Database) -> None:
    other = Resource(Kind.CHANNEL, "UCaaaaaaaaaaaaaaaaaaaaaA")
    resolve(database)
    resolve(database, other)
    with database.read() as connection:
        assert load_aliases(connection) == {HANDLE.id: other.id}


def test_nothing_points_at_a_row_that_is_gone(database: Database) -> None:
    check(database, NOW, channel_seen(HANDLE), channel_seen())
    check(database, NOW + DAY, channel_seen(HANDLE, "Other"), channel_seen(title="Other"))
    resolve(database)
    rows = everything(database)
    ids = {row["id"] for row in rows["resources"]}
    for table in metadata.sorted_tables:
        if "resource_id" in table.c:
            assert {row["resource_id"] for row in rows[table.name]} <= ids


FACTS = Facts("A title", "UC1", "Owner UC1", 10, ("age", "live"))
AVAILABLE = Observation(VIDEO, api=Answer.PRESENT, facts=FACTS)


@pytest.mark.parametrize(
    "before",
    [
        (),
        (AVAILABLE,),
        (AVAILABLE, missed(VIDEO)),
        (gone(VIDEO),),
        (Observation(VIDEO, oembed=Answer.PRESENT, facts=FACTS),),
        (replace(AVAILABLE, facts=Facts("A title", "UC1", "Owner UC1", None, None)),),
        (replace(AVAILABLE, facts=replace(FACTS, restrictions=())),),
    ],
)
@pytest.mark.parametrize(
    "now",
    [
        AVAILABLE,
        *(replace(AVAILABLE, facts=replace(FACTS, **{name: None})) for name in FACTS.__struct_fields__[:5]),
        *(replace(AVAILABLE, facts=replace(FACTS, **{name: "other"})) for name in FACTS.__struct_fields__[:3]),
        replace(AVAILABLE, facts=replace(FACTS, item_count=11)),
        replace(AVAILABLE, facts=replace(FACTS, restrictions=("age",))),
        replace(AVAILABLE, facts=replace(FACTS, restrictions=())),
        replace(AVAILABLE, facts=None),
        missed(VIDEO),
        gone(VIDEO),
        Observation(VIDEO, oembed=Answer.PRESENT, facts=FACTS),
    ],
)
def test_what_is_unchanged_is_what_the_verdict_calls_quiet(
    database: Database, before: tuple[Observation, ...], now: Observation
) -> None:
    for hours, observation in enumerate(before):
        check(database, NOW + timedelta(hours=hours), observation)
    with database.read() as connection:
        unchanged, others = find_unchanged(connection, [now])
        stored = load_resources(connection, [VIDEO])
    record = stored[VIDEO].record if before else None
    quiet = judge(record, now, Policy(), NOW + DAY).quiet and now.api is Answer.PRESENT
    assert (VIDEO in unchanged) == quiet
    assert [*unchanged.values()] == [stored[VIDEO].row_id for _ in unchanged]
    assert [*unchanged, *others] == [*stored]
    with database.write() as connection:
        save_unanswered(connection, [VIDEO], NOW + DAY)
    with database.read() as connection:
        assert find_unchanged(connection, [now]) == ({}, [*stored]), "the time without an answer is to be stored"
