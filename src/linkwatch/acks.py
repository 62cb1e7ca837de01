"""What somebody has looked at and accepted: the value that the store, the report and `linkwatch-acks.toml` share."""

from datetime import date, datetime

import msgspec

from linkwatch.settings import Rule


class Acknowledgement(msgspec.Struct, frozen=True):
    """Some findings that are known and accepted."""

    id: str | None
    """As the findings have it: `PL…`, `@handle`; None: whatever the rule finds."""

    rule: Rule | None
    """None: whatever is found about the id."""

    reason: str | None
    accepted_at: datetime
    until: date | None = None
    """The last day, in UTC, on which it counts; None: until what was found is over."""

    ended_at: datetime | None = None
    """When a check saw that it was over; None: it still counts, but for its date."""
