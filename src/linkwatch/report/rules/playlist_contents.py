"""Findings from which videos are in playlists, and which are not: emptied, hollow, misplaced."""

from collections.abc import Iterable
from math import ceil

from linkwatch.catalogue.catalogue import CataloguedLink
from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.observation import Member, ResourceRecord, State
from linkwatch.models.records import LastInspection
from linkwatch.models.resource import Resource
from linkwatch.models.times import whole_seconds
from linkwatch.report.model import Finding, ReportedResource
from linkwatch.report.rules.context import RuleContext
from linkwatch.report.rules.registry import link_rule, resource_rule
from linkwatch.report.rules.suggestions import suggestions_for
from linkwatch.report.wording import NO_VIDEOS_LEFT, date_of, lost, quoted
from linkwatch.text import listing

ITEMS_PER_PAGE = 50
"""Of a listing by YouTube's API."""

NAMED = 5
"""How many of a kind are named in a sentence."""


def titled(title: str | None, id_: str | None) -> str:
    """A video by its title, or by its id when that is unknown or was purged."""
    return quoted(title) if title else str(id_)


def numbered(position: int, title: str | None, id_: str) -> str:
    """A video by its number and title: `4. “Matrix inverses”`; the position is 0-based."""
    return f"{position + 1}. {titled(title, id_)}"


def named(videos: Iterable[str]) -> str:
    """Some of the videos, and how many there are besides."""
    return listing(list(videos), NAMED)


def named_members(members: Iterable[Member]) -> str:
    """Some of the members by number and title, and how many there are besides."""
    return named(numbered(each.position, each.title, each.video_id) for each in members)


def lost_evidence(losses: Iterable[Member]) -> list[dict[str, object]]:
    """The members that can't be watched, for machines; positions are 0-based, as in YouTube's API."""
    return [
        {
            "video_id": each.video_id,
            "title": each.title,
            "position": each.position,
            "state": each.state,
            "since": whole_seconds(each.state_since),
        }
        for each in losses
    ]


@resource_rule(rules.EMPTIED, State.AVAILABLE)
def emptied(context: RuleContext, item: ReportedResource) -> Finding | None:
    if item.record is None:
        return None
    if not _is_emptied(context, item.record, item.resource):
        return None
    if item.record.facts.item_count == 0 or item.resource not in context.inspections.lost_members:
        return _emptied(context, item, item.record)
    return _lost(context, item)


@resource_rule(rules.HOLLOW, State.AVAILABLE)
def hollow(context: RuleContext, item: ReportedResource) -> Finding | None:
    if item.record is None or item.resource not in context.inspections.lost_members:
        return None
    return None if _is_emptied(context, item.record, item.resource) else _hollow(context, item)


def _emptied(context: RuleContext, item: ReportedResource, record: ResourceRecord) -> Finding | None:
    event = context.events.get((item.resource, EventKind.EMPTIED))
    return context.finding(
        rules.EMPTIED,
        resource=item.resource,
        links=item.links,
        message=f"{item.name} has {NO_VIDEOS_LEFT}"
        + (f" (it had {event.event.before})" if event and event.event.before else ""),
        since=event.at if event else context.inspections.emptied_at.get(item.resource, record.first_seen),
        evidence={"before": event.event.before if event else None},
        suggestions=suggestions_for(context, item),
    )


def _is_emptied(context: RuleContext, record: ResourceRecord, playlist: Resource) -> bool:
    """Whether no video can be watched: by the last inspection, or by YouTube's count when that has changed since."""
    last = context.inspections.last_inspections.get(playlist)
    count = record.facts.item_count
    if last is None or last.inspected_at is None or last.closed:
        return count == 0
    all_lost = last.member_count == last.lost_count
    if last.item_count not in {None, count}:
        return count == 0 or (all_lost and last.member_count > 0 and (count or 0) <= last.member_count)
    return all_lost and (count == 0 or not last.due)


def _lost(context: RuleContext, item: ReportedResource) -> Finding | None:
    losses = context.inspections.lost_members[item.resource]
    all_ = "the only one is" if len(losses) == 1 else f"all {len(losses):,} are"
    return context.finding(
        rules.EMPTIED,
        resource=item.resource,
        links=item.links,
        message=f"{item.name} has {NO_VIDEOS_LEFT}: {all_} {lost(each.state for each in losses)}",
        since=max(each.state_since for each in losses),
        evidence={"videos": len(losses), "lost": lost_evidence(losses)},
        suggestions=suggestions_for(context, item),
    )


def _hollow(context: RuleContext, item: ReportedResource) -> Finding | None:
    losses, total = (
        context.inspections.lost_members[item.resource],
        context.inspections.last_inspections[item.resource].member_count,
    )
    enough = max(1, ceil(total * context.settings.hollow_percent / 100))
    if len(losses) < enough:
        return None
    return context.finding(
        rules.HOLLOW,
        resource=item.resource,
        links=item.links,
        message=f"{len(losses):,} of {total:,} videos of {item.name} {'is' if len(losses) == 1 else 'are'} "
        f"{lost(each.state for each in losses)}: {named_members(losses)}",
        since=sorted(each.state_since for each in losses)[enough - 1],
        evidence={"videos": total, "lost": lost_evidence(losses)},
    )


def _lists_less_than_counted(last: LastInspection, playlist: Resource) -> bool:
    """Whether YouTube counts videos that it did not list: of an uploads list the oldest, of others the last pages."""
    is_counted = max(last.counted or 0, last.item_count or 0) > last.member_count
    return is_counted and (playlist.is_uploads or last.member_count % ITEMS_PER_PAGE == 0)


@link_rule(rules.MISPLACED)
def misplaced(context: RuleContext, item: CataloguedLink) -> Finding | None:
    if len(item.resources) < 2 or not context.inspections.absent_videos:
        return None
    video, playlist = (context.reported[resource] for resource in item.resources)
    pair = (video.resource.id, playlist.resource)
    if pair not in context.inspections.absent_videos:
        return None
    stay, last = context.inspections.absent_videos[pair], context.inspections.last_inspections[playlist.resource]
    if last.due or (stay is None and _lists_less_than_counted(last, playlist.resource)):
        return None
    # An unavailable video or playlist has a finding of its own, and an unavailable playlist is no longer inspected.
    if video.state is State.UNAVAILABLE or playlist.state is not State.AVAILABLE:
        return None
    extent = context.inspections.sizes.get(playlist.resource)
    until = None if stay is None else stay.left_at
    listed, began = context.links_first_seen([item.link]), until or (extent and extent.first_inspected_at)
    return context.finding(
        rules.MISPLACED,
        resource=video.resource,
        links=[item.link],
        message=f"{video.name} {_not_in(stay, playlist)}",
        since=None if listed is None else max(listed, began or listed),
        evidence={
            "playlist": playlist.resource.id,
            "position": None if stay is None else stay.position,
            "until": until,
        },
    )


def _not_in(stay: Member | None, playlist: ReportedResource) -> str:
    if stay is None or stay.left_at is None:
        return f"is not in {playlist.name}"
    return f"is no longer in {playlist.name} (it was number {stay.position + 1} until {date_of(stay.left_at)})"
