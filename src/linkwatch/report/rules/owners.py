"""Findings from entries that come from another channel than the list says: owner-changed."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from linkwatch.catalogue.catalogue import CataloguedLink
from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.observation import ResourceRecord, State
from linkwatch.models.resource import Kind
from linkwatch.report.model import Finding
from linkwatch.report.rules.context import RuleContext
from linkwatch.report.rules.label_words import same_owner
from linkwatch.report.rules.registry import list_rule
from linkwatch.report.wording import quoted


@dataclass(frozen=True, slots=True)
class _OtherChannel:
    """A link whose list names an owner, and the other channel that it comes from."""

    item: CataloguedLink
    owner: str
    channel: str


@list_rule(rules.OWNER_CHANGED)
def other_owner(context: RuleContext) -> Iterator[Finding | None]:
    agreeing: Counter[str] = Counter()
    foreign: dict[str, list[_OtherChannel]] = defaultdict(list)
    for item in context.catalogue.links:
        owner, file = item.link.owner, item.link.file
        channel = _channel(item, context.records.get(item.resources[0])) if owner and item.resources else None
        if owner and channel and same_owner(owner, channel):
            agreeing[file] += 1
        elif owner and channel:
            foreign[file].append(_OtherChannel(item, owner, channel))
    for file, entries in foreign.items():
        # An `owner` column is meant; a bold list item above is an owner only in a list where most of them are.
        if PurePath(file).suffix.lower() in {".csv", ".tsv"} or agreeing[file] >= len(entries):
            yield from (_finding(context, entry) for entry in entries)


def _finding(context: RuleContext, entry: _OtherChannel) -> Finding | None:
    link = entry.item.link
    resource = entry.item.resources[0]
    return context.finding(
        rules.OWNER_CHANGED,
        resource=resource,
        links=[link],
        message=f"the list names {quoted(entry.owner)} as the owner, but the channel is {quoted(entry.channel)}",
        since=context.disagree_since(link, resource, EventKind.OWNER_CHANGED),
        evidence={"listed": entry.owner, "channel": entry.channel},
    )


def _channel(item: CataloguedLink, record: ResourceRecord | None) -> str | None:
    if record is None or record.state is not State.AVAILABLE:
        return None
    return record.facts.title if item.resources[0].kind is Kind.CHANNEL else record.facts.owner_title
