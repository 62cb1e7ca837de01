"""An item of a list response of the Data API; `parts.py` has its parts."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from hashlib import blake2b, sha1
from typing import Any

from linkwatch.simulator.entities import SimPlaylist, Visibility
from linkwatch.simulator.options import Options
from linkwatch.simulator.world import View

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ResponseContext:
    """What the items of a response depend on, beside the resources."""

    view: View
    options: Options

    language: str | None = None
    """`hl`; None when the request has none."""


@dataclass(frozen=True, slots=True)
class PlaylistEntry:
    """A position of a playlist."""

    playlist: SimPlaylist
    position: int
    """0-based."""

    video_id: str

    occurrence: int
    """Which copy of the video in this playlist it is, from 0; each has an id of its own."""


Part = Callable[[ResponseContext, Any], Json | None]


def render_item(
    context: ResponseContext, kind: str, id_: str, entity: object, parts: Mapping[str, Part], wanted: Collection[str]
) -> Json:
    """An item: kind, etag, id, and the requested parts that are not empty."""
    rendered = {name: part(context, entity) for name, part in parts.items() if name in wanted}
    body: Json = {"kind": kind, "id": id_} | {name: value for name, value in rendered.items() if value is not None}
    if context.options.new_keys:
        body["brandNewKey"] = {"since": "tomorrow"}
    body = {"kind": kind, "etag": etag(body), **body}
    return dict(reversed(body.items())) if context.options.keys_shuffled else body


def etag(body: object) -> str:
    """The ETag of a body: 27 characters that depend on its content."""
    digest = sha1(json.dumps(body).encode(), usedforsecurity=False).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def is_tombstone(context: ResponseContext, video_id: str) -> bool:
    """Whether a playlist shows a tombstone in place of this video."""
    video = context.view.video(video_id)
    return video is None or video.visibility in {Visibility.PRIVATE, Visibility.DELETED}


def entry_id(entry: PlaylistEntry) -> str:
    """The opaque id of an entry; each occurrence of a video has its own."""
    place = blake2b(f"{entry.video_id} {entry.occurrence}".encode(), digest_size=8).hexdigest().upper()
    return urlsafe_b64encode(f"{entry.playlist.id}.{place}".encode()).decode().rstrip("=")
