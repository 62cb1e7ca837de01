"""Ids that stand without a URL, as sites embed videos: the one table of syntaxes, and the search for them.

Adding a syntax: a row of `SYNTAXES`, and an example of it in the table of the tests. This is all that the readers know
of YouTube.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from linkwatch.errors import SettingsError

VIDEO = r"(?P<video>[A-Za-z0-9_-]{10}[AEIMQUYcgkosw048])(?![A-Za-z0-9_-])"
"""A video's id, with the last characters that YouTube gives out: a placeholder mostly has another."""

PLAYLIST = r"(?P<playlist>(?:PL|UU|FL|EC|SP|OLAK5uy_)[A-Za-z0-9_-]{14,40})(?![A-Za-z0-9_-])"

_URLS = {
    "video": "https://www.youtube.com/watch?v=",
    "playlist": "https://www.youtube.com/playlist?list=",
    "channel": "https://www.youtube.com/channel/",
}
_SHAPES = {
    "video": re.compile(r"[A-Za-z0-9_-]{10}[AEIMQUYcgkosw048]"),
    "playlist": re.compile(r"(?:PL|UU|FL|EC|SP|OLAK5uy_)[A-Za-z0-9_-]{14,40}"),
    "channel": re.compile(r"UC[A-Za-z0-9_-]{22}"),
}
_QUOTE = r"[\"'`]"
_KEY = r"[ \t]*(?:-[ \t]+)?[\"'`]?"
_VALUE = r"[\"'`]?[ \t]*[:=][ \t]*[\"'`]?"
_IN_TAG = r"[^<>]{0,1000}?"
_IN_BRACES = r"[^{}<>]{0,500}?"


@dataclass(frozen=True, slots=True)
class Syntax:
    """One way to write an id without a URL."""

    name: str
    """As the JSON report has it."""

    needle: str
    """In lower case: a text without it has none of these."""

    pattern: re.Pattern[str]
    """Its groups `video`, `playlist` and `channel` are ids, or several with commas; `label` is what it says of them."""

    shown: str
    """An example, for the documentation."""

    in_code: bool = False
    """It is also read in what Markdown shows as code: a directive looks like a block of code."""


class EmbeddedId(NamedTuple):
    """An id that was found."""

    url: str
    """Of what it names."""

    offset: int
    """Of its first character, in code points."""

    label: str | None
    syntax: str
    in_code: bool


def _syntax(name: str, needle: str, shown: str, *patterns: str, in_code: bool = False, flags: int = 0) -> list[Syntax]:
    """A row for each way to write it."""
    compiled = (re.compile(pattern, re.IGNORECASE | re.MULTILINE | flags) for pattern in patterns)
    return [Syntax(name, needle, pattern, shown, in_code) for pattern in compiled]


_COMPONENTS = (
    "YouTube|LiteYouTubeEmbed|LiteYouTube|YouTubeEmbed|YouTubePlayer|YouTubeVideo|lite-youtube|youtube-video|youtube-embed"
    "|amp-youtube"
)
_ID_ATTRIBUTES = "id|videoId|video-id|data-videoid|youTubeId|youtube-id"

