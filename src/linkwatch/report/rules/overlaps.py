"""Findings from playlists that share most of their videos, and who could stand in for one that is lost: overlap."""

from collections.abc import Iterator, Mapping

from linkwatch.models import rules
from linkwatch.models.link import Link
from linkwatch.models.observation import State
from linkwatch.models.records import PlaylistSize, StoredOverlap
from linkwatch.models.resource import Resource
from linkwatch.report.model import Finding, ReportedResource, Suggestion
from linkwatch.report.rules.context import RuleContext, not_ignoring
from linkwatch.report.rules.registry import list_rule
from linkwatch.report.wording import date_of, quoted


@list_rule(rules.OVERLAP)
def overlaps(context: RuleContext) -> Iterator[Finding | None]:
    """One for each pair of which one is available."""
    for pair in context.inspections.overlaps:
        both = {playlist: _entries(context, playlist) for playlist in (pair.first, pair.second)}
        heeded = all(not_ignoring(rules.OVERLAP, links) for links in both.values())
        if heeded and any(context.reported[playlist].state is State.AVAILABLE for playlist in both):
            yield _overlap(context, pair, both)


def _entries(context: RuleContext, playlist: Resource) -> tuple[Link, ...]:
    """The links that list a playlist itself, and not a video in it."""
    links = (context.catalogue.links[at] for at in context.catalogue.links_of[playlist])
    return tuple(item.link for item in links if item.resources[0] == playlist)


def _overlap(context: RuleContext, pair: StoredOverlap, both: Mapping[Resource, tuple[Link, ...]]) -> Finding | None:
    # Of two that are as good as each other the first in the lists is the one to keep.
    in_lists = sorted(both, key=lambda playlist: (both[playlist][0].file, both[playlist][0].line, playlist.id))
    better, worse = sorted(
        (context.reported[playlist] for playlist in in_lists), key=lambda item: _worth(context, item), reverse=True
    )
    others, videos = context.inspections.sizes[better.resource], context.inspections.sizes[worse.resource]
    links = (*both[worse.resource], *both[better.resource])
    listed = context.links_first_seen(links)
    return context.finding(
        rules.OVERLAP,
        resource=worse.resource,
        links=links,
        message=f"{worse.name} shares {_part(pair.shared, videos.video_count)} with "
        f"{_called(better, both[better.resource][0])}{_why(better, worse, others, videos)}",
        since=None if listed is None else max(listed, videos.first_inspected_at, others.first_inspected_at),
        evidence={
            "other": better.resource.id,
            "shared": pair.shared,
            "videos": videos.video_count,
            "videos_of_other": others.video_count,
        },
    )


def _worth(context: RuleContext, item: ReportedResource) -> tuple[bool, int, float]:
    extent = context.inspections.sizes[item.resource]
    added = extent.last_added_at.timestamp() if extent.last_added_at else 0.0
    return item.state is State.AVAILABLE, extent.watchable_count, added


def _why(better: ReportedResource, worse: ReportedResource, good: PlaylistSize, bad: PlaylistSize) -> str:
    """Why the better one is better; empty when it is not."""
    if worse.state is not State.AVAILABLE:
        return ", which is available"
    if good.watchable_count != bad.watchable_count:
        return f", which has more available videos: {good.watchable_count:,}, here {bad.watchable_count:,}"
    if good.last_added_at and good.last_added_at != bad.last_added_at:
        return f", which is newer: its last video was added {date_of(good.last_added_at)}"
    return ""


def matching_playlists(context: RuleContext, item: ReportedResource) -> Iterator[Suggestion]:
    """The listed playlist that holds most of the videos of one that is dead or has none left, if there is one."""
    for holder in context.inspections.matches.get(item.resource, ()):
        other = context.reported[holder.playlist]
        # Of the videos in both, some may be private or deleted.
        if (
            other.state is State.AVAILABLE
            and context.inspections.sizes[holder.playlist].watchable_count >= holder.shared
        ):
            text = f"holds {_part(holder.shared, holder.video_count)}: {_called(other, other.links[0])}"
            yield Suggestion(text, other.resource.url)
            return


def _called(item: ReportedResource, link: Link) -> str:
    """A playlist in a sentence about another one, and where it is listed."""
    title = item.record.facts.title if item.record is not None else None
    return f"{quoted(title) if title else item.resource.id} ({link.file}:{link.line})"


def _part(shared: int, of: int) -> str:
    return f"all of its {of:,} videos" if shared == of else f"{shared:,} of its {of:,} videos"
