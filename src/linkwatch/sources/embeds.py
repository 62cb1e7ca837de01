"""Ids that stand without a URL, as sites embed videos: the one table of syntaxes, and the search for them.

Adding a syntax: a row of `SYNTAXES`; the tests read its examples, and `make docs-reference` writes them into
docs/reference/embeds.md. This is all that the readers know of YouTube.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, NamedTuple

from linkwatch import plugins
from linkwatch.errors import SettingsError

_URLS = {
    "video": "https://www.youtube.com/watch?v=",
    "playlist": "https://www.youtube.com/playlist?list=",
    "channel": "https://www.youtube.com/channel/",
    "handle": "https://www.youtube.com/",
}
_SHAPES = {
    # With the last characters that YouTube gives out: a placeholder mostly has another.
    "video": re.compile(r"[A-Za-z0-9_-]{10}[AEIMQUYcgkosw048]"),
    "playlist": re.compile(r"(?:PL|UU|FL|EC|SP|OLAK5uy_)[A-Za-z0-9_-]{14,40}"),
    "channel": re.compile(r"UC[A-Za-z0-9_-]{22}"),
    "handle": re.compile(r"@(?=[\w.·-]*[^\W_])[\w.·-]{3,30}(?<![.·-])"),
}
_WORD = re.compile(r"[A-Z]?[a-z-]+|[A-Z_-]+")
"""What may be a word, a name or a placeholder; of the ids of videos, two in ten thousand look like one."""

_ACCOUNT = re.compile(
    r"\s*(?:-\s+)?[\"']?(?:twitter|facebook|instagram|linkedin|mastodon|github|gitlab|tiktok|twitch|bluesky|telegram"
    r"|discord|reddit|medium|pinterest)(?:_?(?:username|handle|url|id))?[\"']?\s*[:=]",
    re.IGNORECASE,
)
"""A line of a site's accounts: the `youtube` beside it is the name of one, too."""


Pattern = str | re.Pattern[str]
"""A text is compiled when it is first needed, most of them never; it ignores case, `^` and `$` are those of lines."""


@cache
def compiled(pattern: Pattern) -> re.Pattern[str]:
    """The pattern to search with."""
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE) if isinstance(pattern, str) else pattern


@dataclass(frozen=True, slots=True)
class Syntax:
    """One way to write an id without a URL."""

    name: str
    """As the JSON report has it."""

    needle: str
    """In lower case: a text without it has none of these."""

    pattern: Pattern
    """Its groups `video`, `playlist` and `channel` are ids, or several with commas; `label` is what it says of them."""

    examples: tuple[str, ...] = ()
    """With `ID`, `PLAYLIST` and `CHANNEL` for the ids."""

    used_by: str = ""
    """What reads it, for the documentation."""

    within: Pattern | None = None
    """The pattern is searched for in what this one matches: a tag, a shortcode, a block of YAML."""

    label: Pattern | None = None
    """The label of what `within` matches, wherever it stands there; its group is `label`."""

    in_code: bool = False
    """It is also read in what Markdown shows as code, as where it is a span of code itself."""

    is_loose: bool = False
    """A word or the name of an account may stand in the place of the id, too."""


class EmbeddedId(NamedTuple):
    """An id that was found."""

    url: str
    """Of what it names."""

    offset: int
    """Of its first character, in code points."""

    label: str | None
    syntax: str
    in_code: bool


_ID = (
    r"(?:(?P<playlist>(?:PL|UU|FL|EC|SP|OLAK5uy_)[A-Za-z0-9_-]{14,40})"
    r"|(?P<channel>UC[A-Za-z0-9_-]{22})"
    r"|(?P<video>[A-Za-z0-9_-]{10}[AEIMQUYcgkosw048]))(?![A-Za-z0-9_-])"
)
_QUOTE = r"[\"'`]"
_ATTRIBUTE = (
    r"(?:v-bind:|:)?(?:data-)?(?:id|v|vid|video|video-?id|youtube(?:-?(?:video-?)?id)?|yt-?id|code|key|src|embed-?id"
    r"|(?:play)?list(?:-?id)?|(?:live-?)?channel(?:-?id)?)"
)
"""The names of attributes and parameters that hold an id, where the tag or shortcode is one for YouTube."""

