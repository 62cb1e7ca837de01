"""The lists as they were last checked, and their links."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, delete, func, insert, select, update

from linkwatch.catalogue.catalogue import RESOURCE_KEYS, CataloguedLink
from linkwatch.models.link import Link
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import to_millis, to_time
from linkwatch.spool import KeyCodec, positions_by_key
from linkwatch.store.database import BATCH, in_batches, insert_many
from linkwatch.store.dialects import one_of
from linkwatch.store.resources import load_row_ids
from linkwatch.store.tables import links, lists, resources

_COLUMNS = (
    *("list_id", "resource_id", "line", "column", "url", "label", "section", "owner", "ignored"),
    *("first_seen_at", "listed_at"),
)

# Each check or report executes them for each list: they are built once.
_LIST = select(lists).where(lists.c.file == bindparam("name"))
_LIST_ID = select(lists.c.id).where(lists.c.file == bindparam("name"))
_LINK_TIMES = select(links.c.url, links.c.label, links.c.first_seen_at).where(links.c.list_id == bindparam("this"))
_RESOURCE_TIMES = (
    select(resources.c.kind, resources.c.youtube_id, func.min(links.c.listed_at))
    .join(resources, links.c.resource_id == resources.c.id)
    .where(links.c.list_id == bindparam("this"))
    .group_by(resources.c.id)
)

LinkKey = tuple[str, str | None]
"""URL and label: a link that has the same is the same link, also when it has moved to another line of its list."""

_LINK_KEYS: KeyCodec[LinkKey] = KeyCodec(
    # A link without a label is another one than a link with an empty label.
    lambda key: (key[0], "" if key[1] is None else f"={key[1]}"),
    lambda url, label: (url, label[1:] if label else None),
)


def link_key(link: Link) -> LinkKey:
    """What identifies a link within its list."""
    return (link.url, link.label)


def save_lists(
    connection: Connection, files: Iterable[str], catalogued: Sequence[CataloguedLink], now: datetime
) -> None:
    """Save the links of lists; a list that is as it was is not written.

    Args:
        connection: A transaction that writes; every resource of the links has a row.
        files: The lists that were read: one that has no links any more loses those that are stored.
        catalogued: All links of these lists.
        now: The time of the run.
    """
    ranges: dict[str, list[range]] = {file: [] for file in files}
    end = 0
    for file, group in groupby(catalogued, key=lambda each: each.link.file):
        start, end = end, end + sum(1 for _ in group)
        ranges.setdefault(file, []).append(range(start, end))
    for file, of_file in ranges.items():
        _save_list(connection, file, _Slices(catalogued, of_file), now)


class _Slices:
    """Some ranges of a sequence, one after the other; may be iterated more than once."""

    def __init__(self, catalogued: Sequence[CataloguedLink], ranges: Sequence[range]) -> None:
        self._catalogued, self._ranges = catalogued, ranges

    def __iter__(self) -> Iterator[CataloguedLink]:
        return (self._catalogued[at] for indexes in self._ranges for at in indexes)


def _save_list(connection: Connection, file: str, catalogued: Iterable[CataloguedLink], now: datetime) -> None:
    digest = _digest(catalogued)
    row = connection.execute(_LIST, {"name": file}).first()
    if row is not None and row.digest == digest:
        return
    times = _ListTimes(connection, None if row is None else row.id)
    if row is None:
        new = insert(lists).values(file=file, digest=digest, read_at=to_millis(now)).returning(lists.c.id)
        list_id = connection.execute(new).scalar_one()
    else:
        list_id = row.id
        times.load()  # before its rows are deleted
        connection.execute(update(lists).where(lists.c.id == list_id).values(digest=digest, read_at=to_millis(now)))
        connection.execute(delete(links).where(links.c.list_id == list_id))
    insert_many(connection, links, _COLUMNS, _link_rows(connection, list_id, catalogued, times, now))


def _link_rows(
    connection: Connection,
    list_id: int,
    catalogued: Iterable[CataloguedLink],
    times: "_ListTimes",
    now: datetime,
) -> Iterator[tuple[object, ...]]:
    """The values of `_COLUMNS`: a row for each resource that a link names, one without for a malformed link."""
    at = to_millis(now)
    for batch in in_batches(catalogued):
        row_ids = load_row_ids(connection, {resource for each in batch for resource in each.resources})
        for each in batch:
            link = each.link
            ignored = None if link.ignored is None else " ".join(link.ignored)
            values = (link.line, link.column, link.url, link.label, link.section, link.owner, ignored)
            for resource in each.resources or (None,):
                row_id = None if resource is None else row_ids[resource]
                first_seen_at, listed_at = times.first_seen_at(link), times.listed_at(link, resource)
                yield (
                    *(list_id, row_id, *values),
                    *(at if time is None else time for time in (first_seen_at, listed_at)),
                )


def _digest(catalogued: Iterable[CataloguedLink]) -> str:
    """Of everything that is stored of the links, the resolved resources included."""
    digest = hashlib.blake2b(digest_size=16)
    for each in catalogued:
        link = each.link
        fields = (
            link.line,
            link.column,
            link.url,
            link.label,
            link.section,
            link.owner,
            *([link.ignored] if link.ignored else []),  # only then: older versions had no such field
            *(resource.id for resource in each.resources),
        )
        digest.update(repr(fields).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def load_links(connection: Connection, file: str) -> list[Link]:
    """The links of a list, in its order."""
    rows = connection.execute(_links().where(lists.c.file == file).order_by(links.c.id))
    return list(dict.fromkeys(map(_link, rows)))  # a link that names two resources has two rows


def load_links_to(connection: Connection, resource: Resource) -> list[Link]:
    """The links to a resource, by list and place."""
    this = (resources.c.kind == resource.kind) & (resources.c.youtube_id == resource.id)
    return [link for _, link in _links_by_place(connection, this)]


def load_resources_at(connection: Connection, file: str, line: int, column: int | None) -> list[Resource]:
    """The resources that are linked from a line of a list, or from one place in it, in the order of the line."""
    here = (lists.c.file == file) & (links.c.line == line)
    if column is not None:
        here &= links.c.column == column
    return list(dict.fromkeys(resource for resource, _ in _links_by_place(connection, here)))


def find_by_name(connection: Connection, text: str) -> list[Resource]:
    """The resources with this title or label; where there is none, those whose title or label contains it.

    Upper and lower case are the same; what is listed comes first.
    """
    wanted = " ".join(text.split()).casefold()
    labels = select(resources.c.kind, resources.c.youtube_id, links.c.label).join(
        links, links.c.resource_id == resources.c.id
    )
    titles = select(resources.c.kind, resources.c.youtube_id, resources.c.title)
    exact: dict[Resource, None] = {}
    containing: dict[Resource, None] = {}
    for query, name in ((labels, links.c.label), (titles, resources.c.title)):
        rows = connection.execute(query.where(name.is_not(None)), execution_options={"yield_per": BATCH})
        for kind, id_, written in rows:
            folded = " ".join(written.split()).casefold()
            if wanted in folded:
                (exact if wanted == folded else containing)[Resource(Kind(kind), id_)] = None
    return list(exact or containing) if wanted else []


def load_links_by_resource(connection: Connection, files: Collection[str]) -> dict[Resource, list[Link]]:
    """The links of these lists, by list and place."""
    by_resource: dict[Resource, list[Link]] = defaultdict(list)
    for resource, link in _links_by_place(connection):
        if link.file in files:
            by_resource[resource].append(link)
    return dict(by_resource)


def _links() -> Select[Any]:
    return select(links, lists.c.file).join(lists, links.c.list_id == lists.c.id)


def _links_by_place(connection: Connection, *conditions: ColumnElement[bool]) -> Iterator[tuple[Resource, Link]]:
    query = (
        _links()
        .add_columns(resources.c.kind, resources.c.youtube_id)
        .join(resources, links.c.resource_id == resources.c.id)
        .where(*conditions)
        .order_by(lists.c.file, links.c.line, links.c.column)
    )
    return ((Resource(Kind(row.kind), row.youtube_id), _link(row)) for row in connection.execute(query))


def _link(row: Row[Any]) -> Link:
    ignored = None if row.ignored is None else tuple(row.ignored.split())
    return Link(row.url, row.file, row.line, row.column, row.label, row.section, row.owner, ignored)


def ids_in_other_lists(connection: Connection, ids: Iterable[str | None], files: Iterable[str]) -> set[str | None]:
    """Those of these ids that lists other than these contain; None among them stands for any id."""
    these = set(files)
    others = [row.id for row in connection.execute(select(lists.c.id, lists.c.file)) if row.file not in these]
    if not others:
        return set()
    query = select(resources.c.youtube_id).join(links, links.c.resource_id == resources.c.id).distinct()
    listed: set[str | None] = {None}
    for batch in in_batches({id_ for id_ in ids if id_ is not None}):
        these_ids = query.where(one_of(resources.c.youtube_id, batch), links.c.list_id.in_(others))
        listed.update(connection.execute(these_ids).scalars())
    return listed


def resources_unlisted_since(connection: Connection, since: datetime, files: Collection[str]) -> list[Resource]:
    """The resources that were checked since a time, and are in no list any more.

    Args:
        connection: A transaction that reads.
        since: The time.
        files: The lists in question. Which list a resource was in is not stored: where there are other lists, the
            result is empty.
    """
    if not set(connection.execute(select(lists.c.file)).scalars()) <= set(files):
        return []
    query = (
        select(resources.c.kind, resources.c.youtube_id)
        .where(resources.c.last_checked_at >= to_millis(since))
        .where(~select(links.c.id).where(links.c.resource_id == resources.c.id).exists())
        .order_by(resources.c.kind, resources.c.youtube_id)
    )
    return [Resource(Kind(kind), id_) for kind, id_ in connection.execute(query)]


class ListingTimes:
    """When checks first saw links, and resources in lists; read list by list, for the few links that are asked for.

    Args:
        connection: A transaction that reads; it is used at every call.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._by_file: dict[str, _ListTimes] = {}

    def first_seen(self, link: Link) -> datetime | None:
        """When a check first saw this link, with its URL and label as written; None when none has."""
        return _as_time(self._of(link.file).first_seen_at(link))

    def listed_since(self, link: Link, resource: Resource) -> datetime | None:
        """When a check first saw the resource in the list of this link, however it was written; None when none has."""
        return _as_time(self._of(link.file).listed_at(link, resource))

    def _of(self, file: str) -> "_ListTimes":
        if file not in self._by_file:
            list_id = self._connection.execute(_LIST_ID, {"name": file}).scalar()
            self._by_file[file] = _ListTimes(self._connection, list_id)
        return self._by_file[file]


