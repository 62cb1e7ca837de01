"""The one place where the present time comes from, and where it passes; whoever needs it takes it as an argument."""

from datetime import UTC, datetime
from time import sleep


def utc_now() -> datetime:
    """The present time, aware UTC."""
    return datetime.now(UTC)


def wait(seconds: float) -> None:
    """Let so much time pass."""
    sleep(seconds)
