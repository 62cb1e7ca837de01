"""Any text → host, path and query of a YouTube page, out of the wrappers that other pages put around it.

Lenient about sloppy links (`www.youtube.com/…`, `&amp;`, a bracket from prose), strict about the host: an address that
a browser would open on another site is not YouTube.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from linkwatch.urls.ids import CLOSERS

# re.ASCII all over: without it a case-insensitive `k` or `s` also matches U+212A and U+017F, which make other hosts.
_PARTS = re.compile(
    r"(?:(?:https?:)?(?P<slashes>//))?(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
_HOST_AND_PORT = re.compile(r"([A-Za-z0-9_.-]+?)\.?(?::[0-9]{0,5})?", re.ASCII)
_YOUTUBE = re.compile(
    r"(?:[a-z0-9_-]+\.)*youtube\.com|(?:www\.)?(?:youtu\.be|youtube-nocookie\.com|youtubeeducation\.com)"
    r"|(?:(?:www|m)\.)?youtubekids\.com|youtube\.googleapis\.com",
    re.ASCII,
)
_PLAYER_HOST = "youtube.googleapis.com"
"""Beside the Data API it has the players of old, and nothing else that a list would name."""

_GOOGLE = re.compile(r"(?:(?:www|consent|accounts)\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?", re.ASCII)

_OTHER_SITES = re.compile(
    r"(?:.+\.)?(?:accounts|artists|api|apiblog|blog|charts|creatoracademy|creators|developers|gdata|help|i|img|payments|s|studio"
    r"|support|tv|upload)\.youtube\.com"
)
"""Hosts of youtube.com that have other paths than YouTube itself."""

_AMPERSAND = re.compile(r"&(?:(?:amp|#38|#x26);)+", re.ASCII | re.IGNORECASE)
_PLAYER_PATH = re.compile(r"/(?:v|e|embed)/", re.ASCII | re.IGNORECASE)
_QUERY_IN_PATH = re.compile(r"[&;](?=[A-Za-z_]+=)", re.ASCII)
_ENCODED_QUERY = re.compile(r"%3f", re.ASCII | re.IGNORECASE)
_EDGES = " \t\r\n\v\f\u00a0\u2028\u2029\u3000\u200b\u200e\u200f\ufeff"
_MAX_WRAPPERS = 3


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a page of YouTube, or of a wrapper around one."""

    host: str
    """In lower case, without user, port, and the dot of a full domain name; `youtu.be` for `www.youtu.be` too."""

    path: str
    """As written, still percent-encoded; empty or beginning with `/`."""

    query: str
    """As written, without the `?`; a `#!` fragment is part of it."""

    fragment: str
    """As written, without the `#`."""

    @property
    def segments(self) -> list[str]:
        """The path's parts, decoded, without the empty ones."""
        return [unquote(part) for part in self.path.split("/") if part]

    @property
    def params(self) -> dict[str, str]:
        """The query, decoded; of two with one name the first."""
        params: dict[str, str] = {}
        for piece in self.query.split("&"):
            name, _, value = piece.partition("=")
            params.setdefault(unquote(name), unquote(value))
        return params

    @property
    def hashbang(self) -> bool:
        """Whether the fragment says what the page shows, as YouTube's links did in 2010."""
        return self.fragment.startswith("!")


def parse_address(url: str) -> Address | None:
    """The YouTube page that a link leads to, through at most three wrappers; None when there is none."""
    text = url
    for _ in range(_MAX_WRAPPERS + 1):
        address = _split(strip_surroundings(text))
        if address is None:
            return None
        target = _wrapper_target(address)
        if target is None:
            return address
        text = target
    return None


def strip_surroundings(text: str) -> str:
    """Remove white space around, and what prose puts after a link."""
    return text.strip(_EDGES).rstrip(CLOSERS + _EDGES)


def _split(text: str) -> Address | None:
    if ";" in text:
        text = _AMPERSAND.sub("&", text)
    parts = _PARTS.fullmatch(text)
    host = _host(parts["authority"], bare=not parts["slashes"]) if parts else None
    if not parts or host is None:
        return None
    path, query, fragment = parts["path"], parts["query"], parts["fragment"] or ""
    if query is None and "%" in path and _ENCODED_QUERY.search(path):
        path, _, query = _AMPERSAND.sub("&", unquote(path)).partition("#")[0].partition("?")
    if fragment.startswith("!/") or (fragment.startswith("/") and path.strip("/").lower() == "tv"):
        path, _, query = fragment.removeprefix("!").partition("?")
    elif fragment.startswith("!"):
        query = f"{query}&{fragment[1:]}" if query else fragment[1:]
    query = query or ""
    if host == "youtu.be" or _PLAYER_PATH.match(path):
        path, query = _path_and_query(path, query)
    if host == _PLAYER_HOST and not path.lower().startswith(("/v/", "/embed/")):
        return None
    return Address(host, path, query, fragment)


def _path_and_query(path: str, query: str) -> tuple[str, str]:
    """Move the parameters that stand in the path, as in `youtu.be/ID&list=…`, to the query; they come first."""
    separator = _QUERY_IN_PATH.search(path)
    if separator is None:
        return path, query
    moved = path[separator.end() :].replace(";", "&")
    return path[: separator.start()], f"{moved}&{query}" if query else moved


def _host(authority: str, *, bare: bool) -> str | None:
    """The host in lower case when it is YouTube's or Google's; None for every other."""
    user, _, host_and_port = authority.rpartition("@")
    if "\\" in authority or (user and bare):  # browsers read `\` as `/`; `mailto:name@host` has no `//`
        return None
    match = _HOST_AND_PORT.fullmatch(host_and_port)
    host = match[1].lower() if match else ""
    if host == "www.youtu.be":
        return "youtu.be"
    known = _YOUTUBE.fullmatch(host) or _GOOGLE.fullmatch(host)
    return host if known and not _OTHER_SITES.fullmatch(host) else None


def _wrapper_target(address: Address) -> str | None:
    """The target of a wrapper, empty when it has none; None when this is no wrapper."""
    page = address.path.strip("/").lower()
    if address.host.startswith("consent.") or page == "servicelogin":
        return address.params.get("continue", "")
    if not _YOUTUBE.fullmatch(address.host):
        params = address.params if page == "url" else {}
        return params.get("q") or params.get("url", "")
    if parameter := _WRAPPERS.get(page):
        target = address.params.get(parameter, "")
        return f"https://www.youtube.com{target}" if target.startswith("/") else target
    return None


_WRAPPERS = {"redirect": "q", "attribution_link": "u", "verify_age": "next_url", "signin": "next"}
"""Pages of YouTube's that lead to another one, and the parameter that says to which."""
