"""`linkwatch show`."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import click

from linkwatch.catalogue.resource import Kind, Resource
from linkwatch.catalogue.urls import parse_reference
from linkwatch.cli.options import Common, common_options
from linkwatch.errors import UsageError
from linkwatch.observation import Known
from linkwatch.report.escaping import visible
from linkwatch.sources.listed import ListedLink


@click.command("show")
@click.argument("reference", metavar="URL|ID")
@common_options
def command(common: Common, reference: str) -> int:
    """Everything known of one resource, over time; no network.

    \b
    Example:
      linkwatch show PL49CF3715CB9EF31D
    """
    from linkwatch.store.history import events_of, spans_of
    from linkwatch.store.lists import listed_at
    from linkwatch.store.memory import aliases_of, recall
    from linkwatch.store.schema import open_database

    named = parse_reference(reference)
    if named is None:
        raise UsageError(
            f"{reference!r} is no YouTube URL or id", remedy="For example: linkwatch show PL49CF3715CB9EF31D"
        )
    with open_database(common.settings.database_url, create=False) as database, database.read() as connection:
        resource = Resource(named.kind, aliases_of(connection).get(named.id, named.id))
        recalled = recall(connection, [resource]).get(resource)
        if recalled is None:
            raise UsageError(
                f"nothing is known of {resource.kind} {resource.id}", remedy="Check a list that has it first."
            )
        past = [
            *(
                (span.last_seen, f"{_until(span.attribute, span.value)} since {_moment(span.first_seen)}")
                for span in spans_of(connection, resource)
            ),
            *(
                (stored.at, f"{stored.event.kind}{_from_to(stored.event.before, stored.event.after)}")
                for stored in events_of(connection, resource)
            ),
        ]
        links = listed_at(connection, resource)
    for line in (*_present(resource, recalled.known), *_past(past), *_links(links)):
        click.echo(visible(line))
    return 0


def _present(resource: Resource, known: Known) -> Iterator[str]:
    facts = known.facts
    yield f"{resource.kind} {resource.id}"
    values = {
        "address": resource.url,
        "title": facts.title,
        "owner": " ".join(filter(None, (facts.owner_title, facts.owner_id))) or None,
        "videos": facts.item_count if resource.kind is Kind.PLAYLIST else None,
        "restrictions": ", ".join(facts.restrictions or ()) or None,
        "state": f"{known.state}{f' ({known.reason})' if known.reason else ''} since {_moment(known.state_since)}",
        "Data API": known.api,
        "oEmbed": known.oembed,
        "strikes": f"{known.strikes}, the last on {_moment(known.last_strike)}" if known.last_strike else None,
        "first seen": _moment(known.first_seen),
        "checked": _moment(known.last_checked) if known.last_checked else "never answered",
        "last alive": _moment(known.last_available) if known.last_available else "never seen alive",
    }
    for name, value in values.items():
        if value is not None:
            yield f"  {name:<12}  {value}"


def _past(past: Iterable[tuple[datetime, str]]) -> Iterator[str]:
    lines = [f"  {_moment(at)}  {what}" for at, what in sorted(past)]
    if lines:
        yield "What was"
        yield from lines


def _links(links: Iterable[ListedLink]) -> Iterator[str]:
    yield "Where it is listed"
    for link in links:
        yield f"  {link.file}:{link.line}:{link.column}  {link.label or link.url}"


def _until(attribute: str, value: str | None) -> str:
    if attribute == "unanswered":
        return "the first answer again; there was none"
    return (
        f"the last day of {attribute.replace('_', ' ')} “{value}”"
        if value is not None
        else f"another {attribute}, purged,"
    )


def _from_to(before: str | None, after: str | None) -> str:
    return "" if before is None and after is None else f": {before} → {after}"


def _moment(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"
