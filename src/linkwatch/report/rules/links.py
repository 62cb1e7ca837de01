"""Findings from how links are written: malformed, uncanonical."""

from linkwatch.catalogue.catalogue import CataloguedLink
from linkwatch.models import rules
from linkwatch.report.model import Finding
from linkwatch.report.rules.context import RuleContext
from linkwatch.report.rules.registry import link_rule
from linkwatch.urls.parse import better_url, invites_to_edit


@link_rule(rules.MALFORMED)
def malformed(context: RuleContext, item: CataloguedLink) -> Finding | None:
    if item.problem is None:
        return None
    return context.finding(
        rules.MALFORMED,
        resource=next(iter(item.resources), None),
        links=[item.link],
        message=f"{item.link.url} is malformed: {item.problem}",
        since=context.links_first_seen([item.link]),
        evidence={"url": item.link.url},
    )


@link_rule(rules.UNCANONICAL)
def uncanonical(context: RuleContext, item: CataloguedLink) -> Finding | None:
    better = None if item.problem else better_url(item.link.url)
    if better is None:
        return None
    invitation = "; this one (`jct=`) invites others to edit the playlist" if invites_to_edit(item.link.url) else ""
    return context.finding(
        rules.UNCANONICAL,
        resource=item.resources[0],
        links=[item.link],
        message=f"better URL: {better}{invitation}",
        since=context.links_first_seen([item.link]),
        evidence={"url": item.link.url, "better": better},
    )
