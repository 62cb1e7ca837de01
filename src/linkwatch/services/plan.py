"""What a check would ask now: its calls, and its inspections of playlists."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from linkwatch.catalogue.catalogue import Catalogue, resolved_resources
from linkwatch.models.records import QuotaDay
from linkwatch.models.resource import Kind, Resource
from linkwatch.planner.calls import CheckPlan, plan_with_key, plan_without_key
from linkwatch.planner.inspections import InspectionPlan, plan_inspections
from linkwatch.services.candidates import stored_candidates
from linkwatch.settings import InspectMode, Settings
from linkwatch.store.channels import load_aliases
from linkwatch.store.database import Database
from linkwatch.store.quota import load_quota_day, spare_units
from linkwatch.store.resources import iter_last_checks
from linkwatch.store.schema import open_for_reading


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """What a check of some lists would cost now."""

    quota: QuotaDay
    """The units of today, before the check."""

    check: CheckPlan
    inspections: InspectionPlan


def estimate_cost(catalogue: Catalogue, settings: Settings, now: datetime) -> CostEstimate:
    """Plan a check with the database of the settings, and run nothing of it.

    Raises:
        StoreError: The database can't be read.
    """
    with open_for_reading(settings.database_url) as database:
        with database.read() as connection:
            quota = load_quota_day(connection, now, settings.quota_per_day, settings.api_key)
        check = plan_check(catalogue, database, settings, now=now)
        inspections = plan_inspections_of(catalogue, database, settings, check.units, now)
    return CostEstimate(quota, check, inspections)


def plan_check(
    catalogue: Catalogue,
    database: Database,
    settings: Settings,
    *,
    now: datetime,
    only: Collection[Resource] | None = None,
) -> CheckPlan:
    """The calls that a check would make now, within what is left of the day's quota.

    Args:
        catalogue: The links of the lists.
        database: Opened.
        settings: With or without a key.
        now: The present time.
        only: The resources to ask about, handles by the channels that they were resolved to; None: all.
    """
    with database.read() as connection:
        listed = resolved_resources(catalogue, load_aliases(connection))
        resources = (resource for resource in listed if only is None or resource in only)
        if settings.api_key is None:
            return plan_without_key(resources)
        budget = load_quota_day(connection, now, settings.quota_per_day, settings.api_key).left
        return plan_with_key(iter_last_checks(connection, resources), budget)


def plan_inspections_of(
    catalogue: Catalogue, database: Database, settings: Settings, units: int, now: datetime
) -> InspectionPlan:
    """The inspections that a check would make now, if no playlist has changed since its last check.

    Args:
        catalogue: The links of the lists.
        database: Opened.
        settings: With or without a key.
        units: What the calls of the check will cost.
        now: The present time.
    """
    if settings.api_key is None or settings.inside is InspectMode.OFF:
        return InspectionPlan()
    playlists = [each for each in catalogue.resources() if each.kind is Kind.PLAYLIST and not each.unmonitorable]
    with database.read() as connection:
        spare = spare_units(load_quota_day(connection, now, settings.quota_per_day, settings.api_key))
        return plan_inspections(
            stored_candidates(connection, playlists),
            now=now,
            every=settings.inside_every,
            budget=max(0, spare - units),
            full=settings.inside is InspectMode.FULL,
        )
