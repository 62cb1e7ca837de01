"""A list that is stored in the database."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StoredList:
    """A list in the database, without its text."""

    name: str
    path: str | None
    """Of the file or folder that it stands for, absolute; None: the list itself is stored, as CSV."""

    digest: str
    """Of its path and text: another one when either is changed."""

    changed_at: datetime

    @property
    def address(self) -> str:
        """What commands take it by."""
        return f"list:{self.name}"

    @property
    def location(self) -> str:
        """What is read: itself, or the file or folder that it stands for."""
        return self.path or self.address
