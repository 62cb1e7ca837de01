"""Which acknowledgement covers a finding."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from linkwatch.models.acknowledgement import AckKey, Acknowledgement
from linkwatch.models.rules import Rule


def merge_acknowledgements(
    listed: Iterable[Acknowledgement] | None, stored: Iterable[Acknowledgement], aliases: Mapping[str, str]
) -> list[Acknowledgement]:
    """Merge the file and the database: the file takes precedence, except for what a check has ended since.

    Args:
        listed: The entries of the file; None: there is no file.
        stored: Those of the database.
        aliases: `@handle` or `user/NAME` → `UC…`.

    Returns:
        The latest one for each id and rule, with handles and user names resolved, in order of time.
    """
    from_database = [resolve_acknowledgement(ack, aliases) for ack in stored]
    current = from_database if listed is None else [resolve_acknowledgement(ack, aliases) for ack in listed]
    ends = {ack.key: ack.ended_at for ack in from_database if ack.ended_at is not None}
    last: dict[AckKey, Acknowledgement] = {}
    for ack in sorted(current, key=lambda ack: (ack.accepted_at, ack.id or "", ack.rule.name if ack.rule else "")):
        end = ends.get(ack.key)
        last[ack.key] = ack if end is None or end < ack.accepted_at else msgspec.structs.replace(ack, ended_at=end)
    return list(last.values())


def resolve_acknowledgement(ack: Acknowledgement, aliases: Mapping[str, str]) -> Acknowledgement:
    """The same, about the channel that its handle or user name was resolved to."""
    if ack.id is None or ack.id not in aliases:
        return ack
    return msgspec.structs.replace(ack, id=aliases[ack.id])


@dataclass(frozen=True, slots=True)
class ActiveAcknowledgements:
    """The acknowledgements that count at a time, by what they are about."""

    by_key: Mapping[AckKey, Acknowledgement]
    began: datetime | None
    """When the first stored check began; None: there was none."""

    def matching(self, rule: Rule, about: str | None, since: datetime | None) -> Iterator[Acknowledgement]:
        """Those that cover a finding, the narrowest first.

        Args:
            rule: The rule that found it.
            about: The id, or the URL of a malformed link.
            since: Since when it is so; None when no check has covered the link yet.
        """
        for key in ((about, rule), (about, None), (None, rule)):
            ack = self.by_key.get(key)
            if ack is not None and (ack.id is not None or self._was_so(ack, since)):
                yield ack

    def _was_so(self, ack: Acknowledgement, since: datetime | None) -> bool:
        """Whether something began before a rule was accepted: a resource that dies after `ack dead` is reported.

        For a rule without an id, everything from before the first check in the database counts as acknowledged. The
        first check of these lists would be wrong: checking two lists together for the first time would acknowledge
        what died yesterday.
        """
        if since is None or since <= ack.accepted_at:
            return True
        return self.began is not None and since <= self.began


def active_acknowledgements(
    acks: Iterable[Acknowledgement], now: datetime, began: datetime | None
) -> ActiveAcknowledgements:
    """Those that count at a time: not ended, and not expired.

    Args:
        acks: As `merge_acknowledgements` returns them, one for each id and rule.
        now: Aware UTC.
        began: When the first stored check began.
    """
    return ActiveAcknowledgements(
        {ack.key: ack for ack in acks if ack.ended_at is None and not ack.has_expired(now)}, began
    )


def acknowledgements_expired_since(
    acks: Iterable[Acknowledgement], then: datetime, now: datetime, began: datetime | None
) -> ActiveAcknowledgements:
    """Those whose last day passed between two times: what they covered is new again.

    Args:
        acks: As for `active_acknowledgements`.
        then: Aware UTC; what had expired by then was reported already.
        now: Aware UTC.
        began: As for `active_acknowledgements`.
    """
    lately = (ack for ack in acks if ack.ended_at is None and ack.has_expired(now) and not ack.has_expired(then))
    return ActiveAcknowledgements({ack.key: ack for ack in lately}, began)
