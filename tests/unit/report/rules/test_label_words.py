"""A label fits a title unless it clearly doesn't: a false alarm costs more trust than a missed one."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.report.rules.label_words import FITS, fit, same_owner, words_of
from linkwatch.simulator.demo_list import CHANNELS, PLAYLISTS, VIDEOS
from linkwatch.urls.parse import parse_url

SEED_LIST = Path(__file__).parents[4] / "resources.csv"


@pytest.mark.parametrize(
    ("label", "title"),
    [
        # The same words, with more around them, in another order, case or spelling.
        ("Linear Algebra", "Linear Algebra"),
        ("Linear Algebra", "MIT 18.06 Linear Algebra, Spring 2005"),
        ("Probability", "A full course in probability"),
        ("Machine Learning Optimization", "Optimization for Machine Learning"),
        ("Optimisation", "Convex Optimization"),
        ("Statistical learning", "Statistics 101"),
        ("Multi-variable calculus", "Multivariable Calculus"),
        ("Algèbre linéaire", "Algebre lineaire: cours complet"),
        ("Bayes' theorem", "Bayes theorem, the geometry of changing beliefs"),
        ("C++", "The Cherno: C++"),
        ("🎥 Linear Algebra", "Linear Algebra"),
        # A word in common is enough.
        ("Calculus", "Single variable calculus and analytic geometry"),
        ("Khan Academy", "Multivariable calculus | Khan Academy"),
        # Short for it.
        ("ML", "Machine Learning — Andrew Ng, Stanford [FULL COURSE]"),
        ("AI", "Artificial Intelligence: A Modern Approach"),
        ("Maths for ML", "Mathematics for Machine Learning"),
        ("Natural Language Processing", "CS224N | NLP"),
        ("SVD", "Singular Value Decomposition"),
        ("PCA", "Principal Component Analysis, step by step"),
        ("Reinforcement Learning", "RL Course by David Silver"),
        ("Intro Stats", "jbstatistics: statistics"),
        ("Diff Eq", "Differential Equations"),
        ("Differential Equations", "ODEs (complete course)"),
        # The same number, however it is written.
        ("Calculus III", "Calculus 3 (Full Length Videos)"),
        ("Calculus 3", "Calculus III"),
        ("Calculus", "Calculus 2"),
        ("Calculus 1", "Calculus"),
        ("Multivariable Calculus", "Calculus 3"),
        ("Calculus 2", "Calculus 1, Calculus 2 and Calculus 3"),
        ("Physics 101", "Physics 1"),
        ("Statistics 2019", "Statistics 2023"),
        # Labels that say nothing can't be wrong.
        ("here", "Calculus 3"),
        ("Playlist", "Calculus 3"),
        ("Full Course (2023)", "Linear Algebra"),
        ("Lecture 1", "Vectors"),
        ("Watch on YouTube", "Calculus"),
        ("", "Calculus"),
        ("Calculus", ""),
        ("▶", "Calculus"),
        ("3", "Calculus 2"),
        # Another script may well say the same.
        ("线性代数", "Linear Algebra"),
        ("Linear Algebra", "線形代数"),
        ("Линейная алгебра", "Linear Algebra"),
        ("Linear Algebra", "الجبر الخطي"),
        ("线性代数", "线性代数（全）"),
    ],
)
def test_these_fit(label: str, title: str) -> None:
    assert fit(label, title) >= FITS


@pytest.mark.parametrize(
    ("label", "title"),
    [
        ("Linear Algebra", "Calculus 3 (Full Length Videos)"),
        ("Calculus", "Probability"),
        ("Probability", "Statistics and econometrics"),
        ("Machine Learning", "Minecraft, let's play"),
        ("Convex Optimization", "Topology"),
        ("Statistics", "Cooking pasta at home"),
        ("Linear Algebra", "Lo-fi hip hop radio"),
        # The next course is not this one.
        ("Calculus 1", "Calculus 3 (Full Length Videos)"),
        ("Calculus I", "Calculus II"),
        ("Physics II", "Physics I (full course)"),
        ("Algebra 2", "Algebra 1"),
        ("Linear Algebra, Lecture 1", "Linear Algebra, Lecture 3"),
        # A short word inside a long one is another word.
        ("AI", "Painting basics"),
        ("Art", "Party music"),
        ("R", "Rust in 100 seconds"),
        # Within another script letters tell as much as in ours.
        ("Линейная алгебра", "Теория вероятностей"),
    ],
)
def test_these_do_not_fit(label: str, title: str) -> None:
    assert fit(label, title) < FITS


def test_of_the_seed_list_only_the_wrong_entry_does_not_fit() -> None:
    """The list names Professor Leonard's Calculus 3 twice, once as Linear Algebra."""
    titles = {item.id: item.title for item in (*PLAYLISTS, *VIDEOS)}
    misfits = []
    with SEED_LIST.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            parsed = parse_url(row["url"])
            assert parsed is not None
            named = [titles[resource.id] for resource in parsed.resources if resource.id in titles]
            misfits += [(row["label"], title) for title in named if fit(row["label"], title) < FITS]
    assert misfits == [("Linear Algebra", "Calculus 3 (Full Length Videos)")]