class _ListTimes:
    """When the links of one list, and the resources in it, were first seen, in milliseconds since 1970.

    Args:
        connection: A transaction that reads.
        list_id: None: a list that no check has read.
    """

    def __init__(self, connection: Connection, list_id: int | None) -> None:
        self._connection = connection
        self._list_id = list_id

    def load(self) -> None:
        """Read both now; else each is read when it is first needed."""
        _ = self._links, self._resources

    def first_seen_at(self, link: Link) -> int | None:
        return next(iter(self._links.get(link_key(link), ())), None)

    def listed_at(self, link: Link, resource: Resource | None) -> int | None:
        """A link that was here keeps its time when what it names gets another id, as a handle that was resolved."""
        at = None if resource is None else next(iter(self._resources.get(resource, ())), None)
        return self.first_seen_at(link) if at is None else at

    @cached_property
    def _links(self) -> Mapping[LinkKey, list[int]]:
        """Links with one key have one time."""
        rows = self._rows(_LINK_TIMES)
        return positions_by_key((((url, label), at) for url, label, at in rows), _LINK_KEYS)

    @cached_property
    def _resources(self) -> Mapping[Resource, list[int]]:
        rows, kinds = self._rows(_RESOURCE_TIMES), {kind.value: kind for kind in Kind}
        return positions_by_key(((Resource(kinds[kind], id_), at) for kind, id_, at in rows), RESOURCE_KEYS)

    def _rows(self, query: Select[Any]) -> Iterable[Any]:
        if not self._list_id:
            return ()
        return self._connection.execute(query, {"this": self._list_id}, execution_options={"yield_per": BATCH})


def _as_time(at: int | None) -> datetime | None:
    return None if at is None else to_time(at)
