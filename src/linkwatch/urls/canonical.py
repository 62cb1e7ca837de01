"""The URL to write instead: `https`, the usual host and path, without tracking and without what prose left behind.

Forms that people mean (`youtu.be/ID`, `/shorts/ID`, `/embed/ID`, a tab of a channel) stay what they are.
"""

import re
from urllib.parse import unquote

from linkwatch.models.resource import Kind, Resource
from linkwatch.urls.address import Address, resolve, tidy
from linkwatch.urls.ids import NAME_CHARACTER
from linkwatch.urls.paths import read

_HOSTS = frozenset(
    {
        "www.youtube.com",
        "youtube.com",
        "youtu.be",
        "music.youtube.com",
        "www.youtube-nocookie.com",
        "youtube-nocookie.com",
    }
)
_SHORT_PATH = re.compile(r"/[A-Za-z0-9_-]{11}")
_CHANNEL_PATH = re.compile(rf"(?:/(?:{NAME_CHARACTER}|@|%(?!3[Ff]))+)+/?")
_PATH = re.compile(
    r"/(?:watch|playlist|embed/?|embed/videoseries|feeds/videos\.xml|(?:shorts|live|embed|clip|browse)/[A-Za-z0-9_-]+)"
)
_TRACKING = re.compile(
    r"si|pp|feature|index|start_radio|ab_channel|utm_.*|gclid|fbclid|app|persist_app|noapp", re.DOTALL
)
_MOMENT = re.compile(r"t=([0-9hms.]*[0-9hms])")


def rewritten(url: str) -> str | None:
    """Give the better URL of a link of any shape; `better_url` is the same with a short way for the common ones."""
    address = resolve(url)
    parsed = None if address is None else read(address)
    if address is None or parsed is None or parsed.problem or not parsed.resources:
        return None
    target = _mended(address, parsed.resources) or _canonical(address, parsed.resources)
    return None if target == url.strip().partition("#")[0] else target


def _mended(address: Address, resources: tuple[Resource, ...]) -> str | None:
    """The same form without its flaws; None when the form itself is one."""
    path = tidy(address.path)
    if address.hashbang or not _usual_path(address.host, resources[0].kind).fullmatch(path):
        return None
    host = address.host if address.host in _HOSTS else "www.youtube.com"
    query = "&".join(_kept_pieces(address, resources))
    return f"https://{host}{path}?{query}" if query else f"https://{host}{path}"


def _usual_path(host: str, kind: Kind) -> re.Pattern[str]:
    if host == "youtu.be":
        return _SHORT_PATH
    return _CHANNEL_PATH if kind is Kind.CHANNEL else _PATH


def _kept_pieces(address: Address, resources: tuple[Resource, ...]) -> list[str]:
    """The query's pieces in their order: canonical ids, the first of each name, no tracking."""
    named = {resource.kind: resource.id for resource in resources}
    kept: dict[str, str] = {}
    for piece in address.query.split("&"):
        name = unquote(piece.partition("=")[0])
        if name in kept or _TRACKING.fullmatch(name) or not tidy(piece):
            continue
        if name == "v" and Kind.VIDEO in named and address.path == "/watch":
            kept[name] = f"v={named[Kind.VIDEO]}"
        elif name == "list" and Kind.PLAYLIST in named:
            kept[name] = f"list={named[Kind.PLAYLIST]}"
        elif name != "list" or Kind.VIDEO not in named:  # what is left is a mix beside a video
            kept[name] = tidy(piece)
    return list(kept.values())


def _canonical(address: Address, resources: tuple[Resource, ...]) -> str:
    url = resources[0].url + "".join(f"&list={playlist.id}" for playlist in resources[1:])
    return url + _moment(address) if "/watch?v=" in url else url


def _moment(address: Address) -> str:
    """Where to begin, as `&t=…`; the players of old called it `start`, and links of old put it in the fragment."""
    params = address.params
    written = params.get("t") or params.get("start")
    match = _MOMENT.match(f"t={written}" if written else address.fragment)
    return f"&t={match[1]}" if match else ""