_TITLE = r"(?:title|video-?title|playlabel|label|caption|alt|aria-label)"
_QUOTED = r"(?P<quote>[\"'`])(?P<label>(?:(?!(?P=quote))[^\n]){0,500})(?P=quote)"
_NAMED_LABEL = rf"(?<![\w-])(?:v-bind:|:)?(?:data-)?{_TITLE}\s*[=:]\s*\{{?{_QUOTED}"

# The parts of a mapping of YAML or TOML, and of an object of JavaScript.
_LINE_START = r"^(?P<indent>[ \t]*)(?:-(?P<gap>[ \t]+))?"
_SAME_INDENT = r"(?P=indent)(?(gap)[ ](?P=gap))"
_KEY_ENDS = r"[\"']?[ \t]*[:=][ \t]*"
_LINE_ENDS = r"[ \t]*,?[ \t]*(?:#[^\n]*)?$"
_PROVIDER = r"[\"']?(?:video_?)?(?:provider|platform|service|host|source|type|kind)"
_ID_KEY = r"[\"']?(?:video[_-]?id|id|video|embed[_-]?id)"
_YOUTUBE_KEY = (
    r"[\"']?(?:[\w-]*[_-])?youtube(?:[_-]?(?:videos?|embed|playlists?|trailer|talk|lecture|code|key|link|url))?"
    r"(?:[_-]?ids?)?"
)
_CHANNEL_KEY = r"[\"']?(?:[\w-]*youtube[_-]?)?channel(?:[_-]?id)?"


def _syntax(
    name: str,
    needle: str,
    *patterns: str,
    examples: tuple[str, ...] = (),
    used_by: str = "",
    within: str | None = None,
    label: str | None = None,
    in_code: bool = False,
    is_loose: bool = False,
) -> list[Syntax]:
    """A row for each pattern; the first has the examples of all."""
    return [
        Syntax(name, needle, pattern, () if number else examples, used_by, within, label, in_code, is_loose)
        for number, pattern in enumerate(patterns)
    ]


