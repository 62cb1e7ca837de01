"""One check, from the plan to the store; every collaborator is an argument.

plan → first witness → judged and remembered, batch by batch
            └ what it left out → second witness → the brake → judged and remembered
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice

from linkwatch.catalogue.catalogue import Catalogue, resolve_aliases
from linkwatch.errors import IncompleteError, StoreError
from linkwatch.models.observation import Answer, Observation, State
from linkwatch.models.records import CheckResult, Coverage
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import whole_milliseconds
from linkwatch.planner.calls import CheckPlan
from linkwatch.planner.inspections import is_due, plan_inspections
from linkwatch.services.evaluate import REFUSED, Judging, evaluate, is_left_to_oembed, observations_in
from linkwatch.services.executor import DistributedRun, Executor
from linkwatch.services.inspect import InspectionContext, inspect_playlists
from linkwatch.services.plan import plan_check
from linkwatch.services.tally import Tally, incomplete_reason, note
from linkwatch.settings import InspectMode
from linkwatch.spool import Spool
from linkwatch.store.calls import delete_calls
from linkwatch.store.channels import load_aliases
from linkwatch.store.database import BATCH, Database, in_batches
from linkwatch.store.lists import save_lists
from linkwatch.store.quota import StoredQuotaAccount, load_quota_day, spare_units
from linkwatch.store.resources import insert_missing, load_resources, save_unanswered
from linkwatch.store.retention import purge
from linkwatch.store.runs import INTERRUPTED, consecutive_holds, finish_run, insert_run, run_scope
from linkwatch.verdict.brake import decide_brake, is_unconfirmed_absence
from linkwatch.verdict.policy import Policy
from linkwatch.youtube.data_api import DataApi
from linkwatch.youtube.oembed import OEmbed


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What a check works with."""

    database: Database
    api: DataApi | None
    """None without a key."""

    oembed: OEmbed
    ledger: StoredQuotaAccount
    quota_per_day: int
    policy: Policy
    inside: InspectMode
    inside_every: timedelta
    retention: timedelta
    source: str
    """What the run says it asked: `data-api`, `keyless` or `simulator`."""

    clock: Callable[[], datetime]
    progress: Callable[[int, int], None] = lambda done, total: None
    """Told how many of how many resources are answered for."""

    executor: Executor | None = None
    """Makes the calls to the Data API; None: this process does."""


def judging_of(using: CheckContext, run_id: int, now: datetime) -> Judging:
    """By what a run judges."""
    looks = using.inside is not InspectMode.OFF and using.api is not None
    return Judging(run_id, now, using.policy, for_looks=looks)


def run_check(
    catalogue: Catalogue,
    files: Iterable[str],
    using: CheckContext,
    *,
    only: Collection[Resource] | None = None,
    coverage: Coverage = Coverage.ALL,
) -> CheckResult:
    """Ask YouTube about what is in the catalogue and remember the answers.

    Args:
        catalogue: The links of the lists.
        files: The lists that were read, the empty ones too.
        using: The collaborators.
        only: What is asked about, handles by the channels that they were resolved to; None: everything.
        coverage: What the run says of that.

    With an executor, an unfinished run over these lists whose calls were distributed is resumed.

    Returns:
        The run. Whether it is complete, and what it found, is in the store.

    Raises:
        IncompleteError: The database failed in the middle; what was committed stays.
        KeyboardInterrupt: Passed on, after what was learned has been kept and the run was finished as interrupted;
            a run that was handed out goes on.
        EndingError: This process is to end; its run was handed out, and the next one goes on with it.
    """
    now = whole_milliseconds(using.clock())
    files = tuple(files)
    scope = run_scope(files)
    try:
        if using.executor is not None and (unfinished := using.executor.find_unfinished(using.database, scope, now)):
            running = _Running(using, unfinished.run_id, files, scope, unfinished.now, None, unfinished)
            running.run(catalogue)
            return CheckResult(running.run_id)
        with using.database.write() as connection:
            # First, so that what is judged and what is remembered afterwards are the same.
            purge(connection, now=now, retention=using.retention)
            run_id = insert_run(connection, scope=scope, source=using.source, now=now, coverage=coverage)
        _Running(using, run_id, files, scope, now, only).run(catalogue)
        return CheckResult(run_id)
    except StoreError as error:
        raise IncompleteError(f"the database failed during the check: {error.message}", remedy=error.remedy) from error


