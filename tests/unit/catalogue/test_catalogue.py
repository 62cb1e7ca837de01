"""Links become distinct resources; what is listed twice is found, whatever its URL looks like."""

import pytest

from linkwatch.catalogue.catalogue import Catalogue, catalogue_links, resolve_aliases, resolved_resources
from linkwatch.models.link import DuplicateScope, Link
from linkwatch.models.resource import Kind, Resource

LIST = "PLDesaqWTN6ESk16YRmzuJ8f6-rnuy0Ry7"
OTHER = "PLjKmmx7f3NMKy-FVNV8s3ibk8hTL0JWl5"
CLIP = "haHLRD0QZ08"
CHANNEL_ID = "UCYO_jab_esuFRV4b17AJtAw"
PLAYLIST, VIDEO = Resource(Kind.PLAYLIST, LIST), Resource(Kind.VIDEO, CLIP)
CHANNEL = Resource(Kind.CHANNEL, CHANNEL_ID)
YOUTUBE = "https://www.youtube.com"


def catalogue(*urls: str) -> Catalogue:
    return catalogue_links(Link(url, "list.md", line, 1) for line, url in enumerate(urls, 1))


def duplicated(found: Catalogue) -> list[tuple[Resource, list[int]]]:
    """What is listed more than once, and on which lines."""
    return [(resource, [item.link.line for item in listing]) for resource, listing in found.duplicates()]


def test_links_to_other_sites_are_no_business_of_ours() -> None:
    found = catalogue("https://example.org/", f"https://youtube.com.evil.example/watch?v={CLIP}", f"{YOUTUBE}/about")
    assert found.links == ()
    assert found.resources() == []


def test_links_keep_their_order_and_resources_that_of_their_first_appearance() -> None:
    found = catalogue(f"{YOUTUBE}/watch?v={CLIP}", f"{YOUTUBE}/playlist?list={LIST}", f"https://youtu.be/{CLIP}")
    assert [item.link.line for item in found.links] == [1, 2, 3]
    assert found.resources() == [VIDEO, PLAYLIST]
    assert found.links_of == {VIDEO: [0, 2], PLAYLIST: [1]}


def test_a_malformed_link_is_kept_and_names_nothing() -> None:
    (item,) = catalogue(f"{YOUTUBE}/watch?v=short").links
    assert item.resources == ()
    assert item.problem is not None


def test_a_malformed_half_does_not_hide_the_other() -> None:
    found = catalogue(f"{YOUTUBE}/watch?v={CLIP}&list=PLshort", f"{YOUTUBE}/watch?v=short&list={LIST}")
    assert found.resources() == [VIDEO, PLAYLIST]
    assert all(item.problem for item in found.links)


def test_a_video_watched_in_a_playlist_names_both() -> None:
    (item,) = catalogue(f"{YOUTUBE}/watch?v={CLIP}&list={OTHER}").links
    assert item.resources == (VIDEO, Resource(Kind.PLAYLIST, OTHER))


def test_the_same_thing_under_another_url_is_a_duplicate() -> None:
    found = catalogue(
        f"{YOUTUBE}/playlist?list={LIST}",
        f"http://m.youtube.com/playlist?list={LIST}&si=abc",
        f"https://youtu.be/{CLIP}?t=30",
        f"{YOUTUBE}/embed/{CLIP}?start=30",
    )
    assert duplicated(found) == [(PLAYLIST, [1, 2]), (VIDEO, [3, 4])]


def test_every_line_of_a_duplicate_is_named() -> None:
    assert duplicated(catalogue(*[f"{YOUTUBE}/playlist?list={LIST}"] * 3)) == [(PLAYLIST, [1, 2, 3])]


def test_the_playlist_that_videos_are_watched_in_is_no_duplicate() -> None:
    """A course page that gives each of its lectures with `&list=` does not list the course as often."""
    lectures = [f"{YOUTUBE}/watch?v={n:010d}A&list={LIST}" for n in range(30)]
    assert duplicated(catalogue(f"{YOUTUBE}/playlist?list={LIST}", *lectures)) == []


def test_a_video_listed_in_two_playlists_is_a_duplicate() -> None:
    found = catalogue(f"{YOUTUBE}/watch?v={CLIP}&list={LIST}", f"{YOUTUBE}/watch?v={CLIP}&list={OTHER}")
    assert duplicated(found) == [(VIDEO, [1, 2])]


