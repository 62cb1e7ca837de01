"""How well a label fits a title, and a name the name of a channel, by their words."""

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

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