SYNTAXES: tuple[Syntax, ...] = (
    *_syntax(
        "shortcode",
        "youtube",
        '{{< youtube ID >}}, {{< youtube id="ID" title="A talk" >}}',
        rf"\{{\{{[<%]\s*youtube[\w-]*\s+{_QUOTE}?{VIDEO}",
        rf'\{{\{{[<%]\s*youtube[\w-]*\s{_IN_BRACES}\btitle="(?P<label>[^"{{}}]*)"{_IN_BRACES}\bid="{VIDEO}"',
        rf'\{{\{{[<%]\s*youtube[\w-]*\s{_IN_BRACES}\bid="{VIDEO}"(?:{_IN_BRACES}\btitle="(?P<label>[^"{{}}]*)")?',
    ),
    *_syntax(
        "include",
        "youtube",
        '{% include youtube.html id="ID" %}, {% include video id="ID" provider="youtube" %}',
        rf"\{{%-?\s*include\s+[\w/.-]*youtube[\w/.-]*\s[^%]{{0,500}}?\bid\s*=\s*{_QUOTE}{VIDEO}{_QUOTE}"
        rf"(?:[^%]{{0,500}}?\btitle\s*=\s*{_QUOTE}(?P<label>[^\"'`%]*))?",
        rf"\{{%-?\s*include\s+[\w/.-]*video[\w/.-]*\s[^%]{{0,500}}?\bid\s*=\s*{_QUOTE}{VIDEO}{_QUOTE}"
        rf"[^%]{{0,500}}?\bprovider\s*=\s*{_QUOTE}youtube",
    ),
    *_syntax(
        "liquid",
        "youtube",
        '{% youtube ID %}, {% youtubeEmbed "ID", "A talk" %}',
        rf"\{{%-?\s*youtube\w*\s+{_QUOTE}?{VIDEO}{_QUOTE}?(?:\s*,\s*{_QUOTE}(?P<label>[^\"'`%]*){_QUOTE})?",
    ),
    *_syntax(
        "component",
        "youtube",
        '<YouTube id="ID" title="A talk" />, <lite-youtube videoid="ID">',
        rf"<(?:{_COMPONENTS})\b{_IN_TAG}\s(?:{_ID_ATTRIBUTES})\s*=\s*\{{?{_QUOTE}{VIDEO}{_QUOTE}"
        rf"(?:{_IN_TAG}\s(?:title|playlabel)\s*=\s*\{{?{_QUOTE}(?P<label>[^\"'`<>]*){_QUOTE})?",
    ),
    *_syntax(
        "data-attribute",
        "data-",
        '<div data-youtube-id="ID">, <div data-plyr-provider="youtube" data-plyr-embed-id="ID">',
        rf"<[a-z][\w-]*\b{_IN_TAG}\sdata-(?:youtube-id|youtube|yt-id)\s*=\s*{_QUOTE}{VIDEO}{_QUOTE}",
        rf"<[a-z][\w-]*\b(?={_IN_TAG}\sdata-plyr-provider\s*=\s*{_QUOTE}youtube){_IN_TAG}"
        rf"\sdata-plyr-embed-id\s*=\s*{_QUOTE}{VIDEO}{_QUOTE}",
    ),
    *_syntax("pretext", "youtube=", '<video youtube="ID"/>', rf"<video\b{_IN_TAG}\syoutube\s*=\s*{_QUOTE}{VIDEO}"),
    *_syntax(
        "directive",
        "youtube",
        ".. youtube:: ID, ```{youtube} ID",
        rf"^[ \t]*\.\.[ \t]+youtube::[ \t]+{VIDEO}",
        rf"^[ \t]*(?:`{{3,}}|:{{3,}}|~{{3,}})\{{youtube\}}[ \t]+{VIDEO}",
        in_code=True,
    ),
    *_syntax(
        "block-macro",
        "youtube",
        "video::ID[youtube], video::ID/PLAYLIST[youtube], video::ID,ID[youtube]",
        r"^video::(?P<video>[A-Za-z0-9_,-]+)(?:/(?P<playlist>[A-Za-z0-9_-]+))?\[[^\]\n]*\byoutube\b[^\]\n]*\]",
    ),
    *_syntax(
        "call",
        "youtube",
        "YouTubeVideo('ID'), ('Youtube', 'ID')",
        rf"\bYouTubeVideo\(\s*{_QUOTE}{VIDEO}{_QUOTE}",
        rf"\(\s*{_QUOTE}YouTube{_QUOTE}\s*,\s*{_QUOTE}{VIDEO}{_QUOTE}",
    ),
    *_syntax(
        "key",
        "youtube",
        "youtube: ID, youtube_id: ID, video_id: ID beside provider: youtube",
        rf"^{_KEY}(?:youtube|youtube[_-]?(?:video[_-]?)?id){_VALUE}{VIDEO}{_QUOTE}?[ \t]*,?[ \t]*(?:#.*)?$",
        rf"^{_KEY}(?:video_)?provider{_VALUE}youtube{_QUOTE}?[ \t]*\n{_KEY}(?:video_id|video-id|id){_VALUE}{VIDEO}",
        rf"^{_KEY}(?:video_id|video-id|id){_VALUE}{VIDEO}{_QUOTE}?[ \t]*\n{_KEY}(?:video_)?provider{_VALUE}youtube",
    ),
    *_syntax("key", "videoid", "videoId: ID", rf"(?:^|[{{,])[ \t]*(?:-[ \t]+)?{_QUOTE}?videoId{_VALUE}{VIDEO}"),
    *_syntax(
        "bracket",
        "youtube",
        "@[youtube](ID), [[youtube:ID]], [youtube]ID[/youtube]",
        rf"@\[youtube\]\(\s*{VIDEO}",
        rf"\[\[youtube:\s*{VIDEO}",
        rf"[\[{{]youtube[\]}}]\s*{VIDEO}\s*[\[{{]/youtube[\]}}]",
    ),
    *_syntax("archive", "youtube ", "youtube ID, as yt-dlp's archive has it", rf"^youtube {VIDEO}[ \t]*$"),
)
"""Every syntax; one that can be written in several ways has a row for each."""

