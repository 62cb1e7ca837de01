"""What a link names on YouTube: a playlist, a video or a channel, and nothing else."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of resource that the Data API can be asked about."""

    PLAYLIST = "playlist"
    """`PL…`, `UU…`, `OLAK5uy_…` and the like."""

    VIDEO = "video"
    """Eleven characters."""

    CHANNEL = "channel"
    """`UC…`; until it is resolved `@handle` or `user/NAME`; `c/NAME` and a bare name never are."""


@dataclass(frozen=True, slots=True, order=True)
class Resource:
    """One distinct thing on YouTube, by its canonical id."""

    kind: Kind
    id: str
