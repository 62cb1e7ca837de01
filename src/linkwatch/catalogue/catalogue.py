"""Links → the distinct resources they name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from linkwatch.catalogue.ignoring import Ignoring, Patterns
from linkwatch.catalogue.resource import Kind, Resource
from linkwatch.catalogue.urls import parse_url
from linkwatch.sources.listed import ListedLink


class CataloguedLink(msgspec.Struct, frozen=True, gc=False):
    """A YouTube link of a list, understood."""

    link: ListedLink
    """`ignored` names the rules that the settings switch off for it, too."""

    resources: tuple[Resource, ...]
    """What it names; for `watch?v=…&list=…` the video, then the playlist; empty when it is malformed."""

    problem: str | None = None
    """Why it is malformed, or one of its two ids is."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every YouTube link of the lists that is not ignored, in their order, and what they name."""

    links: tuple[CataloguedLink, ...]
    links_of: Mapping[Resource, list[int]]
    """For each distinct resource, in order of first appearance, the positions in `links`."""

    ignored: int = 0
    """YouTube links that are left out altogether, by a comment or the settings."""

    def resources(self) -> list[Resource]:
        """The distinct resources, in order of first appearance."""
        return list(self.links_of)

    def duplicates(self) -> list[tuple[Resource, list[CataloguedLink]]]:
        """What is listed more than once.

        The playlist that a video is watched in is not itself what the entry lists: a course page that
        gives each of its lectures with `&list=` does not list the course thirty times.
        """
        found = []
        for resource, positions in self.links_of.items():
            listing = [self.links[at] for at in positions if self.links[at].resources[0] == resource]
            if len(listing) > 1:
                found.append((resource, listing))
        return found


def catalogue_links(listed: Iterable[ListedLink], ignore: Iterable[Patterns] = ()) -> Catalogue:
    """Keep the YouTube links and parse them; other links are no business of ours.

    Args:
        listed: The links of the lists; a comment beside one may take it out.
        ignore: What else is left out.
    """
    ignoring = Ignoring(ignore)
    links, ignored = [], 0
    for link in listed:
        parsed = parse_url(link.url)
        if parsed is None:
            continue
        kept = ignoring.kept(link, parsed.resources)
        if kept is None:
            ignored += 1
        else:
            links.append(CataloguedLink(kept, parsed.resources, parsed.problem))
    return _indexed(tuple(links), ignored)


def with_aliases(catalogue: Catalogue, aliases: Mapping[str, str]) -> Catalogue:
    """The same links, with handles and user names replaced by the channels that they were resolved to.

    Args:
        catalogue: As the links were parsed.
        aliases: `@handle` or `user/NAME` → `UC…`.
    """
    if not any(resource.id in aliases for resource in catalogue.links_of if resource.kind is Kind.CHANNEL):
        return catalogue
    return _indexed(tuple(_resolved(link, aliases) for link in catalogue.links), catalogue.ignored)


def _resolved(link: CataloguedLink, aliases: Mapping[str, str]) -> CataloguedLink:
    if not any(resource.kind is Kind.CHANNEL for resource in link.resources):
        return link
    return msgspec.structs.replace(
        link, resources=tuple(Resource(r.kind, aliases.get(r.id, r.id)) for r in link.resources)
    )


def _indexed(links: tuple[CataloguedLink, ...], ignored: int) -> Catalogue:
    links_of: dict[Resource, list[int]] = {}
    for at, link in enumerate(links):
        for resource in link.resources:
            if resource in links_of:
                links_of[resource].append(at)
            else:
                links_of[resource] = [at]  # and no `setdefault`: a list that begins empty takes half as much again
    return Catalogue(links, links_of, ignored)
