"""How well a label fits a title, and a name the name of a channel, by their words."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice, pairwise
from math import log

from rapidfuzz import fuzz

SAME_WORD = 80
"""RapidFuzz ratio, 0–100, from which two words are one ("optimisation", "optimization"; "calculus", "calculs")."""


ALIKE = 50
"""Token-set ratio, 0–100, from which a label fits a title even without a word in common."""

ENOUGH_WEIGHT = 0.5
"""Sum of the weights of shared words from which a label fits: half of what a word weighs that no other link has."""

ENOUGH_SHARE = 0.5
"""Part of the weight of a label, or of a title, that is enough, whatever it weighs."""

MAX_COUNTED = 20_000
"""Links of a list whose words are counted: a sample of a longer list says as much."""

MAX_WORDS = 100_000
"""Words that are counted at once."""

_STEM = 6
"""Characters of a word that stand for it, so that "statistics" and "statistical" are counted together."""


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


class WordWeights:
    """How much a word tells in a list: a word in many of its labels and titles tells little.

    Words of one stem count as one. At most `MAX_COUNTED` links are counted; of very many words, the rare ones are
    forgotten, which is what they weigh.

    Args:
        entries: Labels and titles of the list's links.
    """

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._counts: Counter[str] = Counter()
        self._entries = 0
        for label, title in islice(entries, MAX_COUNTED):
            self._entries += 1
            self._counts.update({_stem(word) for word in (*words_of(label), *words_of(title))})
            if len(self._counts) > MAX_WORDS:
                self._counts = Counter({word: count for word, count in self._counts.items() if count > 1})

    def __getitem__(self, word: str) -> float:
        """From 1, for a word of one link, down to nearly 0, for a word of all links of a long list; 0 for a number."""
        if word.isdigit():
            return 0.0
        count = max(self._counts[_stem(word)], 1)
        return 1.0 if count == 1 else log(1 + self._entries / count) / log(1 + self._entries)


def fits(label: str, title: str, weights: Callable[[], WordWeights] | None = None) -> bool:
    """Whether a label fits a title. When in doubt it does.

    It does when the words that they share weigh enough, or are at least half of what either says; but not when the
    words before differing numbers are the same ("Calculus 1", "Calculus 3"). Labels and titles that can't be compared
    (nothing but filler, another script) fit.

    Args:
        label: Of a link.
        title: Of what it names.
        weights: Called, when it is needed, for those of the link's list; None: one word in common is enough.
    """
    # Nearly every label is part of its title: no need to take them apart. Whole words only, for “Calculus II”
    # begins with “Calculus I”, and “Painting” has an “AI” in it.
    if f" {label.lower()} " in f" {title.lower()} ":
        return True
    ours, theirs = words_of(label), words_of(title)
    if not _comparable(ours, theirs):
        return True
    if _numbers_differ(ours, theirs):
        return False
    return _is_short_for(ours, theirs) or _is_short_for(theirs, ours) or _share_enough(ours, theirs, weights)


def _share_enough(ours: tuple[str, ...], theirs: tuple[str, ...], weights: Callable[[], WordWeights] | None) -> bool:
    shared = {word for word in ours if any(_same_word(word, other) for other in theirs)}
    if not shared:
        return fuzz.token_set_ratio(" ".join(ours), " ".join(theirs)) >= ALIKE
    if weights is None:
        return True
    weight_of = weights()
    shared_with_us = {word for word in theirs if any(_same_word(word, other) for other in ours)}
    for common, words in ((shared, ours), (shared_with_us, theirs)):
        weight = sum(weight_of[word] for word in common)
        if weight >= min(ENOUGH_WEIGHT, ENOUGH_SHARE * sum(weight_of[word] for word in set(words))):
            return True
    return False


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
    """The words of a label or title that matter: folded, without filler and years, synonyms spelt out."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    words = []
    for word in re.findall(r"[^\W_]+", plain):
        if word in _FILLER or re.fullmatch(r"(19|20)\d\d", word):
            continue
        words += _SYNONYMS.get(word, word).split()
    return tuple(words)


def _comparable(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    words = [word for word in ours if not word.isdigit()]
    # "线性代数" and "Linear Algebra" may well be the same; their letters can't be compared.
    return bool(words and theirs) and _is_latin("".join(words)) == _is_latin("".join(theirs))


def _is_latin(text: str) -> bool:
    return sum("a" <= c <= "z" for c in text) * 2 >= len(text)


def _share_a_word(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    if _is_short_for(ours, theirs) or _is_short_for(theirs, ours):
        return True
    return any(_same_word(a, b) for a in ours for b in theirs)


def _same_word(a: str, b: str) -> bool:
    return not a.isdigit() and (fuzz.ratio(a, b) >= SAME_WORD or _same_stem(a, b))


def _stem(word: str) -> str:
    return word[:_STEM]


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
