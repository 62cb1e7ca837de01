"""The columns of `resources` and `memberships` that hold a value of `models`, each specified once.

The table, load, save, the history (`spans`) and the purge derive from these specifications: a new column is a row here
and a migration.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, Integer, Text

from linkwatch.models.events import EventKind
from linkwatch.models.observation import Answer, Facts, Member, MemberState, Reason, ResourceRecord, State
from linkwatch.models.times import to_millis, to_time

UNANSWERED = "unanswered"
"""The attribute of a span between two answers with a check in it that got none."""


class Codec(NamedTuple):
    """How a value is written into a column and read from it; None: as it is. NULL is None in every column."""

    encode: Callable[[Any], Any] | None = None
    decode: Callable[[Any], Any] | None = None


def _member_of(enumeration: type[StrEnum]) -> Codec:
    # A look-up is faster than a call of the enumeration.
    return Codec(decode={member.value: member for member in enumeration}.__getitem__)


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PLAIN = Codec()
# Thousands of rows share a time: it is converted once, and is one object.
TIME = Codec(lru_cache(maxsize=10_000)(to_millis), lru_cache(maxsize=10_000)(to_time))
WORDS = Codec(" ".join, _split)


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column and the attribute that it holds."""

    column: Column[Any]
    attribute: str
    """Path in the value: `state`, `facts.title`."""

    codec: Codec = PLAIN
    purged: bool = False
    """YouTube's terms limit how long it may be kept without being refreshed."""


RESOURCE_COLUMNS = (
    ColumnSpec(Column("state", Text, nullable=False), "state", _member_of(State)),
    ColumnSpec(Column("state_since_at", BigInteger, nullable=False), "state_since", TIME),
    ColumnSpec(Column("first_seen_at", BigInteger, nullable=False), "first_seen", TIME),
    ColumnSpec(Column("reason", Text), "reason", _member_of(Reason)),
    ColumnSpec(Column("last_checked_at", BigInteger), "last_checked", TIME),
    # NULL while it is available: it is last_checked_at then, and a check without changes writes that column alone.
    ColumnSpec(Column("last_available_at", BigInteger), "last_available", TIME),
    ColumnSpec(Column("strikes", Integer, nullable=False, server_default="0"), "missed_checks"),
    ColumnSpec(Column("last_strike_at", BigInteger), "last_missed_at", TIME),
    ColumnSpec(Column("api", Text), "api", _member_of(Answer)),
    ColumnSpec(Column("oembed", Text), "oembed", _member_of(Answer)),
    ColumnSpec(Column("title", Text), "facts.title", purged=True),
    ColumnSpec(Column("owner_id", Text), "facts.owner_id"),
    ColumnSpec(Column("owner_title", Text), "facts.owner_title", purged=True),
    ColumnSpec(Column("item_count", Integer), "facts.item_count", purged=True),
    # Words separated by spaces; NULL: not reported.
    ColumnSpec(Column("restrictions", Text), "facts.restrictions", WORDS, purged=True),
)
"""Of a `ResourceRecord`, in the order of its fields, then of the fields of `Facts`."""

MEMBER_COLUMNS = (
    ColumnSpec(Column("video_id", Text, nullable=False), "video_id"),
    # Of the same video in the same playlist.
    ColumnSpec(Column("occurrence", Integer, nullable=False, server_default="0"), "occurrence"),
    ColumnSpec(Column("position", Integer, nullable=False), "position"),
    ColumnSpec(Column("state", Text, nullable=False), "state", _member_of(MemberState)),
    ColumnSpec(Column("state_since_at", BigInteger, nullable=False), "state_since", TIME),
    ColumnSpec(Column("first_seen_at", BigInteger, nullable=False), "first_seen", TIME),
    ColumnSpec(Column("title", Text), "title", purged=True),
    ColumnSpec(Column("owner_id", Text), "owner_id"),
    ColumnSpec(Column("owner_title", Text), "owner_title", purged=True),
    ColumnSpec(Column("added_at", BigInteger), "added_at", TIME),
    ColumnSpec(Column("restrictions", Text), "restrictions", WORDS, purged=True),
    ColumnSpec(Column("left_at", BigInteger), "left_at", TIME),  # NULL: it is in the playlist
    ColumnSpec(Column("missing_since_at", BigInteger), "missing_since", TIME),  # NULL: it is listed, or it left
    ColumnSpec(Column("item_key", BigInteger), "item_key"),
)
"""Of a `Member`, in the order of its fields."""