def test_what_is_listed_once_is_no_duplicate() -> None:
    assert duplicated(catalogue(f"{YOUTUBE}/watch?v={CLIP}", f"{YOUTUBE}/playlist?list={LIST}")) == []


def test_names_of_one_channel_become_one_resource_once_they_are_resolved() -> None:
    found = catalogue(f"{YOUTUBE}/@3blue1brown", f"{YOUTUBE}/user/grant", f"{YOUTUBE}/channel/{CHANNEL_ID}")
    assert len(found.resources()) == 3
    assert duplicated(found) == []
    resolved = resolve_aliases(found, {"@3blue1brown": CHANNEL_ID, "user/grant": CHANNEL_ID})
    assert resolved.links_of == {CHANNEL: [0, 1, 2]}
    assert duplicated(resolved) == [(CHANNEL, [1, 2, 3])]
    assert [item.link.url for item in resolved.links] == [item.link.url for item in found.links]


def test_resources_are_resolved_without_the_links_to_the_same_ones_in_the_same_order() -> None:
    aliases = {"@3blue1brown": CHANNEL_ID, "user/grant": CHANNEL_ID, CLIP: CHANNEL_ID}
    found = catalogue(
        f"{YOUTUBE}/@somebody",
        f"{YOUTUBE}/user/grant",
        f"{YOUTUBE}/watch?v={CLIP}&list={LIST}",
        f"{YOUTUBE}/@3blue1brown",
        f"{YOUTUBE}/channel/{CHANNEL_ID}",
    )
    resolved = list(resolved_resources(found, aliases))
    assert resolved == resolve_aliases(found, aliases).resources()
    assert [resource.id for resource in resolved] == ["@somebody", CHANNEL_ID, CLIP, LIST]
    assert list(resolved_resources(found, {})) == found.resources()


def test_a_handle_is_resolved_whatever_its_case() -> None:
    assert resolve_aliases(catalogue(f"{YOUTUBE}/@3Blue1Brown"), {"@3blue1brown": CHANNEL_ID}).resources() == [CHANNEL]


def test_other_aliases_change_nothing() -> None:
    found = catalogue(f"{YOUTUBE}/@somebody", f"{YOUTUBE}/watch?v={CLIP}", f"{YOUTUBE}/watch?v=short")
    assert resolve_aliases(found, {}) == found
    assert resolve_aliases(found, {"@3blue1brown": CHANNEL_ID, CLIP: CHANNEL_ID}) == found


def test_an_empty_list_has_an_empty_catalogue() -> None:
    assert catalogue() == Catalogue((), {})


MOMENTS = ["", "&t=90", "&t=1m30s", "&t=95s", "#t=95", "&start=95", "&t=0", "&t=soon"]


def test_other_moments_of_one_video_are_no_duplicates() -> None:
    found = catalogue(*(f"{YOUTUBE}/watch?v={CLIP}{moment}" for moment in MOMENTS), f"https://youtu.be/{CLIP}?t=90")
    assert duplicated(found) == [(VIDEO, [1, 7, 8]), (VIDEO, [2, 3, 9]), (VIDEO, [4, 5, 6])]


@pytest.mark.parametrize(
    ("scope", "videos", "channels"),
    [
        (DuplicateScope.SECTION, [[1, 2]], [[1, 2]]),
        (DuplicateScope.LIST, [[1, 2, 3], [4, 5]], [[1, 2, 3], [4, 5]]),
        (DuplicateScope.EVERYWHERE, [[1, 2, 3, 4, 5]], [[1, 2, 3], [4, 5]]),
    ],
)
def test_once_is_enough_in_a_section_a_list_or_everywhere(
    scope: DuplicateScope, videos: list[list[int]], channels: list[list[int]]
) -> None:
    places = [("a.md", "One"), ("a.md", "One"), ("a.md", "Two"), ("b.md", "One"), ("b.md", "Two")]
    urls = [f"{YOUTUBE}/watch?v={CLIP}", f"{YOUTUBE}/channel/{CHANNEL_ID}"]
    found = catalogue_links(
        Link(url, file, line, 1, section=section) for url in urls for line, (file, section) in enumerate(places, 1)
    )
    expected = [(VIDEO, lines) for lines in videos] + [(CHANNEL, lines) for lines in channels]
    assert [(resource, [each.link.line for each in some]) for resource, some in found.duplicates(scope)] == expected
