"""What a link names on YouTube: a playlist, a video or a channel."""

import re
from enum import StrEnum
from urllib.parse import quote

import msgspec

CHANNEL_ID = re.compile(r"UC[A-Za-z0-9_-]{22}")
"""The id of a channel, as opposed to a handle or a user name, which is to be resolved."""

_PERSONAL_LISTS = {
    "WL": "Watch Later is different for every viewer",
    "LL": "the list of liked videos is different for every viewer",
    "LM": "the list of liked music is different for every viewer",
    "HL": "the watch history is different for every viewer",
    "SE": "this list is different for every viewer",
}
_STORED_MIX = "RDCLAK5uy_"
"""A mix that the editors of YouTube Music made: a list like any other, the same for everybody."""

_TEMPORARY_LISTS = {
    "RD": "a mix is different for every viewer",
    "UL": "a mix of uploads is different for every viewer",
    "TL": "a temporary list ends with the session that made it",
    "MPREb_": "an album page of YouTube Music is unknown to the Data API; list its playlist (`OLAK5uy_…`)",
}
_POST = "a post of a channel is unknown to the Data API"
_CLIP = "a clip is unknown to the Data API; list the video that it was cut from"
_CUSTOM_URL = "a custom channel URL is unknown to the Data API; list the channel's `@handle` or `UC…` id"


class Kind(StrEnum):
    """The kinds of resource that the Data API can be asked about."""

    PLAYLIST = "playlist"
    """`PL…`, `UU…`, `OLAK5uy_…` and the like."""

    VIDEO = "video"
    """Eleven characters; a clip is `clip/Ugk…`, a post with a video or without `post/Ugk…`."""

    CHANNEL = "channel"
    """`UC…`; until it is resolved `@handle`, `user/NAME`, `c/NAME` or a bare name."""


class Resource(msgspec.Struct, frozen=True, order=True, gc=False):
    """A playlist, video or channel, by its canonical id."""

    kind: Kind
    id: str

    @property
    def page(self) -> str:
        """The path of its page in the dashboard."""
        return f"/resources/{self.kind}/{quote(self.id, safe='@', errors='replace')}"

    @property
    def url(self) -> str:
        """The canonical URL; `parse_url` reads it back as this resource."""
        match self.kind:
            case Kind.PLAYLIST if self.id.startswith("MPREb_"):
                return f"https://music.youtube.com/browse/{_in_url(self.id)}"
            case Kind.PLAYLIST:
                return f"https://www.youtube.com/playlist?list={_in_url(self.id)}"
            case Kind.VIDEO if not self.id.startswith(("clip/", "post/")):
                return f"https://www.youtube.com/watch?v={_in_url(self.id)}"
            case Kind.CHANNEL if CHANNEL_ID.fullmatch(self.id):
                return f"https://www.youtube.com/channel/{self.id}"
            case Kind.VIDEO | Kind.CHANNEL:
                return f"https://www.youtube.com/{_in_url(self.id)}"

    @property
    def is_uploads(self) -> bool:
        """Whether it is a playlist that YouTube makes of a channel's uploads: all, or those of one kind."""
        return self.kind is Kind.PLAYLIST and self.id.startswith("UU")

    @property
    def custom_name(self) -> str | None:
        """The name in a custom channel URL (`/c/NAME`, `/NAME`), which the Data API can't look up; None: it is none."""
        if self.kind is not Kind.CHANNEL or self.id.startswith(("@", "user/")) or CHANNEL_ID.fullmatch(self.id):
            return None
        return self.id.removeprefix("c/")

    @property
    def unmonitorable(self) -> str | None:
        """Why the Data API can't be asked about it, one sentence; None: it can."""
        match self.kind:
            case Kind.PLAYLIST if self.id.startswith(("PL", _STORED_MIX)):
                return None  # nearly all are: no need to look further
            case Kind.PLAYLIST:
                temporary = (reason for prefix, reason in _TEMPORARY_LISTS.items() if self.id.startswith(prefix))
                return _PERSONAL_LISTS.get(self.id) or next(temporary, None)
            case Kind.VIDEO:
                if self.id.startswith("post/"):
                    return _POST
                return _CLIP if self.id.startswith("clip/") else None
            case Kind.CHANNEL:
                return None if self.custom_name is None else _CUSTOM_URL


def _in_url(text: str) -> str:
    """Keep what people read (Unicode too), percent-encode what a URL can't hold."""
    if text.isascii():
        return quote(text, safe="@/")
    return "".join(c if c > "\x7f" and c.isprintable() else quote(c, safe="@/", errors="surrogatepass") for c in text)
