"""Where things are: the addresses of pages, with whatever names and ids hold made fit for a URL."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode

from linkwatch.models.resource import Kind, Resource

_OWN = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")


def list_path(schedule: str) -> str:
    """The page of a schedule."""
    return f"/lists/{_part(schedule)}"


def badge_path(schedule: str) -> str:
    """Its badge."""
    return f"/badge/{_part(schedule)}.svg"


def feed_path(schedule: str) -> str:
    """Its feed."""
    return f"/feed/{_part(schedule)}.atom"


def report_path(schedule: str) -> str:
    """Its report as JSON."""
    return f"/api/v1/reports/{_part(schedule)}"


def resource_path(kind: Kind, id_: str) -> str:
    """The page of a resource."""
    return f"/resources/{kind}/{_part(id_)}"


def history_path(kind: Kind, id_: str) -> str:
    """Everything known of a resource, as JSON."""
    return f"/api/v1/resources/{kind}/{_part(id_)}"


def video_url(id_: str) -> str:
    """A video of a playlist, on YouTube."""
    return Resource(Kind.VIDEO, id_).url


def with_query(path: str, **values: object) -> str:
    """The path with a query; what is None or empty is left out."""
    told = {name: value for name, value in values.items() if value not in {None, ""}}
    return f"{path}?{urlencode(told, errors='replace')}" if told else path


def page_path(address: str, name: str, number: int) -> str:
    """The same address with another page of one of its tables."""
    path, _, query = address.partition("?")
    values = dict(parse_qsl(query)) | {name: str(number)}
    return f"{path}?{urlencode(values, errors='replace')}"


def parse_resource(path: Mapping[str, str]) -> Resource | None:
    """What `kind` and `id` of a path name; None when they can't be a resource's."""
    kind = next((kind for kind in Kind if kind == path["kind"]), None)
    # PostgreSQL can't even be asked for a NUL.
    return None if kind is None or "\0" in path["id"] else Resource(kind, path["id"])


def local_path(text: str) -> str:
    """The text if it is a path of ours, as a form gives it back; else the first page."""
    return text if _OWN.fullmatch(text) else "/"


def _part(text: str) -> str:
    return quote(text, safe="@", errors="replace")


FOR_PAGES = (
    list_path,
    badge_path,
    feed_path,
    report_path,
    resource_path,
    history_path,
    video_url,
    with_query,
    page_path,
)
"""What templates name addresses by."""
