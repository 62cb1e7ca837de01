"""Resolve custom channel URLs (`/c/NAME`, `youtube.com/NAME`), which the Data API can't look up, by their spelling."""

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import accumulate
from unicodedata import normalize

import msgspec

from linkwatch.catalogue.catalogue import Catalogue
from linkwatch.models.observation import Answer, Observation
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import is_ahead
from linkwatch.planner.calls import Call, Method
from linkwatch.services.context import CheckRun
from linkwatch.services.evaluate import evaluate, observations_in
from linkwatch.services.tally import Tally
from linkwatch.store.channels import load_unresolved_names, save_unresolved_name

TRY_AGAIN_AFTER = timedelta(days=30)
"""A name that led to no channel is asked about again: handles are given out every day."""

SHORTEST = 3
"""Characters of a name that say something when they are in a title."""

MOST_WORDS = 50
"""Of a title or a label that are read: a title has at most 100 characters."""

_WORD = re.compile(r"[^\W_]+")

PREFIX = "c/"
"""Of the id of a custom name; that of a bare one has none."""


def resolve_custom_names(catalogue: Catalogue, unmonitorable: Sequence[Resource], run: CheckRun, tally: Tally) -> None:
    """Watch a custom name as the channel whose handle or user name is spelt like it, if the channel's title fits.

    That takes two units a name, once. A name whose handle and user name lead to two channels, or to one of another
    title, stays what it is, and is tried again after `TRY_AGAIN_AFTER`.

    Args:
        catalogue: The links.
        unmonitorable: The resources that the plan leaves out.
        run: The run.
        tally: Gets the names that are watched from now on.
    """
    api = run.context.api
    named = [resource for resource in unmonitorable if resource.kind is Kind.CHANNEL]
    if api is None or not named:
        return
    with run.context.database.read() as connection:
        tried = load_unresolved_names(connection)
    for resource in named:
        last = tried.get(resource.id)
        if last is None or is_ahead(last, run.now) or run.now - last >= TRY_AGAIN_AFTER:
            name = resource.id.removeprefix(PREFIX)
            asked = (Call(Method.HANDLE, (_channel(f"@{name}"),)), Call(Method.USERNAME, (_channel(f"user/{name}"),)))
            answers = list(api.ask(asked))
            if any(answer.failure is not None for answer in answers):
                continue  # the next check tries again: what is left out of this one is no resource that it asks about
            _save(resource, [each for answer in answers for each in observations_in(answer)], catalogue, run, tally)


def _channel(id_: str) -> Resource:
    return Resource(Kind.CHANNEL, id_)


def _save(
    resource: Resource, observations: Sequence[Observation], catalogue: Catalogue, run: CheckRun, tally: Tally
) -> None:
    present = [each for each in observations if each.api is Answer.PRESENT and each.facts and each.facts.channel]
    channels = {each.facts.channel.id for each in present if each.facts and each.facts.channel}
    with run.context.database.write() as connection:
        if len(channels) == 1 and _fits(resource, present[0], catalogue):
            evaluate(connection, [msgspec.structs.replace(present[0], resource=resource)], run)
            tally.resolved_names.append(resource.id)
        else:
            save_unresolved_name(connection, resource, run.now)


def _fits(resource: Resource, observation: Observation, catalogue: Catalogue) -> bool:
    """Whether the name is in the title of the channel, or the title in what the list says beside the link."""
    title = _words(observation.facts.title or "") if observation.facts else []
    name = "".join(_words(resource.id.removeprefix(PREFIX)))
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