@dataclass(frozen=True, slots=True)
class _Running:
    using: CheckContext
    run_id: int
    files: tuple[str, ...]
    scope: str
    now: datetime
    only: Collection[Resource] | None
    unfinished: DistributedRun | None = None
    """The run as somebody else has handed it out."""

    def run(self, catalogue: Catalogue) -> None:
        plan = self.unfinished.plan if self.unfinished else self._plan(catalogue)
        tally = Tally(total=sum(len(call.resources) for call in plan.calls) + len(plan.requests))
        executor = self.using.executor if plan.calls else None
        try:
            if executor is None:
                self._keep(self._first_witness(plan, tally), tally)
            else:
                self._gather(executor, plan, tally)
            self._judge_missing(tally)
            self._look_inside(tally)
        except KeyboardInterrupt:
            if executor is None:
                self._finish(catalogue, plan, tally, interrupted=True)
            raise
        self._finish(catalogue, plan, tally, interrupted=False)

    def _plan(self, catalogue: Catalogue) -> CheckPlan:
        using = self.using
        return plan_check(
            catalogue,
            using.database,
            keyed=using.api is not None,
            quota_per_day=using.quota_per_day,
            now=self.now,
            only=self.only,
        )

    def _gather(self, executor: Executor, plan: CheckPlan, tally: Tally) -> None:
        """Have the calls made elsewhere; what is missing or has no answer goes into the tally."""
        run = self.unfinished or DistributedRun(self.run_id, self.now, plan)
        if self.unfinished is None:
            executor.distribute(self.using.database, run)
        executor.collect(self.using.database, run, tally, lambda answered: self._tell(tally, answered))

    def _first_witness(self, plan: CheckPlan, tally: Tally) -> Iterator[Observation]:
        """Sightings of what is there; what is missing or has no answer goes into the tally."""
        api = self.using.api
        sightings = self._ask_api(api, plan, tally) if api else self._ask_oembed(plan.requests, tally)
        for sighting in sightings:
            if is_left_to_oembed(sighting):
                tally.missing.append(sighting)
            else:
                yield sighting

    def _ask_api(self, api: DataApi, plan: CheckPlan, tally: Tally) -> Iterator[Observation]:
        for answer in api.ask(plan.calls):
            self._tell(tally, len(answer.call.resources))
            if answer.failure is not None:
                tally.unanswered_for(answer.unanswered, answer.failure)
            yield from observations_in(answer)

    def _ask_oembed(self, resources: Sequence[Resource], tally: Tally) -> Iterator[Observation]:
        for answer in self.using.oembed.ask(resources):
            self._tell(tally, 1)
            if answer.failure is not None:
                tally.unanswered_for((answer.resource,), answer.failure)
            else:
                yield Observation(answer.resource, oembed=answer.answer, facts=answer.facts)

    def _tell(self, tally: Tally, answered: int) -> None:
        tally.done += answered
        self.using.progress(tally.done, tally.total)

    def _second_witness(self, missing: Iterable[Observation], tally: Tally) -> Iterator[Observation]:
        """Ask oEmbed about what the API left out; it knows no channels, so these stay as they are."""
        if self.using.api is None:
            yield from missing
            return
        for sighting in missing:
            if sighting.resource.kind is Kind.CHANNEL:
                if sighting.api is Answer.NONE:
                    tally.unanswered_for((sighting.resource,), REFUSED)
                else:
                    yield sighting
        undecided = {sighting.resource for sighting in missing if sighting.api is Answer.NONE}
        asked = (sighting.resource for sighting in missing if sighting.resource.kind is not Kind.CHANNEL)
        for answer in self.using.oembed.ask(asked):
            if answer.resource not in undecided:
                yield Observation(answer.resource, api=Answer.ABSENT, oembed=answer.answer)
            elif answer.failure is not None:
                tally.unanswered_for((answer.resource,), answer.failure)
            else:
                yield Observation(answer.resource, Answer.NONE, answer.answer, answer.facts)

    def _judge_missing(self, tally: Tally) -> None:
        single: Spool[Observation] = Spool(Observation)
        confirmed: Spool[Observation] = Spool(Observation)
        for sighting in self._second_witness(tally.missing, tally):
            (single if is_unconfirmed_absence(sighting) else confirmed).append(sighting)
        self._keep(confirmed, tally)
        missing = 0
        with self.using.database.read() as connection:
            for some in in_batches(sighting.resource for sighting in single):
                # Every one of them is missed by one witness alone: the brake counts those that were alive.
                missing += sum(
                    each.record.state is State.AVAILABLE for each in load_resources(connection, some).values()
                )
            holds = consecutive_holds(connection, self.scope)
        tally.available_before += missing
        tally.brake = decide_brake(missing, tally.available_before, holds, self.using.policy, self.now)
        if tally.brake.engaged:
            tally.unanswered.extend(sighting.resource for sighting in single)
        else:
            self._keep(single, tally)

    def _look_inside(self, tally: Tally) -> None:
        """Look into the playlists that are due; not in a run that met trouble: the day's units are for checks then."""
        using = self.using
        if using.api is None or not tally.candidates or tally.failures:
            return
        with using.database.read() as connection:
            day = load_quota_day(connection, self.now, using.quota_per_day)
        plan = plan_inspections(
            tally.candidates,
            now=self.now,
            every=using.inside_every,
            budget=spare_units(day),
            full=using.inside is InspectMode.FULL,
        )
        tally.total += len(plan.inspections)
        looking = InspectionContext(
            using.database,
            using.api,
            using.oembed,
            self.run_id,
            self.now,
            using.inside is InspectMode.FULL,
            lambda looks: self._tell(tally, looks),
        )
        tally.looks = inspect_playlists(plan, looking)
        spent = [] if tally.looks.failures else tally.looks.unanswered[tally.looks.doubtful :]
        tally.waiting = len(plan.postponed) + len(spent)

    def _keep(self, sightings: Iterable[Observation], tally: Tally) -> None:
        """Judge and remember, a batch a transaction; an interruption keeps what has come so far."""
        source = iter(sightings)
        batch: list[Observation] = []
        try:
            while True:
                batch.clear()
                # One by one and not by `extend`: what has come before an interruption must be in the batch.
                for sighting in islice(source, BATCH):
                    batch.append(sighting)  # noqa: PERF402
                if not batch:
                    return
                self._keep_batch(batch, tally)
        except KeyboardInterrupt:
            self._keep_batch(batch, tally)
            raise

    def _keep_batch(self, batch: Sequence[Observation], tally: Tally) -> None:
        with self.using.database.write() as connection:
            judged = evaluate(connection, batch, judging_of(self.using, self.run_id, self.now))
        due = (each for each in judged.candidates if is_due(each, self.now, self.using.inside_every))
        tally.candidates.extend(due)
        tally.available_before += judged.available_before

    def _finish(self, catalogue: Catalogue, plan: CheckPlan, tally: Tally, *, interrupted: bool) -> None:
        with self.using.database.write() as connection:
            resolved = resolve_aliases(catalogue, load_aliases(connection))
            day = load_quota_day(connection, self.now, self.using.quota_per_day)
            in_vain = chain(plan.unmonitorable, plan.needs_key, plan.postponed, tally.unanswered)
            # The lists may have changed since somebody else has handed out the run.
            all_of_them = interrupted or self.unfinished is not None
            unmet = resolved.links_of if all_of_them else (r for r in in_vain if r in resolved.links_of)
            insert_missing(connection, unmet, self.now)
            save_unanswered(
                connection, plan.askable if interrupted else chain(plan.postponed, tally.unanswered), self.now
            )
            save_lists(connection, self.files, resolved.links, self.now)
            finish_run(
                connection,
                self.run_id,
                now=self.using.clock(),
                units=self.using.ledger.units + tally.units,
                incomplete_reason=INTERRUPTED if interrupted else incomplete_reason(plan, tally, day),
                held=tally.brake is not None and tally.brake.engaged,
                note=note(tally),
            )
            delete_calls(connection, self.run_id)
