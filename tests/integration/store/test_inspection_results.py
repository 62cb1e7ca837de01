"""What a report tells of the insides of playlists, gathered from the store."""

from integration.store.checks import DAY, NOW, check, gone, seen
from integration.store.inspections import ADDED_AT, AVAILABLE, COURSE, GONE, OTHER, THIRD, listing, look, playlist

from linkwatch.catalogue.catalogue import Catalogue, catalogue_links
from linkwatch.models.link import Link
from linkwatch.models.records import NO_INSPECTIONS, InspectionResults, PlaylistMatch, PlaylistSize
from linkwatch.models.resource import Resource
from linkwatch.store.database import Database
from linkwatch.store.inspection_results import load_inspection_results
from linkwatch.store.overlaps import update_overlaps
from linkwatch.store.resources import load_resources

VIDEO = "aaaaaaaaaaA"


def listed(*urls: str) -> Catalogue:
    return catalogue_links(Link(url, "list.csv", line, 1) for line, url in enumerate(urls, start=2))


def gathered(database: Database, *urls: str | Resource, restrictions: bool = False) -> InspectionResults:
    catalogue = listed(*(each if isinstance(each, str) else each.url for each in urls))
    with database.read() as connection:
        known = {each: recalled.record for each, recalled in load_resources(connection, catalogue.links_of).items()}
        return load_inspection_results(connection, catalogue, known, NOW, restrictions=restrictions)


def test_where_nobody_looked_there_is_nothing(database: Database) -> None:
    check(database, NOW, seen(COURSE))
    assert gathered(database, COURSE) is NO_INSPECTIONS


def test_what_a_playlist_held_last_is_what_others_are_measured_by(database: Database) -> None:
    """Not what was taken out of it before, and not what nobody can watch in the other."""
    look(database, NOW, {COURSE: listing("abcdefgh"), OTHER: listing(["a", "b", "c", "d?"]), THIRD: listing("efgh")})
    look(database, NOW + DAY, {COURSE: listing("abcd")}, dict.fromkeys("efgh", AVAILABLE))
    look(database, NOW + 2 * DAY, {COURSE: ()}, dict.fromkeys("abcd", AVAILABLE))
    check(database, NOW + 2 * DAY, seen(COURSE, count=0), seen(OTHER), seen(THIRD))
    assert gathered(database, COURSE, OTHER, THIRD).matches == {COURSE: [PlaylistMatch(OTHER, 3, 4)]}
    assert gathered(database, COURSE, THIRD).matches == {}


def test_what_left_a_dead_playlist_is_not_what_it_held(database: Database) -> None:
    look(database, NOW, {COURSE: listing("abcdef"), OTHER: listing("cdef")})
    look(database, NOW + DAY, {COURSE: listing("ab")}, dict.fromkeys("cdef", AVAILABLE))
    check(database, NOW + DAY, gone(COURSE), seen(OTHER))
    assert gathered(database, COURSE, OTHER).matches == {}


def test_the_best_holder_is_the_first(database: Database) -> None:
    four = [playlist(number) for number in range(1, 5)]
    look(
        database,
        NOW,
        {COURSE: listing("abcd"), **dict(zip(four, map(listing, ("ab", "abcd", "abc", "a")), strict=True))},
    )
    look(database, NOW + DAY, {COURSE: ()}, dict.fromkeys("abcd", AVAILABLE))
    check(database, NOW + DAY, seen(COURSE, count=0), *map(seen, four))
    matches = gathered(database, COURSE, *four).matches[COURSE]
    assert matches == [PlaylistMatch(four[1], 4, 4), PlaylistMatch(four[2], 3, 4), PlaylistMatch(four[0], 2, 4)]


def test_the_last_stay_of_a_video_is_reported(database: Database) -> None:
    for day, videos in enumerate(([VIDEO, "b"], ["b"], ["b", "c", VIDEO], ["b", "c"])):
        look(database, NOW + day * DAY, {COURSE: listing(videos)}, {VIDEO: AVAILABLE})
    beside = f"https://www.youtube.com/watch?v={VIDEO}&list={COURSE.id}"
    never = f"https://www.youtube.com/watch?v=bbbbbbbbbbA&list={COURSE.id}"
    unseen = f"https://www.youtube.com/watch?v={VIDEO}&list={OTHER.id}"
    results = gathered(database, beside, never, unseen)
    stay = results.absent_videos[VIDEO, COURSE]
    assert stay is not None
    assert (stay.position, stay.left_at) == (2, NOW + 3 * DAY)
    assert results.absent_videos.keys() == {(VIDEO, COURSE), ("bbbbbbbbbbA", COURSE)}
    assert results.absent_videos["bbbbbbbbbbA", COURSE] is None
    assert (results.last_inspections[COURSE].member_count, results.sizes[COURSE].first_inspected_at) == (2, NOW)


def test_groups_of_listed_playlists_are_reported_with_their_videos_and_extents(database: Database) -> None:
    look(database, NOW, {COURSE: listing("abcda"), OTHER: listing(["a", "b", "c", "d", "e?"]), THIRD: listing("abcd")})
    with database.write() as connection:
        update_overlaps(connection, [1, 2, 3])
    results = gathered(database, COURSE, OTHER)
    assert [{each: "".join(sorted(videos)) for each, videos in group.items()} for group in results.overlapping] == [
        {COURSE: "abcd", OTHER: "abcde"}
    ]
    assert results.sizes == {COURSE: PlaylistSize(4, 4, NOW, ADDED_AT), OTHER: PlaylistSize(5, 4, NOW, ADDED_AT)}


def test_losses_and_changes_of_other_lists_are_left_out(database: Database) -> None:
    look(database, NOW - DAY, {COURSE: listing("abc"), OTHER: listing("abc")})
    look(database, NOW, {COURSE: listing(["a", "b?"]), OTHER: listing(["a", "b?"])}, {"b": GONE, "c": GONE})
    results = gathered(database, COURSE)
    assert results.lost_members.keys() == results.member_changes.keys() == results.last_inspections.keys() == {COURSE}
    assert gathered(database, COURSE, OTHER).lost_members.keys() == {COURSE, OTHER}


def test_restricted_members_are_read_only_when_they_are_wanted(database: Database) -> None:
    words = {"a": ("age",), "b": (), "c": ("blocked:DE",), "d": ("age",)}
    look(database, NOW, {COURSE: listing(["a", "b", "c", "d?"]), OTHER: listing("a")}, restrictions=words)
    look(database, NOW + DAY, {COURSE: listing(["b", "c", "d?"])}, {"a": AVAILABLE}, restrictions=words)
    results = gathered(database, COURSE, restrictions=True)
    assert {each: [m.video_id for m in some] for each, some in results.restricted_members.items()} == {COURSE: ["c"]}
    assert results.last_inspections[COURSE].member_count == 3
    assert gathered(database, COURSE).restricted_members == {}
