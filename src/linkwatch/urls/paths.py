"""The paths of YouTube: an address → the playlist, video or channel that it names."""

import re
from collections.abc import Callable, Sequence

from linkwatch.models.resource import CHANNEL_ID
from linkwatch.urls import ids
from linkwatch.urls.address import Address, parse_address
from linkwatch.urls.ids import ParsedUrl
from linkwatch.urls.pages import names_no_resource
from linkwatch.urls.placeholders import is_placeholder_id, is_template

_Params = dict[str, str]
_Parser = Callable[[Sequence[str], _Params], ParsedUrl | None]


def parse_any_url(url: str) -> ParsedUrl | None:
    """Parse a link of any shape; `parse_url` does the same, faster for the common shapes."""
    address = parse_address(url)
    parsed = None if address is None else resolve_address(address)
    if parsed is None:
        return None
    if parsed.problem:
        return None if not parsed.resources and is_template(url) else parsed
    return None if any(is_placeholder_id(resource) for resource in parsed.resources) else parsed


def resolve_address(address: Address) -> ParsedUrl | None:
    """The resources that an address names; None when it is a page that names none by design."""
    segments, params = address.segments, address.params
    if not segments:
        return _watch([], params) if "v" in params else None
    first, rest = segments[0], segments[1:]
    if first.startswith("@"):
        return ids.parse_handle(first[1:])
    page = ids.leading_name(first).lower()
    if parser := _PARSERS.get(page):
        return parser(rest, params)
    if address.host == "youtu.be":
        return _video_and_list(first, params)
    return None if names_no_resource(page) else _bare_name(first)


def _video_and_list(video_id: str, params: _Params) -> ParsedUrl:
    """The video and its playlist, but not a mix or another list that can't be monitored: it only led to the video."""
    # The players of a playlist and of a channel, in whatever place a link has them.
    match ids.leading_id(video_id.lstrip("\"'")).lower():
        case "videoseries":
            return ids.parse_playlist_id(params.get("list", ""))
        case "live_stream":
            return ids.parse_channel_id(params.get("channel", ""))
    video = ids.parse_video_id(video_id)
    if not params.get("list"):
        return video
    playlist = ids.parse_playlist_id(params["list"])
    playlists = tuple(resource for resource in playlist.resources if not resource.unmonitorable)
    return ParsedUrl(video.resources + playlists, video.problem or playlist.problem)


def _watch(rest: Sequence[str], params: _Params) -> ParsedUrl:
    if rest:
        return _video_and_list(rest[0], params)
    if "v" in params:
        return _video_and_list(params["v"], params)
    if "list" in params:
        return ids.parse_playlist_id(params["list"])
    return ParsedUrl((), "the link names no video: it has neither `v=` nor `list=`")


def _player(rest: Sequence[str], params: _Params) -> ParsedUrl | None:
    """`/embed/…`, and `/v/…` and `/e/…`, which are older."""
    subject = rest[0].lstrip("\"'") if rest else "videoseries"
    match ids.leading_id(subject).lower():
        case "live_stream":
            return ids.parse_channel_id(params.get("channel", ""))
        case "videoseries":
            pass
        case _:
            return _video_and_list(subject, params)
    match params.get("listType", "playlist"):
        case "user_uploads":
            return ids.parse_channel_name("user/", params.get("list", ""))
        case "search":
            return None
        case _:
            return ids.parse_playlist_id(params.get("list", ""))


def _video_page(rest: Sequence[str], params: _Params) -> ParsedUrl | None:
    """`/shorts/ID` and `/live/ID`; without an id they are pages of YouTube's own."""
    return _video_and_list(rest[0], params) if rest else None


def _several_videos(_: Sequence[str], params: _Params) -> ParsedUrl:
    """`/watch_videos?video_ids=ID,ID`: a list that is made for whoever opens it."""
    parsed = [ids.parse_video_id(id_) for id_ in params.get("video_ids", "").split(",")]
    problem = next((each.problem for each in parsed if each.problem), None)
    return ParsedUrl(tuple(dict.fromkeys(resource for each in parsed for resource in each.resources)), problem)


def _shared_video(_: Sequence[str], params: _Params) -> ParsedUrl:
    return ids.parse_video_id(params.get("ci", ""))


def _playlist(rest: Sequence[str], params: _Params) -> ParsedUrl:
    return _old_playlist(rest, params) if "list" not in params else ids.parse_playlist_id(params["list"])


def _podcast(rest: Sequence[str], _: _Params) -> ParsedUrl:
    return ids.parse_playlist_id(_first(rest))


def _old_playlist(rest: Sequence[str], params: _Params) -> ParsedUrl:
    """`/p/ID`, `/view_play_list?p=ID` and `/playlist?p=ID`, from before ids began with `PL`."""
    old_id = rest[0] if rest else params.get("p", "")
    return ids.parse_playlist_id(f"PL{old_id}" if re.match(r"[0-9A-F]{16}(?![\w-])", old_id) else old_id)


def _channel(rest: Sequence[str], _: _Params) -> ParsedUrl:
    return ids.parse_channel_id(_first(rest))


def _user(rest: Sequence[str], _: _Params) -> ParsedUrl:
    return ids.parse_channel_name("user/", _first(rest))


def _custom(rest: Sequence[str], _: _Params) -> ParsedUrl:
    return ids.parse_channel_name("c/", _first(rest))


def _clip(rest: Sequence[str], _: _Params) -> ParsedUrl:
    return ids.parse_clip_id(_first(rest))


def _post(rest: Sequence[str], _: _Params) -> ParsedUrl:
    return ids.parse_post_id(_first(rest))


def _browse(rest: Sequence[str], _: _Params) -> ParsedUrl | None:
    """YouTube Music's pages of channels, playlists and albums; its other pages (`FEmusic_…`) name no resource."""
    subject = _first(rest)
    if subject.startswith("UC"):
        return ids.parse_channel_id(subject)
    return ids.parse_playlist_id(subject) if subject.startswith(("VL", "MPREb_", "MPSP")) else None


def _feed(rest: Sequence[str], params: _Params) -> ParsedUrl | None:
    if _first(rest) != "videos.xml":
        return None
    if "playlist_id" in params:
        return ids.parse_playlist_id(params["playlist_id"])
    if "channel_id" in params:
        return ids.parse_channel_id(params["channel_id"])
    return ids.parse_channel_name("user/", params["user"]) if "user" in params else None


def _bare_name(first: str) -> ParsedUrl:
    """`/NAME`, and `/UC…`, which YouTube accepts too."""
    return ids.parse_channel_id(first) if CHANNEL_ID.fullmatch(first) else ids.parse_channel_name("", first)


def _first(rest: Sequence[str]) -> str:
    return rest[0] if rest else ""


_PARSERS: dict[str, _Parser] = {
    "watch": _watch,
    "watch_popup": _watch,
    "movie": _watch,
    "all_comments": _watch,
    "w": _watch,
    "watch_videos": _several_videos,
    "shared": _shared_video,
    "embed": _player,
    "v": _player,
    "e": _player,
    "shorts": _video_page,
    "live": _video_page,
    "clip": _clip,
    "post": _post,
    "playlist": _playlist,
    "course": _playlist,
    "podcast": _podcast,
    "view_play_list": _old_playlist,
    "p": _old_playlist,
    "channel": _channel,
    "user": _user,
    "c": _custom,
    "browse": _browse,
    "feeds": _feed,
}
