"""Resources → Data API calls of at most 50 ids, the longest unasked first, within a budget of quota units."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from operator import itemgetter

from linkwatch.models.resource import Kind, Resource
from linkwatch.spool import sorted_spool, spooled

IDS_PER_CALL = 50
"""A 51st id, even a trailing comma after the 50th, is refused with 400 `invalidFilters`."""


class Method(StrEnum):
    """The look-ups of the Data API that a check is made of; each call costs one unit."""

    PLAYLISTS = "playlists.list"
    VIDEOS = "videos.list"
    CHANNELS = "channels.list"
    HANDLE = "channels.list forHandle"
    """One value a call: there is no batch for handles and user names."""

    USERNAME = "channels.list forUsername"
    PLAYLIST_ITEMS = "playlistItems.list"
    """A look inside one playlist, 50 videos a call; not part of the check of the playlist itself."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: a method and the distinct resources it asks about, 1 to 50."""

    method: Method
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """What a check will ask, and what it will not; of long lists it is in temporary files."""

    calls: Sequence[Call] = ()
    """With a key; in the order in which they should be made."""

    requests: Sequence[Resource] = ()
    """Without a key: one oEmbed request each."""

    postponed: Sequence[Resource] = ()
    """More than the budget allows: they wait for the next day."""

    needs_key: Sequence[Resource] = ()
    """Channels, when there is no key: oEmbed knows none."""

    unmonitorable: Sequence[Resource] = ()

    @property
    def askable(self) -> Iterator[Resource]:
        """What a check is to ask about, what it leaves for another day among it."""
        for call in self.calls:
            yield from call.resources
        yield from self.requests
        yield from self.postponed

    @property
    def units(self) -> int:
        """Quota units of the calls, without retries."""
        return len(self.calls)


_Dated = tuple[int, Resource]
"""When it was last answered about, and what; -1: never."""

_Ranked = tuple[int, int, Call]
"""When the first of a call was last answered about, the place of its method, and the call."""

_METHODS = tuple(Method)


def plan_with_key(last_checks: Iterable[tuple[int, Resource]], budget: int) -> CheckPlan:
    """Plan the calls of a check.

    Args:
        last_checks: Distinct resources, and before each when it was last answered about, as any increasing number;
            -1: never.
        budget: Units that may be spent, ≥ 0.
    """
    # Sorting is stable: what is equally old keeps the order of the lists.
    ordered = sorted_spool(last_checks, _Dated, itemgetter(0))
    ranked = sorted_spool(_ranked_calls(ordered), _Ranked, itemgetter(0, 1), weight=IDS_PER_CALL)
    postponed = (resource for _, _, call in islice(ranked, budget, None) for resource in call.resources)
    return CheckPlan(
        calls=spooled((call for _, _, call in islice(ranked, budget)), Call, weight=IDS_PER_CALL),
        postponed=spooled(postponed, Resource),
        unmonitorable=spooled((resource for _, resource in ordered if resource.unmonitorable), Resource),
    )


def plan_without_key(resources: Iterable[Resource]) -> CheckPlan:
    """Plan the oEmbed requests of a check without a key."""
    every = spooled(resources, Resource)
    askable = (resource for resource in every if not resource.unmonitorable)
    channels = (each for each in every if each.kind is Kind.CHANNEL and not each.unmonitorable)
    return CheckPlan(
        requests=spooled((resource for resource in askable if resource.kind is not Kind.CHANNEL), Resource),
        needs_key=spooled(channels, Resource),
        unmonitorable=spooled((resource for resource in every if resource.unmonitorable), Resource),
    )


def _method(resource: Resource) -> Method:
    match resource.kind:
        case Kind.PLAYLIST:
            return Method.PLAYLISTS
        case Kind.VIDEO:
            return Method.VIDEOS
        case Kind.CHANNEL if resource.id.startswith("@"):
            return Method.HANDLE
        case Kind.CHANNEL if resource.id.startswith("user/"):
            return Method.USERNAME
        case Kind.CHANNEL:
            return Method.CHANNELS


def _ranked_calls(ordered: Iterable[_Dated]) -> Iterator[_Ranked]:
    """The calls, each when the last resource of it has come; those of a method in their order."""
    waiting: dict[Method, list[Resource]] = {method: [] for method in _METHODS}
    since = dict.fromkeys(_METHODS, -1)
    for checked, resource in ordered:
        if resource.unmonitorable:
            continue
        method = _method(resource)
        group = waiting[method]
        if not group:
            since[method] = checked
        group.append(resource)
        if len(group) == _size(method):
            yield since[method], _METHODS.index(method), Call(method, tuple(group))
            group.clear()
    for method, group in waiting.items():
        if group:
            yield since[method], _METHODS.index(method), Call(method, tuple(group))


def _size(method: Method) -> int:
    return 1 if method in {Method.HANDLE, Method.USERNAME} else IDS_PER_CALL
