"""Findings from handles that lead to another channel than before: owner-changed."""

from collections import defaultdict
from collections.abc import Iterator

from linkwatch.catalogue.catalogue import CataloguedLink
from linkwatch.models import rules
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.model import Finding
from linkwatch.report.rules.context import RuleContext
from linkwatch.report.rules.registry import list_rule
from linkwatch.report.wording import quoted
from linkwatch.urls.parse import parse_url


@list_rule(rules.OWNER_CHANGED)
def moved_handles(context: RuleContext) -> Iterator[Finding | None]:
    moved = {handle for handle, each in context.moved_handles.items() if context.is_recent(each.moved_at)}
    by_handle: dict[str, list[CataloguedLink]] = defaultdict(list)
    for item in context.catalogue.links if moved else ():
        written = _handle(item)
        # One that leads nowhere is a resource of its own, which is missing.
        if written in moved and item.resources[0].id != written:
            by_handle[written].append(item)
    for handle, items in by_handle.items():
        yield _finding(context, handle, items)


def _handle(item: CataloguedLink) -> str:
    """The handle that a link is written with; empty when it has none."""
    if not item.resources or item.resources[0].kind is not Kind.CHANNEL:
        return ""
    parsed = parse_url(item.link.url)
    return parsed.resources[0].id if parsed is not None and parsed.resources else ""


def _finding(context: RuleContext, handle: str, items: list[CataloguedLink]) -> Finding | None:
    moved, channel = context.moved_handles[handle], items[0].resources[0]
    record = context.records.get(channel)
    title = None if record is None else record.facts.title
    former, present = (_name(moved.former_id, moved.former_title), _name(channel.id, title))
    return context.finding(
        rules.OWNER_CHANGED,
        resource=channel,
        links=[item.link for item in items],
        message=f"{handle} now leads to channel {present} (was {former})",
        since=moved.moved_at,
        evidence={
            "handle": handle,
            "before": {"id": moved.former_id, "title": moved.former_title},
            "after": {"id": channel.id, "title": title},
        },
    )


def _name(id_: str, title: str | None) -> str:
    return quoted(title) if title else id_


def name_in_words(context: RuleContext, resource: Resource, name: str) -> str:
    """The name of a resource; a handle that left its channel is named with it.

    Args:
        context: Has the handles that moved.
        resource: What is named.
        name: What it is called otherwise.
    """
    moved = context.moved_handles.get(resource.id) if resource.kind is Kind.CHANNEL else None
    return name if moved is None else f"handle {resource.id} of channel {_name(moved.former_id, moved.former_title)}"
