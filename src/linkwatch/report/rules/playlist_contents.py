"""Findings from who is in playlists, and who is not: emptied by losses, hollow, misplaced."""

from collections.abc import Iterable, Iterator, Sequence
from math import ceil

from linkwatch.catalogue.catalogue import CataloguedLink
from linkwatch.models import rules
from linkwatch.models.observation import Member, MemberState, ResourceRecord, State
from linkwatch.models.resource import Resource
from linkwatch.models.times import whole_seconds
from linkwatch.report.model import Finding, ReportedResource
from linkwatch.report.rules.context import RuleContext, date_of, quoted
from linkwatch.report.rules.suggestions import suggestions_for
from linkwatch.text import listing

NAMED = 5
"""How many of a kind are named in a sentence."""


def titled(title: str | None, id_: str | None) -> str:
    """A video by its title, or by its id when that was never told or was purged."""
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


def fate_of(losses: Sequence[Member]) -> str:
    """What became of members that can't be watched: `are gone`."""
    states = {member.state for member in losses}
    what = {frozenset({MemberState.DELETED}): "gone", frozenset({MemberState.PRIVATE}): "private"}
    return f"{'is' if len(losses) == 1 else 'are'} {what.get(frozenset(states), 'private or gone')}"


def lost_evidence(losses: Iterable[Member]) -> list[dict[str, object]]:
    """The members that can't be watched, for machines; positions are 0-based, as YouTube's API tells them."""
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


def inside_findings(material: RuleContext) -> Iterator[Finding | None]:
    """Every finding of this family."""
    for playlist in material.inside.lost_members:
        item = material.reported[playlist]
        # One without videos by YouTube's count is told of by that.
        if item.known is not None and item.state is State.AVAILABLE and item.known.facts.item_count != 0:
            yield _lost(material, item) if _is_lost(material, item.known, playlist) else _hollow(material, item)
    if material.inside.absent_videos:
        for link in material.catalogue.links:
            if len(link.resources) > 1:
                yield _misplaced(material, link)


def _is_lost(material: RuleContext, known: ResourceRecord, playlist: Resource) -> bool:
    """Whether every video is private or gone; what YouTube counts beyond them was not looked at yet."""
    look = material.inside.last_inspections[playlist]
    return look.member_count == look.lost_count and (known.facts.item_count or 0) <= look.member_count


def _lost(material: RuleContext, item: ReportedResource) -> Finding | None:
    losses = material.inside.lost_members[item.resource]
    all_ = "the only one" if len(losses) == 1 else f"all {len(losses):,}"
    return material.finding(
        rules.EMPTIED,
        resource=item.resource,
        links=item.links,
        message=f"{item.name} has no videos left: {all_} {fate_of(losses)}",
        since=max(each.state_since for each in losses),
        evidence={"videos": len(losses), "lost": lost_evidence(losses)},
        suggestions=suggestions_for(material, item),
    )


def _hollow(material: RuleContext, item: ReportedResource) -> Finding | None:
    losses, total = (
        material.inside.lost_members[item.resource],
        material.inside.last_inspections[item.resource].member_count,
    )
    enough = max(1, ceil(total * material.settings.hollow_percent / 100))
    if len(losses) < enough:
        return None
    return material.finding(
        rules.HOLLOW,
        resource=item.resource,
        links=item.links,
        message=f"{len(losses):,} of {total:,} videos of {item.name} {fate_of(losses)}: {named_members(losses)}",
        since=sorted(each.state_since for each in losses)[enough - 1],
        evidence={"videos": total, "lost": lost_evidence(losses)},
    )


def _misplaced(material: RuleContext, item: CataloguedLink) -> Finding | None:
    video, playlist = (material.reported[resource] for resource in item.resources)
    pair = (video.resource.id, playlist.resource)
    if pair not in material.inside.absent_videos or material.inside.last_inspections[playlist.resource].due:
        return None
    # What is dead is told of as such; and a playlist that is dead is looked into no more.
    if video.state is State.UNAVAILABLE or playlist.state is not State.AVAILABLE:
        return None
    stay, extent = material.inside.absent_videos[pair], material.inside.sizes.get(playlist.resource)
    until = None if stay is None else stay.left_at
    listed, began = material.listed_since([item.link]), until or (extent and extent.first_inspected_at)
    return material.finding(
        rules.MISPLACED,
        resource=video.resource,
        links=[item.link],
        message=f"{video.name} is not in {playlist.name}{_any_more(stay)}",
        since=None if listed is None else max(listed, began or listed),
        evidence={
            "playlist": playlist.resource.id,
            "position": None if stay is None else stay.position,
            "until": until,
        },
    )


def _any_more(stay: Member | None) -> str:
    if stay is None or stay.left_at is None:
        return ""
    return f" any more: it was number {stay.position + 1} until {date_of(stay.left_at)}"
