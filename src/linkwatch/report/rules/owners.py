"""Findings about links whose owner changed, or is another one than the list says: owner-changed.

A bold list item may be who made what is listed below it, or what that is about. It is an owner in a list where the
channels say so for as many links as not; in any other it is a section.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import msgspec

from linkwatch.catalogue.catalogue import Catalogue, CataloguedLink
from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.link import Link
from linkwatch.models.observation import ResourceRecord, State
from linkwatch.models.records import StoredEvent
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.model import Finding
from linkwatch.report.rules.context import RuleContext
from linkwatch.report.rules.label_words import same_owner, words_of
from linkwatch.report.rules.registry import list_rule
from linkwatch.report.wording import owner_changed, quoted
from linkwatch.spool import spooled


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
        channel = _channel(item, context.records) if owner else None
        if owner and channel and same_owner(owner, channel):
            agreeing[file] += 1
        elif owner and channel:
            foreign[file].append(_OtherChannel(item, owner, channel))
    for file, entries in foreign.items():
        if agreeing[file] >= len(entries) or _is_meant(file, entries):
            yield from entries


_FEW = 5
"""Owners of a CSV list that may all be wrong."""


def _is_meant(file: str, entries: Sequence[_OtherChannel]) -> bool:
    """Whether all that a list names are meant to be owners, though most are not the channels.

    The column `owner` of a CSV list is; but not one that names many, and hardly a channel: it may hold speakers, or the
    bold list items that `extract` took for owners. In any other list an owner is where most of them are.
    """
    return PurePath(file).suffix.lower() in {".csv", ".tsv"} and len({entry.owner for entry in entries}) <= _FEW


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


def _channel(item: CataloguedLink, records: Mapping[Resource, ResourceRecord]) -> str | None:
    """The title of the channel that a link comes from, or leads to; None when it is not known or not available."""
    record = records.get(item.resources[0]) if item.resources else None
    if record is None or record.state is not State.AVAILABLE:
        return None
    return record.facts.title if item.resources[0].kind is Kind.CHANNEL else record.facts.owner_title


def with_confirmed_owners(catalogue: Catalogue, records: Mapping[Resource, ResourceRecord]) -> Catalogue:
    """The same catalogue, with sections in place of the inferred owners of lists whose channels don't confirm them.

    Args:
        catalogue: The links of the lists.
        records: What is stored of the resources. In a list of which no channel is stored, owners stay.
    """
    refuted = _refuted(catalogue, records)
    if not refuted:
        return catalogue

    def links() -> Iterator[CataloguedLink]:
        for item in catalogue.links:
            is_section = item.link.file in refuted and "owner" in item.link.inferred
            yield msgspec.structs.replace(item, link=_with_section(item.link)) if is_section else item

    return replace(catalogue, links=spooled(links(), CataloguedLink))


def _refuted(catalogue: Catalogue, records: Mapping[Resource, ResourceRecord]) -> set[str]:
    """The lists most of whose inferred owners are not the channels."""
    balance: Counter[str] = Counter()
    for item in catalogue.links:
        owner = item.link.owner
        if owner and "owner" in item.link.inferred and (channel := _channel(item, records)):
            # Of a name like “Courses” no word can be compared, so it would be that of any channel.
            balance[item.link.file] += 1 if words_of(owner) and same_owner(owner, channel) else -1
    return {file for file, confirmed in balance.items() if confirmed < 0}


def _with_section(link: Link) -> Link:
    section = " > ".join(filter(None, (link.section, link.owner)))
    inferred = tuple(name for name in link.inferred if name != "owner")
    return msgspec.structs.replace(link, section=section, owner=None, inferred=inferred)
