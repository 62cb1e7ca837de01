"""Times: aware UTC in memory, whole milliseconds since 1970 in the database, whole seconds in reports."""

from datetime import UTC, datetime, timedelta
from typing import overload


@overload
def whole_seconds(time: datetime) -> datetime: ...


@overload
def whole_seconds(time: None) -> None: ...


def whole_seconds(time: datetime | None) -> datetime | None:
    """The time as reports and the HTTP API show it."""
    return None if time is None else time.replace(microsecond=0)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far two clocks may differ: a stored time further ahead of now was stored while a clock was wrong.

Such a time counts as never: else one check at a wrong time would put off all that waits for it to pass.
"""


def is_ahead(time: datetime, now: datetime) -> bool:
    """Whether a stored time lies further ahead of now than clocks may differ."""
    return time - now > CLOCK_TOLERANCE


def whole_milliseconds(time: datetime) -> datetime:
    """The time as it is loaded from the database."""
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


@overload
def to_millis(time: datetime) -> int: ...


@overload
def to_millis(time: None) -> None: ...


def to_millis(time: datetime | None) -> int | None:
    """Aware UTC → milliseconds since 1970, rounded down."""
    return None if time is None else (time - EPOCH) // timedelta(milliseconds=1)


@overload
def to_time(millis: int) -> datetime: ...


@overload
def to_time(millis: None) -> None: ...


def to_time(millis: int | None) -> datetime | None:
    """Milliseconds since 1970 → aware UTC."""
    return None if millis is None else EPOCH + timedelta(milliseconds=millis)
