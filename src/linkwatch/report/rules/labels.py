"""Findings from labels that don't match titles, and from what is listed twice: mislabelled, duplicate."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from linkwatch.catalogue.catalogue import CataloguedLink
from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.filler import is_filler
from linkwatch.models.link import Link
from linkwatch.models.observation import ResourceRecord, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.model import Finding
from linkwatch.report.rules.context import RuleContext, not_ignoring
from linkwatch.report.rules.label_words import ListWords, fits, same_owner, words_of
from linkwatch.report.rules.registry import list_rule
from linkwatch.report.wording import quoted
from linkwatch.spool import grouped_positions


@dataclass(frozen=True, slots=True)
class Mislabel:
    """An entry whose label fits nothing that it names."""

    resource: Resource
    title: str
    fitting: Link | None
    """Another entry, whose label says what the title says."""


def find_mislabels(context: RuleContext) -> dict[Link, Mislabel]:
    """The entries whose label doesn't fit.

    Words alone prove little: "Information Theory" is a fair label for "A Short Introduction to Entropy". Where the
    list names the channel it really comes from, the label is therefore believed, unless the title is what another
    entry's label says.

    What stands around a link, a heading or the row of a table, may say something else than what is linked: in a list
    where it often doesn't fit, nothing is reported of it.
    """
    labels: _Labels | None = None  # made when the first label is in doubt
    words = _Words(context)
    found: dict[Link, Mislabel] = {}
    inferred: Counter[str] = Counter()
    for item in context.catalogue.links:
        named = _unfitting(item, context.records, words)
        if named is None and "label" in item.link.inferred and item.resources and item.resources[0] in context.records:
            inferred[item.link.file] += 1
        if named is not None:
            resource, record = named
            title = str(record.facts.title)
            labels = labels or _Labels(context.catalogue.links)
            fitting = labels.saying(title)
            if fitting is not None or not _is_from_its_owner(item.link, record):
                found[item.link] = Mislabel(resource, title, fitting)
    doubtful = Counter(link.file for link in found if "label" in link.inferred)
    return {
        link: mislabel
        for link, mislabel in found.items()
        if "label" not in link.inferred or doubtful[link.file] * _FITTING <= inferred[link.file]
    }


_FITTING = 4
"""Inferred labels of a list that fit, for each one that doesn't, where these are told."""


@list_rule(rules.MISLABELLED, rules.DUPLICATE)
def mislabelled_and_duplicate(context: RuleContext) -> Iterator[Finding | None]:
    """Both in one, for a duplicate says which of its labels is the wrong one."""
    mislabels = find_mislabels(context)
    for link, mislabel in mislabels.items():
        yield _mislabelled(context, link, mislabel)
    for resource, listing in context.catalogue.duplicates(context.settings.duplicates):
        links = not_ignoring(rules.DUPLICATE, (item.link for item in listing))
        if len(links) > 1:
            yield _duplicate(context, resource, links, mislabels)


def _mislabelled(context: RuleContext, link: Link, mislabel: Mislabel) -> Finding | None:
    fitting = mislabel.fitting
    proof = f"; {quoted(str(fitting.label))} ({fitting.file}:{fitting.line}) does" if fitting else ""
    return context.finding(
        rules.MISLABELLED,
        resource=mislabel.resource,
        links=[link],
        message=f"label {quoted(str(link.label))} doesn't match the title {quoted(mislabel.title)}{proof}",
        since=context.disagree_since(link, mislabel.resource, EventKind.RETITLED),
        evidence={"label": link.label, "title": mislabel.title},
    )


def _duplicate(
    context: RuleContext, resource: Resource, links: Sequence[Link], mislabels: Mapping[Link, Mislabel]
) -> Finding | None:
    times = "twice" if len(links) == 2 else f"{len(links)} times"
    wrong = not_ignoring(rules.MISLABELLED, (link for link in links if link in mislabels))
    blamed = ""
    if 0 < len(wrong) < len(links):
        labels = " and ".join(dict.fromkeys(quoted(str(link.label)) for link in wrong))
        blamed = f"; label {labels} doesn't match the title"
    return context.finding(
        rules.DUPLICATE,
        resource=resource,
        links=links,
        message=f"the same {resource.kind} is listed {times}: {_shown_places(links)}{blamed}",
        since=context.links_first_seen(links),
        evidence={
            "places": [f"{link.file}:{link.line}" for link in links],
            "mislabelled": [f"{link.file}:{link.line}" for link in wrong],
        },
    )


