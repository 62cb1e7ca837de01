"""The paths of pages, with names and ids percent-encoded."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from markupsafe import escape

from linkwatch.models.resource import Kind, Resource

_ADDRESS = re.compile(r'\b(href|action|src)="(?=/(?!/))')
"""Of our own markup: in texts quotes are escaped."""

_LOCAL = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")


def prefix_of(base_url: str | None) -> str:
    """The path that the dashboard has behind a proxy, as `/linkwatch`; empty at the root.

    Within the dashboard all paths are those at the root: it is added to what leaves.
    """
    return urlsplit(base_url or "").path.rstrip("/")


def add_prefix(page: str, prefix: str) -> str:
    """A page of ours whose links, forms and files lead below the prefix."""
    return _ADDRESS.sub(rf'\1="{escape(prefix)}', page) if prefix else page


def list_path(schedule: str) -> str:
    return f"/lists/{_part(schedule)}"


def badge_path(schedule: str) -> str:
    return f"/badge/{_part(schedule)}.svg"


def feed_path(schedule: str) -> str:
    return f"/feed/{_part(schedule)}.atom"


def edit_path(schedule: str, **query: object) -> str:
    return with_query(f"/edit/{_part(schedule)}", **query)


def remove_path(schedule: str, **query: object) -> str:
    return with_query(f"/remove/{_part(schedule)}", **query)


def patch_path(schedule: str) -> str:
    return f"/patch/{_part(schedule)}"


def stored_path(schedule: str, **query: object) -> str:
    return with_query(f"/stored/{_part(schedule)}.csv", **query)


def export_path(schedule: str, format_: str) -> str:
    return f"/export/{_part(schedule)}.{format_}"


def report_path(schedule: str) -> str:
    return f"/api/v1/reports/{_part(schedule)}"


def resource_path(kind: Kind, id_: str) -> str:
    return Resource(kind, id_).page


def history_path(kind: Kind, id_: str) -> str:
    return f"/api/v1/resources/{kind}/{_part(id_)}"


def video_url(id_: str) -> str:
    return Resource(Kind.VIDEO, id_).url


THUMBNAIL_HOST = "https://i.ytimg.com"
"""Where pictures of videos are."""


def thumbnail_url(id_: str) -> str:
    """The picture of a video, 320 by 180 pixels."""
    return f"{THUMBNAIL_HOST}/vi/{_part(id_)}/mqdefault.jpg"


def with_query(path: str, **values: object) -> str:
    """The path with a query; values that are None or empty are left out."""
    given = {name: value for name, value in values.items() if value not in {None, ""}}
    return f"{path}?{urlencode(given, errors='replace')}" if given else path


def page_path(address: str, name: str, number: int) -> str:
    """The same path and query with another page of one of its tables; `name` is the parameter of the table."""
    path, _, query = address.partition("?")
    values = dict(parse_qsl(query)) | {name: str(number)}
    return f"{path}?{urlencode(values, errors='replace')}"


def parse_resource(path: Mapping[str, str]) -> Resource | None:
    """The resource of the path parameters `kind` and `id`; None if they can't name one."""
    kind = next((kind for kind in Kind if kind == path["kind"]), None)
    # PostgreSQL refuses a NUL in a query.
    return None if kind is None or "\0" in path["id"] else Resource(kind, path["id"])


def local_path(text: str) -> str:
    """The text if it is a path of this site, else `/`: a form redirects to no other site."""
    return text if _LOCAL.fullmatch(text) else "/"


def _part(text: str) -> str:
    return quote(text, safe="@", errors="replace")


TEMPLATE_FUNCTIONS = (
    list_path,
    badge_path,
    feed_path,
    edit_path,
    remove_path,
    patch_path,
    stored_path,
    export_path,
    report_path,
    resource_path,
    history_path,
    thumbnail_url,
    video_url,
    with_query,
    page_path,
)
"""Functions that templates may call."""
