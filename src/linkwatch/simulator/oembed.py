"""YouTube's oEmbed endpoint, which needs no key; its errors are plain text."""

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


def named_resource(url: str) -> tuple[str, str] | None:
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


def error_response(status: int) -> httpx.Response:
    """A plain text error, with the wording of oEmbed."""
    return httpx.Response(status, text=_PHRASES[status])


def respond(query: httpx.QueryParams, view: View, options: Options) -> httpx.Response:
    """The response to `?url=…&format=json`."""
    if query.get("format", "json") != "json":
        return error_response(501)
    resource = named_resource(query.get("url", ""))
    if resource is None:
        return error_response(404)
    kind, id_ = resource
    if not (_VIDEO_ID if kind == "video" else _PLAYLIST_ID).fullmatch(id_):
        return error_response(400)
    entity = view.video(id_) if kind == "video" else view.playlist(id_)
    status = _status(entity, options)
    return error_response(status) if entity is None or status != 200 else httpx.Response(200, json=_body(entity, view))


def _status(entity: SimVideo | SimPlaylist | None, options: Options) -> int:
    if entity is None or entity.visibility is Visibility.DELETED:
        return 404
    if entity.visibility is Visibility.PRIVATE:
        return options.private_oembed_status
    if isinstance(entity, SimVideo) and not entity.embeddable:
        return 401
    if isinstance(entity, SimVideo) and entity.age_restricted:
        return options.age_restricted_oembed_status
    return 200


def _body(entity: SimVideo | SimPlaylist, view: View) -> dict[str, object]:
    owner = view.owner(entity.channel_id)
    if isinstance(entity, SimVideo):
        picture, embed = entity.id, f"{entity.id}?feature=oembed"
    else:
        picture, embed = next(iter(entity.video_ids), "no_thumbnail"), f"videoseries?list={entity.id}"
    source = f"https://www.youtube.com/embed/{embed}"
    return {
        "title": entity.title,
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
