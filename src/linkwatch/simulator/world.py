"""What is true on the simulated YouTube, and since when.

A world holds playlists, videos and channels, each with its first state and dated changes, and the weather.
`world.at(now)` is a view of one moment; nothing is computed until it is asked for.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from linkwatch.simulator.entities import SOMEBODY, Entity, SimChannel, SimPlaylist, SimVideo, Visibility
from linkwatch.simulator.faults import Faults, Surface

Step = Callable[[Any], Any]


class _Life:
    """One entity's states over time: the first, and one after each change."""

    __slots__ = ("_first", "_states", "_steps")

    def __init__(self, first: Entity) -> None:
        self._first = first
        self._steps: list[tuple[datetime, Step]] = []
        self._states: tuple[list[datetime], list[Entity]] = ([], [first])

    def change(self, at: datetime, step: Step) -> None:
        insort(self._steps, (at, step), key=lambda dated: dated[0])
        states = [self._first]
        for _, each in self._steps:
            states.append(each(states[-1]))
        # One assignment, so that a reader in another thread sees the old life or the new one.
        self._states = [moment for moment, _ in self._steps], states

    def at(self, now: datetime) -> Entity:
        moments, states = self._states
        return states[bisect_right(moments, now)]


class World:
    """Everything that is and will be.

    Args:
        entities: What the world holds from the beginning.
        source: Makes what isn't among them from its id, each time the same; None is what never was.
        weather: What goes wrong, and when.
    """

    def __init__(
        self,
        entities: Iterable[Entity] = (),
        *,
        source: Callable[[str], Entity | None] = lambda _: None,
        weather: Iterable[Faults] = (),
    ) -> None:
        self._lives: dict[str, _Life] = {}
        self._names: defaultdict[str, list[str]] = defaultdict(list)
        self._uploads: defaultdict[str, list[str]] = defaultdict(list)
        self._source = source
        self._weather = tuple(weather)
        self.add(SOMEBODY, *entities)

    def at(self, now: datetime) -> "View":
        """The world of one moment; `now` is aware."""
        return View(self, now)

    def add(self, *entities: Entity) -> None:
        """Adds what was there from the beginning."""
        for entity in entities:
            self._lives[entity.id] = _Life(entity)
            self._note(entity)

    def add_weather(self, *weather: Faults) -> None:
        """Adds faults with their dates; where two hold, the first added is met."""
        self._weather += weather

    def change(self, id_: str, at: datetime, **fields: Any) -> None:
        """From `at` on, these fields of one entity have these values.

        Raises:
            KeyError: The world has no such entity.
            TypeError: The entity has no such field.
        """
        self._step(id_, at, lambda state: replace(state, **fields))

    def delete(self, id_: str, at: datetime) -> None:
        """Deletes a playlist or a video."""
        self.change(id_, at, visibility=Visibility.DELETED)

    def make_private(self, id_: str, at: datetime) -> None:
        """Hides a playlist or a video from everyone but its owner."""
        self.change(id_, at, visibility=Visibility.PRIVATE)

    def bring_back(self, id_: str, at: datetime) -> None:
        """Makes a playlist or a video public again, or reopens a channel."""
        if isinstance(self._life(id_).at(at), SimChannel):
            self.change(id_, at, terminated=False)
        else:
            self.change(id_, at, visibility=Visibility.PUBLIC)

    def retitle(self, id_: str, at: datetime, title: str) -> None:
        """Gives an entity another title."""
        self.change(id_, at, title=title)

    def hand_over(self, id_: str, at: datetime, channel_id: str) -> None:
        """Gives a playlist or a video to another channel."""
        self.change(id_, at, channel_id=channel_id)

    def add_videos(self, playlist_id: str, at: datetime, *video_ids: str) -> None:
        """Puts videos at the end of a playlist."""
        self._step(playlist_id, at, lambda state: replace(state, video_ids=(*state.video_ids, *video_ids)))

    def remove_videos(self, playlist_id: str, at: datetime, *video_ids: str) -> None:
        """Takes videos out of a playlist; they live on."""
        gone = frozenset(video_ids)
        self._step(
            playlist_id,
            at,
            lambda state: replace(state, video_ids=tuple(each for each in state.video_ids if each not in gone)),
        )

    def disable_embedding(self, video_id: str, at: datetime) -> None:
        """Forbids other sites to embed a video, which lives on."""
        self.change(video_id, at, embeddable=False)

    def terminate(self, channel_id: str, at: datetime) -> None:
        """Closes a channel: all of its playlists and videos are gone with it."""
        self.change(channel_id, at, terminated=True)

    def reassign_handle(self, handle: str, at: datetime, channel_id: str) -> None:
        """Takes a handle from whoever holds it, and gives it to another channel."""
        holder = self.at(at).channel_by_name(handle)
        if holder is not None:
            self.change(holder.id, at, handle=None)
        self.change(channel_id, at, handle=handle)

    def _step(self, id_: str, at: datetime, step: Step) -> None:
        life = self._life(id_)
        life.change(at, step)
        self._note(life.at(at))

    def _life(self, id_: str) -> _Life:
        if id_ not in self._lives:
            made = self._source(id_)
            if made is None:
                raise KeyError(id_)
            self.add(made)
        return self._lives[id_]

    def _note(self, entity: Entity) -> None:
        """Notes whom a name or a video may lead to, at whatever time; the view looks which of them it is."""
        if isinstance(entity, SimChannel):
            for name in _names_of(entity):
                self._names[name].append(entity.id)
        elif isinstance(entity, SimVideo):
            self._uploads[entity.channel_id].append(entity.id)

    def _find(self, id_: str, now: datetime) -> Entity | None:
        life = self._lives.get(id_)
        return self._source(id_) if life is None else life.at(now)