SYNTAXES: tuple[Syntax, ...] = (
    *_syntax(
        "shortcode",
        "youtube",
        rf"(?:youtube[\w/-]*\s+|\s{_ATTRIBUTE}\s*=\s*){_QUOTE}?{_ID}",
        within=r"\{\{[<%]\s*(?=[\w/-]{0,60}youtube)[\w/-]+\s[^{}<>]{0,500}",
        label=_NAMED_LABEL,
        used_by="Hugo, Quarto",
        examples=(
            "{{< youtube ID >}}",
            '{{< youtube id="ID" title="A talk" >}}',
            '{{< lite-youtube title="A talk" id="ID" >}}',
            '{{<youtube-embed key="ID">}}',
            '{{% youtube-playlist "PLAYLIST" %}}',
        ),
    ),
    *_syntax(
        "shortcode",
        "youtube",
        rf"\s{_ATTRIBUTE}\s*=\s*{_QUOTE}?{_ID}",
        within=r"\{\{[<%]\s*[\w/-]*video[\w/-]*\s(?=[^{}<>]{0,500}\byoutube\b)[^{}<>]{0,500}",
        label=_NAMED_LABEL,
        used_by="Hugo, with the provider beside the id",
        examples=('{{< video provider="youtube" id="ID" >}}',),
        is_loose=True,
    ),
    *_syntax(
        "include",
        "youtube",
        rf"\s{_ATTRIBUTE}\s*[=:]\s*{_QUOTE}?{_ID}",
        within=r"\{%-?\s*(?:include|include_cached|include_relative|render|component)\s[^%\n]{0,100}?youtube[^%]{0,500}",
        label=_NAMED_LABEL,
        used_by="Jekyll",
        examples=(
            '{% include youtube.html id="ID" %}',
            "{% include embed/youtube.html id='ID' title='A talk' %}",
            '{% include video id="ID" provider="youtube" %}',
            '{% render "youtube", id: "ID", title: "A talk" %}',
        ),
    ),
    *_syntax(
        "liquid",
        "youtube",
        rf"youtube[\w-]*\s+{_QUOTE}?{_ID}{_QUOTE}?(?:\s*,?\s*{_QUOTED})?",
        rf"[\s(]{_ATTRIBUTE}\s*[=:]\s*{_QUOTE}?{_ID}",
        within=r"\{%-?\s*(?=[\w-]{0,60}youtube)[\w-]+[\s(][^%]{0,500}",
        label=_NAMED_LABEL,
        used_by="Jekyll, Eleventy, Hexo, Forem, Zola",
        examples=(
            "{% youtube ID %}",
            '{% youtubeEmbed "ID", "A talk" %}',
            '{% youtube id="ID", title="A talk" %}',
            '{% lite_youtube title: "A talk", id: "ID" %}',
        ),
    ),
    *_syntax(
        "component",
        "youtube",
        rf"\s{_ATTRIBUTE}\s*=\s*\{{?\s*[\"'`]{{1,2}}{_ID}{_QUOTE}",
        within=r"<(?=[\w.-]{0,60}youtube)[a-z][\w.-]*\b(?:[^<>]|(?<==)>){0,1000}",
        label=_NAMED_LABEL,
        used_by="React, Vue, Svelte, Astro, Docusaurus, VitePress, web components, AMP",
        examples=(
            '<YouTube id="ID" title="A talk" />',
            '<LiteYouTubeEmbed title="A talk" id="PLAYLIST" playlist={true} />',
            '<lite-youtube videoid="ID" playlabel="A talk"></lite-youtube>',
            "<YoutubeEmbed :video-id=\"'ID'\" />",
            '<amp-youtube data-videoid="ID"></amp-youtube>',
            '<amp-youtube data-live-channelid="CHANNEL"></amp-youtube>',
        ),
        is_loose=True,
    ),
    *_syntax(
        "component",
        "youtube",
        rf"<youtube(?:\s[^<>]{{0,300}})?>\s*{_ID}\s*</youtube",
        used_by="MediaWiki",
        examples=("<youtube>ID</youtube>",),
    ),
    *_syntax(
        "data-attribute",
        "youtube",
        rf"\sdata-(?:[\w-]*youtube[\w-]*|yt(?:-?id)?|(?:video|embed|plyr-embed)(?:-?id)?|id|playlist(?:-?id)?)\s*=\s*{_QUOTE}{_ID}{_QUOTE}",
        within=r"<[a-z][\w-]*\b(?=[^<>]{0,1000}youtube)[^<>]{0,1000}",
        label=_NAMED_LABEL,
        used_by="scripts that load the player late",
        examples=(
            '<div data-youtube-id="ID"></div>',
            '<div class="youtube-player" data-id="ID" title="A talk"></div>',
            '<div data-plyr-provider="youtube" data-plyr-embed-id="ID"></div>',
        ),
        is_loose=True,
    ),
    *_syntax(
        "data-attribute",
        "data-yt",
        rf"\sdata-yt(?:-?id)?\s*=\s*{_QUOTE}{_ID}{_QUOTE}",
        within=r"<[a-z][\w-]*\b[^<>]{0,1000}",
        label=_NAMED_LABEL,
        used_by="scripts that load the player late",
        examples=('<div data-yt-id="ID"></div>',),
    ),
    *_syntax(
        "pretext",
        "youtube",
        rf"\syoutube\s*=\s*{_QUOTE}(?P<video>[\w,\s-]{{11,500}}){_QUOTE}",
        rf"\syoutubeplaylist\s*=\s*{_QUOTE}{_ID}{_QUOTE}",
        within=r"<video\b[^<>]{0,1000}>?(?:\s{0,200}<title>[^<>]{0,300}</title>)?",
        label=r"<title>(?P<label>[^<>]*)",
        used_by="PreTeXt",
        examples=('<video youtube="ID"/>', '<video youtube="ID, ID"/>', '<video youtubeplaylist="PLAYLIST"/>'),
    ),
    *_syntax(
        "directive",
        "youtube",
        rf"(?:youtube(?:::|\}})[ \t]+|[?&]list=){_ID}",
        within=r"^[ \t]*(?:>[ \t]*)*(?:[-*+][ \t]+)?"
        r"(?:\.\.[ \t]+(?:\|[^|\n]*\|[ \t]+)?youtube::|(?:`{3,}|:{3,}|~{3,})\{youtube\})[^\n]*"
        r"(?:\n[ \t]*:[a-z_-]+:[^\n]*){0,12}",
        label=rf"^[ \t]*:{_TITLE}:[ \t]*(?P<label>[^\n]*)",
        used_by="Sphinx, Nikola, Pelican, MyST, Jupyter Book",
        examples=(
            ".. youtube:: ID",
            ".. youtube:: ID\n   :width: 100%\n   :title: A talk",
            ".. youtube:: ID\n   :url_parameters: ?list=PLAYLIST",
            "```{youtube} ID\n```",
            ":::{youtube} ID\n:align: center\n:::",
        ),
    ),
    *_syntax(
        "directive",
        "youtube",
        rf"(?:\[|\{{#|\b{_ATTRIBUTE}\s*=\s*{_QUOTE}?|youtube[ \t]+){_ID}",
        within=r"(?<![\w:]):{1,3}youtube(?:[ \t\[{])[^\n]{0,500}",
        label=rf"(?:youtube\[|(?<![\w-]){_TITLE}\s*=\s*[\"'])(?P<label>[^\]\"\n]*)",
        used_by="remark-directive: Astro, Docusaurus",
        examples=('::youtube{id="ID" title="A talk"}', "::youtube[A talk]{id='ID'}", "::youtube{#ID}", ":::youtube ID"),
    ),
    *_syntax(
        "block-macro",
        "youtube",
        r"^video::(?P<video>[A-Za-z0-9_,-]+)(?:/(?P<playlist>[A-Za-z0-9_-]+))?\[",
        r"\blist=\"?(?P<playlist>[A-Za-z0-9_-]+)",
        r"\bplaylist=\"?(?P<video>[A-Za-z0-9_-]+(?:,[A-Za-z0-9_-]+)*)",
        within=r"(?:^\.[^\s.][^\n]*\n(?:\[[^\n]*\]\n)?)?^video::[A-Za-z0-9_,/-]+\[[^\]\n]*\byoutube\b[^\]\n]*\]",
        label=r"(?:^\.|\btitle=\"?)(?P<label>[^\"\n]+)",
        used_by="AsciiDoc, Antora",
        examples=(
            "video::ID[youtube]",
            ".A talk\nvideo::ID,ID[youtube,width=640]",
            "video::ID/PLAYLIST[youtube]",
            "video::ID[youtube,list=PLAYLIST]",
            'video::ID[youtube,playlist="ID,ID"]',
        ),
    ),
    *_syntax(
        "call",
        "youtube",
        rf"(?<![a-z0-9])(?:embed_youtube|YouTubeVideo)\(\s*(?:id\s*=\s*)?{_QUOTE}{_ID}{_QUOTE}",
        within=r"^`{3,}\{(?:r|python|code-cell)\b[^\n]*\n[^`]{0,2000}",
        used_by="chunks of R Markdown, Quarto and MyST that are run",
        examples=('```{r}\nembed_youtube("ID")\n```', "```{code-cell}\nYouTubeVideo('ID')\n```"),
    ),
    *_syntax(
        "call",
        "youtube",
        rf"[(\s,](?:(?:video_?)?id\s*[=:]\s*)?{_QUOTE}{_ID}{_QUOTE}",
        rf"[\s,]playlist(?:_?id)?\s*=\s*{_QUOTE}{_ID}{_QUOTE}",
        within=r"(?<![a-z0-9])(?:embed_|lite_)?youtube(?:_?(?:video|embed|player|playlist|lite))?\([^()\n]{0,500}",
        label=_NAMED_LABEL,
        used_by="notebooks, Zola, Nunjucks, Typst, R",
        examples=(
            "YouTubeVideo('ID', width=640)",
            '{{ youtube(id="ID", caption="A talk") }}',
            '#youtube("ID")',
            'vembedr::embed_youtube("ID")',
        ),
    ),
    *_syntax(
        "call",
        "youtube",
        rf"\(\s*{_QUOTE}YouTube{_QUOTE}\s*,\s*{_QUOTE}{_ID}{_QUOTE}",
        used_by="notebooks, in lists of videos",
        examples=("('Youtube', 'ID')",),
    ),
    *_syntax(
        "call",
        "videobyid",
        rf"(?:load|cue)VideoById\(\s*{_QUOTE}{_ID}{_QUOTE}",
        used_by="the player's API",
        examples=("player.loadVideoById('ID')",),
    ),
    *_syntax(
        "key",
        "youtube",
        rf"(?:^|[{{,])[ \t]*(?:-[ \t]+)?{_YOUTUBE_KEY}{_KEY_ENDS}{_QUOTE}?{_ID}{_QUOTE}?(?=[ \t]*(?:[,}}#\n]|\Z))",
        rf"\s(?:[\w-]*[_-])?youtube(?:[_-]?(?:video|playlist))?[_-]?id=\{{?{_QUOTE}{_ID}{_QUOTE}",
        used_by="front matter, YAML, TOML, JavaScript, attributes",
        examples=(
            "youtube: ID",
            'youtube_id: "ID"',
            "youtubeId = 'ID'",
            '<Lecture youtubeId="ID" />',
            "youtube_playlist: PLAYLIST",
        ),
        is_loose=True,
    ),
    *_syntax(
        "key",
        "youtube",
        rf"(?:^|[{{,])[ \t]*(?:-[ \t]+)?(?:{_ID_KEY}{_KEY_ENDS})?{_QUOTE}?{_ID}{_QUOTE}?(?=[ \t]*(?:[,}}#\n]|\Z))",
        within=rf"{_LINE_START}{_YOUTUBE_KEY}[\"']?[ \t]*:[ \t]*(?:#[^\n]*)?\n"
        rf"(?:{_SAME_INDENT}(?:[ \t]|-[ \t])[^\n]*(?:\n|\Z)|\n)+",
        label=r"^[ \t]*(?:-[ \t]+)?[\"']?title[\"']?:[ \t]*(?P<quote>[\"']?)(?P<label>[^\n]*?)(?P=quote)[ \t]*$",
        used_by="YAML: a mapping or a list below the key",
        examples=("youtube:\n  id: ID\n  title: A talk", "youtube:\n  - ID\n  - ID"),
        is_loose=True,
    ),
    *_syntax(
        "key",
        "youtube",
        rf"[\[{{,\s](?:{_ID_KEY}{_KEY_ENDS})?{_QUOTE}?{_ID}{_QUOTE}?(?=\s*[,\]}}])",
        within=rf"(?<![\w-]){_YOUTUBE_KEY}[\"']?\s*[:=]\s*(?:\[[^\[\]]{{0,5000}}\]|\{{[^{{}}]{{0,2000}}\}})",
        label=_NAMED_LABEL,
        used_by="YAML, JavaScript",
        examples=("youtube: [ID, ID]", "youtube: {title: 'A talk', id: 'ID'}"),
        is_loose=True,
    ),
    *_syntax(
        "key",
        "youtube",
        rf"^[ \t]*{_ID_KEY}{_KEY_ENDS}{_QUOTE}{_ID}{_QUOTE}",
        within=r"^[ \t]*\[\[?[\w.-]*\byoutube\]\]?[ \t]*\n(?:(?![ \t]*\[)[^\n]*(?:\n|\Z))+?(?=[ \t]*\[|\Z)",
        label=rf"^[ \t]*title[ \t]*=[ \t]*{_QUOTED}",
        used_by="a table of TOML",
        examples=('[youtube]\nid = "ID"',),
    ),
    *_syntax(
        "key",
        "youtube",
        rf"{_LINE_START}{_PROVIDER}{_KEY_ENDS}{_QUOTE}?youtube{_QUOTE}?{_LINE_ENDS}\n(?:(?!{_SAME_INDENT}-)"
        rf"{_SAME_INDENT}[^\n]*\n){{0,12}}?{_SAME_INDENT}{_ID_KEY}{_KEY_ENDS}{_QUOTE}?{_ID}{_QUOTE}?{_LINE_ENDS}",
        rf"{_LINE_START}{_ID_KEY}{_KEY_ENDS}{_QUOTE}?{_ID}{_QUOTE}?{_LINE_ENDS}\n(?:(?!{_SAME_INDENT}-){_SAME_INDENT}"
        rf"[^\n]*\n){{0,12}}?{_SAME_INDENT}{_PROVIDER}{_KEY_ENDS}{_QUOTE}?youtube",
        used_by="YAML, TOML: beside a key that says YouTube",
        examples=("provider: youtube\nid: ID", "video:\n  id: ID\n  caption: Ours\n  provider: youtube"),
        is_loose=True,
    ),
    *_syntax(
        "key",
        "youtube",
        rf"[{{,\s]{_ID_KEY}{_KEY_ENDS}{_QUOTE}?{_ID}{_QUOTE}?(?=\s*[,}}])",
        within=rf"\{{(?=[^{{}}]{{0,1000}}\b{_PROVIDER}[\"']?\s*[:=]\s*{_QUOTE}?youtube)[^{{}}]{{0,1000}}\}}",
        label=_NAMED_LABEL,
        used_by="YAML, JavaScript: beside a key that says YouTube",
        examples=("video: {id: ID, provider: youtube}", "{ type: 'youtube', title: 'A talk', id: 'ID' }"),
        is_loose=True,
    ),
    *_syntax(
        "key",
        "videoid",
        rf"(?:^|[{{,])[ \t]*(?:-[ \t]+)?{_QUOTE}?videoId{_KEY_ENDS}{_QUOTE}?{_ID}",
        rf"\svideoId\s*=\s*\{{?{_QUOTE}{_ID}{_QUOTE}",
        used_by="the player's API, components",
        examples=("videoId: ID", '<Player videoId="ID" />'),
    ),
    *_syntax(
        "key",
        "channel",
        rf"(?:^|[{{,])[ \t]*(?:-[ \t]+)?{_CHANNEL_KEY}{_KEY_ENDS}{_QUOTE}?"
        r"(?P<channel>UC[A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])",
        used_by="front matter, YAML, TOML, JavaScript",
        examples=("youtube_channel: CHANNEL", 'channelId: "CHANNEL"'),
    ),
    *_syntax(
        "bracket",
        "youtube",
        rf"[@!]\[!?youtube\]\(\s*{_ID}(?:\s+{_QUOTED})?",
        rf"\[\[youtube:\s*{_ID}",
        rf"[\[{{]youtube[\]}}]\s*{_ID}\s*[\[{{]/youtube[\]}}]",
        rf"\[youtube\s(?:[^\]\n]{{0,300}}?\s)?(?:{_ATTRIBUTE}\s*=\s*)?{_QUOTE}?{_ID}",
        used_by="markdown-it, VuePress, Obsidian, forums, WordPress",
        examples=(
            "@[youtube](ID)",
            '![youtube](ID "A talk")',
            "[[youtube:ID]]",
            "[youtube]ID[/youtube]",
            '[youtube id="ID"]',
        ),
    ),
    *_syntax(
        "wiki",
        "youtube",
        rf"\{{\{{(?:#ev:)?youtube(?:playlist)?\s*[|>]\s*(?:id\s*=\s*)?{_ID}(?:(?:[?|][^{{}}\n|]{{0,200}}){{0,3}}\|\s*(?:title\s*=\s*)?(?P<label>[^{{}}\n|=]{{0,300}}[^{{}}\n|=\d][^{{}}\n|=]{{0,300}})(?:\|[^{{}}\n|]{{0,200}})?\}}\}})?",
        used_by="MediaWiki, DokuWiki",
        examples=("{{#ev:youtube|ID}}", "{{YouTube|id=ID|title=A talk}}", "{{youtube>ID?large}}"),
    ),
    *_syntax(
        "code-span",
        "youtube",
        rf"(?<!`)`youtube:\s*{_ID}`(?!`)",
        used_by="gatsby-remark-embed-video",
        examples=("`youtube: ID`",),
        in_code=True,
    ),
    *_syntax(
        "address",
        "youtube",
        rf"plugin://plugin\.video\.youtube/(?:play/\?(?:[\w=&]{{0,100}}&)?(?:video_id|playlist_id)=|playlist/|channel/){_ID}",
        rf"(?<![a-z0-9.])(?:vnd\.youtube:(?://)?|youtube://)(?:watch\?v=)?{_ID}",
        used_by="Kodi's playlists, links that open the app",
        examples=("plugin://plugin.video.youtube/play/?video_id=ID", "vnd.youtube:ID"),
    ),
    *_syntax(
        "archive",
        "youtube ",
        rf"^youtube {_ID}[ \t]*$",
        used_by="yt-dlp: the archive of what it downloaded",
        examples=("youtube ID",),
    ),
)
"""Every syntax; one that can be written in several ways has a row for each."""

