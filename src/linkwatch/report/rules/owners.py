"""Findings from entries that come from another channel than the list says: owner-changed."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from linkwatch.catalogue.catalogue import CataloguedLink
from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.link import Link
from linkwatch.models.observation import ResourceRecord, State
from linkwatch.models.resource import Kind
from linkwatch.report.model import Finding
from linkwatch.report.rules.context import RuleContext, quoted
from linkwatch.report.rules.labels import same_owner


@dataclass(frozen=True, slots=True)
class _Told:
    """An entry with an owner, and the other channel that it comes from."""

    item: CataloguedLink
    owner: str
    channel: str


def owner_findings(material: RuleContext) -> Iterator[Finding | None]:
    """Every finding of this family."""
    agreeing: Counter[str] = Counter()
    foreign: dict[str, list[_Told]] = defaultdict(list)
    for item in material.catalogue.links:
        owner, file = item.link.owner, item.link.file
        channel = _channel(item, material.known.get(item.resources[0])) if owner and item.resources else None
        if owner and channel and same_owner(owner, channel):
            agreeing[file] += 1
        elif owner and channel:
            foreign[file].append(_Told(item, owner, channel))
    for file, told in foreign.items():
        # An `owner` column is meant; a bold list item above is an owner only in a list where most of them are.
        if PurePath(file).suffix.lower() in {".csv", ".tsv"} or agreeing[file] >= len(told):
            yield from (_finding(material, entry) for entry in told)


def _finding(material: RuleContext, told: _Told) -> Finding | None:
    link: Link = told.item.link
    resource = told.item.resources[0]
    return material.finding(
        rules.OWNER_CHANGED,
        resource=resource,
        links=[link],
        message=f"the list says {quoted(told.owner)}, but it comes from {quoted(told.channel)}",
        since=material.disagree_since(link, resource, EventKind.OWNER_CHANGED),
        evidence={"listed": told.owner, "channel": told.channel},
    )


def _channel(item: CataloguedLink, known: ResourceRecord | None) -> str | None:
    if known is None or known.state is not State.AVAILABLE:
        return None
    return known.facts.title if item.resources[0].kind is Kind.CHANNEL else known.facts.owner_title
