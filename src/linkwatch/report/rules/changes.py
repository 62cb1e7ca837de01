"""What changed lately: retitled, owner-changed."""

from collections.abc import Iterator

from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.records import StoredEvent
from linkwatch.report.model import Finding, ReportedResource
from linkwatch.report.rules.context import RuleContext
from linkwatch.report.rules.registry import list_rule
from linkwatch.report.wording import owner_changed, title_changed

_RULES = {
    EventKind.OWNER_CHANGED: rules.OWNER_CHANGED,
    EventKind.RETITLED: rules.RETITLED,
}


@list_rule(rules.RETITLED, rules.OWNER_CHANGED)
def changed(context: RuleContext) -> Iterator[Finding | None]:
    """The last change of each kind, for as long as changes are reported."""
    for item, stored in context.recent_changes():
        rule = _RULES.get(stored.event.kind)
        # A value that was purged leaves the fact that something changed, which says nothing.
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
    before, after = str(stored.event.before), str(stored.event.after)
    if stored.event.kind is EventKind.RETITLED:
        return title_changed(item.resource.kind, before, after)
    return owner_changed(item.name, before, after)
