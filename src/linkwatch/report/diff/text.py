"""A difference in a sentence, and the videos behind it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import assert_never

from linkwatch.models.observation import State
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.records import StoredMemberChange
from linkwatch.models.rules import MISSING
from linkwatch.report.diff.model import Difference, DiffKind, VideoChanges
from linkwatch.report.resource.text import PURGED, member_title, restrictions_in_words
from linkwatch.report.wording import MEMBER_CHANGES, NEVER_AVAILABLE, flaps, owner_changed, title_changed
from linkwatch.text import listing, place

MAX_NAMED_VIDEOS = 10
"""Videos that are named for each kind of change."""

HEADINGS: Mapping[DiffKind, str] = {
    DiffKind.DIED: "No longer available",
    DiffKind.WENT_MISSING: MISSING.title,
    DiffKind.RECOVERED: "Available again",
    DiffKind.RETITLED: "Title changed",
    DiffKind.SHRANK: "Fewer videos",
    DiffKind.GREW: "More videos",
    DiffKind.EXCHANGED: "Other videos",
    DiffKind.OWNER_CHANGED: "Owner changed",
    DiffKind.RESTRICTIONS_CHANGED: "Restrictions changed",
    DiffKind.ADDED: "Added to the list",
    DiffKind.REMOVED: "Removed from the list",
}
"""The headings of the kinds."""

_VIDEO_CHANGES = {
    "came": MemberChangeKind.ADDED,
    "returned": MemberChangeKind.RETURNED,
    "taken_out": MemberChangeKind.REMOVED,
    "made_private": MemberChangeKind.MADE_PRIVATE,
    "gone": MemberChangeKind.DELETED,
    "replaced": MemberChangeKind.REPLACED,
}
"""By field of `VideoChanges`."""


def message_of(difference: Difference) -> str:
    """One sentence about a difference, without the place."""
    match difference.kind:
        case DiffKind.DIED | DiffKind.WENT_MISSING | DiffKind.RECOVERED:
            flapping = difference.flapping
            description = _state(difference) + ("" if flapping is None else f"; {flaps(flapping)}")
        case DiffKind.RETITLED:
            return _title(difference)
        case DiffKind.SHRANK | DiffKind.GREW | DiffKind.EXCHANGED:
            description = _count(difference)
        case DiffKind.OWNER_CHANGED:
            return owner_changed(difference.item.name, _channel(difference.before), _channel(difference.after))
        case DiffKind.RESTRICTIONS_CHANGED:
            description = (
                f"restrictions changed: {_restrictions(difference.before)} → {_restrictions(difference.after)}"
            )
        case DiffKind.ADDED:
            description = (
                "is new, and not checked yet" if difference.at is None else f"is new since {_moment(difference.at)}"
            )
        case DiffKind.REMOVED:
            description = _removed(difference)
        case _:
            assert_never(difference.kind)
    return f"{difference.item.name} {description}"


def _state(difference: Difference) -> str:
    known, at = difference.item.record, _moment(difference.at)
    if difference.kind is DiffKind.RECOVERED:
        if difference.absence is not None:
            return f"was missing from {_moment(difference.absence[0])} to {at} and is available again"
        return f"is available again since {at} (it was {difference.before})"
    if difference.kind is DiffKind.WENT_MISSING:
        description = f"has been missing since {at}"
    else:
        reason = f" ({known.reason.replace('_', ' ')})" if known is not None and known.reason else ""
        description = f"has been unavailable since {at}{reason}"
    if known is not None and known.last_available is None:
        return f"{description} ({NEVER_AVAILABLE})"
    was_away = difference.before in {State.UNAVAILABLE, difference.after}
    return f"{description}, after it was available in between" if was_away else description


def _title(difference: Difference) -> str:
    before, after = difference.before, difference.after
    kind = difference.item.resource.kind
    if before is None and after is None:
        return f"{kind} {difference.item.resource.id} has another title; neither is kept any longer"
    if before is None:
        return f"{kind} “{after}” had a title that is no longer kept"
    if after is None:
        return f"{kind} “{before}” has another title, which is no longer kept"
    return title_changed(kind, before, after)


def _count(difference: Difference) -> str:
    before, after = (None if text is None else f"{int(text):,}" for text in (difference.before, difference.after))
    if before is None and after is None:
        return "has other videos; how many it had and has is no longer kept"
    if before is None:
        return f"has {after} videos; how many it had is no longer kept"
    if after is None:
        return f"had {before} videos; how many it has is no longer kept"
    if before != after:
        return f"had {before} videos, and has {after}"
    what = {DiffKind.SHRANK: "but fewer of them", DiffKind.GREW: "and more of them"}.get(difference.kind)
    return f"counts {after} videos as before, " + (f"{what} can be watched" if what else "but not the same ones")


def _restrictions(words: str | None) -> str:
    if words is None:
        return PURGED
    return restrictions_in_words(words) if words else "none"


def _removed(difference: Difference) -> str:
    if difference.item.links:
        return f"stood at {place(difference.item.links[0])} when that list was last checked"
    return "is in no list any more" + (
        "" if difference.at is None else f"; it was last checked {_moment(difference.at)}"
    )


def _channel(name: str | None) -> str:
    return f"a channel whose name is {PURGED}" if name is None else name


def video_change_lines(videos: VideoChanges) -> Iterator[str]:
    """Yield a line for each kind of change, with its videos."""
    for name, change in _VIDEO_CHANGES.items():
        changes: tuple[StoredMemberChange, ...] = getattr(videos, name)
        if changes:
            yield f"{MEMBER_CHANGES[change]}: {listing([_video(stored) for stored in changes], MAX_NAMED_VIDEOS)}"


def _video(stored: StoredMemberChange) -> str:
    by = (
        ""
        if stored.replaced_by is None
        else f" by “{stored.replaced_by_title}”"
        if stored.replaced_by_title
        else f" by video {stored.replaced_by}"
    )
    return member_title(stored.member) + by


def _moment(time: datetime | None) -> str:
    return "an unknown time" if time is None else f"{time:%Y-%m-%d %H:%M} UTC"