OWN = "own"
"""The name of a syntax of the user's settings."""

_YOUTUBE_KEYS = frozenset({"youtube", "youtubevideo", "youtubevideos", "youtubeplaylist", "youtubeplaylists"})
_KEYS = {
    "video": _YOUTUBE_KEYS | {"youtubeid", "youtubeids", "youtubevideoid", "youtubevideoids"},
    "playlist": _YOUTUBE_KEYS | {"youtubeplaylistid", "playlistid"},
    "channel": frozenset({"youtube", "youtubechannel", "youtubechannelid", "channelid"}),
}
_ID_KEYS = frozenset({"id", "videoid", "videoids", "video", "playlistid", "playlist"})
_OF_A_VIDEO = frozenset({"videoid", "youtubeid", "url", "publishedat"})
"""Beside these a channel is that of a video, and no link of its own."""


def own_syntaxes(patterns: Iterable[str]) -> tuple[Syntax, ...]:
    """The table, with the syntaxes of plug-ins and the patterns of the settings.

    Args:
        patterns: Regular expressions with a group `video`, `playlist` or `channel`, and perhaps `label`.

    Raises:
        SettingsError: One is no regular expression, or has none of the groups.
    """
    own = []
    for pattern in patterns:
        try:
            searched = re.compile(pattern, re.MULTILINE)
        except re.error as error:
            raise SettingsError(f"embeds: {pattern!r} is not a regular expression: {error}", remedy=_EXAMPLE) from None
        if not set(_URLS) & searched.groupindex.keys():
            raise SettingsError(f"embeds: {pattern!r} has no group named video, playlist or channel", remedy=_EXAMPLE)
        own.append(Syntax(OWN, "", searched))
    return (*SYNTAXES, *_plugin_syntaxes(), *own)


