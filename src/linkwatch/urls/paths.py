"""The paths of YouTube: an address → the playlist, video or channel it names."""

import re
from collections.abc import Callable, Sequence

from linkwatch.models.resource import CHANNEL_ID
from linkwatch.urls import ids
from linkwatch.urls.address import Address, resolve
from linkwatch.urls.ids import Parsed
from linkwatch.urls.pages import names_no_resource

_Params = dict[str, str]
_Reader = Callable[[Sequence[str], _Params], Parsed | None]


def parse_any(url: str) -> Parsed | None:
    """Read a link of any shape; `parse_url` is the same with a short way for the common ones."""
    address = resolve(url)
    return None if address is None else read(address)


def read(address: Address) -> Parsed | None:
    """Tell what an address names; None when it is a page that names no resource by design."""
    segments, params = address.segments, address.params
    if not segments:
        return _watch([], params) if "v" in params else None
    first, rest = segments[0], segments[1:]
    if first.startswith("@"):
        return ids.handle(first[1:])
    page = ids.leading_name(first).lower()
    if reader := _READERS.get(page):
        return reader(rest, params)
    if address.host == "youtu.be":
        return _video_and_list(first, params)
    return None if names_no_resource(page) else _bare_name(first)


def _video_and_list(video_id: str, params: _Params) -> Parsed:
    """Both are checked; but a mix, or any list that can't be asked about, is no more than how one came to the video."""
    video = ids.video(video_id)
    if not params.get("list"):
        return video
    listed = ids.playlist(params["list"])
    named = tuple(playlist for playlist in listed.resources if not playlist.unmonitorable)
    return Parsed(video.resources + named, video.problem or listed.problem)


def _watch(rest: Sequence[str], params: _Params) -> Parsed:
    if rest:
        return _video_and_list(rest[0], params)
    if "v" in params:
        return _video_and_list(params["v"], params)
    if "list" in params:
        return ids.playlist(params["list"])
    return Parsed((), "the link names no video: it has neither `v=` nor `list=`")


def _player(rest: Sequence[str], params: _Params) -> Parsed | None:
    """`/embed/…`, and `/v/…` and `/e/…`, which are older."""
    subject = rest[0] if rest else "videoseries"
    if subject == "live_stream":
        return ids.channel(params.get("channel", ""))
    if subject != "videoseries":
        return _video_and_list(subject, params)
    match params.get("listType", "playlist"):
        case "user_uploads":
            return ids.named("user/", params.get("list", ""))
        case "search":
            return None
        case _:
            return ids.playlist(params.get("list", ""))


def _page_of_video(rest: Sequence[str], params: _Params) -> Parsed | None:
    """`/shorts/ID` and `/live/ID`; alone they are the site's own."""
    return _video_and_list(rest[0], params) if rest else None


def _playlist(_: Sequence[str], params: _Params) -> Parsed:
    return ids.playlist(params.get("list", ""))


def _old_playlist(rest: Sequence[str], params: _Params) -> Parsed:
    """`/p/ID` and `/view_play_list?p=ID`, from before ids began with `PL`."""
    old_id = rest[0] if rest else params.get("p", "")
    return ids.playlist(f"PL{old_id}" if re.match(r"[0-9A-F]{16}(?![\w-])", old_id) else old_id)


def _channel(rest: Sequence[str], _: _Params) -> Parsed:
    return ids.channel(_first(rest))


def _user(rest: Sequence[str], _: _Params) -> Parsed:
    return ids.named("user/", _first(rest))


def _custom(rest: Sequence[str], _: _Params) -> Parsed:
    return ids.named("c/", _first(rest))


def _clip(rest: Sequence[str], _: _Params) -> Parsed:
    return ids.clip(_first(rest))


def _browse(rest: Sequence[str], _: _Params) -> Parsed | None:
    """YouTube Music's pages of channels, lists and albums; its other pages (`FEmusic_…`) name nothing."""
    subject = _first(rest)
    if subject.startswith("UC"):
        return ids.channel(subject)
    return ids.playlist(subject) if subject.startswith(("VL", "MPREb_")) else None


def _feed(rest: Sequence[str], params: _Params) -> Parsed | None:
    if _first(rest) != "videos.xml":
        return None
    if "playlist_id" in params:
        return ids.playlist(params["playlist_id"])
    if "channel_id" in params:
        return ids.channel(params["channel_id"])
    return ids.named("user/", params["user"]) if "user" in params else None


def _bare_name(first: str) -> Parsed:
    """`/NAME`, and `/UC…`, which YouTube takes as well."""
    return ids.channel(first) if CHANNEL_ID.fullmatch(first) else ids.named("", first)


def _first(rest: Sequence[str]) -> str:
    return rest[0] if rest else ""


_READERS: dict[str, _Reader] = {
    "watch": _watch,
    "watch_popup": _watch,
    "embed": _player,
    "v": _player,
    "e": _player,
    "shorts": _page_of_video,
    "live": _page_of_video,
    "clip": _clip,
    "playlist": _playlist,
    "view_play_list": _old_playlist,
    "p": _old_playlist,
    "channel": _channel,
    "user": _user,
    "c": _custom,
    "browse": _browse,
    "feeds": _feed,
}
