"""What a link names on YouTube: a playlist, a video or a channel, and nothing else."""

import re
from enum import StrEnum
from urllib.parse import quote

import msgspec

CHANNEL_ID = re.compile(r"UC[A-Za-z0-9_-]{22}")
"""A channel's own id, as opposed to a handle or a name that is still to be resolved."""

_PERSONAL_LISTS = {
    "WL": "Watch Later is another list for every viewer and can't be asked about with a key",
    "LL": "the list of liked videos is another one for every viewer and can't be asked about with a key",
    "LM": "the list of liked music is another one for every viewer and can't be asked about with a key",
    "HL": "the history is another list for every viewer and can't be asked about with a key",
}
_PASSING_LISTS = {
    "RD": "a mix is made anew for every viewer and can't be asked about with a key",
    "UL": "a mix of uploads is made anew for every viewer and can't be asked about with a key",
    "TL": "a temporary list is gone after the session that made it and can't be asked about with a key",
    "MPREb_": "an album page of YouTube Music can't be asked about with a key; its playlist (`OLAK5uy_…`) can",
}
_CLIP = "a clip can't be asked about with a key; the video it was cut from can"
_CUSTOM_URL = "a custom channel URL can't be asked about with a key; the channel's `@handle` or `UC…` id can"


class Kind(StrEnum):
    """The kinds of resource that the Data API can be asked about."""

    PLAYLIST = "playlist"
    """`PL…`, `UU…`, `OLAK5uy_…` and the like."""

    VIDEO = "video"
    """Eleven characters; a clip is `clip/Ugk…`."""

    CHANNEL = "channel"
    """`UC…`; until it is resolved `@handle` or `user/NAME`; `c/NAME` and a bare name never are."""


class Resource(msgspec.Struct, frozen=True, order=True, gc=False):
    """One distinct thing on YouTube, by its canonical id."""

    kind: Kind
    id: str

    @property
    def url(self) -> str:
        """The canonical URL; `parse_url` reads it back as this resource."""
        match self.kind:
            case Kind.PLAYLIST if self.id.startswith("MPREb_"):
                return f"https://music.youtube.com/browse/{_in_url(self.id)}"
            case Kind.PLAYLIST:
                return f"https://www.youtube.com/playlist?list={_in_url(self.id)}"
            case Kind.VIDEO if not self.id.startswith("clip/"):
                return f"https://www.youtube.com/watch?v={_in_url(self.id)}"
            case Kind.CHANNEL if CHANNEL_ID.fullmatch(self.id):
                return f"https://www.youtube.com/channel/{self.id}"
            case Kind.VIDEO | Kind.CHANNEL:
                return f"https://www.youtube.com/{_in_url(self.id)}"

    @property
    def unmonitorable(self) -> str | None:
        """Why no key can ask about it, one sentence; None when it can be asked about."""
        match self.kind:
            case Kind.PLAYLIST if self.id.startswith("PL"):
                return None  # nearly all are: no need to look further
            case Kind.PLAYLIST:
                passing = (reason for prefix, reason in _PASSING_LISTS.items() if self.id.startswith(prefix))
                return _PERSONAL_LISTS.get(self.id) or next(passing, None)
            case Kind.VIDEO:
                return _CLIP if self.id.startswith("clip/") else None
            case Kind.CHANNEL:
                can_be_asked = self.id.startswith(("@", "user/")) or CHANNEL_ID.fullmatch(self.id)
                return None if can_be_asked else _CUSTOM_URL


def _in_url(text: str) -> str:
    """Keep what people read (Unicode too), percent-encode what a URL can't hold."""
    if text.isascii():
        return quote(text, safe="@/")
    return "".join(c if c > "\x7f" and c.isprintable() else quote(c, safe="@/", errors="surrogatepass") for c in text)
