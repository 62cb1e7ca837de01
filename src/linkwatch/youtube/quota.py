"""The quota account, as the Data API client sees it."""

from typing import Protocol

from linkwatch.errors import QuotaSpentError


class QuotaAccount(Protocol):
    """Books units before each attempt; shared by every process on one database."""

    @property
    def units(self) -> int:
        """How many units were booked through this object."""

    def book(self) -> None:
        """Book one unit of today's, atomically.

        Raises:
            QuotaSpentError: The day's units are spent, or YouTube said so.
        """

    def exhaust(self) -> QuotaSpentError:
        """YouTube says that the day is spent, whatever we counted: another program uses the same project.

        Returns:
            The error to raise; it says when the next day begins.
        """
