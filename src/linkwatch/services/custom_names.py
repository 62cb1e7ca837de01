"""Resolve custom channel URLs (`/c/NAME`, `youtube.com/NAME`), which the Data API can't look up, by their spelling."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from operator import itemgetter
from unicodedata import normalize

import msgspec
from sqlalchemy import Connection

from linkwatch.catalogue.catalogue import Catalogue
from linkwatch.models.observation import Answer, Observation
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import is_ahead
from linkwatch.planner.calls import Call, Method
from linkwatch.services.context import CheckRun
from linkwatch.services.evaluate import evaluate, observations_in
from linkwatch.services.tally import Tally
from linkwatch.store.channels import load_unresolved_names, save_unresolved_name
from linkwatch.store.quota import load_quota_day, spare_units

TRY_AGAIN_AFTER = timedelta(days=30)
"""A name that led to no channel is asked about again: handles are given out every day."""

SHORTEST = 3
"""Characters of a name that say something when they are in a title."""

MOST_WORDS = 50
"""Of a title or a label that are read: a title has at most 100 characters."""

_WORD = re.compile(r"[^\W_]+")

UNITS_A_NAME = 2
"""Quota units: one call for the handle, one for the user name."""


@dataclass(frozen=True, slots=True)
class CustomNamesPlan:
    """The custom names that a check asks about."""

    names: Sequence[Resource] = ()
    postponed: int = 0
    """How many are due as well, but beyond the budget."""

    @property
    def units(self) -> int:
        """Quota units, without retries."""
        return UNITS_A_NAME * len(self.names)


def plan_custom_names(
    connection: Connection, unmonitorable: Iterable[Resource], *, now: datetime, budget: int
) -> CustomNamesPlan:
    """Choose the custom names to ask about: those never tried first, then those tried longest ago.

    Args:
        connection: Knows which names led to no channel.
        unmonitorable: The resources that the plan of the check leaves out.
        now: The present time.
        budget: Units that may be spent, ≥ 0.
    """
    tried = load_unresolved_names(connection)
    due = []
    for resource in unmonitorable:
        if resource.custom_name is not None:
            last = tried.get(resource.id)
            if last is None or is_ahead(last, now):
                due.append((0.0, resource))
            elif now - last >= TRY_AGAIN_AFTER:
                due.append((last.timestamp(), resource))
    due.sort(key=itemgetter(0))
    names = tuple(resource for _, resource in due[: budget // UNITS_A_NAME])
    return CustomNamesPlan(names, len(due) - len(names))


def resolve_custom_names(catalogue: Catalogue, unmonitorable: Sequence[Resource], run: CheckRun, tally: Tally) -> None:
    """Watch a custom name as the channel whose handle or user name is spelt like it, if the channel's title fits.

    That takes two units a name, once, of those that are not reserved for checks. A name whose handle and user name lead
    to two channels, or to one of another title, stays what it is, and is tried again after `TRY_AGAIN_AFTER`.

    Args:
        catalogue: The links.
        unmonitorable: The resources that the plan leaves out.
        run: The run.
        tally: Gets how many names have to wait.
    """
    api, settings = run.context.api, run.context.settings
    if api is None or not unmonitorable:
        return
    with run.context.database.read() as connection:
        spare = spare_units(load_quota_day(connection, run.now, settings.quota_per_day, settings.api_key))
        plan = plan_custom_names(connection, unmonitorable, now=run.now, budget=spare)
    tally.postponed_names = plan.postponed
    for resource in plan.names:
        calls = (
            Call(Method.HANDLE, (_channel(f"@{resource.custom_name}"),)),
            Call(Method.USERNAME, (_channel(f"user/{resource.custom_name}"),)),
        )
        answers = list(api.ask(calls))
        if any(answer.failure is not None for answer in answers):
            continue  # the next check tries again: what is left out of this one is no resource that it asks about
        _save(resource, [each for answer in answers for each in observations_in(answer)], catalogue, run)


def _channel(id_: str) -> Resource:
    return Resource(Kind.CHANNEL, id_)


def _save(resource: Resource, observations: Sequence[Observation], catalogue: Catalogue, run: CheckRun) -> None:
    present = [each for each in observations if each.api is Answer.PRESENT and each.facts and each.facts.channel]
    channels = {each.facts.channel.id for each in present if each.facts and each.facts.channel}
    with run.context.database.write() as connection:
        if len(channels) == 1 and _fits(resource, present[0], catalogue):
            evaluate(connection, [msgspec.structs.replace(present[0], resource=resource)], run)
        else:
            save_unresolved_name(connection, resource, run.now)


def _fits(resource: Resource, observation: Observation, catalogue: Catalogue) -> bool:
    """Whether the name is in the title of the channel, or the title in what the list says beside the link."""
    title = _words(observation.facts.title or "") if observation.facts else []
    name = "".join(_words(str(resource.custom_name)))
    if name and any(_has(title, each) for each in (name, name.rstrip("0123456789")) if len(each) >= SHORTEST):
        return True
    links = [catalogue.links[at].link for at in catalogue.links_of.get(resource, ())]
    said = (text for link in links for text in (link.owner, link.label) if text)
    return bool(title) and any(_has(_words(text), "".join(title)) for text in said)


def _words(text: str) -> list[str]:
    return _WORD.findall(normalize("NFKC", text).casefold())[:MOST_WORDS]


def _has(words: Sequence[str], name: str) -> bool:
    """Whether some of the words that follow each other, without the spaces, are the name."""
    return any(name in accumulate(words[first:]) for first in range(len(words)))
