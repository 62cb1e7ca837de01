"""Handles that may have left their channel: what they lead to now."""

from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from linkwatch.catalogue.catalogue import Catalogue
from linkwatch.errors import UnreachableError
from linkwatch.models.observation import Answer, Facts, Observation, State
from linkwatch.models.resource import Resource
from linkwatch.planner.calls import Call, Method
from linkwatch.services.context import CheckRun
from linkwatch.services.evaluate import evaluate, observations_in
from linkwatch.services.tally import Tally
from linkwatch.store.channels import delete_alias, load_renamed, save_moved_handle
from linkwatch.store.resources import insert_record, load_resources

NO_ANSWER = UnreachableError("the Data API gives no answer about a handle")


def check_handles(catalogue: Catalogue, run: CheckRun, tally: Tally) -> None:
    """Ask what a handle leads to when its channel, as this check found it, has another one.

    A handle that leads nowhere is a missing resource of its own from then on; one that leads to another channel stands
    for that. The channel that it led to stays what it is.

    Args:
        catalogue: The links as they are written, with handles that are not resolved.
        run: The run, in which the channels were evaluated.
        tally: Gets what stays unanswered.
    """
    if run.context.api is None:
        return
    channels = _renamed(catalogue, run)
    if not channels:
        return
    tally.resources += len(channels)
    tally.total += len(channels)
    for answer in run.context.api.ask([Call(Method.HANDLE, (handle,)) for handle in channels]):
        tally.advance(1)
        if answer.failure is not None:
            tally.add_failure(answer.unanswered, answer.failure)
        for observation in observations_in(answer):
            with run.context.database.write() as connection:
                _save(connection, observation, channels[observation.resource], run, tally)


def _renamed(catalogue: Catalogue, run: CheckRun) -> dict[Resource, Resource]:
    """The listed handles that their channels, all found by this check, do not have any more."""
    with run.context.database.read() as connection:
        renamed = {
            handle: channel for handle, channel in load_renamed(connection).items() if handle in catalogue.links_of
        }
        stored = load_resources(connection, renamed.values())
    found = {
        channel
        for channel, each in stored.items()
        if each.record.state is State.AVAILABLE and each.record.last_checked == run.now
    }
    return {handle: channel for handle, channel in renamed.items() if channel in found}


def _save(connection: Connection, observation: Observation, channel: Resource, run: CheckRun, tally: Tally) -> None:
    handle = observation.resource
    names = None if observation.facts is None else observation.facts.channel
    if observation.api is Answer.ABSENT:
        _release(connection, handle, channel, run.now)
    elif observation.api is not Answer.PRESENT or names is None:
        tally.add_failure((handle,), NO_ANSWER)
        return
    elif names.id == channel.id or (names.handle or "").casefold() != handle.id.casefold():
        # YouTube still redirects the former handle, or a cache on the way gave the answer about another one: the
        # channel that took a handle names it.
        return
    else:
        save_moved_handle(connection, handle, channel, run.now)
    evaluate(connection, [observation], run)


def _release(connection: Connection, handle: Resource, channel: Resource, now: datetime) -> None:
    """Make a handle a resource of its own, which has been available for as long as it led to the channel."""
    delete_alias(connection, handle)
    save_moved_handle(connection, handle, channel, now)
    stored = load_resources(connection, [handle, channel])
    if handle not in stored:
        record = replace(stored[channel].record, state=State.AVAILABLE, facts=Facts(), last_available=now)
        insert_record(connection, handle, record)
