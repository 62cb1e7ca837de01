"""A rule: links to shorts, which a course may not want."""

from collections.abc import Iterable

from linkwatch.plugin_api import IN_THE_LIST, Finding, Level, Rule, RuleContext, Subject

rule = Rule(
    "example-shorts",  # the name of the entry point
    Level.WARNING,
    IN_THE_LIST,
    Subject.LINK,
    title="A short",
    description="a link leads to a short",
    example="https://www.youtube.com/shorts/haHLRD0QZ08 is a short",
    remedy="Link to a whole lecture.",
    needs_check=False,
)


def findings(context: RuleContext) -> Iterable[Finding | None]:
    """Examine each link of the lists."""
    for item in context.catalogue.links:
        if "/shorts/" in item.link.url:
            yield context.finding(
                rule,
                resource=item.resources[0] if item.resources else None,
                links=[item.link],
                message=f"{item.link.url} is a short",
                since=context.links_first_seen([item.link]),
                evidence={"url": item.link.url},
            )
