"""What the file says and what the store remembers → the acknowledgements that there are."""

from collections.abc import Iterable, Mapping

import msgspec

from linkwatch.acks.acknowledgement import AckKey, Acknowledgement


def merged(
    listed: Iterable[Acknowledgement] | None, stored: Iterable[Acknowledgement], aliases: Mapping[str, str]
) -> list[Acknowledgement]:
    """Where there is a file it is the truth, but for what a check saw ended after it was accepted.

    Args:
        listed: What the file says; None: there is no file.
        stored: What the store remembers.
        aliases: `@handle` or `user/NAME` → `UC…`.

    Returns:
        One for each id and rule, the last accepted; with handles and user names resolved, in order of acceptance.
    """
    remembered = [resolved(ack, aliases) for ack in stored]
    current = remembered if listed is None else [resolved(ack, aliases) for ack in listed]
    ends = {ack.key: ack.ended_at for ack in remembered if ack.ended_at is not None}
    last: dict[AckKey, Acknowledgement] = {}
    for ack in sorted(current, key=lambda ack: (ack.accepted_at, ack.id or "", ack.rule or "")):
        end = ends.get(ack.key)
        last[ack.key] = ack if end is None or end < ack.accepted_at else msgspec.structs.replace(ack, ended_at=end)
    return list(last.values())


def resolved(ack: Acknowledgement, aliases: Mapping[str, str]) -> Acknowledgement:
    """The same, about the channel that its handle or user name was resolved to."""
    if ack.id is None or ack.id not in aliases:
        return ack
    return msgspec.structs.replace(ack, id=aliases[ack.id])
