"""Entities for any ids: titles, owners and videos by hash, generated when needed and never stored.

The videos of a playlist are numbered: their ids hold the number of the playlist and their position, with a checksum,
so that 5,000 playlists with 150,000 videos are a dict of 5,000 numbers.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import overload

from linkwatch.models.resource import Kind
from linkwatch.simulator.entities import Entity, SimChannel, SimPlaylist, SimVideo
from linkwatch.simulator.world import World

_SUBJECTS = (
    "Linear Algebra",
    "Calculus",
    "Probability",
    "Statistics",
    "Optimization",
    "Graph Theory",
    "Topology",
    "Machine Learning",
    "Number Theory",
    "Algorithms",
    "Differential Equations",
    "Information Theory",
)
_FORMS = ("Full Course", "Lecture Series", "Explained", "for Beginners", "Problem Sessions", "Crash Course")
_NAMES = ("Academy", "Lectures", "Institute", "Classroom", "Workshop", "Channel", "Open Courses", "University")
_OWNERS = 97

SPARE_VIDEOS = 20
"""Videos that exist for each playlist beside its own, numbered after them: a scenario may add them to it."""


@dataclass(frozen=True, slots=True)
class NumberedVideos(Sequence[str]):
    """The ids of the videos of a playlist, computed one by one."""

    playlist: int
    """The number of the playlist in its world, below 2²⁴."""

    length: int
    """Below 2¹⁶."""

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        chosen = range(self.length)[index]
        return (
            _video_id(self.playlist, chosen)
            if isinstance(chosen, int)
            else tuple(_video_id(self.playlist, position) for position in chosen)
        )


def parse_numbered_id(video_id: str) -> tuple[int, int] | None:
    """The number of the playlist and the position in it; None for an id that is not numbered."""
    try:
        encoded = urlsafe_b64decode(f"{video_id}=")
    except (NotBase64, ValueError):
        return None
    if len(encoded) != 8:
        return None
    checksum = encoded[5:]
    plain = bytes(a ^ b for a, b in zip(encoded[:5], _digest(checksum, 5), strict=True))
    return (int.from_bytes(plain[:3]), int.from_bytes(plain[3:])) if _digest(plain, 3) == checksum else None


def _video_id(playlist: int, position: int) -> str:
    # Eight bytes are eleven characters of base64, the last of which is always one of the sixteen that exist.
    plain = playlist.to_bytes(3) + position.to_bytes(2)
    checksum = _digest(plain, 3)
    masked = bytes(a ^ b for a, b in zip(plain, _digest(checksum, 5), strict=True))
    return urlsafe_b64encode(masked + checksum).decode().rstrip("=")


def channel_id(key: str) -> str:
    """The channel id for a text: 16 bytes are 22 characters, the last of which is always one of the four that exist."""
    return "UC" + urlsafe_b64encode(_digest(key.encode(), 16)).decode().rstrip("=")


def _digest(data: bytes, size: int) -> bytes:
    return blake2b(data, digest_size=size, person=b"linkwatch").digest()


def _number(key: str, below: int) -> int:
    return int.from_bytes(_digest(key.encode(), 8)) % below


class GeneratedEntities:
    """Makes playlists and videos from ids: the given ones, and the videos of its playlists.

    Args:
        resources: Kind and id of everything that exists; a channel by its `UC…` id, `@handle` or `user/NAME`.
        playlists: Playlists that are given and not generated; their numbered videos have their title and owner.
    """

    def __init__(self, resources: Iterable[tuple[Kind, str]], playlists: Sequence[SimPlaylist] = ()) -> None:
        self._given = {playlist.id: playlist for playlist in playlists}
        named = list(dict.fromkeys(resources))
        self._playlists = [
            *self._given,
            *(id_ for kind, id_ in named if kind is Kind.PLAYLIST and id_ not in self._given),
        ]
        self._numbers = {id_: number for number, id_ in enumerate(self._playlists)}
        self._videos = frozenset(id_ for kind, id_ in named if kind is Kind.VIDEO)
        owners = [_owner(number) for number in range(_OWNERS)]
        named_channels = [_channel(id_) for kind, id_ in named if kind is Kind.CHANNEL]
        self.channels = {channel.id: channel for channel in (*owners, *named_channels)}
        """All channels: they are few, and must be found by their names."""

    def __call__(self, id_: str) -> Entity | None:
        """The entity with this id; None when there is none."""
        if id_ in self._numbers:
            return self._playlist(id_)
        if id_ in self._videos:
            return SimVideo(id_, _title(id_), _owner_id(id_))
        numbers = parse_numbered_id(id_) if len(id_) == 11 else None
        return None if numbers is None else self._lecture(id_, *numbers)

    def _playlist(self, id_: str) -> SimPlaylist:
        if id_ in self._given:
            return self._given[id_]
        videos = NumberedVideos(self._numbers[id_], 5 + _number(f"count {id_}", 60))
        return SimPlaylist(id_, _title(id_), _owner_id(id_), videos)

    def _lecture(self, id_: str, number: int, position: int) -> SimVideo | None:
        if number >= len(self._playlists):
            return None
        playlist = self._playlist(self._playlists[number])
        if position >= len(playlist.video_ids) + SPARE_VIDEOS:
            return None
        return SimVideo(id_, f"{playlist.title} – Lecture {position + 1}", playlist.channel_id)


def _title(id_: str) -> str:
    return f"{_SUBJECTS[_number(f'subject {id_}', len(_SUBJECTS))]} {_FORMS[_number(f'form {id_}', len(_FORMS))]}"


def _owner_id(id_: str) -> str:
    return channel_id(f"owner {_number(f'owner {id_}', _OWNERS)}")


def _owner(number: int) -> SimChannel:
    name = f"{_SUBJECTS[number % len(_SUBJECTS)]} {_NAMES[number // len(_SUBJECTS) % len(_NAMES)]}"
    return SimChannel(channel_id(f"owner {number}"), name, handle=f"@{name.replace(' ', '')}{number}")


def _channel(id_: str) -> SimChannel:
    if id_.startswith("@"):
        return SimChannel(channel_id(id_.casefold()), id_.removeprefix("@"), handle=id_)
    if id_.startswith("user/"):
        name = id_.removeprefix("user/")
        return SimChannel(channel_id(id_.casefold()), name, username=name)
    return SimChannel(id_, f"{_SUBJECTS[_number(id_, len(_SUBJECTS))]} {_NAMES[_number(f'name {id_}', len(_NAMES))]}")


def generate_world(resources: Iterable[tuple[Kind, str]]) -> World:
    """A world in which all of these exist. `c/NAME` can't be looked up, and stays unknown."""
    generated = GeneratedEntities((kind, id_) for kind, id_ in resources if not id_.startswith("c/"))
    return World(generated.channels.values(), source=generated)
