"""The ids of YouTube: what one looks like, and its canonical form.

Each parser takes the text where a link holds an id and gives a `ParsedUrl`: the resource, or what is wrong with the
text. What follows an id (`?t=30`, a bracket from prose) is cut off. No parser refuses an id that may exist: YouTube may
change the lengths and last characters that it uses, so YouTube is asked.
"""

import re
from unicodedata import normalize

import msgspec

from linkwatch.models.resource import CHANNEL_ID, Kind, Resource

CLOSERS = "?!.,;:)]}>\"'`*|~\\…”’»）】》」』、。，；：！？"
"""What prose and markup put after a URL; no id ends with any of it."""

_ID = re.compile(r"[A-Za-z0-9_-]*")

# A name is letters of any script, with marks and joiners, so it is recognised by what it can't hold.
_FORBIDDEN_IN_NAMES = r"\s\x00-\x2c/:-@\[-^`{-}\x7f-\x9f\ud800-\udfff\u200b\ufeff" + "…”’»）】》」』、。，；：！？"
NAME_CHARACTER = f"[^{_FORBIDDEN_IN_NAMES}]"
_NAME = re.compile(rf"({NAME_CHARACTER}++)(?:[&{re.escape(CLOSERS)}].*)?", re.DOTALL)
_MAX_NAME_LENGTH = 100  # code points; YouTube ends handles at 30 and custom URLs at less than 100

_PLAYERS = frozenset({"videoseries", "live_stream"})
"""They stand where a video's id does, and have its length."""

_SHORT_PLAYLISTS = frozenset({"WL", "LL", "LM", "HL", "SE", "RDMM"})
_MIN_PLAYLIST_LENGTH = 12  # `UL` and `RD` with a video's id are 13, an old `PL` list is 18

_KNOWN_PLAYLIST = re.compile(
    r"PL(?:[\w-]{32}|[0-9A-F]{16})|FL[\w-]{22}|UU(?:LF|SH|LV|LP|PS|PV|MO|MF|MS|MV)?[\w-]{22}|(?:OLAK5uy_|RDCLAK5uy_)[\w-]{33}",
    re.ASCII,
)

# Ids are base64url of 64 and 128 bits: the last character has bits that are always zero.
_LAST_CHARACTERS_OF_VIDEOS = frozenset("AEIMQUYcgkosw048")
_LAST_CHARACTERS_OF_CHANNELS = frozenset("AQgw")


class ParsedUrl(msgspec.Struct, frozen=True, gc=False):
    """What a YouTube link names."""

    resources: tuple[Resource, ...]
    """None, one, the video and the playlist of `watch?v=…&list=…`, or the videos of `watch_videos?video_ids=…`."""

    problem: str | None = None
    """Why the link is malformed, one sentence for a person; None when it is fine."""


def parse_video_id(text: str) -> ParsedUrl:
    """Parse a video's id: eleven characters."""
    id_ = leading_id(text)
    if len(id_) == 11 and id_.lower() not in _PLAYERS:
        return _resource(Kind.VIDEO, id_)
    if len(id_) == 11:
        return ParsedUrl((), f"`{id_}` is the name of a player, not of a video")
    if not id_:
        return _no_id(text, "video")
    return ParsedUrl((), f"`{_shown(id_)}` has {_characters(len(id_))}; a video id has 11")


def parse_playlist_id(text: str) -> ParsedUrl:
    """Parse a playlist's id; `VL…`, `SP…`, `EC…` and a podcast's `MPSPPL…` are other names of the same list."""
    id_ = leading_id(text)
    if not id_:
        return _no_id(text, "playlist")
    playlist_id = re.sub(r"^(?:MPSP(?=PL)|(?:VL)+)", "", id_)
    if playlist_id in _SHORT_PLAYLISTS:
        return _resource(Kind.PLAYLIST, playlist_id)
    if CHANNEL_ID.fullmatch(playlist_id):
        return ParsedUrl((), f"`{playlist_id}` is the id of a channel, not of a playlist")
    if len(playlist_id) < _MIN_PLAYLIST_LENGTH:
        return ParsedUrl((), f"`{_shown(id_)}` has {_characters(len(id_))}, too few for a playlist id")
    return _resource(Kind.PLAYLIST, re.sub(r"^(?:SP|EC)", "PL", playlist_id))


