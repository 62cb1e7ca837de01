"""The channels of what went missing: whether they are missing, too, as those of terminated channels are."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace
from sqlalchemy import Connection

from linkwatch.models.observation import Answer, Observation, Reason, ResourceRecord, State
from linkwatch.models.resource import CHANNEL_ID, Kind, Resource
from linkwatch.planner.calls import IDS_PER_CALL, Call, Method
from linkwatch.services.context import CheckRun
from linkwatch.services.evaluate import observations_in
from linkwatch.store.database import in_batches
from linkwatch.store.resources import load_resources, owner_found_at, owners_found_at
from linkwatch.verdict.judge import Evidence, weigh

AT_ONCE = 2
"""Resources of one channel that went missing in one check: from so many on, the channel is asked about."""

MAX_OWNERS = 10_000
"""Of so many channels the missing resources are counted: when more are affected, no channel is the reason."""


@dataclass(frozen=True, slots=True)
class Owners:
    """The channels of what is missing, by this check."""

    absent: frozenset[str] = frozenset()
    """The Data API omits them, and nothing of them was found."""

    present: frozenset[str] = frozenset()

    plausible: frozenset[str] = frozenset()
    """Of `absent`, those that more speaks against than one answer, which may be one that omits everything: both
    endpoints miss a resource of theirs, or the Data API returned another channel beside them."""

    terminated: frozenset[str] = frozenset()
    """Of `absent`, those of which several resources went missing at once, and nothing was found."""

    confirmed: frozenset[str] = frozenset()
    """Of `terminated`, those of which both endpoints miss several resources."""

    def complete(self, observation: Observation, record: ResourceRecord | None) -> Observation:
        """An observation of what is missing, with the stored facts about its channel."""
        if observation.api is not Answer.ABSENT:
            return observation
        if observation.resource.kind is Kind.CHANNEL:
            if observation.resource.id not in self.terminated:
                return observation
            return replace(observation, confirmed=observation.resource.id in self.confirmed, owner=Answer.ABSENT)
        if record is None or record.facts.owner_id is None:
            return observation
        owner = record.facts.owner_id
        if owner in self.present:
            return replace(observation, owner=Answer.PRESENT)
        # What was unavailable before the channel was missing is no part of it, unless that is certain.
        is_part = record.state is not State.UNAVAILABLE or record.reason is Reason.TERMINATED or owner in self.confirmed
        return replace(observation, owner=Answer.ABSENT) if owner in self.absent and is_part else observation


@dataclass(slots=True)
class Incidents:
    """Counts what is missing for the brake: what belongs to one channel that is missing itself is one incident."""

    owners: Owners
    _single: int = 0
    _channels: set[str] = field(default_factory=set)

    def add(self, observation: Observation, record: ResourceRecord) -> None:
        """Count a resource that one endpoint alone reports missing."""
        is_channel = observation.resource.kind is Kind.CHANNEL
        owner = observation.resource.id if is_channel else record.facts.owner_id
        if owner in self.owners.plausible and observation.oembed is not Answer.PRESENT:
            self._channels.add(str(owner))
        else:
            self._single += 1

    @property
    def count(self) -> int:
        """How many incidents there are."""
        return self._single + len(self._channels)


def with_records(
    connection: Connection, observations: Iterable[Observation]
) -> Iterator[tuple[Observation, ResourceRecord | None]]:
    """Each observation and the stored record of its resource."""
    for batch in in_batches(observations):
        stored = load_resources(connection, [each.resource for each in batch])
        for observation in batch:
            found = stored.get(observation.resource)
            yield observation, None if found is None else found.record


@dataclass(slots=True)
class _Missing:
    """What is missing, by the channels."""

    channels: set[str] = field(default_factory=set)
    """Listed channels that the Data API omits in this check."""

    newly_missing: Counter[str] = field(default_factory=Counter)
    """Resources that went missing, by the id of their channel."""

    confirmed: Counter[str] = field(default_factory=Counter)
    """Of these, those that both endpoints miss."""

    shown: set[str] = field(default_factory=set)
    """Channels of which oEmbed shows a resource that the Data API omits."""

    doubtful: set[str] = field(default_factory=set)
    """Channels that were missing when their resources became unavailable."""


def ask_owners(run: CheckRun, missing: Iterable[Observation]) -> Owners:
    """Find out which channels of what is missing are missing, too.

    Channels that are listed have been asked about in this check. Of the others those are asked about, in one call,
    that two or more resources of went missing at once.

    Args:
        run: The run.
        missing: What the first endpoint reports missing, with the answers of the second one.
    """
    if run.context.api is None:
        return Owners()
    with run.context.database.read() as connection:
        found = _missing(connection, missing)
        several = [id_ for id_, number in found.newly_missing.most_common() if number >= AT_ONCE]
        present = _present(connection, {*several, *found.doubtful} - found.channels, run)
        unasked = [id_ for id_ in several if id_ not in present and id_ not in found.channels][: IDS_PER_CALL - 1]
        doubted = {*found.channels, *unasked}
        control = owner_found_at(connection, run.now, except_for=doubted) if doubted else None
        # Nothing of a channel that was terminated is left: an answer that omits it all the same is doubted.
        with_resources = found.shown | owners_found_at(connection, run.now, doubted)
    answers = _ask(run, unasked, control)
    absent = {id_ for id_, answer in answers.items() if answer is Answer.ABSENT} - {control}
    is_control_there = control is not None and answers.get(control, Answer.PRESENT) is Answer.PRESENT
    every_absent = absent | found.channels
    return Owners(
        absent=frozenset(every_absent - with_resources),
        present=frozenset(present | {id_ for id_, answer in answers.items() if answer is Answer.PRESENT}),
        plausible=frozenset(id_ for id_ in every_absent if is_control_there or found.confirmed[id_]),
        terminated=frozenset(id_ for id_ in every_absent - with_resources if found.newly_missing[id_] >= AT_ONCE),
        confirmed=frozenset(id_ for id_ in every_absent - with_resources if found.confirmed[id_] >= AT_ONCE),
    )


def _missing(connection: Connection, observations: Iterable[Observation]) -> _Missing:
    found = _Missing()
    for observation, record in with_records(connection, observations):
        if observation.api is not Answer.ABSENT:
            continue
        if observation.resource.kind is Kind.CHANNEL:
            found.channels.add(observation.resource.id)
            continue
        owner = None if record is None else record.facts.owner_id
        if record is None or owner is None or not CHANNEL_ID.fullmatch(owner):
            continue
        if record.reason is Reason.TERMINATED:
            found.doubtful.add(owner)
        evidence = weigh(observation)
        if evidence is Evidence.CONFLICTING:
            found.shown.add(owner)
        is_new = record.state is not State.UNAVAILABLE and evidence is not Evidence.CONFLICTING
        if is_new and (owner in found.newly_missing or len(found.newly_missing) < MAX_OWNERS):
            found.newly_missing[owner] += 1
            found.confirmed[owner] += evidence is Evidence.CONFIRMED_ABSENT
    return found


def _present(connection: Connection, ids: Iterable[str], run: CheckRun) -> set[str]:
    """Those of these channels that this check has found."""
    stored = load_resources(connection, [Resource(Kind.CHANNEL, id_) for id_ in ids])
    return {
        resource.id
        for resource, each in stored.items()
        if each.record.state is State.AVAILABLE and each.record.last_checked == run.now
    }


def _ask(run: CheckRun, ids: list[str], control: str | None) -> dict[str, Answer | None]:
    """What the Data API reports of these channels, in one call; none when there is nothing to ask."""
    if not ids:
        return {}
    wanted = [*ids, control] if control is not None else ids
    call = Call(Method.CHANNELS, tuple(Resource(Kind.CHANNEL, id_) for id_ in wanted))
    answers = run.context.require_api().ask([call])
    return {each.resource.id: each.api for answer in answers for each in observations_in(answer)}
