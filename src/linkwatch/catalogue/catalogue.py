"""Links → the distinct resources they name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from linkwatch.catalogue.ignore import IgnorePattern, IgnoreRules
from linkwatch.models.link import DuplicateScope, Link
from linkwatch.models.resource import Kind, Resource
from linkwatch.spool import KeyCodec, positions_by_key, spooled
from linkwatch.urls.canonical import start_seconds
from linkwatch.urls.parse import parse_url

_KINDS = {kind.value: kind for kind in Kind}  # a look-up takes a tenth of the time of a call to the enumeration

RESOURCE_KEYS: KeyCodec[Resource] = KeyCodec(
    lambda resource: (resource.kind, resource.id), lambda kind, id_: Resource(_KINDS[kind], id_)
)
"""How the mappings of `linkwatch.spool` keep resources."""


class CataloguedLink(msgspec.Struct, frozen=True, gc=False):
    """A YouTube link of a list, and what it names."""

    link: Link
    """Its `ignored` includes the rules that the settings ignore for it."""

    resources: tuple[Resource, ...]
    """For `watch?v=…&list=…` the video, then the playlist; empty when malformed."""

    problem: str | None = None
    """Why it is malformed, or one of its two ids is."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every YouTube link of the lists that is not ignored, in their order, and what they name.

    The sequence and the mapping may be in temporary files: iterate over them, don't copy them.
    """

    links: Sequence[CataloguedLink]
    links_of: Mapping[Resource, list[int]]
    """For each distinct resource, in order of first appearance, the positions in `links`."""

    ignored: int = 0
    """YouTube links that a comment or the settings leave out for all rules."""

    def resources(self) -> list[Resource]:
        """The distinct resources, in order of first appearance."""
        return list(self.links_of)

    def duplicates(
        self, scope: DuplicateScope = DuplicateScope.LIST
    ) -> Iterator[tuple[Resource, list[CataloguedLink]]]:
        """Yield the resources that are listed more than once where once is enough, and their links there.

        A link to a video in a playlist (`&list=`) lists the video only: a course page that links each of thirty
        lectures in its playlist does not list the playlist thirty times. Other moments of one video are no duplicates.
        """
        for resource, positions in self.links_of.items():
            if len(positions) == 1:
                continue
            listings: dict[tuple[str | int | None, ...], list[CataloguedLink]] = {}
            for at in positions:
                item = self.links[at]
                if item.resources[0] == resource:
                    listings.setdefault(_once_key(item.link, resource.kind, scope), []).append(item)
            yield from ((resource, listing) for listing in listings.values() if len(listing) > 1)


def _once_key(link: Link, kind: Kind, scope: DuplicateScope) -> tuple[str | int | None, ...]:
    """The same for links of which one is enough."""
    moment = start_seconds(link.url) if kind is Kind.VIDEO else 0
    if scope is DuplicateScope.EVERYWHERE and kind is not Kind.CHANNEL:
        return (moment,)
    return (moment, link.file, link.section) if scope is DuplicateScope.SECTION else (moment, link.file)


def catalogue_links(listed: Iterable[Link], ignore: Iterable[IgnorePattern] = ()) -> Catalogue:
    """Parse the YouTube links; other links are dropped.

    Args:
        listed: The links of the lists, with what comments ignore.
        ignore: Patterns of the settings for what else is ignored.
    """
    ignoring = IgnoreRules(ignore)
    ignored = 0

    def parsed_links() -> Iterator[CataloguedLink]:
        nonlocal ignored
        for link in listed:
            parsed = parse_url(link.url)
            if parsed is None:
                continue
            kept = ignoring.kept(link, parsed.resources)
            if kept is None:
                ignored += 1
            else:
                yield CataloguedLink(kept, parsed.resources, parsed.problem)

    links = spooled(parsed_links(), CataloguedLink)
    return _indexed(links, ignored)


def resolve_aliases(catalogue: Catalogue, aliases: Mapping[str, str]) -> Catalogue:
    """The same catalogue, with handles and user names replaced by the channels that they were resolved to.

    Args:
        catalogue: As the links were parsed.
        aliases: `@handle` or `user/NAME` → `UC…`.
    """
    if not any(resource.id in aliases for resource in catalogue.links_of if resource.kind is Kind.CHANNEL):
        return catalogue
    links = spooled((_resolved(link, aliases) for link in catalogue.links), CataloguedLink)
    return _indexed(links, catalogue.ignored)


def resolved_resources(catalogue: Catalogue, aliases: Mapping[str, str]) -> Iterator[Resource]:
    """The resources of `resolve_aliases`, in the same order, without the links.

    Args:
        catalogue: As the links were parsed.
        aliases: `@handle` or `user/NAME` → `UC…`.
    """
    channels = set(aliases.values())
    seen = set()
    for resource in catalogue.links_of:
        if resource.kind is Kind.CHANNEL and (resource.id in aliases or resource.id in channels):
            channel = aliases.get(resource.id, resource.id)
            if channel not in seen:
                seen.add(channel)
                yield Resource(Kind.CHANNEL, channel)
        else:
            yield resource


def _resolved(link: CataloguedLink, aliases: Mapping[str, str]) -> CataloguedLink:
    if not any(resource.kind is Kind.CHANNEL for resource in link.resources):
        return link
    return msgspec.structs.replace(
        link, resources=tuple(Resource(r.kind, aliases.get(r.id, r.id)) for r in link.resources)
    )


def _indexed(links: Sequence[CataloguedLink], ignored: int) -> Catalogue:
    places = ((resource, at) for at, link in enumerate(links) for resource in link.resources)
    return Catalogue(links, positions_by_key(places, RESOURCE_KEYS), ignored)
