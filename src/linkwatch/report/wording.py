"""Wordings that findings, histories, differences and feeds share: each stands here once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from linkwatch.models.events import EventKind
from linkwatch.models.observation import EMBEDDING_HINT, UPLOAD, Answer, MemberState
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.records import CustomName, Flapping
from linkwatch.models.resource import Kind, Resource
from linkwatch.text import counted

NO_VIDEOS_LEFT = "no videos left"
NEVER_AVAILABLE = "never seen available"

EVENTS: Mapping[EventKind, str] = {
    EventKind.DIED: "no longer available",
    EventKind.SUSPECTED: "missing, not confirmed",
    EventKind.RECOVERED: "available again",
    EventKind.RETITLED: "title changed",
    EventKind.GROWN: "more videos",
    EventKind.SHRUNK: "fewer videos",
    EventKind.EMPTIED: NO_VIDEOS_LEFT,
    EventKind.OWNER_CHANGED: "owner changed",
    EventKind.RESTRICTED: "restricted",
    EventKind.UNRESTRICTED: "no longer restricted",
}
"""What happened to a resource."""

MEMBER_CHANGES: Mapping[MemberChangeKind, str] = {
    MemberChangeKind.ADDED: "added",
    MemberChangeKind.REMOVED: "removed by the playlist owner",
    MemberChangeKind.MADE_PRIVATE: "made private",
    MemberChangeKind.DELETED: "deleted",
    MemberChangeKind.RETURNED: "available again",
    MemberChangeKind.MOVED: "moved",
    MemberChangeKind.REPLACED: "replaced",
}
"""What happened to a video of a playlist."""


def quoted(text: str) -> str:
    """A title or label in a sentence."""
    return f"“{text}”"


def date_of(time: datetime) -> str:
    """A day in a sentence."""
    return f"{time:%Y-%m-%d}"


def watched_as(name: CustomName, title: str | None) -> str:
    """That a custom channel URL is watched as a channel, and why as this one."""
    channel = f"channel {quoted(title)}" if title else f"channel {name.channel_id}"
    means = "handle" if name.by_handle else "user name or former handle"
    return f"/{name.id} is watched as {channel} by the {means} of the same spelling"


def why_unmonitorable(resource: Resource, tried_at: datetime | None) -> str | None:
    """Why nothing can be asked about a resource; None: it can.

    Args:
        resource: By its id.
        tried_at: When handle and user name of a custom channel URL were tried and led to no channel; None: never.
    """
    if resource.custom_name is None or tried_at is None:
        return resource.unmonitorable
    names = f"the handle @{resource.custom_name} and the user name {resource.custom_name}"
    tried = f"{names} lead to no channel, to two, or to one of another title"
    return f"{resource.unmonitorable} (tried {date_of(tried_at)}: {tried})"


def title_changed(kind: Kind, before: str, after: str) -> str:
    """That a resource has another title."""
    return f"{kind} title changed: {quoted(before)} → {quoted(after)}"


def owner_changed(name: str, before: str, after: str) -> str:
    """That a resource has another owner; the name is that of the resource."""
    return f"owner changed: {before} → {after} ({name})"


def flaps(flapping: Flapping) -> str:
    """That a resource flaps."""
    return f"it flaps: {counted(flapping.changes, 'change')} since {date_of(flapping.first_change)}"


@dataclass(frozen=True, slots=True)
class Restriction:
    """What keeps readers from watching, in words."""

    text: str
    """Of one video, without its verb: `blocked in DE`."""

    verb: str = "is"
    """Empty when the text has its own."""

    @property
    def clause(self) -> str:
        """After the name of a video: `is blocked in DE`."""
        return f"{self.verb} {self.text}".lstrip()

    @property
    def plural(self) -> str:
        """After a number of videos: `are blocked in DE`."""
        verb = {"is": "are", "has": "have", "was": "were"}.get(self.verb, self.verb)
        return f"{verb} {self.text}".lstrip()


_RESTRICTIONS = {
    "age": Restriction("age-restricted (sign-in required)"),
    "embedding": Restriction("can't be embedded", ""),
    EMBEDDING_HINT: Restriction("can't be embedded or is private (only a check with a key can tell)", ""),
    "live": Restriction("live now"),
    "upcoming": Restriction("not started yet", "has"),
    f"{UPLOAD}failed": Restriction("not playable, as its upload failed"),
    f"{UPLOAD}rejected": Restriction("rejected by YouTube", "was"),
    f"{UPLOAD}deleted": Restriction("deleted by its owner", "was"),
}

COUNTRIES = 5
"""As many are named of a long list; one more is named too."""


def restriction(word: str, most: int | None = COUNTRIES) -> Restriction:
    """A restriction in words.

    Args:
        word: As the store has it: `age`, `embedding`, `blocked:DE,FR`, `allowed:US`, …
        most: As many countries are named; None: all of them.
    """
    name, _, codes = word.partition(":")
    countries = _countries(codes.split(",") if codes else [], most)
    if name == "blocked":
        return Restriction(f"blocked in {countries}")
    if name == "allowed":
        return Restriction(f"available in {countries} only" if countries else "available in no country")
    return _RESTRICTIONS.get(word, Restriction(word))


def _countries(codes: Sequence[str], most: int | None) -> str:
    if most is None or len(codes) <= most + 1:
        return ", ".join(codes)
    return f"{', '.join(codes[:most])} and {len(codes) - most} more countries"


def lost(states: Iterable[MemberState]) -> str:
    """What became of videos that can't be watched: `deleted`, `private`, or both."""
    what = {frozenset({MemberState.DELETED}): "deleted", frozenset({MemberState.PRIVATE}): "private"}
    return what.get(frozenset(states), "private or deleted")


_DATA_API = {
    Answer.PRESENT: "Data API shows it",
    Answer.ABSENT: "Data API omits it",
    Answer.NONE: "Data API: no answer",
}
_OEMBED = {
    Answer.PRESENT: "oEmbed shows it",
    Answer.ABSENT: "oEmbed: 404",
    Answer.FORBIDDEN: "oEmbed: 403",
    Answer.UNAUTHORIZED: "oEmbed: 401 (probably private)",
    Answer.MALFORMED: "oEmbed: 400 (it can't read the id)",
    Answer.NONE: "oEmbed: no answer",
}


def answers_in_words(data_api: object, oembed: object) -> str:
    """What the two endpoints answered: `Data API omits it, oEmbed: 404`.

    Args:
        data_api: An `Answer`, or its value; None when it was not asked.
        oembed: The same.
    """
    said = (table.get(Answer(str(answer))) for table, answer in ((_DATA_API, data_api), (_OEMBED, oembed)) if answer)
    return ", ".join(filter(None, said))
