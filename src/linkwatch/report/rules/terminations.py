"""Findings from channels that were terminated: dead, once for the channel and all that went with it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from linkwatch.models import rules
from linkwatch.models.observation import ResourceRecord, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.model import Finding, ReportedResource
from linkwatch.report.rules.availability import dead_resource, terminated_channel
from linkwatch.report.rules.context import RuleContext
from linkwatch.report.rules.registry import list_rule
from linkwatch.report.rules.suggestions import suggestions_for
from linkwatch.report.wording import date_of, quoted


@list_rule(rules.DEAD)
def terminated(context: RuleContext) -> Iterator[Finding | None]:
    by_channel: dict[str, list[ReportedResource]] = defaultdict(list)
    for item in context.reported.in_order():
        if item.state is State.UNAVAILABLE and (channel := terminated_channel(item)) is not None:
            by_channel[channel].append(item)
    for id_, items in by_channel.items():
        lost = [item for item in items if item.resource.kind is not Kind.CHANNEL]
        if len(items) == 1 and lost:
            yield dead_resource(context, items[0])
        else:
            yield _finding(context, Resource(Kind.CHANNEL, id_), items, lost)


def _finding(
    context: RuleContext, channel: Resource, items: Sequence[ReportedResource], lost: Sequence[ReportedResource]
) -> Finding | None:
    records = [item.record for item in items if item.record is not None]
    listed = next((item for item in items if item.resource == channel), None)
    title = _title(listed, records)
    name = f"channel {quoted(title)}" if title else f"channel {channel.id}"
    seen = max((record.last_available for record in records if record.last_available is not None), default=None)
    suffix = "" if seen is None else f" (last seen {date_of(seen)})"
    since = max(record.state_since for record in records)
    finding = context.finding(
        rules.DEAD,
        resource=channel,
        links=[link for item in items for link in item.links],
        message=f"{name} was terminated{_lost(lost)}{suffix}",
        since=since,
        evidence={
            "channel": {"id": channel.id, "title": title},
            "resources": [
                {"kind": item.resource.kind, "id": item.resource.id, "title": item.record and item.record.facts.title}
                for item in lost
            ],
            "last_available": seen,
        },
        suggestions=() if listed is None else suggestions_for(context, listed),
    )
    if finding is None:
        return None
    # The channel itself need not be listed: the finding appeared when the last of its resources did.
    appeared = [context.appeared_at(since, item.resource, item.links) for item in items]
    appeared_at = None if None in appeared else max(time for time in appeared if time is not None)
    return replace(
        finding,
        appeared_at=appeared_at,
        new=context.is_new(appeared_at),
        resources=tuple(item.resource for item in lost),
    )


def _title(listed: ReportedResource | None, records: Sequence[ResourceRecord]) -> str | None:
    """The name of the channel, by itself or by what belonged to it."""
    if listed is not None and listed.record is not None and listed.record.facts.title:
        return listed.record.facts.title
    return next((record.facts.owner_title for record in records if record.facts.owner_title), None)


def _lost(lost: Sequence[ReportedResource]) -> str:
    kinds = {item.resource.kind for item in lost}
    if not lost:
        return ""
    what = f"{lost[0].resource.kind}s" if len(kinds) == 1 else "playlists and videos"
    return f": {len(lost):,} of its {what} {'is' if len(lost) == 1 else 'are'} unavailable"
