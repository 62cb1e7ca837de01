"""What the witnesses saw of some resources → judged and remembered, in one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from linkwatch.errors import UnreachableError
from linkwatch.models.observation import Answer, Observation, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.planner.inspections import InspectionCandidate
from linkwatch.services.inspect import candidates
from linkwatch.store.channels import save_alias, save_handles
from linkwatch.store.resources import StoredResource, load_resources, save_verdicts
from linkwatch.verdict.brake import is_unconfirmed_absence
from linkwatch.verdict.judge import Verdict, judge
from linkwatch.verdict.policy import Policy
from linkwatch.youtube.data_api import CallAnswer


@dataclass(frozen=True, slots=True)
class Judging:
    """By what a run judges."""

    run_id: int
    now: datetime
    """The time of the run: of whatever is judged in it."""

    policy: Policy
    for_looks: bool
    """Playlists that live may be looked into."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What came of some sightings."""

    available_before: int
    candidates: list[InspectionCandidate]
    """For a look inside."""


REFUSED = UnreachableError("the Data API refuses to answer about some resources")


def observations_in(answer: CallAnswer) -> Iterator[Observation]:
    """What the Data API saw of each resource that it gave an answer about, or left undecided."""
    for resource in answer.call.resources:
        if resource in answer.unanswered:
            continue
        facts = answer.found.get(resource)
        api = Answer.PRESENT if facts is not None else Answer.ABSENT
        if resource in answer.undecided:
            api = Answer.NONE
        yield Observation(resource, api=api, facts=facts, etag=answer.etags.get(resource.id))


def is_left_to_oembed(observation: Observation) -> bool:
    """Whether oEmbed is asked too: the Data API misses the resource, or gives no answer about it alone."""
    return is_unconfirmed_absence(observation) or observation.api is Answer.NONE


def evaluate(connection: Connection, sightings: Sequence[Observation], by: Judging) -> Evaluated:
    """Judge these and remember it, in a transaction that writes; at most some thousands.

    Once more with the same run, it changes nothing.
    """
    sightings = [_renamed(connection, sighting, by.now) for sighting in sightings]
    before = load_resources(connection, [sighting.resource for sighting in sightings])
    judgements = {s.resource: _judged(before.get(s.resource), s, by) for s in sightings}
    save_verdicts(connection, by.run_id, before, judgements, by.now)
    save_handles(connection, (s.facts.channel for s in sightings if s.facts and s.facts.channel))
    etags = {s.resource: s.etag for s in sightings}
    return Evaluated(
        available_before=sum(recalled.record.state is State.AVAILABLE for recalled in before.values()),
        candidates=candidates(connection, judgements, etags) if by.for_looks else [],
    )


def _judged(before: StoredResource | None, sighting: Observation, by: Judging) -> Verdict:
    return judge(before.record if before else None, sighting, by.policy, by.now)


def _renamed(connection: Connection, sighting: Observation, now: datetime) -> Observation:
    """A sighting of a handle or user name becomes one of the channel, which is kept."""
    channel = _resolved(sighting)
    if channel is None:
        return sighting
    save_alias(connection, sighting.resource, channel, now)
    return msgspec.structs.replace(sighting, resource=channel)


def _resolved(sighting: Observation) -> Resource | None:
    """The channel that a handle or user name turned out to be; None for everything else."""
    if sighting.resource.kind is not Kind.CHANNEL or sighting.facts is None or sighting.facts.channel is None:
        return None
    channel = Resource(Kind.CHANNEL, sighting.facts.channel.id)
    return None if channel == sighting.resource else channel
