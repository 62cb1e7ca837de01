"""YouTube's oEmbed: what one URL is, without a key. Plain text in place of errors."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx

from linkwatch.simulator.entities import SimPlaylist, SimVideo, Visibility
from linkwatch.simulator.options import Options
from linkwatch.simulator.world import View

_PHRASES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
}
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_PLAYLIST_ID = re.compile(r"[A-Za-z0-9_-]{12,64}")
_HOSTS = ("youtube.com", "youtu.be")


def subject(url: str) -> tuple[str, str] | None:
    """What a URL names: `("video", id)` or `("playlist", id)`, as written; None for channels, handles and the rest."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("music.")
    if host not in _HOSTS:
        return None
    query = parse_qs(parts.query, keep_blank_values=True)
    first, _, rest = parts.path.strip("/").partition("/")
    if host == "youtu.be":
        return "video", first
    if first == "watch" and "v" in query:
        return "video", query["v"][0]
    if first in {"shorts", "live", "embed", "v"} and rest:
        return "video", rest
    return ("playlist", query["list"][0]) if "list" in query else None


def refusal(status: int) -> httpx.Response:
    """A plain text error, as oEmbed words it."""
    return httpx.Response(status, text=_PHRASES[status])


def answer(query: httpx.QueryParams, view: View, switches: Options) -> httpx.Response:
    """The answer to `?url=…&format=json`."""
    if query.get("format", "json") != "json":
        return refusal(501)
    named = subject(query.get("url", ""))
    if named is None:
        return refusal(404)
    kind, id_ = named
    if not (_VIDEO_ID if kind == "video" else _PLAYLIST_ID).fullmatch(id_):
        return refusal(400)
    thing = view.video(id_) if kind == "video" else view.playlist(id_)
    status = _status(thing, switches)
    return refusal(status) if thing is None or status != 200 else httpx.Response(200, json=_body(thing, view))


def _status(thing: SimVideo | SimPlaylist | None, switches: Options) -> int:
    if thing is None or thing.visibility is Visibility.DELETED:
        return 404
    if thing.visibility is Visibility.PRIVATE:
        return switches.private_oembed_status
    if isinstance(thing, SimVideo) and not thing.embeddable:
        return 401
    if isinstance(thing, SimVideo) and thing.age_restricted:
        return switches.age_restricted_oembed_status
    return 200


def _body(thing: SimVideo | SimPlaylist, view: View) -> dict[str, object]:
    owner = view.owner(thing.channel_id)
    if isinstance(thing, SimVideo):
        picture, embed = thing.id, f"{thing.id}?feature=oembed"
    else:
        picture, embed = next(iter(thing.video_ids), "no_thumbnail"), f"videoseries?list={thing.id}"
    source = f"https://www.youtube.com/embed/{embed}"
    return {
        "title": thing.title,
        "author_name": owner.title,
        "author_url": f"https://www.youtube.com/{owner.handle or f'channel/{owner.id}'}",
        "type": "video",
        "height": 113,
        "width": 200,
        "version": "1.0",
        "provider_name": "YouTube",
        "provider_url": "https://www.youtube.com/",
        "thumbnail_height": 360,
        "thumbnail_width": 480,
        "thumbnail_url": f"https://i.ytimg.com/vi/{picture}/hqdefault.jpg",
        "html": f'<iframe width="200" height="113" src="{source}" frameborder="0" allowfullscreen></iframe>',
    }
