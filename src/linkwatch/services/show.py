"""The history of one resource; no network."""

import re
from collections.abc import Sequence
from datetime import datetime

from linkwatch.acknowledgements.matching import merge_acknowledgements
from linkwatch.acknowledgements.toml_read import read_acks
from linkwatch.errors import UsageError
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.records import Flapping, StoredEvent
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import EPOCH
from linkwatch.report.resource.model import ResourceHistory, build_history
from linkwatch.report.wording import quoted
from linkwatch.services.report import CHECKS_SHOWN, flap_policy
from linkwatch.settings import Settings
from linkwatch.store.acknowledgements import load_acknowledgements
from linkwatch.store.channels import load_aliases, load_custom_names, load_unresolved_names
from linkwatch.store.database import Database
from linkwatch.store.events import load_change_times, load_check_history, load_events, load_spans
from linkwatch.store.lists import find_by_name, load_links_to, load_resources_at
from linkwatch.store.playlists import load_last_inspections, load_member_changes, load_member_history
from linkwatch.store.resources import load_resources, load_titles
from linkwatch.store.runs import run_starts_reading
from linkwatch.store.schema import open_for_reading
from linkwatch.text import listing, visible
from linkwatch.urls.parse import parse_reference
from linkwatch.verdict.flapping import find_flapping, state_changes

MOST_NAMED = 5
"""Resources that are named where more than one fits."""


def find_resource(reference: str, settings: Settings) -> Resource:
    """Find what a person means by what reports print: a URL, an id, a place (`README.md:14`), a title or a label.

    Args:
        reference: As it was typed.
        settings: They name the database, which knows places, titles and labels.

    Raises:
        UsageError: Nothing fits, or more than one resource does; then they are named.
        StoreError: The database can't be read.
    """
    named = parse_reference(reference)
    with open_for_reading(settings.database_url) as database, database.read() as connection:
        if named is not None and (not _may_be_name(reference) or load_resources(connection, [named])):
            return named
        place = re.fullmatch(r"(.+?):([0-9]{1,9})(?::([0-9]{1,9}))?", reference.strip())
        if place is not None:
            column = None if place[3] is None else int(place[3])
            fitting = load_resources_at(connection, place[1], int(place[2]), column)
        else:
            fitting = find_by_name(connection, reference)
        titles = load_titles(connection, [resource.id for resource in fitting])
    if len(fitting) == 1:
        return fitting[0]
    if named is not None and not fitting:
        return named
    shown = visible(reference)
    if not fitting:
        raise UsageError(
            f"{quoted(shown)} is not a YouTube URL or id, nor a place, title or label of the lists that were checked",
            remedy="For example: linkwatch show PL49CF3715CB9EF31D, or linkwatch show README.md:14",
        )
    names = [" ".join(filter(None, (f"{each.kind} {each.id}", visible(titles.get(each.id, ""))))) for each in fitting]
    raise UsageError(
        f"{quoted(shown)} fits {len(fitting):,} resources: {listing(names, MOST_NAMED)}", remedy="Give the id of one."
    )


def stored_history(named: Resource, settings: Settings, now: datetime) -> ResourceHistory | None:
    """Load the history of a resource from the database of the settings; see `resource_history`.

    Raises:
        SettingsError: The file of acknowledgements makes no sense.
        StoreError: The database can't be read.
    """
    acks = read_acks(settings.acks_file, now)
    with open_for_reading(settings.database_url) as database:
        return resource_history(named, database=database, settings=settings, now=now, listed_acks=acks)


def _may_be_name(reference: str) -> bool:
    """Whether what has the shape of an id may be a title as well: `Mathematics` has eleven letters, as a video's id."""
    return reference.isalpha()


def resource_history(
    named: Resource,
    *,
    database: Database,
    settings: Settings,
    now: datetime,
    listed_acks: Sequence[Acknowledgement] | None = None,
) -> ResourceHistory | None:
    """Load the history of a resource.

    Args:
        named: The resource; a handle or user name stands for the channel that it was resolved to.
        database: Opened.
        settings: When it flaps.
        now: Aware UTC.
        listed_acks: What the file of acknowledgements says; None: there is none.

    Returns:
        None when no check has ever asked about it.
    """
    with database.read() as connection:
        aliases = load_aliases(connection)
        resource = Resource(named.kind, aliases.get(named.id, named.id))
        recalled = load_resources(connection, [resource]).get(resource)
        if recalled is None:
            return None
        events = load_events(connection, resource)
        known, links = recalled.record, load_links_to(connection, resource)
        # What is listed nowhere any more was not asked about since.
        until = now if links else known.last_checked or known.first_seen
        times = run_starts_reading(connection, {link.file for link in links}, until, CHECKS_SHOWN)
        return build_history(
            now=now,
            resource=resource,
            record=known,
            names=[alias for alias, channel in aliases.items() if channel == resource.id],
            custom_names=[name for name in load_custom_names(connection) if name.channel_id == resource.id],
            tried_at=load_unresolved_names(connection).get(resource.id),
            checks=load_check_history(connection, times, {resource: known}),
            spans=load_spans(connection, resource),
            present_since=load_change_times(connection, resource),
            events=events,
            inspection=load_last_inspections(connection, [resource]).get(resource),
            members=load_member_history(connection, resource) if resource.kind is Kind.PLAYLIST else [],
            changes=load_member_changes(connection, EPOCH, [resource]).get(resource, []),
            flapping=_flapping(events, settings, known.last_checked or now),
            links=links,
            acks=merge_acknowledgements(listed_acks, load_acknowledgements(connection), aliases),
        )


def _flapping(events: Sequence[StoredEvent], settings: Settings, checked: datetime) -> Flapping | None:
    flapping = find_flapping(state_changes(events), flap_policy(settings), checked)
    return None if flapping is None or flapping.ended_at is not None else flapping
