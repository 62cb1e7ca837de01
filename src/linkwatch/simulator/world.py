"""The resources of the simulated YouTube, with their changes over time, and its faults.

A world holds playlists, videos and channels, each with its first state and dated changes. `world.at(now)` is a view of
one moment; nothing is computed before it is needed.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from linkwatch.simulator.entities import (
    DEFAULT_CHANNEL,
    Entity,
    SimChannel,
    SimPlaylist,
    SimVideo,
    Visibility,
    copy_numbers,
)
from linkwatch.simulator.faults import FaultPeriod, Surface

Change = Callable[[Any], Any]


class _EntityHistory:
    """The states of one entity over time: the first, and one after each change."""

    __slots__ = ("_changes", "_first", "_states")

    def __init__(self, first: Entity) -> None:
        self._first = first
        self._changes: list[tuple[datetime, Change]] = []
        self._states: tuple[list[datetime], list[Entity]] = ([], [first])

    def add(self, at: datetime, change: Change) -> None:
        insort(self._changes, (at, change), key=lambda dated: dated[0])
        states = [self._first]
        for _, next_change in self._changes:
            states.append(next_change(states[-1]))
        # One assignment, so that a reader in another thread sees the old history or the new one.
        self._states = [moment for moment, _ in self._changes], states

    def at(self, now: datetime) -> Entity:
        moments, states = self._states
        return states[bisect_right(moments, now)]

    def until(self, now: datetime) -> list[Entity]:
        """Every state up to this moment, the last one first."""
        moments, states = self._states
        return states[bisect_right(moments, now) :: -1]


class World:
    """All entities and faults, with everything that will change.

    Args:
        entities: They exist from the beginning.
        source: Makes any other entity from its id, always the same; None when there is none.
        faults: What goes wrong, and when.
    """

    def __init__(
        self,
        entities: Iterable[Entity] = (),
        *,
        source: Callable[[str], Entity | None] = lambda _: None,
        faults: Iterable[FaultPeriod] = (),
    ) -> None:
        self._histories: dict[str, _EntityHistory] = {}
        self._names: defaultdict[str, list[str]] = defaultdict(list)
        self._uploads: defaultdict[str, list[str]] = defaultdict(list)
        self._source = source
        self._faults = tuple(faults)
        self.add(DEFAULT_CHANNEL, *entities)

    def at(self, now: datetime) -> "View":
        """The world of one moment; `now` is aware."""
        return View(self, now)

    def add(self, *entities: Entity) -> None:
        """Add entities that exist from the beginning."""
        for entity in entities:
            self._histories[entity.id] = _EntityHistory(entity)
            self._index(entity)

    def add_faults(self, *faults: FaultPeriod) -> None:
        """Add faults; of two at the same time, the one that was added first happens."""
        self._faults += faults

    def change(self, id_: str, at: datetime, **fields: Any) -> None:
        """From `at` on, these fields of one entity have these values.

        Raises:
            KeyError: The world has no such entity.
            TypeError: The entity has no such field.
        """
        if "video_ids" in fields:
            fields = {"copy_numbers": None, **fields}
        self._apply(id_, at, lambda state: replace(state, **fields))

    def delete(self, id_: str, at: datetime) -> None:
        """Delete a playlist or a video."""
        self.change(id_, at, visibility=Visibility.DELETED)

    def make_private(self, id_: str, at: datetime) -> None:
        """Make a playlist or a video private."""
        self.change(id_, at, visibility=Visibility.PRIVATE)

    def bring_back(self, id_: str, at: datetime) -> None:
        """Make a playlist or a video public again, or reopen a channel."""
        if isinstance(self._history(id_).at(at), SimChannel):
            self.change(id_, at, terminated=False)
        else:
            self.change(id_, at, visibility=Visibility.PUBLIC)

    def retitle(self, id_: str, at: datetime, title: str) -> None:
        """Change the title of an entity."""
        self.change(id_, at, title=title)

    def change_owner(self, id_: str, at: datetime, channel_id: str) -> None:
        """Give a playlist or a video to another channel."""
        self.change(id_, at, channel_id=channel_id)

    def add_videos(self, playlist_id: str, at: datetime, *video_ids: str) -> None:
        """Add videos at the end of a playlist."""
        self._apply(playlist_id, at, lambda state: _with_videos(state, (*state.video_ids, *video_ids)))

    def remove_videos(self, playlist_id: str, at: datetime, *video_ids: str) -> None:
        """Remove videos from a playlist; they stay available."""
        removed = frozenset(video_ids)
        self._apply(
            playlist_id,
            at,
            lambda state: _with_videos(state, [id_ for id_ in state.video_ids if id_ not in removed]),
        )

    def remove_item(self, playlist_id: str, at: datetime, position: int) -> None:
        """Remove one item from a playlist: other copies of its video keep the ids of their items."""

        def without(state: SimPlaylist) -> SimPlaylist:
            ids, copies = list(state.video_ids), list(copy_numbers(state))
            del ids[position], copies[position]
            return replace(state, video_ids=ids, copy_numbers=copies)

        self._apply(playlist_id, at, without)

    def disable_embedding(self, video_id: str, at: datetime) -> None:
        """Disable embedding of a video, which stays available."""
        self.change(video_id, at, embeddable=False)

    def terminate(self, channel_id: str, at: datetime) -> None:
        """Terminate a channel, with all of its playlists and videos."""
        self.change(channel_id, at, terminated=True)

    def rename_handle(self, channel_id: str, at: datetime, handle: str | None) -> None:
        """Give a channel another handle, or none; the one before is free."""
        self.change(channel_id, at, handle=handle)

    def reassign_handle(self, handle: str, at: datetime, channel_id: str) -> None:
        """Move a handle from the channel that has it to another one."""
        holder = self.at(at).channel_by_name(handle)
        if holder is not None:
            self.change(holder.id, at, handle=None)
        self.change(channel_id, at, handle=handle)

    def _apply(self, id_: str, at: datetime, change: Change) -> None:
        history = self._history(id_)
        history.add(at, change)
        self._index(history.at(at))

    def _history(self, id_: str) -> _EntityHistory:
        if id_ not in self._histories:
            entity = self._source(id_)
            if entity is None:
                raise KeyError(id_)
            self.add(entity)
        return self._histories[id_]

    def _index(self, entity: Entity) -> None:
        """Index the names and uploads of an entity at any time; the view picks those of its moment."""
        if isinstance(entity, SimChannel):
            for name in _channel_names(entity):
                self._names[name].append(entity.id)
        elif isinstance(entity, SimVideo):
            self._uploads[entity.channel_id].append(entity.id)

    def _find(self, id_: str, now: datetime) -> Entity | None:
        history = self._histories.get(id_)
        return self._source(id_) if history is None else history.at(now)


@dataclass(frozen=True, slots=True)
class View:
    """The world at one moment, as the owners see it: with what is private; None stands for what doesn't exist."""

    world: World
    now: datetime

    def channel(self, id_: str) -> SimChannel | None:
        """A channel that is not terminated."""
        found = self.world._find(id_, self.now)
        return found if isinstance(found, SimChannel) and not found.terminated else None

    def channel_by_name(self, name: str) -> SimChannel | None:
        """The channel that has `@handle` or `user/NAME` now; case is ignored."""
        wanted = name.casefold()
        for id_ in self.world._names.get(wanted, ()):
            channel = self.channel(id_)
            if channel is not None and wanted in _channel_names(channel):
                return channel
        return None

    def former_channel_by_name(self, name: str) -> SimChannel | None:
        """The channel that had `@handle` or `user/NAME` and still exists; case is ignored."""
        wanted = name.casefold()
        for id_ in self.world._names.get(wanted, ()):
            past = self.world._histories[id_].until(self.now)
            if any(isinstance(state, SimChannel) and wanted in _channel_names(state) for state in past):
                return self.channel(id_)
        return None

    def owner(self, channel_id: str) -> SimChannel:
        """The channel of a playlist or video, terminated or not.

        Raises:
            LookupError: The world has no such channel.
        """
        found = self.world._find(channel_id, self.now)
        if not isinstance(found, SimChannel):
            raise LookupError(f"{channel_id} owns something, but is not in the world: add its SimChannel")
        return found

    def playlist(self, id_: str) -> SimPlaylist | None:
        """A playlist, deleted when its channel is terminated; `UU…` holds the channel's public videos, unless added."""
        found = self.world._find(id_, self.now)
        if isinstance(found, SimPlaylist):
            return replace(found, visibility=Visibility.DELETED) if self.owner(found.channel_id).terminated else found
        channel = self.channel(f"UC{id_[2:]}") if id_.startswith("UU") else None
        return None if channel is None else self._uploads(id_, channel)

    def video(self, id_: str) -> SimVideo | None:
        """A video, deleted when its channel is terminated."""
        found = self.world._find(id_, self.now)
        if not isinstance(found, SimVideo):
            return None
        return replace(found, visibility=Visibility.DELETED) if self.owner(found.channel_id).terminated else found

    def active_faults(self, surface: Surface) -> list[FaultPeriod]:
        """The faults of this moment on this surface, in the order in which they were added."""
        return [period for period in self.world._faults if period.is_active(self.now, surface)]

    def public_videos(self, channel_id: str) -> tuple[str, ...]:
        """The ids of a channel's public videos, oldest first."""
        indexed = dict.fromkeys(self.world._uploads.get(channel_id, ()))
        videos = filter(None, map(self.video, indexed))
        return tuple(
            video.id for video in videos if video.channel_id == channel_id and video.visibility is Visibility.PUBLIC
        )

    def _uploads(self, id_: str, channel: SimChannel) -> SimPlaylist:
        newest_first = self.public_videos(channel.id)[::-1]
        return SimPlaylist(id_, f"Uploads from {channel.title}", channel.id, newest_first)


def _with_videos(playlist: SimPlaylist, video_ids: Iterable[str]) -> SimPlaylist:
    return replace(playlist, video_ids=tuple(video_ids), copy_numbers=None)


def _channel_names(channel: SimChannel) -> set[str]:
    return {name.casefold() for name in (channel.handle, channel.username and f"user/{channel.username}") if name}
