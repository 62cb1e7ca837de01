"""What the rules examine, and how a finding is made."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from linkwatch.models.events import EventKind
from linkwatch.models.link import Link
from linkwatch.models.records import StoredEvent
from linkwatch.models.resource import Resource
from linkwatch.models.rules import Level, Rule
from linkwatch.models.times import is_ahead
from linkwatch.report.input import ReportInput
from linkwatch.report.model import Finding, ReportedResource, Suggestion
from linkwatch.report.wording import flaps


class ReportedItems(Mapping[Resource, ReportedResource]):
    """What is reported, in its order, by resource.

    Args:
        items: In their order.
        index: The same by resource.
    """

    def __init__(self, items: Sequence[ReportedResource], index: Mapping[Resource, ReportedResource]) -> None:
        self._items = items
        self._index = index

    def __getitem__(self, resource: Resource) -> ReportedResource:
        return self._index[resource]

    def __iter__(self) -> Iterator[Resource]:
        return (item.resource for item in self._items)

    def __len__(self) -> int:
        return len(self._items)

    def in_order(self) -> Sequence[ReportedResource]:
        """All of them, without an index."""
        return self._items


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleContext(ReportInput):
    """What the rules examine: the input of the report, and the listed resources put together."""

    reported: ReportedItems
    """In their order."""

    def finding(
        self,
        rule: Rule,
        *,
        resource: Resource | None,
        links: Iterable[Link],
        message: str,
        since: datetime | None,
        evidence: Mapping[str, object] | None = None,
        suggestions: tuple[Suggestion, ...] = (),
    ) -> Finding | None:
        """Make a finding; None when the rule is off, or ignored for all of the links."""
        level = self.settings.levels[rule]
        meant = not_ignoring(rule, links)
        if level is Level.OFF or not meant:
            return None
        flapping = self.flapping.get(resource) if resource is not None and rule.is_absence else None
        item = None if resource is None else self.reported.get(resource)
        appeared_at = self.appeared_at(since if flapping is None else flapping.news_at, resource, meant)
        if flapping is not None and flapping.ended_at is None:
            message = f"{message}; {flaps(flapping)}"
            counted = {"state_changes": flapping.changes, "flapping_since": flapping.began_at}
            evidence = {**(evidence or {}), **counted}
        return Finding(
            rule=rule,
            level=level,
            kind=None if resource is None else resource.kind,
            id=None if resource is None else resource.id,
            links=meant,
            message=message,
            since=since,
            appeared_at=appeared_at,
            new=self.is_new(appeared_at),
            evidence=evidence or {},
            suggestions=suggestions,
            title=None if item is None else item.title,
        )

    def appeared_at(self, since: datetime | None, resource: Resource | None, links: Iterable[Link]) -> datetime | None:
        """When a finding began to concern the lists: when its link was added to a list, if the fault is older.

        Args:
            since: When the fault began; None: no check has covered the link.
            resource: What the finding is about; None: a malformed link, whose fault is as old as the link.
            links: The links of the finding.
        """
        if since is None or resource is None:
            return since
        listed = [self.listed_since(link, resource) for link in links]
        return None if None in listed else max([since, *(time for time in listed if time is not None)])

    def is_new(self, appeared_at: datetime | None) -> bool:
        """Whether something appeared with the last run, or after the last reported one, or no run has met it."""
        if appeared_at is not None and is_ahead(appeared_at, self.now):
            # Stored, and reported, while the clock was wrong: it would be new in every report until that time.
            return False
        if appeared_at is None or self.run is None or appeared_at >= self.run.started_at:
            return True
        return self.new_since is not None and appeared_at > self.new_since

    def recent_changes(self) -> Iterator[tuple[ReportedResource, StoredEvent]]:
        """Yield the last event of each kind of what is reported, as long as changes are reported."""
        since = self.now - self.settings.changes_for
        for (resource, _), stored in self.events.items():
            # By its time first: nearly all are old, and there are several for each resource.
            if stored.at > since and self.is_recent(stored.at) and resource in self.reported:
                yield self.reported[resource], stored

    def is_recent(self, at: datetime) -> bool:
        """Whether a change is reported still."""
        return at > self.now - self.settings.changes_for and not is_ahead(at, self.now)

    def links_first_seen(self, links: Iterable[Link]) -> datetime | None:
        """When the last of these links was first seen; None when one of them never was."""
        times = [self.first_seen(link) for link in links]
        return None if None in times else max((time for time in times if time is not None), default=None)

    def disagree_since(self, link: Link, resource: Resource, kind: EventKind) -> datetime | None:
        """When a link and what it names came to disagree: when it was listed, or when that changed, if later."""
        listed, changed = self.links_first_seen([link]), self.events.get((resource, kind))
        return listed if listed is None or changed is None else max(listed, changed.at)


def not_ignoring(rule: Rule, links: Iterable[Link]) -> tuple[Link, ...]:
    """Those of the links for which the rule is not ignored."""
    return tuple(link for link in links if link.ignored is None or rule.name not in link.ignored)
