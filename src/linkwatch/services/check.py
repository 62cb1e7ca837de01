"""One check, from the plan to the finished run in the store.

plan → ask the first endpoint (the Data API; oEmbed without a key) → evaluate, batch by batch
       (and oEmbed, meanwhile, about what the Data API leaves out)
     → ask about new channels once more, and wait for oEmbed → brake → evaluate
     → ask about handles that their channels don't have any more, and for what custom names may lead to
     → inspect the playlists that are due → finish the run
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import chain, islice

from linkwatch.catalogue.catalogue import Catalogue, resolve_aliases
from linkwatch.errors import IncompleteError, StoreError, UnusableAnswerError
from linkwatch.models.observation import Observation
from linkwatch.models.records import Coverage
from linkwatch.models.resource import Resource
from linkwatch.models.times import whole_milliseconds
from linkwatch.planner.calls import CheckPlan
from linkwatch.planner.inspections import is_due, plan_inspections
from linkwatch.services.context import CheckContext, CheckRun
from linkwatch.services.custom_names import resolve_custom_names
from linkwatch.services.evaluate import evaluate, needs_oembed, observations_in
from linkwatch.services.executor import DistributedRun, Executor
from linkwatch.services.handles import check_handles
from linkwatch.services.inspect import inspect_playlists
from linkwatch.services.missing import Confirmations, evaluate_missing, with_recent_confirmations
from linkwatch.services.plan import plan_check
from linkwatch.services.tally import CheckPhase, CheckResult, Tally, incomplete_reason, note
from linkwatch.settings import InspectMode
from linkwatch.store.calls import delete_calls
from linkwatch.store.channels import load_aliases
from linkwatch.store.database import BATCH
from linkwatch.store.lists import save_lists
from linkwatch.store.quota import load_quota_day, spare_units
from linkwatch.store.resources import insert_missing, save_unanswered
from linkwatch.store.retention import purge
from linkwatch.store.runs import INTERRUPTED, finish_run, insert_run, run_scope

REFUSED = UnusableAnswerError("the Data API refuses to answer about some resources")


def run_check(
    catalogue: Catalogue,
    files: Iterable[str],
    context: CheckContext,
    *,
    only: Iterable[Resource] | None = None,
    coverage: Coverage = Coverage.ALL,
) -> CheckResult:
    """Ask YouTube about the resources of some lists, and save what it answers.

    With an executor, an unfinished run over these lists whose calls were distributed is resumed.

    Args:
        catalogue: The links of the lists.
        files: The lists that were read, the empty ones too.
        context: What the check works with.
        only: The resources to ask about, handles by the channels that they were resolved to; None: all.
        coverage: Stored with the run: how `only` was chosen.

    Returns:
        The run. Whether it is complete, and what it found, is in the store.

    Raises:
        IncompleteError: The database failed in the middle; what was committed stays.
        KeyboardInterrupt: Passed on, after the answers that came were saved and the run was finished as interrupted;
            a distributed run goes on.
        EndingError: This process is to end, and its run was distributed: the next process resumes it.
    """
    now = whole_milliseconds(context.clock())
    files = tuple(files)
    scope = run_scope(files)
    executor = context.executor
    try:
        resumed = executor.find_unfinished(context.database, scope, now) if executor is not None else None
        if resumed is not None:
            run, plan = CheckRun(context, resumed.run_id, resumed.now), resumed.plan
        else:
            with context.database.write() as connection:
                # First, so that what is evaluated in this check and what is stored after it are the same.
                purge(connection, now=now, retention=timedelta(days=context.settings.retention_days))
                run_id = insert_run(connection, scope=scope, source=context.source, now=now, coverage=coverage)
            run = CheckRun(context, run_id, now)
            plan = plan_check(catalogue, context.database, context.settings, now=now, only=only)
        with context.clients.kept():
            return _Check(run, catalogue, files, plan, coverage, resumed is not None).complete()
    except StoreError as error:
        raise IncompleteError(f"the database failed during the check: {error.message}", remedy=error.remedy) from error


class _Check:
    """A check whose run has started.

    Args:
        run: The run.
        catalogue: The links of the lists.
        files: The lists.
        plan: What is asked.
        coverage: How much of the lists that is.
        is_resumed: The run was started, and its calls distributed, by another process.
    """

    def __init__(
        self,
        run: CheckRun,
        catalogue: Catalogue,
        files: tuple[str, ...],
        plan: CheckPlan,
        coverage: Coverage,
        is_resumed: bool,
    ) -> None:
        self._run = run
        self._context = run.context
        self._catalogue = catalogue
        self._files = files
        self._plan = plan
        self._coverage = coverage
        self._is_resumed = is_resumed
        self._units_before = run.context.account.units
        resources = sum(len(call.resources) for call in plan.calls) + len(plan.requests)
        self._tally = Tally(resources, run.context.progress)

    def complete(self) -> CheckResult:
        """Do all that is left to do, from the first call on."""
        executor = self._context.executor if self._plan.calls else None
        try:
            self._tally.begin(CheckPhase.LINKS, self._tally.resources)
            with self._context.oembed.pool() as pool:
                confirmations = Confirmations(pool)
                if executor is not None:
                    self._collect(executor)
                elif self._context.api is not None:
                    self._save(self._ask_api(confirmations))
                else:
                    self._save(self._ask_oembed())
                evaluate_missing(self._run, self._tally, run_scope(self._files), self._save, confirmations)
            resolve_custom_names(self._catalogue, self._plan.unmonitorable, self._run, self._tally)
            check_handles(self._catalogue, self._run, self._tally)
            self._inspect()
        except KeyboardInterrupt:
            if executor is None:
                self._finish(interrupted=True)
            raise
        return self._finish(interrupted=False)

    def _collect(self, executor: Executor) -> None:
        """Have the calls made elsewhere."""
        database, tally = self._context.database, self._tally
        distributed = DistributedRun(self._run.run_id, self._run.now, self._plan)
        if not self._is_resumed:
            executor.distribute(database, distributed)
        executor.collect(database, distributed, tally)

    def _ask_api(self, confirmations: Confirmations) -> Iterator[Observation]:
        """What can be evaluated at once; what is missing, or got no answer, is added to the tally.

        oEmbed is asked about what is missing while further calls to the Data API are in flight.
        """
        for answer in self._context.require_api().ask(self._plan.calls):
            self._tally.advance(len(answer.call.resources))
            if answer.failure is not None:
                self._tally.add_failure(answer.unanswered, answer.failure)
            missing = []
            for observation in observations_in(answer):
                if needs_oembed(observation):
                    missing.append(observation)
                else:
                    yield observation
            for observation in with_recent_confirmations(self._run, missing) if missing else ():
                if needs_oembed(observation):
                    self._tally.missing.append(observation)
                    confirmations.submit(observation)
                else:
                    yield observation

    def _ask_oembed(self) -> Iterator[Observation]:
        """As `_ask_api`, without a key."""
        for answer in self._context.oembed.ask(self._plan.requests):
            self._tally.advance(1)
            if answer.failure is not None:
                self._tally.add_failure((answer.resource,), answer.failure)
                continue
            observation = Observation(answer.resource, oembed=answer.answer, facts=answer.facts)
            if needs_oembed(observation):
                self._tally.missing.append(observation)
            else:
                yield observation

    def _inspect(self) -> None:
        """Inspect the playlists that are due, unless key, quota or network fail: the units are for checks then."""
        tally, settings, now = self._tally, self._context.settings, self._run.now
        if not tally.candidates or not all(isinstance(each, UnusableAnswerError) for each in tally.failures):
            return
        with self._context.database.read() as connection:
            day = load_quota_day(connection, now, settings.quota_per_day, settings.api_key)
        plan = plan_inspections(
            tally.candidates,
            now=now,
            every=settings.inside_every,
            budget=spare_units(day),
            full=settings.inside is InspectMode.FULL,
        )
        if plan.inspections:
            tally.begin(CheckPhase.PLAYLISTS, len(plan.inspections))
        outcome = tally.inspections = inspect_playlists(plan, self._run, tally.advance)
        out_of_units = 0 if outcome.failures else outcome.unanswered
        tally.postponed_inspections = len(plan.postponed) + out_of_units

    def _save(self, observations: Iterable[Observation]) -> None:
        """Evaluate and save, a batch a transaction; an interruption saves what has come so far."""
        source = iter(observations)
        batch: list[Observation] = []
        try:
            while True:
                batch.clear()
                # One by one and not by `extend`: what has come before an interruption must be in the batch.
                for observation in islice(source, BATCH):
                    batch.append(observation)  # noqa: PERF402
                if not batch:
                    return
                self._save_batch(batch)
        except KeyboardInterrupt:
            self._save_batch(batch)
            raise

    def _save_batch(self, batch: Sequence[Observation]) -> None:
        with self._context.database.write() as connection:
            evaluated = evaluate(connection, batch, self._run)
        every = self._context.settings.inside_every
        self._tally.candidates.extend(each for each in evaluated.candidates if is_due(each, self._run.now, every))
        self._tally.available_before += evaluated.available_before

    def _finish(self, *, interrupted: bool) -> CheckResult:
        """Save the lists, what was not evaluated, and how the run ended."""
        run, plan, tally, settings = self._run, self._plan, self._tally, self._context.settings
        keyed = self._context.api is not None
        with self._context.database.write() as connection:
            catalogue = resolve_aliases(self._catalogue, load_aliases(connection))
            day = load_quota_day(connection, run.now, settings.quota_per_day, settings.api_key)
            # Of changed lines alone, the rest may never have been asked about; and since a run was started elsewhere
            # the lists may have changed.
            if interrupted or self._is_resumed or self._coverage is Coverage.CHANGED:
                insert_missing(connection, catalogue.links_of, run.now)
            else:
                not_evaluated = chain(plan.unmonitorable, plan.needs_key, plan.postponed, tally.unanswered)
                insert_missing(connection, (each for each in not_evaluated if each in catalogue.links_of), run.now)
            save_unanswered(
                connection, plan.askable if interrupted else chain(plan.postponed, tally.unanswered), run.now
            )
            save_lists(connection, self._files, catalogue.links, run.now)
            finish_run(
                connection,
                run.run_id,
                now=self._context.clock(),
                units=self._context.account.units - self._units_before + tally.worker_units,
                incomplete_reason=INTERRUPTED if interrupted else incomplete_reason(plan, tally, day, keyed=keyed),
                held=tally.brake is not None and tally.brake.engaged,
                note=note(tally, keyed=keyed),
            )
            delete_calls(connection, run.run_id)
        return CheckResult(run.run_id, catalogue)
