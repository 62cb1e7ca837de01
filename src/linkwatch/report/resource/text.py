"""Texts that the formats of a history share: values, events and changes of playlist members."""

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.events import Event
from linkwatch.models.observation import Member
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.records import StoredMemberChange
from linkwatch.models.resource import Kind
from linkwatch.report.resource.model import Attribute, Period, PlaylistContents, ResourceHistory
from linkwatch.report.wording import MEMBER_CHANGES, date_of, restriction, watched_as
from linkwatch.text import counted

PURGED = "no longer kept"
"""In place of a value that was purged, as YouTube's terms ask."""

ATTRIBUTE_TITLES = {
    Attribute.STATE: "State",
    Attribute.TITLE: "Title",
    Attribute.OWNER: "Owner",
    Attribute.COUNT: "Videos",
    Attribute.RESTRICTIONS: "Restrictions",
}
"""Titles of what is kept over time."""


def format_value(attribute: Attribute, period: Period) -> str:
    """What was so, as a person reads it."""
    if period.value is None:
        return PURGED
    match attribute:
        case Attribute.STATE:
            state, _, reason = period.value.partition(" ")
            return f"{state} ({reason.replace('_', ' ')})" if reason else state
        case Attribute.TITLE:
            return f"“{period.value}”"
        case Attribute.COUNT:
            return f"{int(period.value):,}"
        case Attribute.RESTRICTIONS:
            return restrictions_in_words(period.value) or "none"
        case Attribute.OWNER:
            return period.value


def watched_text(history: ResourceHistory) -> str | None:
    """The custom channel URLs that are watched as this channel, and why as this one; None: there are none."""
    title = history.record.facts.title
    return "; ".join(watched_as(name, title) for name in history.custom_names) or None


def restrictions_in_words(words: str) -> str:
    """Restrictions as the store has them → in words."""
    return ", ".join(restriction(word, most=None).text for word in words.split())


def describe_event(event: Event) -> str:
    """From what to what; what was purged is said to be so."""
    if event.before is None and event.after is None:
        return f"what it was and what it became is {PURGED}"
    before, after = (PURGED if text is None else text or "none" for text in (event.before, event.after))
    return f"{before} → {after}"


def describe_member_change(stored: StoredMemberChange) -> str:
    """What happened to a video in a playlist, and at which place."""
    number = f"number {stored.position + 1:,}"
    match stored.change:
        case MemberChangeKind.REPLACED:
            by = f"“{stored.replaced_by_title}”" if stored.replaced_by_title else f"video {stored.replaced_by}"
            return f"{MEMBER_CHANGES[stored.change]} by {by} at {number}"
        case MemberChangeKind.MOVED:
            return f"{MEMBER_CHANGES[stored.change]} to {number}"
        case _:
            return f"{MEMBER_CHANGES[stored.change]} ({number})"


def member_title(member: Member) -> str:
    """Its title, or its id where no title is known or kept."""
    return f"“{member.title}”" if member.title else f"video {member.video_id}"


def describe_member(member: Member) -> str:
    """One video of a playlist, in a line."""
    parts = [member_title(member)]
    if member.owner_title:
        parts.append(f"by {member.owner_title}")
    parts.append(member.state)
    if member.restrictions:
        parts.append(restrictions_in_words(" ".join(member.restrictions)))
    if member.added_at is not None:
        parts.append(f"added {member.added_at:%Y-%m-%d}")
    return " · ".join(parts)


def inspection_summary(inside: PlaylistContents) -> str:
    """What the last inspection saw."""
    inspection = inside.inspection
    if inspection.closed:
        return "YouTube does not show its videos" + ("; those seen before are kept" if inside.members else "")
    lost = f", {inspection.lost_count:,} of them private or deleted" if inspection.lost_count else ""
    return counted(inspection.member_count, "video") + lost


def unreadable_text(history: ResourceHistory) -> str | None:
    """Why the videos of a playlist can't be inspected; None: they can."""
    since = history.unreadable_since
    return None if since is None else f"not possible since {since:%Y-%m-%d}: YouTube's listing contradicts itself"


def flapping_text(history: ResourceHistory) -> str | None:
    """How often its state changed lately; None when it does not flap."""
    flapping = history.flapping
    if flapping is None:
        return None
    return f"{counted(flapping.changes, 'change')} between available and missing since {date_of(flapping.first_change)}"


def owner_text(history: ResourceHistory) -> str | None:
    """The channel behind it; its name is said to be purged where it is."""
    facts = history.record.facts
    if facts.owner_title is None and facts.owner_id is not None and history.title_was_purged:
        return f"{facts.owner_id}, name {PURGED}"
    return " ".join(filter(None, (facts.owner_title, facts.owner_id))) or None


def item_count_text(history: ResourceHistory) -> str | None:
    """The videos of a playlist; None for other kinds, or when it is not known."""
    count = history.record.facts.item_count
    if history.resource.kind is not Kind.PLAYLIST or (count is None and not history.title_was_purged):
        return None
    return PURGED if count is None else f"{count:,}"


def describe_acknowledgement(ack: Acknowledgement, history: ResourceHistory) -> str:
    """What is acknowledged, until when, and why."""
    until = f" until {ack.until}" if ack.until else ""
    if ack.ended_at is not None:
        until += f", ended {ack.ended_at:%Y-%m-%d}"
    elif ack.has_expired(history.generated_at):
        until += ", expired"
    return f"{ack.rule or 'all findings'}{until}" + (f": {ack.reason}" if ack.reason else "")
