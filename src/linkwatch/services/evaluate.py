"""Evaluate observations: judge them against what is stored and save the verdicts, in one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from linkwatch.models.events import Event, EventKind
from linkwatch.models.observation import Answer, Observation, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.planner.inspections import InspectionCandidate
from linkwatch.services.candidates import evaluated_candidates
from linkwatch.services.context import CheckRun
from linkwatch.store.channels import save_alias, save_handles
from linkwatch.store.resources import find_unchanged, load_resources, save_verdicts
from linkwatch.verdict.brake import is_unconfirmed_absence
from linkwatch.verdict.judge import Verdict, judge
from linkwatch.youtube.data_api import CallAnswer


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What a check needs to know of observations that were evaluated."""

    available_before: int
    """How many of the resources had been available."""

    candidates: list[InspectionCandidate]
    """Playlists that may be inspected; empty in a check that doesn't."""


def observations_in(answer: CallAnswer) -> Iterator[Observation]:
    """What the Data API reported about each resource of a call; without those that stay unanswered."""
    for resource in answer.call.resources:
        if resource in answer.unanswered:
            continue
        facts = answer.found.get(resource)
        api = Answer.ABSENT if facts is None else Answer.PRESENT
        if resource in answer.undecided:
            api = Answer.NONE
        yield Observation(
            resource,
            api=api,
            facts=facts,
            etag=answer.etags.get(resource.id),
            upload_status=answer.unplayable.get(resource),
        )


def needs_oembed(observation: Observation) -> bool:
    """Whether oEmbed is to be asked: the Data API leaves the resource out, or refuses to answer about it alone."""
    return is_unconfirmed_absence(observation) or observation.api is Answer.NONE


def evaluate(connection: Connection, observations: Sequence[Observation], run: CheckRun) -> Evaluated:
    """Judge observations and save the verdicts; a second time in the same run, it changes nothing.

    Args:
        connection: A transaction that writes.
        observations: At most some thousands.
        run: The run that they belong to.
    """
    returned: dict[Resource, State] = {}
    observations = [_resolve(connection, observation, run, returned) for observation in observations]
    unchanged, changed = find_unchanged(connection, observations)
    stored = load_resources(connection, changed)
    policy = run.context.policy
    verdicts = {
        each.resource: judge(stored[each.resource].record if each.resource in stored else None, each, policy, run.now)
        for each in observations
        if each.resource not in unchanged
    }
    for channel, state in returned.items():
        verdicts[channel] = _with_recovery(verdicts[channel], state)
    save_verdicts(connection, run.run_id, stored, verdicts, run.now, unchanged.values())
    save_handles(connection, (each.facts.channel for each in observations if each.facts and each.facts.channel))
    available_before = len(unchanged) + sum(each.record.state is State.AVAILABLE for each in stored.values())
    if not run.context.inspects:
        return Evaluated(available_before, [])
    etags = {each.resource: each.etag for each in observations}
    quiet = {each.resource: each.facts for each in observations if each.facts and each.resource in unchanged}
    return Evaluated(available_before, evaluated_candidates(connection, verdicts, quiet, etags))


def _resolve(
    connection: Connection, observation: Observation, run: CheckRun, returned: dict[Resource, State]
) -> Observation:
    """An observation of a handle or user name becomes one of its channel; the alias is saved.

    Args:
        connection: A transaction that writes.
        observation: What was observed.
        run: The run.
        returned: Gets the channel of a name that was missing, and the state of the name.
    """
    if observation.resource.kind is not Kind.CHANNEL or observation.facts is None or observation.facts.channel is None:
        return observation
    channel = Resource(Kind.CHANNEL, observation.facts.channel.id)
    if channel == observation.resource:
        return observation
    named = load_resources(connection, [observation.resource]).get(observation.resource)
    if named is not None and named.record.state in {State.SUSPECT, State.UNAVAILABLE}:
        returned[channel] = named.record.state
    save_alias(connection, observation.resource, channel, run.now)
    return msgspec.structs.replace(observation, resource=channel)


def _with_recovery(verdict: Verdict, state: State) -> Verdict:
    """The verdict on the channel of a name that was missing: whoever reads of the one reads of the other."""
    if any(event.kind is EventKind.RECOVERED for event in verdict.events):
        return verdict
    return msgspec.structs.replace(
        verdict, events=(Event(EventKind.RECOVERED, state, State.AVAILABLE), *verdict.events)
    )
