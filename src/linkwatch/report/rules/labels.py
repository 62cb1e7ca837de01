"""Findings from labels that don't fit titles: mislabelled."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from linkwatch.catalogue.catalogue import CataloguedLink
from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.link import Link
from linkwatch.models.observation import ResourceRecord, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.model import Finding
from linkwatch.report.rules.context import RuleContext, quoted
from linkwatch.spool import grouped_positions

SAME_WORD = 80
"""RapidFuzz ratio, 0–100, from which two words are one ("optimisation", "optimization"; "calculus", "calculs")."""


FITS = 50
"""Token-set ratio, 0–100, from which a label fits a title even without a word in common."""


_FILLER = frozenset(
    re.findall(
        r"\w+",
        """
        a an and by for from in of on the to with vs
        all best class classes clip collection complete course courses crash edition episode fall free full hd here
        intro introduction lecture lectures lesson lessons link list new official online part playlist playlists
        seminar series session sessions spring summer talk talks tutorial tutorials university video videos vol volume
        watch winter youtube
        """,
    )
)


_SYNONYMS = {
    "calc": "calculus",
    "diff": "differential",
    "eq": "equations",
    "math": "mathematics",
    "maths": "mathematics",
    "odes": "differential equations",
    "prob": "probability",
    "stats": "statistics",
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
}


def fit(label: str, title: str) -> float:
    """How well a label fits a title, 0–100, from `FITS` on it does. When in doubt it does.

    A word in common is enough, unless the words before differing numbers are the same ("Calculus 1", "Calculus 3").
    Labels and titles that can't be compared (nothing but filler, another script) fit.
    """
    # Nearly every label is part of its title: no need to take them apart. Whole words only, for “Calculus II”
    # begins with “Calculus I”, and “Painting” has an “AI” in it.
    if f" {label.lower()} " in f" {title.lower()} ":
        return 100.0
    ours, theirs = words_of(label), words_of(title)
    if not _comparable(ours, theirs):
        return 100.0
    if _numbers_differ(ours, theirs):
        return 0.0
    likeness = fuzz.token_set_ratio(" ".join(ours), " ".join(theirs))
    return max(likeness, FITS) if _share_a_word(ours, theirs) else likeness


def same_owner(listed: str, channel: str) -> bool:
    """Whether a channel can be who a list names: "stanfordonline" can be "Stanford"."""
    if listed.lower() in channel.lower():
        return True
    ours, theirs = words_of(listed), words_of(channel)
    if not ours or not theirs or _is_latin("".join(ours)) != _is_latin("".join(theirs)):
        return True
    one, other = "".join(ours), "".join(theirs)
    return one in other or other in one or _share_a_word(ours, theirs) or fuzz.ratio(one, other) >= SAME_WORD


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a label or title that tell something: folded, without filler and years, synonyms spelt out."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    words = []
    for word in re.findall(r"[^\W_]+", plain):
        if word in _FILLER or re.fullmatch(r"(19|20)\d\d", word):
            continue
        words += _SYNONYMS.get(word, word).split()
    return tuple(words)


def _comparable(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    told = [word for word in ours if not word.isdigit()]
    # "线性代数" and "Linear Algebra" may well be the same; letters can't tell.
    return bool(told and theirs) and _is_latin("".join(told)) == _is_latin("".join(theirs))


def _is_latin(text: str) -> bool:
    return sum("a" <= c <= "z" for c in text) * 2 >= len(text)


def _share_a_word(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    if _is_short_for(ours, theirs) or _is_short_for(theirs, ours):
        return True
    return any(not a.isdigit() and (fuzz.ratio(a, b) >= SAME_WORD or _same_stem(a, b)) for a in ours for b in theirs)


def _is_short_for(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """As "ML" is for "machine learning", and "SVD" for "singular value decomposition"."""
    initials = "".join(word[0] for word in long)
    return any(len(word) >= 2 and not word.isdigit() and word in initials for word in short)


def _same_stem(a: str, b: str) -> bool:
    """As have "statistics" and "statistical", "optimize" and "optimization"."""
    shorter = min(len(a), len(b))
    return shorter >= 5 and a[: max(5, shorter - 2)] == b[: max(5, shorter - 2)]


def _numbers_differ(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether the same word is followed by other small numbers only: the next course, not this one."""
    numbers: dict[str, set[str]] = defaultdict(set)
    for word, number in pairwise(theirs):
        if _is_small(number):
            numbers[word].add(number)
    return any(
        _is_small(number) and word in numbers and number not in numbers[word]
        for word, number in pairwise(ours)
        if not word.isdigit()
    )


def _is_small(number: str) -> bool:
    return len(number) == 1 and number.isdigit()


@dataclass(frozen=True, slots=True)
class Misfit:
    """An entry whose label fits nothing that it names."""

    resource: Resource
    title: str
    fitting: Link | None
    """Another entry, whose label says what the title says."""


def find_misfits(material: RuleContext) -> dict[Link, Misfit]:
    """The entries whose label doesn't fit.

    Words alone prove little: "Information Theory" is a fair label for "A Short Introduction to Entropy". Where the
    list names the channel it really comes from, the label is therefore believed, unless the title is what another
    entry's label says.
    """
    labels: _Labels | None = None  # made when the first label is in doubt
    found: dict[Link, Misfit] = {}
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


def misfit_findings(material: RuleContext, misfits: Mapping[Link, Misfit]) -> Iterator[Finding | None]:
    """Every finding of this family."""
    for link, misfit in misfits.items():
        fitting = misfit.fitting
        proof = f"; {quoted(str(fitting.label))} ({fitting.file}:{fitting.line}) does" if fitting else ""
        yield material.finding(
            rules.MISLABELLED,
            resource=misfit.resource,
            links=[link],
            message=f"the label {quoted(str(link.label))} doesn't fit the title {quoted(misfit.title)}{proof}",
            since=material.disagree_since(link, misfit.resource, EventKind.RETITLED),
            evidence={"label": link.label, "title": misfit.title},
        )


def _unfitting(
    item: CataloguedLink, known: Mapping[Resource, ResourceRecord]
) -> tuple[Resource, ResourceRecord] | None:
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


def _is_from_its_owner(link: Link, known: ResourceRecord) -> bool:
    return bool(link.owner and known.facts.owner_title and same_owner(link.owner, known.facts.owner_title))


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
