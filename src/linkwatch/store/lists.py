"""Which lists were read, and where they list what."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, delete, insert, select, update

from linkwatch.catalogue.catalogue import CataloguedLink
from linkwatch.models.link import Link
from linkwatch.models.resource import Resource
from linkwatch.models.times import to_millis, to_time
from linkwatch.spool import KeyCodec, positions_by_key
from linkwatch.store.database import BATCH, in_batches, insert_many
from linkwatch.store.resources import load_row_ids
from linkwatch.store.tables import links, lists, resources

_COLUMNS = ("list_id", "resource_id", "line", "column", "url", "label", "section", "owner", "ignored", "first_seen_at")

LinkKey = tuple[str, str | None]
"""URL and label: what makes an entry of a list the same entry after lines were put in above it."""


def link_key(link: Link) -> LinkKey:
    """The key of an entry within its list."""
    return (link.url, link.label)


def save_lists(
    connection: Connection, files: Iterable[str], catalogued: Sequence[CataloguedLink], now: datetime
) -> None:
    """Write where things are listed now; a list that reads as it did is not written again.

    Args:
        connection: A transaction that writes; every resource of the links has been met.
        files: The lists that were read: one that has no link any more loses those it had.
        catalogued: All the links of these lists, whole lists only.
        now: The time of the run.
    """
    stretches: dict[str, list[range]] = {file: [] for file in files}
    at = 0
    for file, links_of_it in groupby(item.link.file for item in catalogued):
        begin, at = at, at + sum(1 for _ in links_of_it)
        stretches.setdefault(file, []).append(range(begin, at))
    for file, places in stretches.items():
        _remember_list(connection, file, _Part(catalogued, places), now)


class _Part:
    """The links of one list, to be gone through as often as needed."""

    def __init__(self, catalogued: Sequence[CataloguedLink], places: Sequence[range]) -> None:
        self._catalogued, self._places = catalogued, places

    def __iter__(self) -> Iterator[CataloguedLink]:
        return (self._catalogued[at] for stretch in self._places for at in stretch)


def _remember_list(connection: Connection, file: str, catalogued: Iterable[CataloguedLink], now: datetime) -> None:
    digest = _digest(catalogued)
    row = connection.execute(select(lists).where(lists.c.file == file)).first()
    if row is not None and row.digest == digest:
        return
    seen = {} if row is None else _load_first_seen(connection, row.id)
    if row is None:
        new = insert(lists).values(file=file, digest=digest, read_at=to_millis(now)).returning(lists.c.id)
        list_id = connection.execute(new).scalar_one()
    else:
        list_id = row.id
        connection.execute(update(lists).where(lists.c.id == list_id).values(digest=digest, read_at=to_millis(now)))
        connection.execute(delete(links).where(links.c.list_id == list_id))
    insert_many(connection, links, _COLUMNS, _link_rows(connection, list_id, catalogued, seen, now))


def _link_rows(
    connection: Connection,
    list_id: int,
    catalogued: Iterable[CataloguedLink],
    seen: Mapping[LinkKey, list[int]],
    now: datetime,
) -> Iterator[tuple[object, ...]]:
    """The values of `_COLUMNS`: a row for each resource that an entry names, one without for a malformed entry."""
    at = to_millis(now)
    for some in in_batches(catalogued):
        ids = load_row_ids(connection, {resource for item in some for resource in item.resources})
        for item in some:
            link = item.link
            first_seen = seen.get(link_key(link), [at])[0]
            ignored = None if link.ignored is None else " ".join(link.ignored)
            told = (link.line, link.column, link.url, link.label, link.section, link.owner, ignored, first_seen)
            for resource in item.resources or (None,):
                yield (list_id, None if resource is None else ids[resource], *told)


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
            *([link.ignored] if link.ignored else []),  # only then: the digests of most lists stay what they were
            *(r.id for r in item.resources),
        )
        digest.update(repr(fields).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def load_links(connection: Connection, file: str) -> list[Link]:
    """The YouTube links of a list when it was last checked, in its order."""
    query = select(links).join(lists, links.c.list_id == lists.c.id).where(lists.c.file == file)
    found = [
        Link(
            row.url,
            file,
            row.line,
            row.column,
            row.label,
            row.section,
            row.owner,
            None if row.ignored is None else tuple(row.ignored.split()),
        )
        for row in connection.execute(query.order_by(links.c.id))
    ]
    return list(dict.fromkeys(found))  # an entry that names two resources has two rows


_LINK_KEYS: KeyCodec[LinkKey] = KeyCodec(
    # A link without a label is another one than a link with an empty label.
    lambda key: (key[0], "" if key[1] is None else f"={key[1]}"),
    lambda url, label: (url, label[1:] if label else None),
)


def _load_first_seen(connection: Connection, list_id: int) -> Mapping[LinkKey, list[int]]:
    """When each link of a list was first seen, in milliseconds since 1970; links with one key have one time."""
    query = select(links.c.url, links.c.label, links.c.first_seen_at).where(links.c.list_id == list_id)
    rows = connection.execute(query, execution_options={"yield_per": BATCH})
    return positions_by_key((((url, label), at) for url, label, at in rows), _LINK_KEYS)


class FirstSeenLookup:
    """When a check first met an entry; looked up list by list, for the few entries that somebody asks about.

    Args:
        connection: A transaction that reads; it is used at every call.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._by_file: dict[str, Mapping[LinkKey, list[int]]] = {}

    def __call__(self, link: Link) -> datetime | None:
        """When a check first met this entry; None when none has."""
        if link.file not in self._by_file:
            query = select(lists.c.id).where(lists.c.file == link.file)
            list_id = self._connection.execute(query).scalar()
            self._by_file[link.file] = {} if list_id is None else _load_first_seen(self._connection, list_id)
        times = self._by_file[link.file].get(link_key(link))
        return None if times is None else to_time(times[0])


def load_links_to(connection: Connection, resource: Resource) -> list[Link]:
    """Where a resource is listed, by the last check of each list."""
    query = (
        select(links, lists.c.file)
        .join(lists, links.c.list_id == lists.c.id)
        .join(resources, links.c.resource_id == resources.c.id)
        .where(resources.c.kind == resource.kind, resources.c.youtube_id == resource.id)
        .order_by(lists.c.file, links.c.line, links.c.column)
    )
    return [
        Link(row.url, row.file, row.line, row.column, row.label, row.section, row.owner)
        for row in connection.execute(query)
    ]
