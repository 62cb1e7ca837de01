"""The value that the store, the report and `linkwatch-acks.toml` share."""

from datetime import UTC, date, datetime

import msgspec

from linkwatch.models.rules import Rule

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""When an entry of the file was accepted that does not say when: before everything.

With an id it counts all the same. One that names a rule alone covers then only what was so when the memory began, and
what a check saw ended stays ended until the entry has a later date.
"""

AckKey = tuple[str | None, Rule | None]
"""Id and rule: one's alone."""


class Acknowledgement(msgspec.Struct, frozen=True):
    """An acknowledgement of findings, with its reason."""

    id: str | None
    """As the findings have it: `PL…`, `@handle`, the URL of a malformed link; None: whatever the rule finds."""

    rule: Rule | None
    """None: all findings about the id."""

    reason: str | None
    accepted_at: datetime
    until: date | None = None
    """The last day, in UTC, on which it counts; None: until what was found is over."""

    ended_at: datetime | None = None
    """When a check saw that it was over; None: it still counts, but for its date."""

    @property
    def key(self) -> AckKey:
        """What it is about."""
        return self.id, self.rule

    def has_expired(self, now: datetime) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and self.until < now.date()
