"""What the witnesses saw of some resources → judged and remembered, in one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from linkwatch.models.observation import Answer, Known, Sighting, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.planner.inspections import Candidate
from linkwatch.services.inspect import candidates
from linkwatch.store.channels import remember_handles, resolve_alias
from linkwatch.store.resources import Recalled, recall, remember
from linkwatch.verdict.judge import Judgement, judge
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
class Judged:
    """What came of some sightings."""

    known: dict[Resource, Known]
    """As it is now; a handle or user name by the channel that it was resolved to."""

    available_before: int
    candidates: list[Candidate]
    """For a look inside."""


def sightings_in(answer: CallAnswer) -> Iterator[Sighting]:
    """What the first witness saw, of each resource that it was asked about; the call has an answer."""
    for resource in answer.call.resources:
        facts = answer.found.get(resource)
        there = Answer.ABSENT if facts is None else Answer.PRESENT
        yield Sighting(resource, api=there, facts=facts, etag=answer.etags.get(resource.id))


def judge_and_remember(connection: Connection, sightings: Sequence[Sighting], by: Judging) -> Judged:
    """Judge these and remember it, in a transaction that writes; at most some thousands.

    Once more with the same run, it changes nothing.
    """
    sightings = [_renamed(connection, sighting, by.now) for sighting in sightings]
    before = recall(connection, [sighting.resource for sighting in sightings])
    judgements = {s.resource: _judged(before.get(s.resource), s, by) for s in sightings}
    remember(connection, by.run_id, before, judgements, by.now)
    remember_handles(connection, (s.facts.channel for s in sightings if s.facts and s.facts.channel))
    etags = {s.resource: s.etag for s in sightings}
    return Judged(
        known={resource: judgement.known for resource, judgement in judgements.items()},
        available_before=sum(recalled.known.state is State.AVAILABLE for recalled in before.values()),
        candidates=candidates(connection, judgements, etags) if by.for_looks else [],
    )


def _judged(before: Recalled | None, sighting: Sighting, by: Judging) -> Judgement:
    return judge(before.known if before else None, sighting, by.policy, by.now)


def _renamed(connection: Connection, sighting: Sighting, now: datetime) -> Sighting:
    """A sighting of a handle or user name becomes one of the channel, which is kept."""
    channel = _resolved(sighting)
    if channel is None:
        return sighting
    resolve_alias(connection, sighting.resource, channel, now)
    return msgspec.structs.replace(sighting, resource=channel)


def _resolved(sighting: Sighting) -> Resource | None:
    """The channel that a handle or user name turned out to be; None for everything else."""
    if sighting.resource.kind is not Kind.CHANNEL or sighting.facts is None or sighting.facts.channel is None:
        return None
    channel = Resource(Kind.CHANNEL, sighting.facts.channel.id)
    return None if channel == sighting.resource else channel