OWN = "own"
"""The name of a syntax of the user's settings."""

KEYS = frozenset({"youtube", "youtubeid", "youtube_id", "youtubevideoid", "youtube_video_id", "videoid"})
"""Members of a JSON object that hold an id, in lower case; `video_id` does beside a string that says YouTube."""


def own_syntaxes(patterns: Iterable[str]) -> tuple[Syntax, ...]:
    """The table, with the patterns of the settings.

    Args:
        patterns: Regular expressions with a group `video`, `playlist` or `channel`, and perhaps `label`.

    Raises:
        SettingsError: One is no regular expression, or has none of the groups.
    """
    own = []
    for pattern in patterns:
        try:
            compiled = re.compile(pattern, re.MULTILINE)
        except re.error as error:
            raise SettingsError(f"embeds: {pattern!r} is not a regular expression: {error}", remedy=_EXAMPLE) from None
        if not set(_URLS) & compiled.groupindex.keys():
            raise SettingsError(f"embeds: {pattern!r} has no group named video, playlist or channel", remedy=_EXAMPLE)
        own.append(Syntax(OWN, "", compiled, pattern))
    return (*SYNTAXES, *own)


_EXAMPLE = r"""For example: embeds = ['!video\((?P<video>[\w-]+)\)']"""


def find_embedded_ids(text: str, syntaxes: Sequence[Syntax] = SYNTAXES) -> Iterator[EmbeddedId]:
    """Yield the ids of a text that stand where one of the syntaxes says, in no particular order; none twice."""
    folded = text.lower()
    seen: set[int] = set()
    for syntax in syntaxes:
        if syntax.needle not in folded:
            continue
        for match in syntax.pattern.finditer(text):
            for kind in _URLS.keys() & syntax.pattern.groupindex.keys():
                for id_, offset in _ids(match, kind):
                    if offset not in seen and is_id(id_, kind):
                        seen.add(offset)
                        label = match["label"] if "label" in syntax.pattern.groupindex else None
                        yield EmbeddedId(_URLS[kind] + id_, offset, label or None, syntax.name, syntax.in_code)


def _ids(match: re.Match[str], kind: str) -> Iterator[tuple[str, int]]:
    if match[kind] is not None:
        for part in re.finditer(r"[^,\s]+", match[kind]):
            yield part[0], match.start(kind) + part.start()


def is_id(text: str, kind: str = "video") -> bool:
    """Whether a text has the shape of an id: of a `video`, a `playlist` or a `channel`."""
    return _SHAPES[kind].fullmatch(text) is not None


def url_of(id_: str, kind: str = "video") -> str:
    """The URL of what an id names."""
    return _URLS[kind] + id_