@dataclass(frozen=True, slots=True)
class View:
    """The world of one moment, as its owners see it; what is private is in it, what never was is None."""

    world: World
    now: datetime

    def channel(self, id_: str) -> SimChannel | None:
        """A channel that is open."""
        found = self.world._find(id_, self.now)
        return found if isinstance(found, SimChannel) and not found.terminated else None

    def channel_by_name(self, name: str) -> SimChannel | None:
        """The open channel that holds `@handle` or `user/NAME` now, whatever the case."""
        wanted = name.casefold()
        for id_ in self.world._names.get(wanted, ()):
            channel = self.channel(id_)
            if channel is not None and wanted in _names_of(channel):
                return channel
        return None

    def owner(self, channel_id: str) -> SimChannel:
        """The channel behind a playlist or video, open or closed.

        Raises:
            LookupError: The world was given something of a channel that it doesn't hold.
        """
        found = self.world._find(channel_id, self.now)
        if not isinstance(found, SimChannel):
            raise LookupError(f"{channel_id} owns something, but is not in the world: add its SimChannel")
        return found

    def playlist(self, id_: str) -> SimPlaylist | None:
        """A playlist, deleted when its channel is closed; `UU…` is the channel's public videos, unless it was added."""
        found = self.world._find(id_, self.now)
        if isinstance(found, SimPlaylist):
            return replace(found, visibility=Visibility.DELETED) if self.owner(found.channel_id).terminated else found
        channel = self.channel(f"UC{id_[2:]}") if id_.startswith("UU") else None
        return None if channel is None else self._uploads(id_, channel)

    def video(self, id_: str) -> SimVideo | None:
        """A video, deleted when its channel is closed."""
        found = self.world._find(id_, self.now)
        if not isinstance(found, SimVideo):
            return None
        return replace(found, visibility=Visibility.DELETED) if self.owner(found.channel_id).terminated else found

    def weather(self, surface: Surface) -> list[Faults]:
        """What goes wrong now at this place, first what was added first."""
        return [each for each in self.world._weather if each.holds(self.now, surface)]

    def public_videos(self, channel_id: str) -> tuple[str, ...]:
        """The ids of a channel's public videos, the oldest first."""
        noted = dict.fromkeys(self.world._uploads.get(channel_id, ()))
        videos = filter(None, map(self.video, noted))
        return tuple(
            video.id for video in videos if video.channel_id == channel_id and video.visibility is Visibility.PUBLIC
        )

    def _uploads(self, id_: str, channel: SimChannel) -> SimPlaylist:
        newest_first = self.public_videos(channel.id)[::-1]
        return SimPlaylist(id_, f"Uploads from {channel.title}", channel.id, newest_first)


def _names_of(channel: SimChannel) -> set[str]:
    return {name.casefold() for name in (channel.handle, channel.username and f"user/{channel.username}") if name}