def _plugin_syntaxes() -> Iterator[Syntax]:
    """Yield what the entry points in `linkwatch.embeds` name: each a `Syntax`, or several for one name."""
    for addition in plugins.additions(plugins.EMBEDS):
        loaded = plugins.load(addition, partial(_fault, name=addition.name))
        if loaded is not None:
            yield from _several(loaded)


def _several(loaded: Any) -> Sequence[Syntax]:
    return (loaded,) if isinstance(loaded, Syntax) else loaded


def _fault(loaded: Any, *, name: str) -> str | None:
    syntaxes = _several(loaded)
    if not isinstance(syntaxes, tuple | list) or not all(isinstance(syntax, Syntax) for syntax in syntaxes):
        return "it must be a linkwatch.plugin_api.Syntax, or a tuple of them"
    for syntax in syntaxes:
        if syntax.name != name:
            return f"a syntax of it has another name, “{syntax.name}”"
        if name in {OWN, "url", *(own.name for own in SYNTAXES)}:
            return "linkwatch has a syntax of that name"
        if not set(_URLS) & compiled(syntax.pattern).groupindex.keys():
            return "its `pattern` needs a group named video, playlist or channel"
        if syntax.needle != syntax.needle.lower():
            return "its `needle` must be in lower case"
    return None


