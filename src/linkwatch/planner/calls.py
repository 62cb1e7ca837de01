"""Resources → Data API calls of at most 50 ids, those with the oldest answer first, within a budget of quota units."""

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
    """The methods of the Data API that a check calls; each call costs one unit."""

    PLAYLISTS = "playlists.list"
    VIDEOS = "videos.list"
    CHANNELS = "channels.list"
    HANDLE = "channels.list forHandle"
    """One value a call: there is no batch for handles and user names."""

    USERNAME = "channels.list forUsername"
    PLAYLIST_ITEMS = "playlistItems.list"
    """The inspection of one playlist, 50 videos a call; `playlists.list` asks about the playlist itself."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: a method and the distinct resources it asks about, 1 to 50."""

    method: Method
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """What a check will ask about, and what not; for long lists it is in temporary files."""

    calls: Sequence[Call] = ()
    """With a key, in the order in which they should be made."""

    requests: Sequence[Resource] = ()
    """Without a key: one oEmbed request each."""

    postponed: Sequence[Resource] = ()
    """Beyond the budget: for the next day."""

    needs_key: Sequence[Resource] = ()
    """Without a key: the channels, which oEmbed doesn't know."""

    unmonitorable: Sequence[Resource] = ()

    @property
    def askable(self) -> Iterator[Resource]:
        """The resources that can be asked about, now or another day."""
        for call in self.calls:
            yield from call.resources
        yield from self.requests
        yield from self.postponed

    @property
    def units(self) -> int:
        """Quota units of the calls, without retries."""
        return len(self.calls)


_LastCheck = tuple[int, Resource]
"""When a resource got its last answer (-1: never), and the resource."""

_Ranked = tuple[int, int, Call]
"""When the first resource of a call got its last answer, the position of the method in `Method`, and the call."""

_METHODS = tuple(Method)


def plan_with_key(last_checks: Iterable[tuple[int, Resource]], budget: int) -> CheckPlan:
    """Plan the calls of a check.

    Args:
        last_checks: Distinct resources, each after the time of its last answer, as any increasing number; -1: never.
        budget: Units that may be spent, ≥ 0.
    """
    # Sorting is stable: resources with equally old answers keep the order of the lists.
    ordered = sorted_spool(last_checks, _LastCheck, itemgetter(0))
    ranked = sorted_spool(_ranked_calls(ordered), _Ranked, itemgetter(0, 1), weight=IDS_PER_CALL)
    postponed = (resource for _, _, call in islice(ranked, budget, None) for resource in call.resources)
    return CheckPlan(
        calls=spooled((call for _, _, call in islice(ranked, budget)), Call, weight=IDS_PER_CALL),
        postponed=spooled(postponed, Resource),
        unmonitorable=spooled((resource for _, resource in ordered if resource.unmonitorable), Resource),
    )


def plan_without_key(resources: Iterable[Resource]) -> CheckPlan:
    """Plan the oEmbed requests of a check without a key."""
    listed = spooled(resources, Resource)
    askable = (resource for resource in listed if not resource.unmonitorable)
    channels = (each for each in listed if each.kind is Kind.CHANNEL and not each.unmonitorable)
    return CheckPlan(
        requests=spooled((resource for resource in askable if resource.kind is not Kind.CHANNEL), Resource),
        needs_key=spooled(channels, Resource),
        unmonitorable=spooled((resource for resource in listed if resource.unmonitorable), Resource),
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


def _ranked_calls(ordered: Iterable[_LastCheck]) -> Iterator[_Ranked]:
    """The calls, each as soon as its last resource has come."""
    groups: dict[Method, list[Resource]] = {method: [] for method in _METHODS}
    since = dict.fromkeys(_METHODS, -1)
    for checked, resource in ordered:
        if resource.unmonitorable:
            continue
        method = _method(resource)
        group = groups[method]
        if not group:
            since[method] = checked
        group.append(resource)
        if len(group) == _size(method):
            yield since[method], _METHODS.index(method), Call(method, tuple(group))
            group.clear()
    for method, group in groups.items():
        if group:
            yield since[method], _METHODS.index(method), Call(method, tuple(group))


def _size(method: Method) -> int:
    return 1 if method in {Method.HANDLE, Method.USERNAME} else IDS_PER_CALL
