"""Findings from who is in playlists, and who is not: emptied by losses, hollow, misplaced."""

from collections.abc import Iterator
from math import ceil

from linkwatch.catalogue.catalogue import CataloguedLink
from linkwatch.catalogue.resource import Resource
from linkwatch.observation import Known, Member, State
from linkwatch.report.report import Finding, ReportedResource
from linkwatch.report.rules.material import Material, date_of
from linkwatch.report.rules.suggestions import suggestions_for
from linkwatch.report.rules.videos import fate_of, lost_evidence, named_members
from linkwatch.settings import Rule


def inside_findings(material: Material) -> Iterator[Finding | None]:
    """Every finding of this family."""
    for playlist in material.inside.losses:
        item = material.reported[playlist]
        # One without videos by YouTube's count is told of by that.
        if item.known is not None and item.state is State.AVAILABLE and item.known.facts.item_count != 0:
            yield _lost(material, item) if _is_lost(material, item.known, playlist) else _hollow(material, item)
    if material.inside.outside:
        for link in material.catalogue.links:
            if len(link.resources) > 1:
                yield _misplaced(material, link)


def _is_lost(material: Material, known: Known, playlist: Resource) -> bool:
    """Whether every video is private or gone; what YouTube counts beyond them was not looked at yet."""
    look = material.inside.last[playlist]
    return look.members == look.gone and (known.facts.item_count or 0) <= look.members


def _lost(material: Material, item: ReportedResource) -> Finding | None:
    losses = material.inside.losses[item.resource]
    all_ = "the only one" if len(losses) == 1 else f"all {len(losses):,}"
    return material.finding(
        Rule.EMPTIED,
        resource=item.resource,
        links=item.links,
        message=f"{item.name} has no videos left: {all_} {fate_of(losses)}",
        since=max(each.state_since for each in losses),
        evidence={"videos": len(losses), "lost": lost_evidence(losses)},
        suggestions=suggestions_for(material, item),
    )


def _hollow(material: Material, item: ReportedResource) -> Finding | None:
    losses, total = material.inside.losses[item.resource], material.inside.last[item.resource].members
    enough = max(1, ceil(total * material.settings.hollow_percent / 100))
    if len(losses) < enough:
        return None
    return material.finding(
        Rule.HOLLOW,
        resource=item.resource,
        links=item.links,
        message=f"{len(losses):,} of {total:,} videos of {item.name} {fate_of(losses)}: {named_members(losses)}",
        since=sorted(each.state_since for each in losses)[enough - 1],
        evidence={"videos": total, "lost": lost_evidence(losses)},
    )


def _misplaced(material: Material, item: CataloguedLink) -> Finding | None:
    video, playlist = (material.reported[resource] for resource in item.resources)
    pair = (video.resource.id, playlist.resource)
    if pair not in material.inside.outside or material.inside.last[playlist.resource].due:
        return None
    # What is dead is told of as such; and a playlist that is dead is looked into no more.
    if video.state is State.UNAVAILABLE or playlist.state is not State.AVAILABLE:
        return None
    stay, extent = material.inside.outside[pair], material.inside.extents.get(playlist.resource)
    until = None if stay is None else stay.left_at
    listed, began = material.listed_since([item.link]), until or (extent and extent.first_look)
    return material.finding(
        Rule.MISPLACED,
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
