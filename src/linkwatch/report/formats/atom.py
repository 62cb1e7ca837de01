"""An Atom feed (RFC 4287) of what happened lately, an entry for each event."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from html import escape

from linkwatch.models.events import Event
from linkwatch.models.link import Link
from linkwatch.report.model import Report, ReportedEvent
from linkwatch.report.wording import EVENTS
from linkwatch.text import visible
from linkwatch.version import __version__

PLACES_SHOWN = 10
"""Links of the lists that one event names."""


def render(report: Report, address: str | None = None, *, public_title: str | None = None) -> str:
    """Render the last events as a feed, with a line end; the same events give the same bytes.

    Args:
        report: With its last events.
        address: Where the feed is served; None: it is a file, which may be put anywhere.
        public_title: For a feed that everybody may read: its title, in which, as in the entries, no file is named.
    """
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
            *_head(report, public_title),
            *([] if address is None else [f'<link rel="self" href="{_xml(address)}"/>']),
            *(_entry(happened, with_places=public_title is None) for happened in report.events),
            "</feed>\n",
        ]
    )


def _head(report: Report, public_title: str | None) -> Iterator[str]:
    files = sorted({link.file for item in report.resources for link in item.links})
    named = ", ".join(files[:3]) + (" …" if len(files) > 3 else "")
    yield f"<id>{_urn('feed', *([public_title] if public_title else files))}</id>"
    yield f"<title>{_xml(public_title or (f'linkwatch: {named}' if files else 'linkwatch'))}</title>"
    yield "<subtitle>What happened to the listed links, as YouTube reports them</subtitle>"
    yield f"<updated>{_time(_last(report))}</updated>"
    yield "<author><name>linkwatch</name></author>"
    yield f'<generator version="{__version__}">linkwatch</generator>'
    yield '<link rel="via" href="https://www.youtube.com/"/>'


def _last(report: Report) -> datetime:
    """When something last happened, or was at least looked at."""
    if report.events:
        return max(happened.stored.at for happened in report.events)
    return report.generated_at if report.run is None else report.run.started_at


def _entry(happened: ReportedEvent, *, with_places: bool) -> str:
    stored, item = happened.stored, happened.item
    kind, resource, at = stored.event.kind, stored.resource, _time(stored.at)
    # By what happened and when, never by the run's number: another database with the same events gives the same ids.
    identity = _urn("event", resource.kind, resource.id, kind, str(round(stored.at.timestamp() * 1000)))
    return (
        f"<entry><id>{identity}</id><title>{_xml(_title(happened))}</title>"
        f"<updated>{at}</updated><published>{at}</published>"
        f'<link rel="alternate" href="{_xml(item.resource.url)}"/><category term="{_xml(kind)}"/>'
        f'<content type="html">{_xml(_content(happened, with_places=with_places))}</content></entry>'
    )


def _title(happened: ReportedEvent) -> str:
    return f"{EVENTS[happened.stored.event.kind]}: {happened.item.name}"


def _content(happened: ReportedEvent, *, with_places: bool) -> str:
    """HTML."""
    name, address = _xml(happened.item.name), _xml(happened.item.resource.url)
    change = _change(happened.stored.event)
    text = f'<p><a href="{address}">{name}</a>: {change}</p>'
    if not with_places:
        return text
    places = "".join(f"<li>{place}</li>" for place in _places(happened.item.links))
    return f"{text}<p>Listed in</p><ul>{places}</ul>"


def _change(event: Event) -> str:
    """Before and after, as HTML; a value that was purged, as YouTube's terms ask, is said to be so."""
    if event.before is None and event.after is None:
        return "what it was and what it became is no longer kept"
    before, after = (
        "<i>no longer kept</i>" if value is None else _xml(value) or "<i>none</i>"
        for value in (event.before, event.after)
    )
    return f"{before} → {after}"


def _places(links: Sequence[Link]) -> Iterator[str]:
    for link in links[:PLACES_SHOWN]:
        yield _xml(f"{link.file}:{link.line}" + (f" “{link.label}”" if link.label else ""))
    if len(links) > PLACES_SHOWN:
        yield "…"


def _urn(*what: str) -> str:
    """A UUID of version 8 (RFC 9562) by the hash of what it stands for."""
    digest = int.from_bytes(sha256("\n".join(what).encode("utf-8", "backslashreplace")).digest()[:16])
    digits = f"{digest & ~(0xF << 76) & ~(0x3 << 62) | 8 << 76 | 2 << 62:032x}"
    return f"urn:uuid:{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _time(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


def _xml(text: str) -> str:
    """For text, and for attributes in double quotes; of XML, and of the HTML inside it."""
    return escape(visible(text))
