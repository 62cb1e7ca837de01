"""What the first endpoint reports missing: ask again, apply the safety limit, and evaluate.

oEmbed is asked about playlists and videos, the Data API once more about channels that no check has found yet.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from msgspec.structs import replace

from linkwatch.errors import UnreachableError
from linkwatch.models.observation import Answer, Observation, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.planner.calls import plan_with_key
from linkwatch.services.context import CheckRun
from linkwatch.services.evaluate import observations_in
from linkwatch.services.owners import Incidents, ask_owners, with_records
from linkwatch.services.tally import Tally
from linkwatch.spool import Spool
from linkwatch.store.database import in_batches
from linkwatch.store.quota import load_quota_day
from linkwatch.store.resources import load_resources
from linkwatch.store.runs import consecutive_holds
from linkwatch.verdict.brake import decide_brake, is_unconfirmed_absence
from linkwatch.verdict.judge import Evidence, is_confirmation_recent, needs_second_answer, weigh
from linkwatch.youtube.oembed import OEmbedAnswer
from linkwatch.youtube.thread_pool import ThreadPool

REFUSED = UnreachableError("the Data API refuses to answer about some resources")


MAX_EARLY = 1_000
"""So many confirmations are asked for early; the others wait in `tally.missing`, which leaves memory as it grows."""


class Confirmations:
    """What oEmbed answers about playlists and videos that the Data API leaves out.

    Args:
        pool: Asks oEmbed.
    """

    def __init__(self, pool: ThreadPool[Resource, OEmbedAnswer]) -> None:
        self._pool = pool
        self._submitted = 0

    def submit(self, observation: Observation) -> None:
        """Ask about a resource that was just added to `tally.missing`, without waiting for the answer."""
        if observation.resource.kind is not Kind.CHANNEL and self._submitted < MAX_EARLY:
            self._submitted += 1
            self._pool.submit(observation.resource)

    def answers(self, missing: Iterable[Observation]) -> Iterator[OEmbedAnswer]:
        """The answers about all of `tally.missing`, but for channels; what was not submitted is asked about now."""
        others = (each.resource for each in missing if each.resource.kind is not Kind.CHANNEL)
        return self._pool.results(islice(others, self._submitted, None))


def with_recent_confirmations(run: CheckRun, missing: Sequence[Observation]) -> Iterator[Observation]:
    """What the Data API leaves out, with oEmbed's answer where one of the last hours holds: it is not asked again."""
    with run.context.database.read() as connection:
        stored = load_resources(connection, [each.resource for each in missing])
    for observation in missing:
        before = stored[observation.resource].record if observation.resource in stored else None
        if before is not None and is_confirmation_recent(before, observation, run.context.policy, run.now):
            yield replace(observation, oembed=before.oembed)
        else:
            yield observation


def evaluate_missing(
    run: CheckRun,
    tally: Tally,
    scope: str,
    save: Callable[[Iterable[Observation]], None],
    confirmations: Confirmations,
) -> None:
    """Ask a second time about `tally.missing`, and evaluate the answers unless the brake stops them.

    Args:
        run: The run.
        tally: Gets the decision of the brake, and what stays unanswered.
        scope: The lists, as runs of them are compared.
        save: Evaluates observations and saves the verdicts.
        confirmations: Those that were asked for already.
    """
    answers: Spool[Observation] = Spool(Observation)
    answers.extend(_second_answers(run, tally, confirmations))
    owners = ask_owners(run, answers)
    confirmed: Spool[Observation] = Spool(Observation)
    unconfirmed: Spool[Observation] = Spool(Observation)
    missing, incidents = 0, Incidents(owners)
    with run.context.database.read() as connection:
        for observation, record in with_records(connection, answers):
            completed = owners.complete(observation, record)
            if not is_unconfirmed_absence(completed):
                confirmed.append(completed)
                continue
            unconfirmed.append(completed)
            if record is not None and record.state is State.AVAILABLE:
                missing += 1
                incidents.add(completed, record)
        holds = consecutive_holds(connection, scope)
    save(confirmed)
    tally.available_before += missing
    tally.brake = decide_brake(missing, incidents.count, tally.available_before, holds, run.context.policy, run.now)
    if tally.brake.engaged:
        tally.unanswered.extend(observation.resource for observation in unconfirmed)
    else:
        save(unconfirmed)


def _second_answers(run: CheckRun, tally: Tally, confirmations: Confirmations) -> Iterator[Observation]:
    """`tally.missing`, with what oEmbed answers; of channels, which oEmbed doesn't know, with a second answer."""
    if run.context.api is None:
        yield from tally.missing
        return
    refused: set[Resource] = set()
    for observation in tally.missing:
        if observation.api is Answer.NONE and observation.resource.kind is not Kind.CHANNEL:
            refused.add(observation.resource)
        elif observation.api is Answer.NONE:
            tally.add_failure((observation.resource,), REFUSED)
    channels = (each for each in tally.missing if each.resource.kind is Kind.CHANNEL and each.api is not Answer.NONE)
    for batch in in_batches(channels):
        yield from _channels_once_more(run, batch)
    statuses = {each.resource: each.upload_status for each in tally.missing if each.upload_status}
    for answer in confirmations.answers(tally.missing):
        if answer.resource not in refused:
            status = statuses.get(answer.resource)
            yield Observation(answer.resource, api=Answer.ABSENT, oembed=answer.answer, upload_status=status)
            continue
        observation = Observation(answer.resource, api=Answer.NONE, oembed=answer.answer, facts=answer.facts)
        if weigh(observation) is Evidence.NONE:
            tally.add_failure((answer.resource,), answer.failure or REFUSED)
        else:
            yield observation


def _channels_once_more(run: CheckRun, missing: Sequence[Observation]) -> Iterator[Observation]:
    """Ask the Data API a second time about the channels that no check has found yet, as far as the quota allows."""
    settings = run.context.settings
    with run.context.database.read() as connection:
        stored = load_resources(connection, [each.resource for each in missing])
        budget = load_quota_day(connection, run.now, settings.quota_per_day, settings.api_key).left
    records = {resource: each.record for resource, each in stored.items()}
    doubtful = [each.resource for each in missing if needs_second_answer(records.get(each.resource))]
    calls = plan_with_key(((-1, resource) for resource in doubtful), budget).calls
    second: dict[Resource, Observation] = {}
    for answer in run.context.require_api().ask(calls) if calls else ():
        second.update((each.resource, each) for each in observations_in(answer))
    for first in missing:
        again = second.get(first.resource, first)
        if again.api is Answer.PRESENT:
            yield again
        else:
            yield replace(first, confirmed=again is not first and again.api is Answer.ABSENT)
