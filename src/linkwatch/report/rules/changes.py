"""What changed lately: retitled."""

from collections.abc import Iterator

from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.report.model import Finding
from linkwatch.report.rules.context import RuleContext
from linkwatch.report.rules.registry import list_rule
from linkwatch.report.wording import title_changed


@list_rule(rules.RETITLED)
def retitled(context: RuleContext) -> Iterator[Finding | None]:
    """The last change, for as long as changes are reported."""
    for item, stored in context.recent_changes():
        before, after = stored.event.before, stored.event.after
        # A value that was purged leaves the fact that something changed, which says nothing.
        if stored.event.kind is EventKind.RETITLED and before is not None and after is not None:
            yield context.finding(
                rules.RETITLED,
                resource=item.resource,
                links=item.links,
                message=title_changed(item.resource.kind, str(before), str(after)),
                since=stored.at,
                evidence={"before": before, "after": after},
            )