def test_every_owner_of_the_seed_list_is_the_channel_it_comes_from() -> None:
    owners = {item.id: item.owner for item in (*PLAYLISTS, *VIDEOS)}
    names = {channel.name: channel.title for channel in CHANNELS}
    with SEED_LIST.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            parsed = parse_url(row["url"])
            assert parsed is not None
            for resource in parsed.resources:
                if resource.id in owners:
                    assert same_owner(row["owner"], names[owners[resource.id]]), row


@pytest.mark.parametrize(
    ("listed", "channel"),
    [
        ("Stanford", "stanfordonline"),
        ("DeepLearning.AI", "DeepLearningAI"),
        ("Freecodecamp", "freeCodeCamp.org"),
        ("IIT Madras - NPTEL", "NPTEL-NOC IITM"),
        ("Aurélien Géron", "Aurelien Geron"),
        ("Sentdex", "sentdex"),
        ("MIT OCW", "MIT OpenCourseWare"),
        ("3Blue1Brown", "3blue1brown"),
        ("Grant Sanderson (3Blue1Brown)", "3Blue1Brown"),
        ("吴恩达", "Andrew Ng"),
        ("", "Anybody"),
        ("The Channel", ""),
    ],
)
def test_a_channel_that_can_be_who_the_list_names(listed: str, channel: str) -> None:
    assert same_owner(listed, channel)


@pytest.mark.parametrize(
    ("listed", "channel"),
    [
        ("Professor Leonard", "The Math Sorcerer"),
        ("Sentdex", "freeCodeCamp.org"),
        ("3Blue1Brown", "StatQuest with Josh Starmer"),
        ("Khan Academy", "Ben Lambert"),
    ],
)
def test_a_channel_that_is_somebody_else(listed: str, channel: str) -> None:
    assert not same_owner(listed, channel)


def test_words_are_folded_and_filler_and_years_left_out() -> None:
    assert words_of("The FULL Course: Algèbre II (2019), Math for ML!") == ("algebre", "2", "mathematics", "ml")


WORDS = ("Calculus", "I", "2", "ML", "线性", "the", "—", "Ω", "é", "ß", "İ", "ﷺ", "Algebra-1", "(2019)")
TEXT = st.text(max_size=60) | st.lists(st.sampled_from(WORDS)).map(" ".join)


@given(TEXT, TEXT)
def test_any_two_texts_can_be_compared(label: str, title: str) -> None:
    assert 0 <= fit(label, title) <= 100
    assert same_owner(label, title) in {True, False}


@given(TEXT)
def test_every_text_fits_itself(text: str) -> None:
    assert fit(text, text) == 100
    assert same_owner(text, text)


@given(TEXT, TEXT, TEXT)
def test_words_around_a_label_never_make_it_a_misfit(label: str, before: str, after: str) -> None:
    assert fit(label, f"{before} {label} {after}") == 100
