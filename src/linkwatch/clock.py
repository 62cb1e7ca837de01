"""The one place where the present time comes from; whoever needs it takes a clock as an argument."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present time, aware UTC."""
    return datetime.now(UTC)