@dataclass(frozen=True, slots=True)
class HistoryAttribute:
    """A value of a resource whose former values are kept in `spans`."""

    name: str
    text: Callable[[ResourceRecord], str | None]
    """The value as it is stored; None: there is none, and no span of it."""

    event_kinds: tuple[EventKind, ...] = ()
    """Events that quote the value, which comes from YouTube: spans and events are purged. Empty: it is our own."""


def _state(record: ResourceRecord) -> str:
    return record.state if record.reason is None else f"{record.state} {record.reason}"


def _owner(record: ResourceRecord) -> str | None:
    id_, title = record.facts.owner_id, record.facts.owner_title
    return id_ if title is None else f"{title} {id_ or ''}".strip()


def _item_count(record: ResourceRecord) -> str | None:
    return None if record.facts.item_count is None else str(record.facts.item_count)


def _restrictions(record: ResourceRecord) -> str | None:
    return None if record.facts.restrictions is None else " ".join(record.facts.restrictions)


HISTORY = (
    HistoryAttribute("state", _state),
    HistoryAttribute("title", attrgetter("facts.title"), (EventKind.RETITLED,)),
    HistoryAttribute("owner", _owner, (EventKind.OWNER_CHANGED,)),
    HistoryAttribute("item_count", _item_count, (EventKind.GROWN, EventKind.SHRUNK, EventKind.EMPTIED)),
    HistoryAttribute("restrictions", _restrictions, (EventKind.RESTRICTED, EventKind.UNRESTRICTED)),
)


class _Rows:
    """Converts between values and rows of some columns."""

    def __init__(self, specs: Sequence[ColumnSpec]) -> None:
        self.names = tuple(spec.column.name for spec in specs)
        self._attributes = attrgetter(*(spec.attribute for spec in specs))
        codecs = [(at, spec.codec) for at, spec in enumerate(specs)]
        self._encoders = [(at, codec.encode) for at, codec in codecs if codec.encode is not None]
        self._decoders = [(at, codec.decode) for at, codec in codecs if codec.decode is not None]

    def encode(self, value: object) -> list[Any]:
        row = list(self._attributes(value))
        for at, encode in self._encoders:
            if (attribute := row[at]) is not None:
                row[at] = encode(attribute)
        return row

    def decode(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for at, decode in self._decoders:
            if (stored := values[at]) is not None:
                values[at] = decode(stored)
        return values


_RESOURCE_ROWS, _MEMBER_ROWS = _Rows(RESOURCE_COLUMNS), _Rows(MEMBER_COLUMNS)
RESOURCE_NAMES, MEMBER_NAMES = _RESOURCE_ROWS.names, _MEMBER_ROWS.names
_LAST_CHECKED, _LAST_AVAILABLE = map(RESOURCE_NAMES.index, ("last_checked_at", "last_available_at"))
_FACTS = next(at for at, spec in enumerate(RESOURCE_COLUMNS) if spec.attribute.startswith("facts."))


def encode_record(record: ResourceRecord) -> list[Any]:
    """The values of `RESOURCE_NAMES`."""
    row = _RESOURCE_ROWS.encode(record)
    if record.state is State.AVAILABLE:
        row[_LAST_AVAILABLE] = None
    return row


def decode_record(row: Sequence[Any]) -> ResourceRecord:
    """The values of `RESOURCE_NAMES` → the record."""
    values = _RESOURCE_ROWS.decode(row)
    if values[0] is State.AVAILABLE:
        values[_LAST_AVAILABLE] = values[_LAST_CHECKED]
    facts = Facts(*values[_FACTS:])
    return ResourceRecord(*values[:_FACTS], facts)  # type: ignore[call-arg] # mypy can't count the values


def encode_member(member: Member) -> list[Any]:
    """The values of `MEMBER_NAMES`."""
    return _MEMBER_ROWS.encode(member)


def decode_member(row: Sequence[Any]) -> Member:
    """The values of `MEMBER_NAMES` → the member."""
    return Member(*_MEMBER_ROWS.decode(row))


def purged_names(specs: Sequence[ColumnSpec]) -> tuple[str, ...]:
    """The columns that are emptied when what they hold was not refreshed in time."""
    return tuple(spec.column.name for spec in specs if spec.purged)
