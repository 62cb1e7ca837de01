"""The links that every tool checks, the true state of each, and the simulated world in which they have it."""

import random
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from itertools import product

from linkwatch.simulator.entities import Entity, SimChannel, SimPlaylist, SimVideo, Visibility
from linkwatch.simulator.generated import channel_id


class Fate(StrEnum):
    """The true state of what a link names."""

    ALIVE = "available"
    DELETED = "deleted, thumbnail still there"
    FORGOTTEN = "deleted, no thumbnail"
    PRIVATE = "private"
    NO_EMBEDDING = "available, embedding off"
    VIDEO_GONE = "playlist available, video deleted"
    LIST_GONE = "video available, playlist deleted"


@dataclass(frozen=True, slots=True)
class Case:
    """One link."""

    shape: str
    """How its URL is written."""

    fate: Fate
    url: str

    @property
    def alive(self) -> bool:
        """Whether readers can watch everything that the link names."""
        return self.fate in {Fate.ALIVE, Fate.NO_EMBEDDING}


_VIDEO_SHAPES = {
    "www watch?v=": "https://www.youtube.com/watch?v={}",
    "youtu.be": "https://youtu.be/{}",
    "shorts": "https://www.youtube.com/shorts/{}",
    "live": "https://www.youtube.com/live/{}",
    "m. watch?v=": "https://m.youtube.com/watch?v={}",
    "music. watch?v=": "https://music.youtube.com/watch?v={}",
    "embed": "https://www.youtube.com/embed/{}",
}
_LIST_SHAPES = {
    "playlist?list=": "https://www.youtube.com/playlist?list={}",
    "music. playlist?list=": "https://music.youtube.com/playlist?list={}",
    "embed/videoseries?list=": "https://www.youtube.com/embed/videoseries?list={}",
}
_VIDEO_IN_LIST = "watch?v=…&list=…"
_CHANNEL_SHAPES = {"@handle": "https://www.youtube.com/@{}", "channel/UC…": "https://www.youtube.com/channel/{}"}
_VISIBILITY = {Fate.DELETED: Visibility.DELETED, Fate.PRIVATE: Visibility.PRIVATE}
_VIDEOS_IN_A_LIST = 30


def cases() -> tuple[list[Case], list[Entity]]:
    """Every URL form in every state that it can be in, each of a resource of its own; and the world."""
    # An embedded video with embedding off is neither fine nor dead: left out.
    videos = [
        _video(shape, fate)
        for shape in _VIDEO_SHAPES
        for fate in (Fate.ALIVE, Fate.NO_EMBEDDING, Fate.DELETED, Fate.FORGOTTEN, Fate.PRIVATE)
        if (shape, fate) != ("embed", Fate.NO_EMBEDDING)
    ]
    lists = [_playlist(*each) for each in product(_LIST_SHAPES, (Fate.ALIVE, Fate.FORGOTTEN, Fate.PRIVATE))]
    both = [_video_in_list(fate) for fate in (Fate.ALIVE, Fate.VIDEO_GONE, Fate.LIST_GONE)]
    channels = [_channel(*each) for each in product(_CHANNEL_SHAPES, (Fate.ALIVE, Fate.FORGOTTEN))]
    return _together([*videos, *lists, *both, *channels])


def long_list(links: int) -> tuple[list[Case], list[Entity]]:
    """A list as people keep them: of ten links four watch pages, two short links, three playlists, one handle.

    One in twenty is deleted, and has no thumbnail.
    """
    rng = random.Random(1)  # noqa: S311  # the same list every time
    makers = ((_video, "www watch?v="), (_video, "youtu.be"), (_playlist, "playlist?list="), (_channel, "@handle"))
    chosen = rng.choices(makers, [4, 2, 3, 1], k=links)
    return _together(
        make(shape, Fate.FORGOTTEN if rng.random() < 0.05 else Fate.ALIVE, str(number))
        for number, (make, shape) in enumerate(chosen)
    )


_Made = tuple[Case, list[Entity]]


def _together(made: Iterable[_Made]) -> tuple[list[Case], list[Entity]]:
    pairs = list(made)
    return [case for case, _ in pairs], [entity for _, entities in pairs for entity in entities]


def _id(seed: str, size: int) -> str:
    """So many bytes in base64, as YouTube writes its ids: 8 are 11 characters, 24 are 32."""
    return urlsafe_b64encode(blake2b(seed.encode(), digest_size=size).digest()).decode().rstrip("=")


def _video(shape: str, fate: Fate, number: str = "") -> _Made:
    seed = f"{shape} {fate} {number}"
    video = _id(f"video {seed}", 8)
    visibility, embeddable = _VISIBILITY.get(fate, Visibility.PUBLIC), fate is not Fate.NO_EMBEDDING
    there = SimVideo(video, f"A video: {seed}", visibility=visibility, embeddable=embeddable)
    return Case(shape, fate, _VIDEO_SHAPES[shape].format(video)), [] if fate is Fate.FORGOTTEN else [there]


def _playlist(shape: str, fate: Fate, number: str = "") -> _Made:
    seed = f"{shape} {fate} {number}"
    playlist = "PL" + _id(f"playlist {seed}", 24)
    inside = [SimVideo(_id(f"inside {seed} {place}", 8), f"Lecture {place + 1}") for place in range(_VIDEOS_IN_A_LIST)]
    visibility = _VISIBILITY.get(fate, Visibility.PUBLIC)
    there = SimPlaylist(
        playlist, f"A playlist: {seed}", video_ids=[video.id for video in inside], visibility=visibility
    )
    return Case(shape, fate, _LIST_SHAPES[shape].format(playlist)), [] if fate is Fate.FORGOTTEN else [there, *inside]


def _video_in_list(fate: Fate) -> _Made:
    video = SimVideo(_id(f"both {fate}", 8), "A video")
    playlist = SimPlaylist("PL" + _id(f"both {fate}", 24), "A playlist", video_ids=(video.id,))
    there: list[Entity] = [] if fate is Fate.VIDEO_GONE else [video]
    if fate is not Fate.LIST_GONE:
        there.append(playlist)
    return Case(_VIDEO_IN_LIST, fate, f"https://www.youtube.com/watch?v={video.id}&list={playlist.id}"), there


def _channel(shape: str, fate: Fate, number: str = "") -> _Made:
    seed = f"{shape} {fate} {number}"
    channel, name = channel_id(seed), f"at{blake2b(seed.encode(), digest_size=8).hexdigest()}"
    there = SimChannel(channel, f"A channel: {seed}", handle=f"@{name}")
    url = _CHANNEL_SHAPES[shape].format(name if shape == "@handle" else channel)
    return Case(shape, fate, url), [] if fate is Fate.FORGOTTEN else [there]


FIRST_LINE = 3
"""The line of the first link in the Markdown list; one link a line."""


def as_markdown(cases: Iterable[Case]) -> str:
    """The list for those that read Markdown."""
    return "# Links\n\n" + "".join(f"- [link]({case.url})\n" for case in cases)


def as_html(cases: Sequence[Case]) -> str:
    """The same list for those that read HTML."""
    links = (f'<li><a href="{case.url.replace("&", "&amp;")}">link</a></li>\n' for case in cases)
    return f"<!DOCTYPE html>\n<title>Links</title>\n<ul>\n{''.join(links)}</ul>\n"
