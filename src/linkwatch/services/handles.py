"""Handles that may have left their channel: what they lead to now."""

from datetime import datetime, timedelta

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
from linkwatch.store.channels import (
    delete_alias,
    load_handles_of_missing,
    load_renamed,
    save_asked_handle,
    save_moved_handle,
)
from linkwatch.store.resources import insert_record, load_resources

ASK_AGAIN_AFTER = timedelta(hours=20)
"""The handle of a channel that stays missing is asked about once a day, whenever the checks of two days are."""

NO_ANSWER = UnreachableError("the Data API gives no answer about a handle")


def check_handles(catalogue: Catalogue, run: CheckRun, tally: Tally) -> None:
    """Ask what a handle leads to when its channel, as this check found it, has another one, or is missing.

    One that leads to another channel stands for that from then on. One that leads nowhere is a missing resource of its
    own if its channel is there; else it goes on standing for the channel. The channel that it led to stays what it is.

    Args:
        catalogue: The links as they are written, with handles that are not resolved.
        run: The run, in which the channels were evaluated.
        tally: Gets what stays unanswered.
    """
    if run.context.api is None:
        return
    renamed = _renamed(catalogue, run)
    channels = {**renamed, **_of_missing(catalogue, run)}
    if not channels:
        return
    tally.resources += len(channels)
    tally.total += len(channels)
    for answer in run.context.api.ask([Call(Method.HANDLE, (handle,)) for handle in channels]):
        tally.advance(1)
        if answer.failure is not None:
            tally.add_failure(answer.unanswered, answer.failure)
        for observation in observations_in(answer):
            handle = observation.resource
            with run.context.database.write() as connection:
                if handle in renamed:
                    _save(connection, observation, channels[handle], run, tally)
                else:
                    _save_of_missing(connection, observation, channels[handle], run, tally)


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


def _of_missing(catalogue: Catalogue, run: CheckRun) -> dict[Resource, Resource]:
    """The listed handles of channels that this check misses; a handle is not asked about again for a day."""
    with run.context.database.read() as connection:
        missing = {
            handle: channel
            for handle, channel in load_handles_of_missing(connection, run.now, ASK_AGAIN_AFTER).items()
            if handle in catalogue.links_of
        }
        stored = load_resources(connection, missing.values())
    asked = {channel for channel, each in stored.items() if each.record.last_checked == run.now}
    return {handle: channel for handle, channel in missing.items() if channel in asked}


def _save(connection: Connection, observation: Observation, channel: Resource, run: CheckRun, tally: Tally) -> None:
    if observation.api is Answer.ABSENT:
        _release(connection, observation.resource, channel, run.now)
        evaluate(connection, [observation], run)
    else:
        _save_taken(connection, observation, channel, run, tally)


def _save_of_missing(
    connection: Connection, observation: Observation, channel: Resource, run: CheckRun, tally: Tally
) -> None:
    is_taken = observation.api is not Answer.ABSENT and _save_taken(connection, observation, channel, run, tally)
    if not is_taken and observation.api in {Answer.ABSENT, Answer.PRESENT}:
        save_asked_handle(connection, observation.resource, run.now)


def _save_taken(
    connection: Connection, observation: Observation, channel: Resource, run: CheckRun, tally: Tally
) -> bool:
    """Whether another channel has the handle: it stands for that from now on."""
    handle = observation.resource
    names = None if observation.facts is None else observation.facts.channel
    if observation.api is not Answer.PRESENT or names is None:
        tally.add_failure((handle,), NO_ANSWER)
        return False
    if names.id == channel.id or (names.handle or "").casefold() != handle.id.casefold():
        # YouTube still redirects the former handle, or a cache on the way gave the answer about another one: the
        # channel that took a handle names it.
        return False
    save_moved_handle(connection, handle, channel, run.now)
    evaluate(connection, [observation], run)
    return True


def _release(connection: Connection, handle: Resource, channel: Resource, now: datetime) -> None:
    """Make a handle a resource of its own, which has been available for as long as it led to the channel."""
    delete_alias(connection, handle)
    save_moved_handle(connection, handle, channel, now)
    stored = load_resources(connection, [handle, channel])
    if handle not in stored:
        record = replace(stored[channel].record, state=State.AVAILABLE, facts=Facts(), last_available=now)
        insert_record(connection, handle, record)
