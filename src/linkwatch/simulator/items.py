"""One item of the Data API's lists: its frame, and what it depends on; `parts.py` fills it."""

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
class Scene:
    """What an item depends on beside the thing itself."""

    view: View
    switches: Options

    language: str | None = None
    """`hl`; None when the request has none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in a playlist."""

    playlist: SimPlaylist
    position: int
    """0-based."""

    video_id: str

    occurrence: int
    """0 for the first time the playlist holds this video; ids of entries differ even when videos don't."""


Part = Callable[[Scene, Any], Json | None]


def item(scene: Scene, kind: str, id_: str, thing: object, parts: Mapping[str, Part], wanted: Collection[str]) -> Json:
    """One item: kind, etag, id, and the parts that were asked for and that have something to say."""
    told = {name: part(scene, thing) for name, part in parts.items() if name in wanted}
    body: Json = {"kind": kind, "id": id_} | {name: value for name, value in told.items() if value is not None}
    if scene.switches.new_keys:
        body["brandNewKey"] = {"since": "tomorrow"}
    body = {"kind": kind, "etag": etag(body), **body}
    return dict(reversed(body.items())) if scene.switches.keys_shuffled else body


def etag(body: object) -> str:
    """The ETag of a body: 27 characters, by content."""
    digest = sha1(json.dumps(body).encode(), usedforsecurity=False).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def is_dead(scene: Scene, video_id: str) -> bool:
    """Whether a playlist shows a tombstone in this video's place."""
    video = scene.view.video(video_id)
    return video is None or video.visibility in {Visibility.PRIVATE, Visibility.DELETED}


def entry_id(entry: Entry) -> str:
    """The id of an entry: opaque, and another one for each occurrence."""
    place = blake2b(f"{entry.video_id} {entry.occurrence}".encode(), digest_size=8).hexdigest().upper()
    return urlsafe_b64encode(f"{entry.playlist.id}.{place}".encode()).decode().rstrip("=")
