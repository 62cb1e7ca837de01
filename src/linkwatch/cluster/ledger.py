"""The account that all workers share, and what of it each call took."""

from threading import local

from linkwatch.errors import QuotaSpentError
from linkwatch.probe.ledger import Ledger


class CountingLedger:
    """Counts what each thread books, for the call that it is at.

    Args:
        account: Where the units are booked.
    """

    def __init__(self, account: Ledger) -> None:
        self._account = account
        self._here = local()

    def book(self) -> None:
        """Book one unit.

        Raises:
            QuotaSpentError: There is none left today.
        """
        self._account.book()
        self._here.units = self._units() + 1

    def exhaust(self) -> QuotaSpentError:
        """Note that YouTube says the day is spent, and return the error to raise."""
        return self._account.exhaust()

    def take(self) -> int:
        """How many units this thread has booked since it last asked."""
        units, self._here.units = self._units(), 0
        return units

    def _units(self) -> int:
        return int(getattr(self._here, "units", 0))
