"""The ids of YouTube: what one looks like, and its canonical form.

Each reader takes the text where a link holds an id and gives a `Parsed`: the resource, or what is wrong with the text.
What follows an id (`?t=30`, a bracket from prose) is cut off. None of them refuses what may be alive: the lengths and
last characters that YouTube uses today are its own business, and it is asked.
"""

import re
from unicodedata import normalize

import msgspec

from linkwatch.models.resource import CHANNEL_ID, Kind, Resource

CLOSERS = "?!.,;:)]}>\"'`*|~\\…”’»）】》」』、。，；：！？"
"""What prose and markup put behind a URL; no id ends with any of it."""

_ID = re.compile(r"[A-Za-z0-9_-]*")

# A name is letters of any script, with marks and joiners, so it is told by what it can't hold.
_NOT_IN_NAMES = r"\s\x00-\x2c/:-@\[-^`{-}\x7f-\x9f\ud800-\udfff\u200b\ufeff" + "…”’»）】》」』、。，；：！？"
NAME_CHARACTER = f"[^{_NOT_IN_NAMES}]"
_NAME = re.compile(rf"({NAME_CHARACTER}++)(?:[&{re.escape(CLOSERS)}].*)?", re.DOTALL)
_LONGEST_NAME = 100  # code points; YouTube ends handles at 30 and custom URLs at less than 100

_SHORT_PLAYLISTS = frozenset({"WL", "LL", "LM", "HL", "RDMM"})
_SHORTEST_PLAYLIST = 12  # `UL` and `RD` with a video's id are 13, an old `PL` list is 18

# Ids are base64url of 64 and 128 bits: the last character has bits that are always zero.
_LAST_OF_VIDEO = frozenset("AEIMQUYcgkosw048")
_LAST_OF_CHANNEL = frozenset("AQgw")


class Parsed(msgspec.Struct, frozen=True, gc=False):
    """What a YouTube link names."""

    resources: tuple[Resource, ...]
    """None, one, or two: the video and the playlist of `watch?v=…&list=…`."""

    problem: str | None = None
    """Why the link is malformed, one sentence for a person; None when it is fine."""


def video(text: str) -> Parsed:
    """Read a video's id: eleven characters."""
    found = _leading_id(text)
    if len(found) == 11:
        return _one(Kind.VIDEO, found)
    if not found:
        return _nothing(text, "video")
    return Parsed((), f"`{_shown(found)}` has {_characters(len(found))}; a video id has 11")


def playlist(text: str) -> Parsed:
    """Read a playlist's id; `VL…`, `SP…` and `EC…` are other names of the same list."""
    found = _leading_id(text)
    if not found:
        return _nothing(text, "playlist")
    listed = re.sub(r"^(?:VL)+", "", found)
    if listed in _SHORT_PLAYLISTS:
        return _one(Kind.PLAYLIST, listed)
    if CHANNEL_ID.fullmatch(listed):
        return Parsed((), f"`{listed}` is the id of a channel, not of a playlist")
    if len(listed) < _SHORTEST_PLAYLIST:
        return Parsed((), f"`{_shown(found)}` has {_characters(len(found))}, too few for a playlist id")
    return _one(Kind.PLAYLIST, re.sub(r"^(?:SP|EC)", "PL", listed))


def channel(text: str) -> Parsed:
    """Read a channel's own id: `UC` and 22 characters."""
    found = _leading_id(text)
    if CHANNEL_ID.fullmatch(found):
        return _one(Kind.CHANNEL, found)
    if not found:
        return _nothing(text, "channel")
    return Parsed((), f"`{_shown(found)}` is no channel id: one is `UC` and 22 characters")


def handle(text: str) -> Parsed:
    """Read a handle, without its `@`; YouTube is blind to its case, so the id is in lower case."""
    parsed = named("@", text)
    # Not casefold: it would make `@straße` and `@strasse` one, and they are two.
    folded = (Resource(one.kind, normalize("NFC", one.id.lower())) for one in parsed.resources)
    return Parsed(tuple(folded), parsed.problem)


def named(prefix: str, text: str) -> Parsed:
    """Read a name behind `prefix` (`user/`, `c/`, `@`, or nothing); the id is the prefix and the name in NFC."""
    name = leading_name(text)
    if not name:
        return _nothing(text, "channel")
    if len(name) > _LONGEST_NAME:
        return Parsed((), f"`{_shown(name)}` has {_characters(len(name))}, too many for the name of a channel")
    return _one(Kind.CHANNEL, prefix + name)


def leading_name(text: str) -> str:
    """The name a text begins with, in NFC, without what prose left behind; empty when a name can't go on like that."""
    # Normalising takes quadratic time where marks pile up; no composed character is made of more than four.
    match = _NAME.fullmatch(normalize("NFC", text[: 8 * _LONGEST_NAME]))
    return match[1].rstrip(CLOSERS) if match else ""


def clip(text: str) -> Parsed:
    """Read a clip's id: `Ugk…`."""
    found = _leading_id(text)
    if found.startswith("Ugk"):
        return _one(Kind.VIDEO, f"clip/{found}")
    return _nothing(text, "clip")


def doubt(resource: Resource) -> str | None:
    """Say why an id, though well formed, can hardly be one that YouTube gave out; None when it can.

    A mistyped or half-copied id often ends with a character that no real one ends with.
    """
    if resource.kind is Kind.VIDEO and len(resource.id) == 11 and resource.id[-1] not in _LAST_OF_VIDEO:
        return f"no video id that YouTube gives out ends with `{resource.id[-1]}`: is it mistyped?"
    if CHANNEL_ID.fullmatch(resource.id) and resource.id[-1] not in _LAST_OF_CHANNEL:
        return f"no channel id that YouTube gives out ends with `{resource.id[-1]}`: is it mistyped?"
    return None


def _leading_id(text: str) -> str:
    match = _ID.match(text.strip())
    return match[0] if match else ""


def _one(kind: Kind, id_: str) -> Parsed:
    return Parsed((Resource(kind, id_),))


def _nothing(text: str, what: str) -> Parsed:
    if text.strip():
        return Parsed((), f"`{_shown(text.strip())}` is no {what} id or name")
    return Parsed((), f"the link names no {what}: its id is missing")


def _characters(count: int) -> str:
    return f"{count} character" if count == 1 else f"{count} characters"


def _shown(text: str) -> str:
    """At most 40 characters, each of which can be printed: the sentence ends in terminals and files."""
    start = "".join(c if c.isprintable() else "\ufffd" for c in text[:40])
    return start if len(text) <= 40 else f"{start}…"