_EXAMPLE = r"""For example: embeds = ['!video\((?P<video>[\w-]+)\)']"""


_WEB_ADDRESS = re.compile(r"https?://[^\s\"'`<>()\[\]{},;|]*+")
"""In most lists the words that the syntaxes begin with stand in these alone, and there is nothing to search for."""


def find_embedded_ids(text: str, syntaxes: Sequence[Syntax] = SYNTAXES) -> Iterator[EmbeddedId]:
    """Yield the ids of a text that stand where one of the syntaxes says, in no particular order; none twice."""
    folded = _WEB_ADDRESS.sub("", text.lower())
    seen: set[int] = set()
    for syntax in syntaxes:
        if syntax.needle not in folded:
            continue
        for id_, kind, offset, label in _matches(text, syntax):
            if (
                offset not in seen
                and is_id(id_, kind)
                and not (syntax.is_loose and kind == "video" and _is_name(text, id_, offset))
            ):
                seen.add(offset)
                yield EmbeddedId(_URLS[kind] + id_, offset, label or None, syntax.name, syntax.in_code)


def _matches(text: str, syntax: Syntax) -> Iterator[tuple[str, str, int, str | None]]:
    """Yield what stands where the ids do: the text, the kind, the offset and the label."""
    if syntax.within is None:
        for match in compiled(syntax.pattern).finditer(text):
            yield from _ids(match, None)
        return
    for block in compiled(syntax.within).finditer(text):
        matches = list(compiled(syntax.pattern).finditer(text, *block.span()))
        if matches:
            labels = (
                [found["label"] for found in compiled(syntax.label).finditer(text, *block.span())]
                if syntax.label
                else []
            )
            label = labels[0] if len(labels) == 1 or (labels and len(matches) == 1) else None
            for match in matches:
                yield from _ids(match, label)


