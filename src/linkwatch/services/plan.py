"""What a check would ask now: its calls, and its inspections of playlists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from math import ceil

from sqlalchemy import Connection

from linkwatch.catalogue.catalogue import RESOURCE_KEYS, Catalogue, resolved_resources
from linkwatch.models.observation import State
from linkwatch.models.records import QuotaDay
from linkwatch.models.resource import Kind, Resource
from linkwatch.planner.calls import IDS_PER_CALL, CheckPlan, Method, plan_with_key, plan_without_key
from linkwatch.planner.inspections import InspectionPlan, plan_inspections
from linkwatch.services.candidates import stored_candidates
from linkwatch.services.custom_names import CustomNamesPlan, plan_custom_names
from linkwatch.services.handles import ASK_AGAIN_AFTER
from linkwatch.services.owners import AT_ONCE
from linkwatch.settings import InspectMode, Settings
from linkwatch.spool import positions_by_key
from linkwatch.store.channels import load_aliases, load_handles_of_missing, load_renamed
from linkwatch.store.database import BATCH, Database
from linkwatch.store.quota import load_quota_day, spare_units
from linkwatch.store.resources import iter_last_checks, load_resources
from linkwatch.store.runs import first_run_start
from linkwatch.store.schema import open_for_reading
from linkwatch.verdict.judge import needs_second_answer


@dataclass(frozen=True, slots=True)
class SecondCalls:
    """The quota units of the calls that depend on the answers of the first ones, at most."""

    channels: int = 0
    """Channels that no check has found yet are asked about once more when they are missing."""

    handles: int = 0
    """A handle is asked about again when its channel has another one, and each time twice when the answer still names
    that channel."""

    owners: int = 0
    """One call about the channels of playlists and videos that go missing together."""

    @property
    def units(self) -> int:
        """All of them."""
        return self.channels + self.handles + self.owners


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """What a check of some lists would cost now."""

    quota: QuotaDay
    """The units of today, before the check."""

    check: CheckPlan
    names: CustomNamesPlan
    left_handles: int
    """Handles whose channels have other ones since an earlier check, or are missing: each is asked about again."""

    second: SecondCalls
    inspections: InspectionPlan

    @property
    def units(self) -> int:
        """Quota units of what is asked in any case, without retries and inspections."""
        return self.check.units + self.names.units + self.left_handles


def estimate_cost(catalogue: Catalogue, settings: Settings, now: datetime) -> CostEstimate:
    """Plan a check with the database of the settings, and run nothing of it.

    Raises:
        StoreError: The database can't be read.
    """
    with open_for_reading(settings.database_url) as database:
        with database.read() as connection:
            quota = load_quota_day(connection, now, settings.quota_per_day, settings.api_key)
        check = plan_check(catalogue, database, settings, now=now)
        if settings.api_key is None:
            return CostEstimate(quota, check, CustomNamesPlan(), 0, SecondCalls(), InspectionPlan())
        with database.read() as connection:
            spare = max(0, spare_units(quota) - check.units)
            names = plan_custom_names(connection, check.unmonitorable, now=now, budget=spare)
            left = _left_handles(connection, catalogue, now)
            second = _second_calls(connection, catalogue, check, names, left)
        inspections = plan_inspections_of(catalogue, database, settings, check.units + names.units + left, now)
    return CostEstimate(quota, check, names, left, second, inspections)


def _left_handles(connection: Connection, catalogue: Catalogue, now: datetime) -> int:
    """The listed handles whose channels, when they were last asked about, had other ones or were missing."""
    missing = load_handles_of_missing(connection, now, ASK_AGAIN_AFTER)
    renamed = {handle: each for handle, each in load_renamed(connection).items() if handle in catalogue.links_of}
    stored = load_resources(connection, renamed.values())
    available = (each in stored and stored[each].record.state is State.AVAILABLE for each in renamed.values())
    return sum(available) + sum(handle in catalogue.links_of for handle in missing)


def _second_calls(
    connection: Connection, catalogue: Catalogue, check: CheckPlan, names: CustomNamesPlan, left_handles: int
) -> SecondCalls:
    one_by_one, by_id, others = 0, 0, 0
    for call in check.calls:
        if call.resources[0].kind is not Kind.CHANNEL:
            others += len(call.resources)
            continue
        stored = load_resources(connection, call.resources)
        records = (stored[each].record if each in stored else None for each in call.resources)
        number = sum(map(needs_second_answer, records))
        if call.method is Method.CHANNELS:
            by_id += number
        else:
            one_by_one += number
    handles = sum(each.kind is Kind.CHANNEL and each.id.startswith("@") for each in catalogue.links_of)
    unresolved = sum(call.method is Method.HANDLE for call in check.calls)
    resolved = handles - unresolved - left_handles
    checked_before = first_run_start(connection) is not None
    return SecondCalls(
        # Each batch of what is missing is asked about apart.
        channels=one_by_one + ceil(by_id / IDS_PER_CALL) + max(0, one_by_one + by_id - 1) // BATCH,
        handles=3 * unresolved + 2 * resolved + left_handles + len(names.names),
        owners=int(others >= AT_ONCE and checked_before),
    )


def plan_check(
    catalogue: Catalogue,
    database: Database,
    settings: Settings,
    *,
    now: datetime,
    only: Iterable[Resource] | None = None,
) -> CheckPlan:
    """The calls that a check would make now, within what is left of the day's quota.

    Args:
        catalogue: The links of the lists.
        database: Opened.
        settings: With or without a key.
        now: The present time.
        only: The resources to ask about, handles by the channels that they were resolved to; None: all.
    """
    wanted = None if only is None else positions_by_key(zip(only, count(), strict=False), RESOURCE_KEYS)
    with database.read() as connection:
        listed = resolved_resources(catalogue, load_aliases(connection))
        resources = (resource for resource in listed if wanted is None or resource in wanted)
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