def parse_channel_id(text: str) -> ParsedUrl:
    """Parse a channel's own id: `UC` and 22 characters."""
    id_ = leading_id(text)
    if CHANNEL_ID.fullmatch(id_):
        return _resource(Kind.CHANNEL, id_)
    if not id_:
        return _no_id(text, "channel")
    return ParsedUrl((), f"`{_shown(id_)}` is no channel id: one is `UC` and 22 characters")


def parse_handle(text: str) -> ParsedUrl:
    """Parse a handle, without its `@`; YouTube ignores its case, so the id is in lower case."""
    parsed = parse_channel_name("@", text)
    # Not casefold: it would make `@straße` and `@strasse` one, and they are two.
    folded = (Resource(resource.kind, normalize("NFC", resource.id.lower())) for resource in parsed.resources)
    return ParsedUrl(tuple(folded), parsed.problem)


def parse_channel_name(prefix: str, text: str) -> ParsedUrl:
    """Parse a name after `prefix` (`user/`, `c/`, `@`, or nothing); the id is the prefix and the name in NFC."""
    name = leading_name(text)
    if not name:
        return _no_id(text, "channel")
    if len(name) > _MAX_NAME_LENGTH:
        return ParsedUrl((), f"`{_shown(name)}` has {_characters(len(name))}, too many for the name of a channel")
    return _resource(Kind.CHANNEL, prefix + name)


def leading_name(text: str) -> str:
    """The name that a text begins with, in NFC, without the punctuation of prose; empty when it can't be a name."""
    # Normalising takes quadratic time where marks pile up; no composed character is made of more than four.
    match = _NAME.fullmatch(normalize("NFC", text[: 8 * _MAX_NAME_LENGTH]))
    return match[1].rstrip(CLOSERS) if match else ""


def parse_clip_id(text: str) -> ParsedUrl:
    """Parse a clip's id: `Ugk…`."""
    id_ = leading_id(text)
    if id_.startswith("Ugk"):
        return _resource(Kind.VIDEO, f"clip/{id_}")
    return _no_id(text, "clip")


def parse_post_id(text: str) -> ParsedUrl:
    """Parse the id of a channel's post: `Ugk…`."""
    id_ = leading_id(text)
    if id_.startswith("Ugk"):
        return _resource(Kind.VIDEO, f"post/{id_}")
    return _no_id(text, "post")


def has_known_shape(resource: Resource) -> bool:
    """Whether an id has a length and characters that YouTube is known to give out."""
    if resource.kind is Kind.PLAYLIST:
        return _KNOWN_PLAYLIST.fullmatch(resource.id) is not None
    return implausibility(resource) is None


def implausibility(resource: Resource) -> str | None:
    """Why an id is well formed and yet not one that YouTube gives out; None when it may be one.

    A mistyped or half-copied id often ends with a character that no real one ends with.
    """
    if resource.kind is Kind.VIDEO and len(resource.id) == 11 and resource.id[-1] not in _LAST_CHARACTERS_OF_VIDEOS:
        return f"no video id that YouTube gives out ends with `{resource.id[-1]}`: is it mistyped?"
    if CHANNEL_ID.fullmatch(resource.id) and resource.id[-1] not in _LAST_CHARACTERS_OF_CHANNELS:
        return f"no channel id that YouTube gives out ends with `{resource.id[-1]}`: is it mistyped?"
    return None


def leading_id(text: str) -> str:
    match = _ID.match(text.strip())
    return match[0] if match else ""


def _resource(kind: Kind, id_: str) -> ParsedUrl:
    return ParsedUrl((Resource(kind, id_),))


def _no_id(text: str, what: str) -> ParsedUrl:
    if text.strip():
        return ParsedUrl((), f"`{_shown(text.strip())}` is no {what} id or name")
    return ParsedUrl((), f"the link names no {what}: its id is missing")


def _characters(count: int) -> str:
    return f"{count} character" if count == 1 else f"{count} characters"


def _shown(text: str) -> str:
    """At most 40 printable characters: the sentence is shown in terminals and files."""
    start = "".join(c if c.isprintable() else "\ufffd" for c in text[:40])
    return start if len(text) <= 40 else f"{start}…"
