"""A living world for any ids: titles, owners and insides by hash, made when asked for and kept nowhere.

The videos inside a playlist are numbered: their ids hold the playlist's number and their position, sealed by a
checksum, so that 5,000 playlists with their 150,000 videos are a dict of 5,000 numbers.
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

SPARE = 20
"""How many videos live beside each playlist, numbered after its own: a story may add them to it."""


@dataclass(frozen=True, slots=True)
class NumberedVideos(Sequence[str]):
    """The ids of a playlist's videos, computed one by one."""

    playlist: int
    """The playlist's number in its world, below 2²⁴."""

    length: int
    """How many, below 2¹⁶."""

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


def place_of(video_id: str) -> tuple[int, int] | None:
    """The playlist's number and the position that a numbered id holds; None for any other id."""
    try:
        sealed = urlsafe_b64decode(f"{video_id}=")
    except (NotBase64, ValueError):
        return None
    if len(sealed) != 8:
        return None
    seal = sealed[5:]
    plain = bytes(a ^ b for a, b in zip(sealed[:5], _digest(seal, 5), strict=True))
    return (int.from_bytes(plain[:3]), int.from_bytes(plain[3:])) if _digest(plain, 3) == seal else None


def _video_id(playlist: int, position: int) -> str:
    # Eight bytes are eleven characters of base64, and the last one is of YouTube's sixteen by itself.
    plain = playlist.to_bytes(3) + position.to_bytes(2)
    seal = _digest(plain, 3)
    masked = bytes(a ^ b for a, b in zip(plain, _digest(seal, 5), strict=True))
    return urlsafe_b64encode(masked + seal).decode().rstrip("=")


def channel_id(lot: str) -> str:
    """The channel id of a name. Sixteen bytes are 22 characters, the last of them one of YouTube's four by itself."""
    return "UC" + urlsafe_b64encode(_digest(lot.encode(), 16)).decode().rstrip("=")


def _digest(data: bytes, size: int) -> bytes:
    return blake2b(data, digest_size=size, person=b"linkwatch").digest()


def _number(lot: str, below: int) -> int:
    return int.from_bytes(_digest(lot.encode(), 8)) % below


class Plausible:
    """Makes playlists and videos from ids: those it was told of, and the videos inside its playlists.

    Args:
        resources: Kind and id of everything that lives; a channel by its `UC…` id, `@handle` or `user/NAME`.
        playlists: Playlists that are known better than by a hash; their numbered videos follow their title and owner.
    """

    def __init__(self, resources: Iterable[tuple[Kind, str]], playlists: Sequence[SimPlaylist] = ()) -> None:
        self._known = {playlist.id: playlist for playlist in playlists}
        wanted = list(dict.fromkeys(resources))
        self._playlists = [
            *self._known,
            *(id_ for kind, id_ in wanted if kind is Kind.PLAYLIST and id_ not in self._known),
        ]
        self._numbers = {id_: number for number, id_ in enumerate(self._playlists)}
        self._videos = frozenset(id_ for kind, id_ in wanted if kind is Kind.VIDEO)
        owners = [_owner(number) for number in range(_OWNERS)]
        asked = [_channel(id_) for kind, id_ in wanted if kind is Kind.CHANNEL]
        self.channels = {channel.id: channel for channel in (*owners, *asked)}
        """Every channel; few enough to be kept, and their names have to be found."""

    def __call__(self, id_: str) -> Entity | None:
        """The entity of an id; None for what this world doesn't have."""
        if id_ in self._numbers:
            return self._playlist(id_)
        if id_ in self._videos:
            return SimVideo(id_, _title(id_), _owner_id(id_))
        place = place_of(id_) if len(id_) == 11 else None
        return None if place is None else self._lecture(id_, *place)

    def _playlist(self, id_: str) -> SimPlaylist:
        if id_ in self._known:
            return self._known[id_]
        videos = NumberedVideos(self._numbers[id_], 5 + _number(f"count {id_}", 60))
        return SimPlaylist(id_, _title(id_), _owner_id(id_), videos)

    def _lecture(self, id_: str, number: int, position: int) -> SimVideo | None:
        if number >= len(self._playlists):
            return None
        playlist = self._playlist(self._playlists[number])
        if position >= len(playlist.video_ids) + SPARE:
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


def world_of(resources: Iterable[tuple[Kind, str]]) -> World:
    """A world in which all of these live, whatever they are. `c/NAME` has no look-up, and stays unknown."""
    plausible = Plausible((kind, id_) for kind, id_ in resources if not id_.startswith("c/"))
    return World(plausible.channels.values(), source=plausible)
