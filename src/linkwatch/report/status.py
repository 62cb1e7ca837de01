"""The status of a list in words for its readers: what can't be watched, and since when.

It is for everybody, so it has nothing of the list's owner: no files, findings, acknowledgements or remarks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest
from itertools import groupby

from linkwatch.models import rules
from linkwatch.models.observation import Member, MemberState, Reason, State
from linkwatch.models.resource import Resource
from linkwatch.report.model import Report, ReportedResource
from linkwatch.report.resource.text import member_title
from linkwatch.report.summary import is_complete
from linkwatch.text import counted

MOST_ENTRIES = 100
"""Entries of one part of a status; of the others it says how many there are."""

LOST_FOR = timedelta(days=30)
"""How long a video is shown that can be watched and left a playlist."""


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """What is missing, or available again."""

    name: str
    url: str | None
    """On YouTube."""

    words: str
    """Its state: `private`."""

    since: datetime
    from_start: bool = False
    """It was so when it was checked for the first time: nobody knows since when."""


@dataclass(frozen=True, slots=True)
class LostVideos:
    """The videos that are missing from one playlist."""

    name: str
    url: str
    videos: Sequence[StatusEntry]
    """By their place in the playlist."""


@dataclass(frozen=True, slots=True)
class ListStatus:
    """The status of a list. Of each part the entries are the last ones, and a number says how many there are in all."""

    headline: str
    tone: str
    """`error`, `warning`, `notice` or `good`."""

    checked_at: datetime | None
    """When the last check began; None before the first."""

    is_complete: bool
    """Everything that can be checked was."""

    unavailable: Sequence[StatusEntry] = ()
    unavailable_count: int = 0
    suspect: Sequence[StatusEntry] = ()
    suspect_count: int = 0
    lost: Sequence[LostVideos] = ()
    lost_count: int = 0
    recovered: Sequence[StatusEntry] = ()
    recovered_count: int = 0

    @property
    def lost_shown(self) -> int:
        """Entries of `lost`."""
        return sum(len(playlist.videos) for playlist in self.lost)


_MISSING = {Reason.PRIVATE: "private", Reason.TERMINATED: "unavailable, as the whole channel is,"}
_MEMBERS = {MemberState.PRIVATE: "private", MemberState.DELETED: "deleted"}


def list_status(
    report: Report | None,
    items: Mapping[Resource, ReportedResource],
    lost: Sequence[tuple[Resource, Member]] = (),
    lost_count: int = 0,
) -> ListStatus:
    """The status of a list.

    Args:
        report: Of the list; None: it could never be read.
        items: Its resources.
        lost: Videos that are missing from its playlists, each with the playlist, the last to go first.
        lost_count: How many there are in all.
    """
    if report is None or report.run is None:
        return ListStatus("Not checked yet", "notice", None, is_complete=True)
    states = report.counts.states
    emptied = list(_emptied(report, items))
    unavailable, complete = states[State.UNAVAILABLE] + len(emptied), is_complete(report)
    headline, tone = _headline(report.counts.resources, unavailable, states, lost_count, complete=complete)
    return ListStatus(
        headline,
        tone,
        report.run.started_at,
        complete,
        _latest([*_latest(_in_state(report, State.UNAVAILABLE)), *emptied]),
        unavailable,
        _latest(_in_state(report, State.SUSPECT)),
        states[State.SUSPECT],
        list(_by_playlist(items, lost[:MOST_ENTRIES])),
        lost_count,
        _latest(_entry(back.item, "available", back.since) for back in report.recoveries),
        len(report.recoveries),
    )


def _headline(
    resources: int, unavailable: int, states: Mapping[State, int], lost: int, *, complete: bool
) -> tuple[str, str]:
    """What is said first, and its tone."""
    of = f"of {counted(resources, 'link')}"
    if unavailable:
        return f"{unavailable:,} {of} {'is' if unavailable == 1 else 'are'} unavailable", "error"
    if states[State.SUSPECT]:
        return f"{states[State.SUSPECT]:,} {of} may be unavailable", "warning"
    if lost:
        missing = f"{counted(lost, 'video')} {'is' if lost == 1 else 'are'} missing from playlists"
        return missing, "warning"
    available = states[State.AVAILABLE]
    if available == resources:
        return (
            f"All {counted(resources, 'link')} are available" if resources != 1 else "The link is available"
        ), "good"
    if not complete:
        return f"{available:,} {of} {'is' if available == 1 else 'are'} known to be available", "notice"
    return f"{available:,} {of} {'is' if available == 1 else 'are'} available", "good"


def _in_state(report: Report, state: State) -> Iterator[StatusEntry]:
    for item in report.resources:
        if item.record is not None and item.state is state:
            words = "missing" if state is State.SUSPECT else _MISSING.get(item.record.reason or Reason.NOT_FOUND)
            yield _entry(item, words or "unavailable", item.record.state_since)


def _emptied(report: Report, items: Mapping[Resource, ReportedResource]) -> Iterator[StatusEntry]:
    for finding in report.findings:
        if finding.rule is rules.EMPTIED and finding.kind and finding.id and finding.since:
            item = items.get(Resource(finding.kind, finding.id))
            if item is not None and item.state is State.AVAILABLE:
                yield _entry(item, "without any video", finding.since)


def _entry(item: ReportedResource, words: str, since: datetime) -> StatusEntry:
    name = item.title or item.resource.id
    from_start = item.record is not None and item.record.first_seen == since
    return StatusEntry(name, item.resource.url, words, since, from_start)


def _latest(entries: Iterable[StatusEntry]) -> list[StatusEntry]:
    """Those that are so for the shortest time."""
    return nlargest(MOST_ENTRIES, entries, key=lambda entry: entry.since)


def _by_playlist(
    items: Mapping[Resource, ReportedResource], lost: Sequence[tuple[Resource, Member]]
) -> Iterator[LostVideos]:
    """The videos of each playlist, the playlist first that lost one last."""
    order = {playlist: at for at, (playlist, _) in reversed(list(enumerate(lost)))}
    for playlist, theirs in groupby(sorted(lost, key=lambda each: order[each[0]]), key=lambda each: each[0]):
        item = items.get(playlist)
        name = (item and item.title) or playlist.id
        members = sorted((member for _, member in theirs), key=lambda member: member.position)
        yield LostVideos(name, playlist.url, [_lost_video(member) for member in members])


def _lost_video(member: Member) -> StatusEntry:
    """A video by its place, counted from 1."""
    name = f"{member.position + 1:,}. {member_title(member)}"
    if member.state is MemberState.AVAILABLE and member.left_at is not None:
        return StatusEntry(name, None, "no longer in the playlist", member.left_at)
    from_start = member.state_since == member.first_seen
    return StatusEntry(name, None, _MEMBERS.get(member.state, "missing"), member.state_since, from_start)


def day_in_words(time: datetime, now: datetime) -> str:
    """A day (UTC) of the last week by its name, an earlier one with its year."""
    if now.date() - time.date() < timedelta(days=7):
        return f"{time:%A}, {time.day} {time:%B}"
    return f"{time.day} {time:%B} {time.year}"
