"""Links → the distinct resources they name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from linkwatch.catalogue.ignore import IgnorePattern, IgnoreRules
from linkwatch.models.link import Link
from linkwatch.models.resource import Kind, Resource
from linkwatch.spool import KeyCodec, positions_by_key, spooled
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

    def duplicates(self) -> list[tuple[Resource, list[CataloguedLink]]]:
        """The resources that are listed more than once, and their links.

        A link to a video in a playlist (`&list=`) lists the video only: a course page that links each of thirty
        lectures in its playlist does not list the playlist thirty times.
        """
        duplicates = []
        for resource, positions in self.links_of.items():
            if len(positions) == 1:
                continue
            listing = [self.links[at] for at in positions if self.links[at].resources[0] == resource]
            if len(listing) > 1:
                duplicates.append((resource, listing))
        return duplicates


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
