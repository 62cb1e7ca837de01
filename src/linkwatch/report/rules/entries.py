"""Findings from the entries themselves: malformed, uncanonical, duplicate."""

from collections.abc import Iterator, Mapping, Sequence

from linkwatch.catalogue.catalogue import CataloguedLink
from linkwatch.models import rules
from linkwatch.models.link import Link
from linkwatch.models.resource import Resource
from linkwatch.report.model import Finding
from linkwatch.report.rules.context import RuleContext, not_ignoring, quoted
from linkwatch.report.rules.labels import Misfit
from linkwatch.urls.parse import better_url


def listing_findings(material: RuleContext, misfits: Mapping[Link, Misfit]) -> Iterator[Finding | None]:
    """Every finding of this family.

    Args:
        material: What is known.
        misfits: The entries whose label doesn't fit; a duplicate is explained by them.
    """
    for item in material.catalogue.links:
        yield _malformed(material, item)
        yield _uncanonical(material, item)
    for resource, listing in material.catalogue.duplicates():
        links = not_ignoring(rules.DUPLICATE, (item.link for item in listing))
        if len(links) > 1:
            yield _duplicate(material, resource, links, misfits)


def _malformed(material: RuleContext, item: CataloguedLink) -> Finding | None:
    if item.problem is None:
        return None
    return material.finding(
        rules.MALFORMED,
        resource=next(iter(item.resources), None),
        links=[item.link],
        message=f"{item.link.url} is malformed: {item.problem}",
        since=material.listed_since([item.link]),
        evidence={"url": item.link.url},
    )


def _uncanonical(material: RuleContext, item: CataloguedLink) -> Finding | None:
    better = None if item.problem else better_url(item.link.url)
    if better is None:
        return None
    return material.finding(
        rules.UNCANONICAL,
        resource=item.resources[0],
        links=[item.link],
        message=f"better written as {better}",
        since=material.listed_since([item.link]),
        evidence={"url": item.link.url, "better": better},
    )


def _duplicate(
    material: RuleContext, resource: Resource, links: Sequence[Link], misfits: Mapping[Link, Misfit]
) -> Finding | None:
    times = "twice" if len(links) == 2 else f"{len(links)} times"
    wrong = not_ignoring(rules.MISLABELLED, (link for link in links if link in misfits))
    blamed = ""
    if 0 < len(wrong) < len(links):
        labels = " and ".join(dict.fromkeys(quoted(str(link.label)) for link in wrong))
        blamed = f"; the label {labels} is the one that doesn't fit the title"
    return material.finding(
        rules.DUPLICATE,
        resource=resource,
        links=links,
        message=f"the same {resource.kind} is listed {times}: {', '.join(map(_place, links))}{blamed}",
        since=material.listed_since(links),
        evidence={
            "places": [f"{link.file}:{link.line}" for link in links],
            "mislabelled": [f"{link.file}:{link.line}" for link in wrong],
        },
    )


def _place(link: Link) -> str:
    return f"{link.file}:{link.line}" + (f" {quoted(link.label)}" if link.label else "")