_SHOWN_PLACES = 20
"""A message with all the places of a link that stands on each page of a site would be tens of thousands long."""


def _shown_places(links: Sequence[Link]) -> str:
    shown = ", ".join(map(_place, links[:_SHOWN_PLACES]))
    return shown if len(links) <= _SHOWN_PLACES else f"{shown} and {len(links) - _SHOWN_PLACES:,} more"


def _place(link: Link) -> str:
    return f"{link.file}:{link.line}" + (f" {quoted(link.label)}" if link.label else "")


def _unfitting(
    item: CataloguedLink, records: Mapping[Resource, ResourceRecord], words: "_Words"
) -> tuple[Resource, ResourceRecord] | None:
    """The first that the entry names, when its label fits nothing of it; None when it fits, or too little is known.

    A channel is not looked at: the label of a channel says what it teaches, its title is its name.
    """
    titled = []
    for resource in item.resources:
        what = records.get(resource)
        if resource.kind is Kind.CHANNEL or what is None or what.state is not State.AVAILABLE or not what.facts.title:
            return None
        titled.append((resource, what))
    label = item.link.label
    if label is None or not titled or _says_nothing(label) or words.fit(item.link, [what for _, what in titled]):
        return None
    return titled[0]


def _says_nothing(label: str) -> bool:
    """Whether a label would fit any video; numbers may still be the wrong ones."""
    return is_filler(label) and not any(character.isdigit() for character in label)


def _is_from_its_owner(link: Link, record: ResourceRecord) -> bool:
    return bool(link.owner and record.facts.owner_title and same_owner(link.owner, record.facts.owner_title))


class _Words:
    """The words of each list, counted when a label of the list is in doubt."""

    def __init__(self, context: RuleContext) -> None:
        self._context = context
        self._by_file: dict[str, ListWords] = {}
        self._ranges: dict[str, list[range]] = {}
        """Where in the catalogue the links of each list are; empty as long as no label is in doubt."""

    def fit(self, link: Link, records: Iterable[ResourceRecord]) -> bool:
        """Whether the label of a link fits one of the titles of what it names."""
        return any(
            fits(
                str(link.label),
                str(record.facts.title),
                lambda: self._of(link.file),
                channel=record.facts.owner_title,
                section=link.section,
            )
            for record in records
        )

    def _of(self, file: str) -> ListWords:
        if file not in self._by_file:
            self._by_file[file] = ListWords(self._entries(file))
        return self._by_file[file]

    def _entries(self, file: str) -> Iterator[tuple[str, str]]:
        links = self._context.catalogue.links
        if not self._ranges:
            at = 0
            for name, some in groupby(item.link.file for item in links):
                length = sum(1 for _ in some)
                self._ranges.setdefault(name, []).append(range(at, at + length))
                at += length
        for position in chain.from_iterable(self._ranges[file]):
            item = links[position]
            record = self._context.records.get(item.resources[0]) if item.resources else None
            if item.link.label and record is not None and record.facts.title:
                yield item.link.label, record.facts.title


class _Labels:
    """The labels of the lists, to be found by a title that says the same."""

    def __init__(self, links: Sequence[CataloguedLink]) -> None:
        self._links = links
        self._by_first_word = grouped_positions(_places(links))

    def saying(self, title: str) -> Link | None:
        """The first entry all of whose label's words are in the title."""
        words = words_of(title)
        theirs = set(words)
        candidates = (found for word in words for found in self._by_first_word.get(word, ()))
        return next((self._links[at].link for label, at in candidates if theirs.issuperset(label.split())), None)


def _places(links: Iterable[CataloguedLink]) -> Iterator[tuple[str, str, int]]:
    """Of the labels that say more than a number: the first word, all of them, and where the entry is."""
    for at, item in enumerate(links):
        words = words_of(item.link.label or "")
        if any(not word.isdigit() for word in words):
            yield words[0], " ".join(words), at
