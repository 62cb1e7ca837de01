"""Which lists were read, and where they list what."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from linkwatch.catalogue.catalogue import CataloguedLink
from linkwatch.catalogue.resource import Resource
from linkwatch.sources.listed import ListedLink
from linkwatch.store.database import many
from linkwatch.store.memory import ids_of
from linkwatch.store.tables import links, lists, resources, to_seconds, to_time


@dataclass(frozen=True, slots=True)
class LinkKey:
    """What makes an entry of a list the same entry after lines were put in above it."""

    file: str
    url: str
    label: str | None


def key_of(link: ListedLink) -> LinkKey:
    """The key of an entry."""
    return LinkKey(link.file, link.url, link.label)


def remember_lists(connection: Connection, catalogued: Sequence[CataloguedLink], now: datetime) -> None:
    """Write where things are listed now; a list that reads as it did is not written again.

    Args:
        connection: A transaction that writes; every resource of the links has been met.
        catalogued: All the links of the lists that were read, whole lists only.
        now: The time of the run.
    """
    by_file: dict[str, list[CataloguedLink]] = defaultdict(list)
    for link in catalogued:
        by_file[link.link.file].append(link)
    for file, in_file in by_file.items():
        _remember_list(connection, file, in_file, now)


def _remember_list(connection: Connection, file: str, catalogued: Sequence[CataloguedLink], now: datetime) -> None:
    digest = _digest(catalogued)
    row = connection.execute(select(lists).where(lists.c.file == file)).first()
    if row is not None and row.digest == digest:
        return
    seen = {} if row is None else _first_seen_in(connection, row.id, file)
    if row is None:
        new = insert(lists).values(file=file, digest=digest, read_at=to_seconds(now)).returning(lists.c.id)
        list_id = connection.execute(new).scalar_one()
    else:
        list_id = row.id
        connection.execute(update(lists).where(lists.c.id == list_id).values(digest=digest, read_at=to_seconds(now)))
        connection.execute(delete(links).where(links.c.list_id == list_id))
    many(connection, insert(links), _link_rows(connection, list_id, catalogued, seen, now))


def _link_rows(
    connection: Connection,
    list_id: int,
    catalogued: Sequence[CataloguedLink],
    seen: Mapping[LinkKey, int],
    now: datetime,
) -> list[dict[str, object]]:
    named = list(dict.fromkeys(resource for link in catalogued for resource in link.resources))
    ids = ids_of(connection, named)
    at = to_seconds(now)
    return [
        {
            "list_id": list_id,
            "resource_id": None if resource is None else ids[resource],
            "line": item.link.line,
            "column": item.link.column,
            "url": item.link.url,
            "label": item.link.label,
            "section": item.link.section,
            "owner": item.link.owner,
            "first_seen_at": seen.get(key_of(item.link), at),
        }
        for item in catalogued
        for resource in (item.resources or (None,))
    ]


def _digest(catalogued: Iterable[CataloguedLink]) -> str:
    """Of everything that is kept of the links, the resolved resources included."""
    digest = hashlib.blake2b(digest_size=16)
    for item in catalogued:
        link = item.link
        fields = (
            link.line,
            link.column,
            link.url,
            link.label,
            link.section,
            link.owner,
            *(r.id for r in item.resources),
        )
        digest.update(repr(fields).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def _first_seen_in(connection: Connection, list_id: int, file: str) -> dict[LinkKey, int]:
    query = select(links.c.url, links.c.label, links.c.first_seen_at).where(links.c.list_id == list_id)
    return {LinkKey(file, url, label): at for url, label, at in connection.execute(query.order_by(links.c.id.desc()))}


def first_seen_of_links(connection: Connection, files: Iterable[str]) -> dict[LinkKey, datetime]:
    """When a check first met each entry of these lists."""
    seen: dict[LinkKey, datetime] = {}
    for file in files:
        list_id = connection.execute(select(lists.c.id).where(lists.c.file == file)).scalar()
        if list_id is not None:
            seen |= {key: to_time(at) for key, at in _first_seen_in(connection, list_id, file).items()}
    return seen


def listed_at(connection: Connection, resource: Resource) -> list[ListedLink]:
    """Where a resource is listed, by the last check of each list."""
    query = (
        select(links, lists.c.file)
        .join(lists, links.c.list_id == lists.c.id)
        .join(resources, links.c.resource_id == resources.c.id)
        .where(resources.c.kind == resource.kind, resources.c.youtube_id == resource.id)
        .order_by(lists.c.file, links.c.line, links.c.column)
    )
    return [
        ListedLink(row.url, row.file, row.line, row.column, row.label, row.section, row.owner)
        for row in connection.execute(query)
    ]
