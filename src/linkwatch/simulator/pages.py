"""What a browser or a generic link checker gets: pages, short links, thumbnails.

The page of a video or a playlist is 200 for the living and the dead alike: what happened is told in its text.
"""

import re

import httpx

from linkwatch.simulator.entities import SHOWN
from linkwatch.simulator.options import Options
from linkwatch.simulator.world import View

_HTML = "<!DOCTYPE html><html lang=en><title>YouTube</title><body></body></html>"
_SAME_FOR_THE_DEAD = ("/watch", "/playlist", "/embed/", "/shorts/", "/live/", "/c/")
_CHANNEL = re.compile(r"/(?:channel/(?P<id>UC[\w-]{22})|(?P<name>user/[^/]+|@[^/]+))(?:/.*)?")
_THUMBNAIL = re.compile(r"/vi(?:_webp)?/(?P<id>[^/]+)/.+")
_JPEG = b"\xff\xd8\xff\xd9"


def answer(url: httpx.URL, view: View, switches: Options) -> httpx.Response:
    """What stands at a URL, by its path; at `youtu.be`, where it leads."""
    if url.host == "youtu.be":
        watch = url.copy_with(host="www.youtube.com", path="/watch", query=None)
        to = watch.copy_merge_params({"v": url.path.strip("/"), "feature": "youtu.be"})
        return httpx.Response(303, headers={"location": str(to)})
    if thumbnail := _THUMBNAIL.fullmatch(url.path):
        return _thumbnail(thumbnail["id"], view, switches)
    if channel := _CHANNEL.fullmatch(url.path):
        found = view.channel_by_name(channel["name"]) if channel["name"] else view.channel(channel["id"])
        return page(200 if found or not switches.channel_pages_tell else 404)
    return page(200 if url.path.startswith(_SAME_FOR_THE_DEAD) else 404)


def page(status: int) -> httpx.Response:
    """A page with this status."""
    error = f"<!DOCTYPE html><html lang=en><title>Error {status}</title>"
    return httpx.Response(status, html=_HTML if status == 200 else error)


def _thumbnail(video_id: str, view: View, switches: Options) -> httpx.Response:
    """The picture of a video; a grey one, with 404, of what never was."""
    video = view.video(video_id)
    there = video is not None and (switches.thumbnails_outlive or video.visibility in SHOWN)
    return httpx.Response(200 if there else 404, headers={"content-type": "image/jpeg"}, content=_JPEG)
