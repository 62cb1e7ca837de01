"""Findings from what happened lately: retitled, owner-changed."""

from collections.abc import Iterator

from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.records import StoredEvent
from linkwatch.report.model import Finding, ReportedResource
from linkwatch.report.rules.context import RuleContext, quoted
from linkwatch.report.rules.registry import list_rule

_RULES = {
    EventKind.OWNER_CHANGED: rules.OWNER_CHANGED,
    EventKind.RETITLED: rules.RETITLED,
}


@list_rule(rules.RETITLED, rules.OWNER_CHANGED)
def changed(context: RuleContext) -> Iterator[Finding | None]:
    """The last change of each kind, for as long as changes are reported."""
    for item, stored in context.news():
        rule = _RULES.get(stored.event.kind)
        # A value that was purged leaves the fact that something changed, which tells nobody anything.
        if rule is not None and stored.event.before is not None and stored.event.after is not None:
            yield context.finding(
                rule,
                resource=item.resource,
                links=item.links,
                message=_message(item, stored),
                since=stored.at,
                evidence={"before": stored.event.before, "after": stored.event.after},
            )


def _message(item: ReportedResource, stored: StoredEvent) -> str:
    before, after = quoted(str(stored.event.before)), quoted(str(stored.event.after))
    if stored.event.kind is EventKind.RETITLED:
        return f"{item.resource.kind} {before} is called {after} now"
    return f"{item.name} belongs to {after} now, it was {before}'s"