def _ids(match: re.Match[str], label: str | None) -> Iterator[tuple[str, str, int, str | None]]:
    groups = match.re.groupindex.keys()
    own_label = match["label"] if "label" in groups else None
    for kind in _URLS.keys() & groups:
        if match[kind] is not None:
            for part in re.finditer(r"[^,\s]+", match[kind]):
                yield part[0], kind, match.start(kind) + part.start(), own_label or label


def _is_name(text: str, id_: str, offset: int) -> bool:
    """Whether it is rather a word, or the name of an account in a list of them."""
    if _WORD.fullmatch(id_):
        return True
    start = text.rfind("\n", 0, offset)
    end = text.find("\n", offset)
    before = text.rfind("\n", 0, max(0, start))
    return bool(
        (start >= 0 and _ACCOUNT.match(text, before + 1, start)) or (end >= 0 and _ACCOUNT.match(text, end + 1))
    )


def kind_of_member(value: str, key: str, above: str, siblings: Callable[[], Mapping[str, str | None]]) -> str | None:
    """What the id in a member of a JSON object names: a `video`, a `playlist` or a `channel`; None when it is no id.

    Args:
        value: The member, a string.
        key: Its name, or that of the array that it is in.
        above: The name of the object that it is a member of, or of the array around that.
        siblings: Returns the members of the object with their strings; None for other values.
    """
    kind = next((kind for kind in _SHAPES if is_id(value, kind)), None)
    name = _plain(key)
    if kind is None or name not in _KEYS[kind] | _ID_KEYS:
        return None
    if kind == "video" and name in {"videoid", "videoids"} and "_" not in key:
        return kind
    beside = siblings()
    if (
        name not in _KEYS[kind]
        and _plain(above) not in _YOUTUBE_KEYS
        and not any(text is not None and text.lower() == "youtube" for text in beside.values())
    ):
        return None
    is_name = kind == "video" and (_WORD.fullmatch(value) or any(_ACCOUNT.match(f"{sibling}:") for sibling in beside))
    is_owner = kind == "channel" and any(_plain(sibling) in _OF_A_VIDEO for sibling in beside)
    return None if is_name or is_owner else kind


def _plain(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "")


def is_id(text: str, kind: str = "video") -> bool:
    """Whether a text has the shape of an id: of a `video`, a `playlist`, a `channel`, or a `handle`."""
    return _SHAPES[kind].fullmatch(text) is not None


def url_of(id_: str, kind: str = "video") -> str:
    """The URL of what an id names."""
    return _URLS[kind] + id_


_BEGINNING = re.compile(
    r"//(?:[\w-]+\.)?(?:youtube(?:-nocookie)?\.com/(?:(?:embed|v|e|shorts|live)/|watch/?\?v=)|youtu\.be/)\Z",
    re.IGNORECASE,
)


def lacks_id(url: str) -> bool:
    """Whether a URL ends where the id of a video begins: in quotes, a program adds it."""
    return _BEGINNING.search(url) is not None
