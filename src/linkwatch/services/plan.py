"""What a check would ask now: its calls, and its looks inside playlists."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from linkwatch.catalogue.catalogue import Catalogue, resolve_aliases
from linkwatch.models.resource import Kind, Resource
from linkwatch.planner.calls import CheckPlan, plan_with_key, plan_without_key
from linkwatch.planner.inspections import InspectionPlan, plan_inspections
from linkwatch.services.inspect import stored_candidates
from linkwatch.settings import InspectMode, Settings
from linkwatch.store.channels import load_aliases
from linkwatch.store.database import Database
from linkwatch.store.quota import QuotaDay, load_quota_day, spare_units
from linkwatch.store.resources import iter_last_checks
from linkwatch.store.schema import open_database


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
    keyed = settings.api_key is not None
    with open_database(settings.database_url, create=False) as database:
        with database.read() as connection:
            quota = load_quota_day(connection, now, settings.quota_per_day)
        check = plan_check(catalogue, database, keyed=keyed, quota_per_day=settings.quota_per_day, now=now)
        inspections = (
            plan_inspections_of(catalogue, database, settings, check.units, now) if keyed else InspectionPlan()
        )
    return CostEstimate(quota, check, inspections)


def plan_check(
    catalogue: Catalogue,
    database: Database,
    *,
    keyed: bool,
    quota_per_day: int,
    now: datetime,
    only: Collection[Resource] | None = None,
) -> CheckPlan:
    """What a check would ask now, within what is left of the day's quota; `only` about some, if they are given."""
    with database.read() as connection:
        listed = resolve_aliases(catalogue, load_aliases(connection)).links_of
        resources = (resource for resource in listed if only is None or resource in only)
        if not keyed:
            return plan_without_key(resources)
        budget = load_quota_day(connection, now, quota_per_day).left
        return plan_with_key(iter_last_checks(connection, resources), budget)


def plan_inspections_of(
    catalogue: Catalogue, database: Database, settings: Settings, units: int, now: datetime
) -> InspectionPlan:
    """The looks inside that a check would make now, if nothing has moved that it doesn't know of.

    Args:
        catalogue: The links of the lists.
        database: Where the memory is.
        settings: With a key; what is looked for inside, and how often.
        units: What the check itself will cost.
        now: The present time.
    """
    if settings.inside is InspectMode.OFF:
        return InspectionPlan()
    playlists = [each for each in catalogue.resources() if each.kind is Kind.PLAYLIST and not each.unmonitorable]
    with database.read() as connection:
        spare = spare_units(load_quota_day(connection, now, settings.quota_per_day))
        return plan_inspections(
            stored_candidates(connection, playlists),
            now=now,
            every=settings.inside_every,
            budget=max(0, spare - units),
            full=settings.inside is InspectMode.FULL,
        )
