"""Resources → Data API calls of at most 50 ids, the longest unasked first, within a budget of quota units."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from linkwatch.catalogue.resource import Kind, Resource

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
class Plan:
    """What a check will ask, and what it will not."""

    calls: tuple[Call, ...] = ()
    """With a key; in the order in which they should be made."""

    requests: tuple[Resource, ...] = ()
    """Without a key: one oEmbed request each."""

    left: tuple[Resource, ...] = ()
    """More than the budget allows: they wait for the next day."""

    untold: tuple[Resource, ...] = ()
    """Channels, when there is no key: oEmbed knows none."""

    unmonitorable: tuple[Resource, ...] = ()

    @property
    def meant(self) -> Iterator[Resource]:
        """What a check is to ask about, what it leaves for another day among it."""
        for call in self.calls:
            yield from call.resources
        yield from self.requests
        yield from self.left

    @property
    def units(self) -> int:
        """Quota units of the calls, without retries."""
        return len(self.calls)


def plan_with_key(resources: Iterable[Resource], last_checked: Mapping[str, int], budget: int) -> Plan:
    """Plan the calls of a check.

    Args:
        resources: Distinct resources.
        last_checked: When each was last answered about, by id, any increasing number; missing: never.
        budget: Units that may be spent, ≥ 0.
    """
    groups: dict[Method, list[Resource]] = {method: [] for method in Method}
    unmonitorable = []
    # Sorting is stable: what is equally old keeps the order of the lists.
    for resource in sorted(resources, key=lambda resource: last_checked.get(resource.id, -1)):
        if resource.unmonitorable:
            unmonitorable.append(resource)
        else:
            groups[_method(resource)].append(resource)
    calls = [call for method, group in groups.items() for call in _batches(method, group)]
    calls.sort(key=lambda call: last_checked.get(call.resources[0].id, -1))
    left = tuple(resource for call in calls[budget:] for resource in call.resources)
    return Plan(calls=tuple(calls[:budget]), left=left, unmonitorable=tuple(unmonitorable))


def plan_without_key(resources: Iterable[Resource]) -> Plan:
    """Plan the oEmbed requests of a check without a key."""
    requests, untold, unmonitorable = [], [], []
    for resource in resources:
        if resource.unmonitorable:
            unmonitorable.append(resource)
        elif resource.kind is Kind.CHANNEL:
            untold.append(resource)
        else:
            requests.append(resource)
    return Plan(requests=tuple(requests), untold=tuple(untold), unmonitorable=tuple(unmonitorable))


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


def _batches(method: Method, resources: list[Resource]) -> Iterable[Call]:
    size = 1 if method in {Method.HANDLE, Method.USERNAME} else IDS_PER_CALL
    for start in range(0, len(resources), size):
        yield Call(method, tuple(resources[start : start + size]))
