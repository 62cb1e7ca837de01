"""The column specifications fit the values, and every value survives being written and read."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from linkwatch.models.observation import Answer, Facts, Member, MemberState, Reason, ResourceRecord, State
from linkwatch.store.columns import (
    HISTORY,
    MEMBER_COLUMNS,
    MEMBER_NAMES,
    RESOURCE_COLUMNS,
    RESOURCE_NAMES,
    decode_member,
    decode_record,
    encode_member,
    encode_record,
    purged_names,
)

NOW = datetime(2026, 11, 22, 9, 55, tzinfo=UTC)
DAY = timedelta(days=1)
FACTS = Facts("Linear Algebra", "UC" + "a" * 22, "Professor Leonard", 64, ("age", "blocked:DE,FR"))
GONE = ResourceRecord(
    State.UNAVAILABLE, NOW, NOW - 5 * DAY, Reason.PRIVATE, NOW, NOW - DAY, 3, NOW - 2 * DAY, Answer.ABSENT,
    Answer.FORBIDDEN, FACTS,
)  # fmt: skip
MEMBER = Member(
    "aaaaaaaaaaA", 1, 7, MemberState.PRIVATE, NOW, NOW - DAY, "Lecture 8", "UC" + "b" * 22, "Owner", NOW - 9 * DAY,
    ("embedding",), NOW,
)  # fmt: skip


def test_the_columns_are_in_the_order_of_the_fields() -> None:
    record = [field for field in ResourceRecord.__struct_fields__ if field != "facts"]
    facts = [f"facts.{field}" for field in Facts.__struct_fields__ if field != "channel"]
    assert [spec.attribute for spec in RESOURCE_COLUMNS] == record + facts
    assert [spec.attribute for spec in MEMBER_COLUMNS] == list(Member.__struct_fields__)


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(GONE, id="a value in every column"),
        pytest.param(ResourceRecord(State.UNKNOWN, NOW, NOW), id="no value where none is needed"),
        pytest.param(
            msgspec.structs.replace(GONE, facts=Facts(restrictions=())), id="no restrictions is not unreported"
        ),
        pytest.param(
            ResourceRecord(State.AVAILABLE, NOW - DAY, NOW - DAY, last_checked=NOW, last_available=NOW, facts=FACTS),
            id="available",
        ),
    ],
)
def test_a_record_is_read_as_it_was_written(record: ResourceRecord) -> None:
    assert decode_record(encode_record(record)) == record


def test_while_a_resource_is_available_its_last_sight_is_its_last_check() -> None:
    record = ResourceRecord(State.AVAILABLE, NOW, NOW, last_checked=NOW, last_available=NOW)
    row = dict(zip(RESOURCE_NAMES, encode_record(record), strict=True))
    assert row["last_available_at"] is None, "a check without changes need not write it"
    row["last_checked_at"] += 1000
    assert decode_record(list(row.values())).last_available == NOW + timedelta(seconds=1)


@pytest.mark.parametrize(
    "member", [MEMBER, Member("aaaaaaaaaaA", 0, 0, MemberState.AVAILABLE, NOW, NOW)], ids=["full", "bare"]
)
def test_a_member_is_read_as_it_was_written(member: Member) -> None:
    row = encode_member(member)
    assert decode_member(row) == member
    assert dict(zip(MEMBER_NAMES, row, strict=True))["state"] == member.state.value


def test_the_history_writes_each_attribute_as_text() -> None:
    assert {attribute.name: attribute.text(GONE) for attribute in HISTORY} == {
        "state": "unavailable private",
        "title": "Linear Algebra",
        "owner": f"Professor Leonard UC{'a' * 22}",
        "item_count": "64",
        "restrictions": "age blocked:DE,FR",
    }
    bare = ResourceRecord(State.UNKNOWN, NOW, NOW, facts=Facts(owner_id="UCx"))
    assert [attribute.text(bare) for attribute in HISTORY] == ["unknown", None, "UCx", None, None]


def test_ids_states_and_times_are_not_purged() -> None:
    assert set(purged_names(RESOURCE_COLUMNS)) == {"title", "owner_title", "item_count", "restrictions"}
    assert set(purged_names(MEMBER_COLUMNS)) == {"title", "owner_title", "restrictions"}
