"""Findings about links whose owner changed, or is another one than the list says: owner-changed."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from linkwatch.catalogue.catalogue import CataloguedLink
from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.link import Link
from linkwatch.models.observation import ResourceRecord, State
from linkwatch.models.records import StoredEvent
from linkwatch.models.resource import Kind
from linkwatch.report.model import Finding
from linkwatch.report.rules.context import RuleContext
from linkwatch.report.rules.label_words import same_owner
from linkwatch.report.rules.registry import list_rule
from linkwatch.report.wording import owner_changed, quoted


@dataclass(frozen=True, slots=True)
class _OtherChannel:
    """A link whose list names an owner, and the other channel that it comes from."""

    item: CataloguedLink
    owner: str
    channel: str


@list_rule(rules.OWNER_CHANGED)
def other_owner(context: RuleContext) -> Iterator[Finding | None]:
    """One finding for each link that names another owner, one for each recent change of the other links."""
    changes = {
        item.resource: (item, stored)
        for item, stored in context.recent_changes()
        # A value that was purged leaves the fact that something changed, which says nothing.
        if stored.event.kind is EventKind.OWNER_CHANGED and stored.event.before and stored.event.after
    }
    contradicted: set[Link] = set()
    for entry in _other_channels(context):
        change = changes.get(entry.item.resources[0])
        finding = _contradiction(context, entry, None if change is None else change[1])
        contradicted.update(() if finding is None else finding.links)
        yield finding
    for item, stored in changes.values():
        links = [link for link in item.links if link not in contradicted]
        if links or not item.links:
            yield context.finding(
                rules.OWNER_CHANGED,
                resource=item.resource,
                links=links,
                message=owner_changed(item.name, str(stored.event.before), str(stored.event.after)),
                since=stored.at,
                evidence={"before": stored.event.before, "after": stored.event.after},
            )


def _other_channels(context: RuleContext) -> Iterator[_OtherChannel]:
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
            yield from entries


def _contradiction(context: RuleContext, entry: _OtherChannel, change: StoredEvent | None) -> Finding | None:
    link = entry.item.link
    resource = entry.item.resources[0]
    evidence: dict[str, object] = {"listed": entry.owner, "channel": entry.channel}
    message = f"the list names {quoted(entry.owner)} as the owner, but the channel is {quoted(entry.channel)}"
    if change is not None:
        evidence |= {"before": change.event.before, "after": change.event.after}
        name = context.reported[resource].name
        changed = owner_changed(name, str(change.event.before), str(change.event.after))
        message = f"{changed}; the list names {quoted(entry.owner)}"
    return context.finding(
        rules.OWNER_CHANGED,
        resource=resource,
        links=[link],
        message=message,
        since=context.disagree_since(link, resource, EventKind.OWNER_CHANGED),
        evidence=evidence,
    )


def _channel(item: CataloguedLink, record: ResourceRecord | None) -> str | None:
    if record is None or record.state is not State.AVAILABLE:
        return None
    return record.facts.title if item.resources[0].kind is Kind.CHANNEL else record.facts.owner_title
