"""The quota account, as the Data API client sees it."""

from typing import Protocol

from linkwatch.errors import QuotaSpentError


class QuotaAccount(Protocol):
    """Books a unit before each attempt; shared by all processes of a database."""

    @property
    def units(self) -> int:
        """How many units were booked through this object."""

    def book(self) -> None:
        """Book one unit of today, atomically.

        Raises:
            QuotaSpentError: The day's units are spent, by our count or by YouTube's.
        """

    def exhaust(self) -> QuotaSpentError:
        """Mark the day as spent, because YouTube says so: another program may use the same project.

        Returns:
            The error to raise; it says when the next day begins.
        """
