"""How well a label fits a title, and a name the name of a channel, by their words."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice, pairwise
from math import log

from rapidfuzz import fuzz

from linkwatch.models.filler import COMMON_WORDS

SAME_WORD = 80
"""RapidFuzz ratio, 0–100, from which two words are one ("optimisation", "optimization"; "calculus", "calculs")."""


ALIKE = 50
"""Token-set ratio, 0–100, from which a label fits a title even without a word in common."""

ENOUGH_WEIGHT = 0.5
"""Sum of the weights of shared words from which a label fits: half of what a word weighs that no other link has."""

ENOUGH_SHARE = 0.5
"""Part of the weight of a label, or of a title, that is enough, whatever it weighs."""

LEAST_SHARE = 0.15
"""Part of the weight of the shorter of label and title that shared words must have in any case."""

FEW = 3
"""Links of a list that are not enough to say how its labels and titles are made."""

NEARLY_ALL = 0.8
"""Part of the numbered links whose numbers agree in a list that counts like its titles."""

MAX_COUNTED = 20_000
"""Links of a list whose words are counted: a sample of a longer list says as much."""

MAX_WORDS = 100_000
"""Words that are counted at once."""

_STEM = 6
"""Characters of a word that stand for it, so that "statistics" and "statistical" are counted together."""


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


_CREDITS = re.compile(r"(?i)\b(?:by|feat\.?|featuring|ft\.?|par|von|por|with)\s[^|/:()\[\]–—]*")
"""The people whom a title names: from "by" up to the next punctuation."""

_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")

_ACRONYM = re.compile(r"\b[A-Z][a-z]?[A-Z0-9]+s?\b")

_ORDINAL = re.compile(
    r"(?i)\b(?:chapter|class|ep|episode|lec|lecture|lesson|part|session|unit|week)\b[.:#\s]{0,3}(?P<named>\d{1,3})\b"
    r"|^\W{0,3}(?P<first>\d{1,3})\s?[.:)–-]"
)


class ListWords:
    """What the words of a list tell: a word in many of its labels and titles tells little.

    Words of one stem count as one. At most `MAX_COUNTED` links are counted; of very many words, the rare ones are
    forgotten, which is what they weigh.

    Args:
        entries: Labels and titles of the list's links.
    """

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._counts: Counter[str] = Counter()
        self._in_labels: Counter[str] = Counter()
        self._in_titles: Counter[str] = Counter()
        self._entries = self._comparable = self._sharing = self._numbered = self._same_number = 0
        for label, title in islice(entries, MAX_COUNTED):
            self._entries += 1
            ours, theirs = words_of(label), words_of(title)
            in_label, in_title = set(map(_stem, ours)), set(map(_stem, theirs))
            self._counts.update(in_label | in_title)
            self._in_labels.update(in_label)
            self._in_titles.update(in_title)
            if _comparable(ours, theirs):
                self._comparable += 1
                self._sharing += not in_label.isdisjoint(in_title)
            numbers = _ordinal(label), _ordinal(title)
            if None not in numbers:
                self._numbered += 1
                self._same_number += numbers[0] == numbers[1]
            if len(self._counts) > MAX_WORDS:
                for counts in (self._counts, self._in_labels, self._in_titles):
                    for word in [word for word, count in counts.items() if count == 1]:
                        del counts[word]

    def __getitem__(self, word: str) -> float:
        """From 1, for a word of one link, down to nearly 0, for a word of all links of a long list; 0 for a number."""
        if word.isdigit():
            return 0.0
        count = max(self._counts[_stem(word)], 1)
        return 1.0 if count == 1 else log(1 + self._entries / count) / log(1 + self._entries)

    @property
    def labels_repeat_titles(self) -> bool:
        """Whether most labels have a word in common with their titles: in other lists, having none proves nothing."""
        return self._comparable < FEW or self._sharing * 2 >= self._comparable

    @property
    def numbers_agree(self) -> bool:
        """Whether the numbers of lectures in labels are those in the titles, as they are in nearly all."""
        return self._numbered >= FEW and self._same_number >= NEARLY_ALL * self._numbered

    def subject_of(self, title: str) -> tuple[str, ...]:
        """The words of a title without the people after "by" and without what is in the titles of the whole list.

        "Voxxed Days 2024 | Lightning talk by Ada Byron" has none.
        """
        return tuple(
            word for word in words_of(_CREDITS.sub(" ", title)) if not word.isdigit() and not self._is_frame(word)
        )

    def is_in_titles(self, word: str) -> bool:
        """Whether a title of the list has a word."""
        return self._in_titles[_stem(word)] > 0

    def _is_frame(self, word: str) -> bool:
        stem = _stem(word)
        count = self._in_titles[stem]
        return count >= FEW and count * 2 > min(self._entries, 4 * self._in_labels[stem])


def fits(
    label: str,
    title: str,
    words: Callable[[], ListWords] | None = None,
    *,
    channel: str | None = None,
    section: str | None = None,
) -> bool:
    """Whether a label fits a title. When in doubt it does.

    It does when the words that they share weigh enough, or are at least half of what either says; but not when the
    words before differing numbers are the same ("Calculus 1", "Calculus 3"), or their lectures have other numbers in a
    list where these agree. Labels and titles that can't be compared (nothing but filler, another script, nothing but
    the name of the event or channel) fit.

    Args:
        label: Of a link.
        title: Of what it names.
        words: Called, when they are needed, for those of the link's list; None: one word in common is enough.
        channel: The name of the channel it comes from.
        section: The heading above the link.
    """
    # Nearly every label is part of its title: no need to take them apart. Whole words only, for “Calculus II”
    # begins with “Calculus I”, and “Painting” has an “AI” in it.
    if f" {label.lower()} " in f" {title.lower()} ":
        return True
    ours, theirs = words_of(label), words_of(title)
    if _other_lecture(label, title) and words is not None and words().numbers_agree:
        return False
    if not _comparable(ours, theirs):
        return True
    if _numbers_differ(ours, theirs):
        return False
    names_channel = channel is not None and all(_is_among(word, words_of(channel)) for word in ours)
    is_same_spelt_otherwise = _are_initials(label, ours, title, theirs) or _are_initials(title, theirs, label, ours)
    if names_channel or is_same_spelt_otherwise or _same_letters(ours, theirs):
        return True
    return _share_enough(ours, theirs, words, title, section)


def _share_enough(
    ours: tuple[str, ...],
    theirs: tuple[str, ...],
    words: Callable[[], ListWords] | None,
    title: str,
    section: str | None,
) -> bool:
    shared = {word for word in ours if _is_among(word, theirs)}
    if words is None:
        return bool(shared) or _are_alike(ours, theirs)
    of_list = words()
    subject = of_list.subject_of(title)
    if not subject or not of_list.labels_repeat_titles:
        return True
    if not shared:
        return _are_alike(ours, theirs) or _is_name_in_section(ours, subject, section, of_list)
    shared_with_us = {word for word in theirs if _is_among(word, ours)}
    least = min(_weight(ours, of_list), _weight(subject, of_list))
    for common, side in ((shared, ours), (shared_with_us, subject)):
        weight = _weight(common, of_list)
        if weight >= ENOUGH_SHARE * _weight(side, of_list) or weight >= max(ENOUGH_WEIGHT, LEAST_SHARE * least):
            return True
    return False


def _weight(words: Iterable[str], of_list: ListWords) -> float:
    return sum(of_list[word] for word in set(words))


def _is_name_in_section(
    ours: tuple[str, ...], subject: tuple[str, ...], section: str | None, of_list: ListWords
) -> bool:
    """Whether a label that no title of the list has a word of, as a name, stands below a heading that fits."""
    if not section or any(of_list.is_in_titles(word) for word in ours):
        return False
    return any(_is_among(word, words_of(section)) for word in subject)


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
    words = []
    for word in _every_word(text):
        if word in COMMON_WORDS or re.fullmatch(r"(19|20)\d\d", word):
            continue
        words += _SYNONYMS.get(word, word).split()
    return tuple(words)


def _every_word(text: str) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return tuple(re.findall(r"[^\W_]+", _undotted(plain)))


def _undotted(text: str) -> str:
    """A text with "M.L.E." as "MLE"."""
    return _DOTTED.sub(lambda found: found[0].replace(".", ""), text)


def _comparable(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    words = [word for word in ours if not word.isdigit()]
    # "线性代数" and "Linear Algebra" may well be the same; their letters can't be compared.
    return bool(words and theirs) and _is_latin("".join(words)) == _is_latin("".join(theirs))


def _is_latin(text: str) -> bool:
    return sum("a" <= c <= "z" for c in text) * 2 >= len(text)


def _is_among(word: str, others: Iterable[str]) -> bool:
    return any(_same_word(word, other) for other in others)


def _are_alike(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    return fuzz.token_set_ratio(" ".join(ours), " ".join(theirs)) >= ALIKE


def _same_letters(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether what is one word here is two there: "back-propagation", "Data Frames"."""
    return any(
        len(a) + len(b) >= _STEM and a + b in longer
        for shorter, longer in ((ours, theirs), (theirs, ours))
        for a, b in pairwise(shorter)
        if not (a + b).isdigit()
    )


