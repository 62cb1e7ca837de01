"""What a world is made of, each as it is at one moment: channels, playlists, videos."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Visibility(StrEnum):
    """Who may see a playlist or a video."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"
    DELETED = "deleted"
    """Gone; YouTube has no word for it and shows nothing."""


SHOWN = frozenset({Visibility.PUBLIC, Visibility.UNLISTED})
"""What everyone may see who has its address."""


@dataclass(frozen=True, slots=True)
class SimChannel:
    """A channel at one moment."""

    id: str
    """`UC` and 22 characters."""

    title: str

    handle: str | None = None
    """With its `@`."""

    username: str | None = None
    """The NAME of `/user/NAME`."""

    terminated: bool = False
    """Closed; its playlists and videos are gone with it."""


SOMEBODY = SimChannel("UC0simulated0somebody0wA", "Somebody", handle="@somebody")
"""The owner of whatever names no owner; lives in every world."""


@dataclass(frozen=True, slots=True)
class SimPlaylist:
    """A playlist at one moment."""

    id: str
    title: str
    channel_id: str = SOMEBODY.id

    video_ids: Sequence[str] = ()
    """In the playlist's order, the dead ones too. A video that is not in the world counts as deleted."""

    visibility: Visibility = Visibility.PUBLIC

    item_count: int | None = None
    """The count to tell when the inside isn't modelled; None counts `video_ids`."""


@dataclass(frozen=True, slots=True)
class SimVideo:
    """A video at one moment."""

    id: str
    title: str
    channel_id: str = SOMEBODY.id
    visibility: Visibility = Visibility.PUBLIC
    embeddable: bool = True
    age_restricted: bool = False

    blocked: tuple[str, ...] = ()
    """Countries (ISO 3166-1 alpha-2) where it can't be seen; not together with `allowed`."""

    allowed: tuple[str, ...] | None = None
    """The only countries where it can be seen, possibly none; None for everywhere."""

    live: Literal["none", "upcoming", "live", "completed"] = "none"
    upload_status: Literal["uploaded", "processed", "failed", "rejected", "deleted"] = "processed"


Entity = SimChannel | SimPlaylist | SimVideo
