"""What is ignored is left out and counted; what is ignored for some rules keeps its place and knows them."""

from dataclasses import dataclass

import pytest

from linkwatch.catalogue.catalogue import Catalogue, catalogue_links, resolve_aliases
from linkwatch.models.link import Link
from linkwatch.models.resource import Kind, Resource

LIST = "PLDesaqWTN6ESk16YRmzuJ8f6-rnuy0Ry7"
CLIP = "haHLRD0QZ08"
PLAYLIST, VIDEO = Resource(Kind.PLAYLIST, LIST), Resource(Kind.VIDEO, CLIP)
WATCHED_IN_IT = f"https://www.youtube.com/watch?v={CLIP}&list={LIST}"


@dataclass(frozen=True)
class Patterns:
    """What the settings say, without the settings."""

    url: str | None = None
    id: str | None = None
    section: str | None = None
    file: str | None = None
    rules: tuple[str, ...] = ()


def entry(
    url: str = PLAYLIST.url,
    *,
    file: str = "courses/maths.md",
    section: str | None = None,
    ignored: tuple[str, ...] | None = None,
) -> Link:
    return Link(url, file, 1, 1, None, section, ignored=ignored)


def is_ignored(link: Link, *patterns: Patterns) -> bool:
    found = catalogue_links([link], patterns)
    assert len(found.links) + found.ignored == 1
    return found.ignored == 1


def rules_of(found: Catalogue) -> list[tuple[str, ...] | None]:
    return [item.link.ignored for item in found.links]


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("https://www.youtube.com/playlist?list=PLDesaqWTN6ESk16YRmzuJ8f6-rnuy0Ry7", True),
        ("*playlist*", True),
        ("*://*/playlist?list=PL*", True),
        ("playlist", False),
        ("https://www.youtube.com/playlist", False),
        ("*PLDESAQ*", False),
        ("*list=P[KL]*", True),
    ],
)
def test_the_pattern_of_a_url_is_of_the_whole_url_as_it_is_listed(pattern: str, *, fits: bool) -> None:
    assert is_ignored(entry(), Patterns(url=pattern)) is fits


def test_the_pattern_of_an_id_is_of_the_canonical_id() -> None:
    assert is_ignored(entry(f"http://m.youtube.com/playlist?list=VL{LIST}&si=x"), Patterns(id=LIST))
    assert is_ignored(entry("https://www.youtube.com/@Grant"), Patterns(id="@grant"))
    assert not is_ignored(entry(VIDEO.url), Patterns(id=LIST))


def test_a_video_is_not_left_out_with_the_playlist_that_it_is_watched_in() -> None:
    """Else whoever ignores a course would lose sight of each lecture that is listed with `&list=`."""
    assert not is_ignored(entry(WATCHED_IN_IT), Patterns(id=LIST))
    assert is_ignored(entry(WATCHED_IN_IT), Patterns(id=CLIP))
    assert is_ignored(entry(WATCHED_IN_IT), Patterns(url=f"*list={LIST}"))


def test_a_malformed_link_has_no_id_and_can_be_left_out_by_its_url() -> None:
    malformed = entry("https://www.youtube.com/watch?v=short")
    assert not is_ignored(malformed, Patterns(id="*"))
    assert is_ignored(malformed, Patterns(url="*v=short"))


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("Archive", True),
        ("2019", True),
        ("Arch*", True),
        ("Archive > 2019", True),
        ("* > 2019", True),
        ("archive", False),
        ("Arch", False),
        ("2020", False),
    ],
)
def test_the_pattern_of_a_section_is_of_any_heading_above_or_of_all(pattern: str, *, fits: bool) -> None:
    assert is_ignored(entry(section="Archive > 2019"), Patterns(section=pattern)) is fits


def test_an_entry_in_no_section_fits_no_pattern_of_one() -> None:
    assert not is_ignored(entry(section=None), Patterns(section="*"))


@pytest.mark.parametrize(
    ("pattern", "fits"), [("*.md", True), ("courses/*", True), ("courses/maths.md", True), ("maths.md", False)]
)
def test_a_star_in_the_pattern_of_a_file_stands_for_folders_too(pattern: str, *, fits: bool) -> None:
    assert is_ignored(entry(), Patterns(file=pattern)) is fits


def test_all_patterns_of_one_must_fit_and_one_of_several_is_enough() -> None:
    link = entry(section="Archive")
    assert is_ignored(link, Patterns(section="Archive", file="courses/*", id="PL*", url="*"))
    assert not is_ignored(link, Patterns(section="Archive", file="other/*"))
    assert is_ignored(link, Patterns(file="other/*"), Patterns(section="Archive"))


def test_a_comment_alone_takes_a_link_out() -> None:
    assert is_ignored(entry(ignored=()))


def test_what_is_ignored_is_counted_and_names_nothing() -> None:
    found = catalogue_links([entry(), entry(VIDEO.url)], [Patterns(id="PL*")])
    assert (found.ignored, found.resources()) == (1, [VIDEO])
    assert resolve_aliases(found, {}).ignored == 1


def test_the_count_outlives_the_resolving_of_handles() -> None:
    found = catalogue_links([entry(), entry("https://www.youtube.com/@grant")], [Patterns(id="PL*")])
    assert resolve_aliases(found, {"@grant": "UCYO_jab_esuFRV4b17AJtAw"}).ignored == 1


def test_links_of_other_sites_are_not_counted_as_ignored() -> None:
    assert catalogue_links([entry("https://example.org/", ignored=())], [Patterns(url="*")]) == Catalogue((), {})


def test_what_is_listed_twice_is_still_there_when_one_entry_is_ignored() -> None:
    found = catalogue_links([entry(ignored=()), entry(file="other.md")])
    assert [item.link.file for item in found.links] == ["other.md"]
    assert found.links_of == {PLAYLIST: [0]}
    assert list(found.duplicates()) == []


def test_rules_of_a_comment_and_of_every_fitting_pattern_come_together() -> None:
    patterns = [Patterns(id="PL*", rules=("dead", "stale")), Patterns(url="*", rules=("grown",))]
    found = catalogue_links([entry(ignored=("duplicate", "dead")), entry(), entry(VIDEO.url)], patterns)
    assert rules_of(found) == [("duplicate", "dead", "stale", "grown"), ("dead", "stale", "grown"), ("grown",)]
    assert found.ignored == 0


def test_what_is_left_out_altogether_wins_over_rules() -> None:
    rules, all_of_them = Patterns(id="PL*", rules=("dead",)), Patterns(file="*")
    assert is_ignored(entry(), rules, all_of_them)
    assert is_ignored(entry(), all_of_them, rules)
    assert is_ignored(entry(ignored=("stale",)), all_of_them)
    assert is_ignored(entry(ignored=()), rules)
