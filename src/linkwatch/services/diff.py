"""Compare some lists, and the resources in them, with what they were at a time in the past; no network."""

from datetime import datetime

from sqlalchemy import Connection

from linkwatch.catalogue.catalogue import resolve_aliases
from linkwatch.models.link import Link
from linkwatch.models.records import Flapping
from linkwatch.models.resource import Resource
from linkwatch.report.diff.compute import DiffInput, build_diff
from linkwatch.report.diff.model import ListDiff
from linkwatch.services.lists import ReadLists
from linkwatch.services.report import flap_policy
from linkwatch.settings import Settings
from linkwatch.store.channels import load_aliases
from linkwatch.store.events import events_since, load_state_changes
from linkwatch.store.lists import load_links_by_resource, resources_unlisted_since
from linkwatch.store.playlists import load_member_changes
from linkwatch.store.resources import load_resources
from linkwatch.store.runs import first_run_starts, load_last_run, run_scope
from linkwatch.store.schema import open_for_reading
from linkwatch.verdict.flapping import find_flapping


def diff_lists(read: ReadLists, settings: Settings, *, since: datetime, now: datetime) -> ListDiff:
    """What has changed since then, as far as checks have seen it.

    Args:
        read: The lists as they are.
        settings: They name the database, and the limits of the rules.
        since: Aware UTC.
        now: Aware UTC.

    Raises:
        StoreError: The database can't be read.
    """
    with open_for_reading(settings.database_url) as database, database.read() as connection:
        catalogue = resolve_aliases(read.catalogue, load_aliases(connection))
        listed_before = load_links_by_resource(connection, read.files)
        # Where these stood is no longer stored.
        unlisted: dict[Resource, list[Link]] = {
            resource: [] for resource in resources_unlisted_since(connection, since, read.files)
        }
        removed = {
            resource: links
            for resource, links in (listed_before | unlisted).items()
            if resource not in catalogue.links_of
        }
        stored = load_resources(connection, [*catalogue.links_of, *removed])
        run = load_last_run(connection, now, run_scope(read.files)) or load_last_run(connection, now)
        difference = DiffInput(
            catalogue=catalogue,
            records={resource: each.record for resource, each in stored.items()},
            events=events_since(connection, since),
            member_changes=load_member_changes(connection, since),
            first_checks=first_run_starts(connection),
            removed=removed,
            run=run,
            flapping=_flapping(connection, settings, now if run is None else run.started_at),
        )
        return build_diff(difference, since=since, now=now, settings=settings)


def _flapping(connection: Connection, settings: Settings, checked: datetime) -> dict[Resource, Flapping]:
    """What flaps at the last check."""
    policy = flap_policy(settings)
    lately = load_state_changes(connection, checked - policy.quiet, policy.changes)
    found = {resource: find_flapping(changes, policy, checked) for resource, changes in lately.items()}
    return {resource: each for resource, each in found.items() if each is not None and each.ended_at is None}