def _share_a_word(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    if _is_short_for(ours, theirs) or _is_short_for(theirs, ours):
        return True
    return any(_same_word(a, b) for a in ours for b in theirs)


def _same_word(a: str, b: str) -> bool:
    return not a.isdigit() and (fuzz.ratio(a, b) >= SAME_WORD or _same_stem(a, b))


def _stem(word: str) -> str:
    return word[:_STEM]


def _are_initials(text: str, short: tuple[str, ...], long_text: str, long: tuple[str, ...]) -> bool:
    """As `_is_short_for`, of words in capitals, or of a text that is one word; "IoT" counts its "of"."""
    capitals = {word for part in _ACRONYM.findall(_undotted(text)) for word in words_of(part)}
    words = short if len(short) == 1 else tuple(word for word in short if word in capitals)
    return bool(words) and (_is_short_for(words, long) or _is_short_for(words, _every_word(long_text)))


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


def _ordinal(text: str) -> int | None:
    """The number of a lecture: "Lecture 3", "Lec. 3: Trees", "#03 - Trees", "3. Trees"; None without one."""
    found = _ORDINAL.search(text)
    return None if found is None else int(found["named"] or found["first"])


def _other_lecture(label: str, title: str) -> bool:
    ours = _ordinal(label)
    theirs = None if ours is None else _ordinal(title)
    return theirs is not None and ours != theirs


def _is_small(number: str) -> bool:
    return len(number) == 1 and number.isdigit()
