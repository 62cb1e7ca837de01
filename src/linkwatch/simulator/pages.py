"""What a browser or a generic link checker gets: pages, short links, thumbnails.

The page of a video or a playlist is 200 whether it is available or not; only its text says so.
"""

import re

import httpx

from linkwatch.simulator.entities import VISIBLE
from linkwatch.simulator.options import Options
from linkwatch.simulator.world import View

_HTML = "<!DOCTYPE html><html lang=en><title>YouTube</title><body></body></html>"
_ALWAYS_200 = ("/watch", "/playlist", "/embed/", "/shorts/", "/live/", "/c/")
_CHANNEL = re.compile(r"/(?:channel/(?P<id>UC[\w-]{22})|(?P<name>user/[^/]+|@[^/]+))(?:/.*)?")
_THUMBNAIL = re.compile(r"/vi(?:_webp)?/(?P<id>[^/]+)/.+")
_JPEG = b"\xff\xd8\xff\xd9"


def respond(url: httpx.URL, view: View, options: Options) -> httpx.Response:
    """The page at a URL, by its path; for `youtu.be` the redirect."""
    if url.host == "youtu.be":
        watch = url.copy_with(host="www.youtube.com", path="/watch", query=None)
        to = watch.copy_merge_params({"v": url.path.strip("/"), "feature": "youtu.be"})
        return httpx.Response(303, headers={"location": str(to)})
    if thumbnail := _THUMBNAIL.fullmatch(url.path):
        return _thumbnail(thumbnail["id"], view, options)
    if channel := _CHANNEL.fullmatch(url.path):
        found = view.channel_by_name(channel["name"]) if channel["name"] else view.channel(channel["id"])
        return html_page(200 if found or not options.missing_channel_pages_404 else 404)
    return html_page(200 if url.path.startswith(_ALWAYS_200) else 404)


def html_page(status: int) -> httpx.Response:
    """An HTML page with this status."""
    error = f"<!DOCTYPE html><html lang=en><title>Error {status}</title>"
    return httpx.Response(status, html=_HTML if status == 200 else error)


def _thumbnail(video_id: str, view: View, options: Options) -> httpx.Response:
    """The thumbnail of a video; with 404 when there is none."""
    video = view.video(video_id)
    exists = video is not None and (options.thumbnails_outlive_videos or video.visibility in VISIBLE)
    return httpx.Response(200 if exists else 404, headers={"content-type": "image/jpeg"}, content=_JPEG)
