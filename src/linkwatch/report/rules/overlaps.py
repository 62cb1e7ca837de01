"""Findings from playlists that share most of their videos, and who could stand in for one that is lost: overlap."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from linkwatch.models import rules
from linkwatch.models.link import Link
from linkwatch.models.observation import State
from linkwatch.models.resource import Resource
from linkwatch.report.model import Finding, ReportedResource, Suggestion
from linkwatch.report.rules.context import RuleContext, not_ignoring
from linkwatch.report.rules.registry import list_rule
from linkwatch.report.wording import date_of, quoted
from linkwatch.text import counted
from linkwatch.verdict.similarity import BetterPlaylist, best_similar

_Links = Mapping[Resource, tuple[Link, ...]]


@list_rule(rules.OVERLAP)
def overlaps(context: RuleContext) -> Iterator[Finding | None]:
    """One for each available playlist that is the best of those that others share most of their videos with."""
    for group in context.inspections.overlapping:
        links = {playlist: _entries(context, playlist) for playlist in group}
        worse: dict[Resource, list[BetterPlaylist[Resource]]] = defaultdict(list)
        for pair in _better_ones(context, group, links):
            worse[pair.better].append(pair)
        for better, pairs in worse.items():
            yield _overlap(context, better, pairs, links)


def _better_ones(
    context: RuleContext, group: Mapping[Resource, Collection[str]], links: _Links
) -> Iterator[BetterPlaylist[Resource]]:
    heeded = (playlist for playlist in group if not_ignoring(rules.OVERLAP, links[playlist]))
    # Of two that are as good as each other the first in the lists is the one to keep.
    in_lists = sorted(heeded, key=lambda playlist: (links[playlist][0].file, links[playlist][0].line, playlist.id))
    ranked = sorted(in_lists, key=lambda playlist: _worth(context, context.reported[playlist]), reverse=True)
    available = sum(context.reported[playlist].state is State.AVAILABLE for playlist in ranked)
    return best_similar([(playlist, group[playlist]) for playlist in ranked], available)


def _entries(context: RuleContext, playlist: Resource) -> tuple[Link, ...]:
    """The links that list a playlist itself, and not a video in it."""
    links = (context.catalogue.links[at] for at in context.catalogue.links_of[playlist])
    return tuple(item.link for item in links if item.resources[0] == playlist)


def _overlap(
    context: RuleContext, better: Resource, pairs: Sequence[BetterPlaylist[Resource]], links: _Links
) -> Finding | None:
    since = {each: _overlapping_since(context, each, links) for each in (*(pair.worse for pair in pairs), better)}
    # About the one that joined last: so what is acknowledged covers no playlist that is listed later.
    first, *others = sorted(pairs, key=lambda pair: since[pair.worse] or context.now, reverse=True)
    worse = context.reported[first.worse]
    sizes = context.inspections.sizes
    extent = sizes[worse.resource].video_count
    shared = f"shares {_part(first.shared, extent)}"
    if others:
        shared = f"and {counted(len(others), 'other playlist')} share most of their videos"
    why = _why(context, better, [pair.worse for pair in pairs])
    return context.finding(
        rules.OVERLAP,
        resource=worse.resource,
        links=[link for each in (first, *others) for link in links[each.worse]] + [*links[better]],
        message=f"{worse.name} {shared} with {_called(context.reported[better], links[better][0])}{why}",
        since=None if None in since.values() else max(at for at in since.values() if at is not None),
        evidence={
            "other": better.id,
            "shared": first.shared,
            "videos": extent,
            "videos_of_other": sizes[better].video_count,
            "group": [better.id, *(pair.worse.id for pair in pairs)],
        },
    )


def _overlapping_since(context: RuleContext, playlist: Resource, links: _Links) -> datetime | None:
    """When it was listed and inspected; None: no check has covered its link."""
    listed = context.links_first_seen(links[playlist])
    return None if listed is None else max(listed, context.inspections.sizes[playlist].first_inspected_at)


def _worth(context: RuleContext, item: ReportedResource) -> tuple[bool, int, float]:
    extent = context.inspections.sizes[item.resource]
    added = extent.last_added_at.timestamp() if extent.last_added_at else 0.0
    return item.state is State.AVAILABLE, extent.watchable_count, added


def _why(context: RuleContext, better: Resource, worse: Sequence[Resource]) -> str:
    """Why the better one is better than the best of the others; empty when it is not."""
    second = max((context.reported[playlist] for playlist in worse), key=lambda item: _worth(context, item))
    good, bad = context.inspections.sizes[better], context.inspections.sizes[second.resource]
    alone = len(worse) == 1
    if second.state is not State.AVAILABLE:
        return ", which is available"
    if good.watchable_count != bad.watchable_count:
        most = f"more available videos: {good.watchable_count:,}, here {bad.watchable_count:,}"
        return f", which has {most if alone else f'the most available videos: {good.watchable_count:,}'}"
    if good.last_added_at and good.last_added_at != bad.last_added_at:
        newer = "newer" if alone else "the newest"
        return f", which is {newer}: its last video was added {date_of(good.last_added_at)}"
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
