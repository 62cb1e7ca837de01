"""Findings from labels that don't fit titles: mislabelled."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from linkwatch.catalogue.catalogue import CataloguedLink
from linkwatch.catalogue.resource import Kind, Resource
from linkwatch.observation import Known, State
from linkwatch.report.labels import FITS, fit, same_owner, words_of
from linkwatch.report.report import Finding
from linkwatch.report.rules.material import Material, quoted
from linkwatch.settings import Rule
from linkwatch.sources.listed import ListedLink
from linkwatch.spooling import Positions, is_long
from linkwatch.verdict.events import EventKind


@dataclass(frozen=True, slots=True)
class Misfit:
    """An entry whose label fits nothing that it names."""

    resource: Resource
    title: str
    fitting: ListedLink | None
    """Another entry, whose label says what the title says."""


def find_misfits(material: Material) -> dict[ListedLink, Misfit]:
    """The entries whose label doesn't fit.

    Words alone prove little: "Information Theory" is a fair label for "A Short Introduction to Entropy". Where the
    list names the channel it really comes from, the label is therefore believed, unless the title is what another
    entry's label says.
    """
    labels: _Labels | None = None  # made when the first label is in doubt
    found: dict[ListedLink, Misfit] = {}
    for item in material.catalogue.links:
        named = _unfitting(item, material.known)
        if named is not None:
            resource, known = named
            title = str(known.facts.title)
            labels = labels or _Labels(material.catalogue.links)
            fitting = labels.saying(title)
            if fitting is not None or not _is_from_its_owner(item.link, known):
                found[item.link] = Misfit(resource, title, fitting)
    return found


def misfit_findings(material: Material, misfits: Mapping[ListedLink, Misfit]) -> Iterator[Finding | None]:
    """Every finding of this family."""
    for link, misfit in misfits.items():
        fitting = misfit.fitting
        proof = f"; {quoted(str(fitting.label))} ({fitting.file}:{fitting.line}) does" if fitting else ""
        yield material.finding(
            Rule.MISLABELLED,
            resource=misfit.resource,
            links=[link],
            message=f"the label {quoted(str(link.label))} doesn't fit the title {quoted(misfit.title)}{proof}",
            since=material.disagree_since(link, misfit.resource, EventKind.RETITLED),
            evidence={"label": link.label, "title": misfit.title},
        )


def _unfitting(item: CataloguedLink, known: Mapping[Resource, Known]) -> tuple[Resource, Known] | None:
    """The first that the entry names, when its label fits nothing of it; None when it fits, or too little is known.

    A channel is not looked at: the label of a channel says what it teaches, its title is its name.
    """
    titled = []
    for resource in item.resources:
        what = known.get(resource)
        if resource.kind is Kind.CHANNEL or what is None or what.state is not State.AVAILABLE or not what.facts.title:
            return None
        titled.append((resource, what))
    label = item.link.label
    if label is None or any(fit(label, str(what.facts.title)) >= FITS for _, what in titled):
        return None
    return next(iter(titled), None)


def _is_from_its_owner(link: ListedLink, known: Known) -> bool:
    return bool(link.owner and known.facts.owner_title and same_owner(link.owner, known.facts.owner_title))


class _Labels:
    """The labels of the lists, to be found by a title that says the same."""

    def __init__(self, links: Sequence[CataloguedLink]) -> None:
        self._links = links
        self._beginning_with: Callable[[str], Iterable[tuple[str, int]]]
        if is_long(len(links)):
            found = Positions(_places(links), lambda first, words: (first, words), lambda name: name)
            self._beginning_with = found.of_kind
            return
        by_first_word: dict[str, dict[str, int]] = defaultdict(dict)
        for first, words, at in _places(links):
            by_first_word[first].setdefault(words, at)
        self._beginning_with = lambda word: by_first_word.get(word, {}).items()

    def saying(self, title: str) -> ListedLink | None:
        """The first entry all of whose label's words are in the title."""
        words = words_of(title)
        theirs = set(words)
        candidates = (found for word in words for found in self._beginning_with(word))
        return next((self._links[at].link for label, at in candidates if theirs.issuperset(label.split())), None)


def _places(links: Iterable[CataloguedLink]) -> Iterator[tuple[str, str, int]]:
    """Of the labels that say more than a number: the first word, all of them, and where the entry is."""
    for at, item in enumerate(links):
        words = words_of(item.link.label or "")
        if any(not word.isdigit() for word in words):
            yield words[0], " ".join(words), at
