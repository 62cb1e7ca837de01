"""The URL to write instead: `https`, the usual host and path, without tracking and without the punctuation of prose.

Forms that people choose (`youtu.be/ID`, `/shorts/ID`, `/embed/ID`, a tab of a channel) stay what they are.
"""

import re
from urllib.parse import parse_qsl, unquote

from linkwatch.models.resource import Kind, Resource
from linkwatch.urls.address import Address, parse_address, strip_surroundings
from linkwatch.urls.ids import NAME_CHARACTER
from linkwatch.urls.paths import parse_any_url, resolve_address

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
    r"/(?:watch|watch_videos|playlist|embed/?|embed/videoseries|feeds/videos\.xml|(?:shorts|live|clip|post|browse|podcast)/[A-Za-z0-9_-]+|embed/[A-Za-z0-9_-]+/?)"
)
_TRACKING = re.compile(
    r"si|pp|feature|index|start_radio|ab_channel|jct|utm_.*|gclid|fbclid|app|persist_app|noapp", re.DOTALL
)
_PLAYER_OF_LIST = re.compile(r"/embed/(?:videoseries)?/?", re.IGNORECASE)
_OLD_PLAYER = re.compile(r"/(?:v|e)/(?=[A-Za-z0-9_-]+/?$)")
_MOMENTS = frozenset({"t", "start"})
_INVITATION = "jct"
_DURATION = re.compile(r"(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})(?:\.[0-9]*)?s?)?")
_START_TIME = re.compile(r"t=([0-9hms.]*[0-9hms])")


def rewrite_url(url: str) -> str | None:
    """The better URL of a link of any shape; `better_url` does the same, faster for the common shapes."""
    address = parse_address(url)
    parsed = None if address is None else resolve_address(address)
    if address is None or parsed is None or parsed.problem or not parsed.resources:
        return None
    target = _cleaned(address, parsed.resources) or _canonical(address, parsed.resources)
    if target == url.strip().partition("#")[0]:
        return None
    # Whatever the shape: a URL that names anything else is no better one.
    return target if parse_any_url(target) == parsed else None


def invites_to_edit(url: str) -> bool:
    """Whether a link lets everyone who follows it edit the playlist."""
    address = parse_address(url)
    return address is not None and _INVITATION in address.params


def start_seconds(url: str) -> int:
    """Where the video of a link begins, in seconds: of `t=90`, `t=1m30s`, `start=90` or `#t=90`; else 0."""
    address = parse_address(url)
    written = None if address is None else _START_TIME.match(_start_time(address).removeprefix("&"))
    parts = written and _DURATION.fullmatch(written[1])
    hours, minutes, seconds = (int(part or 0) for part in parts.groups()) if parts else (0, 0, 0)
    return 3600 * hours + 60 * minutes + seconds


def _cleaned(address: Address, resources: tuple[Resource, ...]) -> str | None:
    """The same form, cleaned; None when the form itself is not to be kept."""
    # A player stays a player: a page can't be shown in a frame.
    path = _OLD_PLAYER.sub("/embed/", strip_surroundings(address.path), count=1)
    if address.hashbang or not _usual_path(address.host, resources[0].kind).fullmatch(path):
        return None
    if path.startswith("/embed/") and path.count("/") == 3:
        path = path.removesuffix("/")
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
        is_place = name == "index" and _PLAYER_OF_LIST.fullmatch(address.path)  # where the player begins
        if (
            kept.get(name, name) != name
            or (_TRACKING.fullmatch(name) and not is_place)
            or not strip_surroundings(piece)
        ):
            continue
        if name in _MOMENTS and not strip_surroundings(piece.partition("=")[2]):
            continue
        if name == "v" and Kind.VIDEO in named and address.path == "/watch":
            kept[name] = f"v={named[Kind.VIDEO]}"
        elif name == "list" and Kind.PLAYLIST in named:
            kept[name] = f"list={named[Kind.PLAYLIST]}"
        elif name != "list" or Kind.VIDEO not in named:  # any other list beside a video is a mix
            kept[name] = strip_surroundings(piece)
    return list(kept.values())


def _canonical(address: Address, resources: tuple[Resource, ...]) -> str:
    url = resources[0].url + "".join(f"&list={playlist.id}" for playlist in resources[1:])
    return url + _start_time(address) if "/watch?v=" in url else url


def _start_time(address: Address) -> str:
    """Where to begin, as `&t=…`; old players called it `start`, and old links put it in the fragment."""
    params = dict(reversed(parse_qsl(address.query)))  # the first of each name that has a value: `t&t=230`
    written = params.get("t") or params.get("start")
    match = _START_TIME.match(f"t={written}" if written else address.fragment)
    return f"&t={match[1]}" if match else ""
