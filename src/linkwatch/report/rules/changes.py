"""Findings from what happened lately: retitled, grown, shrunk, owner-changed."""

from collections.abc import Iterator

from linkwatch.report.report import Finding, ReportedResource
from linkwatch.report.rules.material import Material, quoted
from linkwatch.settings import Rule
from linkwatch.store.remembered import StoredEvent
from linkwatch.verdict.events import EventKind

_RULES = {
    EventKind.SHRUNK: Rule.SHRUNK,
    EventKind.OWNER_CHANGED: Rule.OWNER_CHANGED,
    EventKind.RETITLED: Rule.RETITLED,
    EventKind.GROWN: Rule.GROWN,
}


def change_findings(material: Material) -> Iterator[Finding | None]:
    """Every finding of this family: the last change of each kind, for as long as changes are reported."""
    for item, stored in material.news():
        rule = _RULES.get(stored.event.kind)
        # A value that was purged leaves the fact that something changed, which tells nobody anything.
        if rule is not None and stored.event.before is not None and stored.event.after is not None:
            yield material.finding(
                rule,
                resource=item.resource,
                links=item.links,
                message=_message(item, stored),
                since=stored.at,
                evidence={"before": stored.event.before, "after": stored.event.after},
            )


def _message(item: ReportedResource, stored: StoredEvent) -> str:
    before, after = str(stored.event.before), str(stored.event.after)
    match stored.event.kind:
        case EventKind.RETITLED:
            return f"{item.resource.kind} {quoted(before)} is called {quoted(after)} now"
        case EventKind.OWNER_CHANGED:
            return f"{item.name} belongs to {quoted(after)} now, it was {quoted(before)}'s"
        case EventKind.SHRUNK:
            return f"{item.name} lost {_videos(int(before) - int(after))}: {before} → {after}"
        case _:
            return f"{item.name} has {_videos(int(after) - int(before))} more: {before} → {after}"


def _videos(count: int) -> str:
    return "1 video" if count == 1 else f"{count} videos"
