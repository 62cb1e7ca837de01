from collections.abc import Sequence
from datetime import datetime

import pytest
from integration.store.checks import CHANNEL, DAY, NOW, PLAYLIST, VIDEO, check, everything, seen
from sqlalchemy import RowMapping

from linkwatch.catalogue.catalogue import CataloguedLink, catalogue_links
from linkwatch.models.link import Link
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import to_time
from linkwatch.store.database import Database
from linkwatch.store.lists import (
    ListingTimes,
    load_links_by_resource,
    load_links_to,
    resources_unlisted_since,
    save_lists,
)
from linkwatch.store.resources import insert_missing

FILE = "list.csv"
A, B, C = (f"https://www.youtube.com/watch?v={letter * 10}A" for letter in "abc")


def entry(url: str, line: int = 1, label: str | None = None, file: str = FILE, column: int = 1) -> Link:
    return Link(url, file, line, column, label, section="Section", owner="Owner")


def read(database: Database, now: datetime, *entries: Link, files: Sequence[str] = (FILE,)) -> None:
    """What a check does at its end with the lists it has read."""
    catalogue = catalogue_links(entries)
    with database.write() as connection:
        insert_missing(connection, catalogue.resources(), now)
        save_lists(connection, files, catalogue.links, now)


def links(database: Database) -> list[RowMapping]:
    return everything(database)["links"]


def days(database: Database) -> dict[tuple[int, str, str | None], int]:
    """(line, URL, label) → the day on which the entry was first seen."""
    return {
        (row["line"], row["url"], row["label"]): (to_time(int(row["first_seen_at"])) - NOW).days
        for row in links(database)
    }


def test_where_everything_is_listed(database: Database) -> None:
    one, two = entry(A, 3, "One", column=7), entry(A, 9, None, "other.md")
    read(database, NOW, one, entry(B, 4), two, files=[FILE, "other.md"])
    with database.read() as connection:
        assert load_links_to(connection, Resource(Kind.VIDEO, "a" * 10 + "A")) == [one, two]
        assert load_links_to(connection, Resource(Kind.VIDEO, "z" * 10 + "A")) == []


def test_a_list_that_reads_as_it_did_is_not_written_again(database: Database) -> None:
    entries = [entry(A, 1, "One"), entry(B, 2), entry("https://www.youtube.com/watch?v=short", 3)]
    read(database, NOW, *entries)
    before = everything(database)
    read(database, NOW + DAY, *entries)
    assert everything(database) == before


@pytest.mark.parametrize(
    "edited",
    [
        entry(A, 2, "One"),
        entry(A, 1, "Two"),
        entry(A, 1, None),
        entry(A, 1, "One", column=2),
        entry(B, 1, "One"),
        Link(A, FILE, 1, 1, "One", "Other section", "Owner"),
        Link(A, FILE, 1, 1, "One", "Section", "Other owner"),
    ],
    ids=["line", "label", "no label", "column", "url", "section", "owner"],
)
def test_any_edit_is_noticed(database: Database, edited: Link) -> None:
    read(database, NOW, entry(A, 1, "One"))
    read(database, NOW + DAY, edited)
    (row,) = links(database)
    values = (row["url"], FILE, row["line"], row["column"], row["label"], row["section"], row["owner"])
    assert Link(*values) == edited
    assert to_time(everything(database)["lists"][0]["read_at"]) == NOW + DAY


def test_an_entry_that_stays_keeps_the_day_it_was_first_seen(database: Database) -> None:
    read(database, NOW, entry(A, 1, "One"), entry(B, 2, "Two"))
    read(database, NOW + DAY, entry(C, 1, "New"), entry(A, 2, "One"), entry(B, 3, "Renamed"))
    assert days(database) == {(1, C, "New"): 1, (2, A, "One"): 0, (3, B, "Renamed"): 1}


def test_an_entry_that_was_taken_out_is_gone_and_new_when_it_comes_back(database: Database) -> None:
    read(database, NOW, entry(A, 1), entry(B, 2))
    read(database, NOW + DAY, entry(B, 1))
    assert days(database) == {(1, B, None): 0}
    read(database, NOW + 2 * DAY, entry(A, 1), entry(B, 2))
    assert days(database) == {(1, A, None): 2, (2, B, None): 0}


def test_what_is_listed_twice_in_a_list_is_kept_twice(database: Database) -> None:
    read(database, NOW, entry(A, 1, "Same"), entry(A, 5, "Same"), entry(A, 9, "Other"))
    read(database, NOW + DAY, entry(A, 2, "Same"), entry(A, 6, "Same"), entry(A, 10, "Other"))
    assert days(database) == {(2, A, "Same"): 0, (6, A, "Same"): 0, (10, A, "Other"): 0}
    with database.read() as connection:
        assert [link.line for link in load_links_to(connection, Resource(Kind.VIDEO, "a" * 10 + "A"))] == [2, 6, 10]


def test_a_malformed_link_is_kept_and_names_nothing(database: Database) -> None:
    read(database, NOW, entry("https://www.youtube.com/watch?v=short", 4, "Broken"))
    (row,) = links(database)
    assert (row["resource_id"], row["line"], row["label"]) == (None, 4, "Broken")


def test_a_link_that_names_two_things_is_listed_for_both(database: Database) -> None:
    both = entry("https://www.youtube.com/watch?v=aaaaaaaaaaA&list=PLaaaaaaaaaaaaaaaa")
    read(database, NOW, both)
    with database.read() as connection:
        assert load_links_to(connection, Resource(Kind.VIDEO, "aaaaaaaaaaA")) == [both]
        assert load_links_to(connection, Resource(Kind.PLAYLIST, "PLaaaaaaaaaaaaaaaa")) == [both]


def test_a_list_without_a_link_any_more_loses_those_it_had(database: Database) -> None:
    read(database, NOW, entry(A), entry(B, file="other.md"), files=[FILE, "other.md"])
    read(database, NOW + DAY, entry(B, file="other.md"), files=[FILE, "other.md"])
    assert [row["url"] for row in links(database)] == [B]
    read(database, NOW + 2 * DAY, entry(A), entry(B, file="other.md"), files=[FILE, "other.md"])
    assert days(database)[1, A, None] == 2


def test_a_list_that_was_not_read_this_time_keeps_its_links(database: Database) -> None:
    read(database, NOW, entry(A), entry(B, file="other.md"), files=[FILE, "other.md"])
    read(database, NOW + DAY, entry(C))
    assert sorted(row["url"] for row in links(database)) == [B, C]


def test_a_link_whose_handle_was_resolved_is_written_again(database: Database) -> None:
    """The text is the same, the thing it names is not."""
    handle, channel = Resource(Kind.CHANNEL, "@handle"), Resource(Kind.CHANNEL, "UC1234567890123456789012")
    link = entry("https://www.youtube.com/@handle")
    for named in (handle, channel):
        with database.write() as connection:
            insert_missing(connection, [named], NOW)
            save_lists(connection, [FILE], [CataloguedLink(link, (named,))], NOW)
    with database.read() as connection:
        assert load_links_to(connection, channel) == [link]
        assert load_links_to(connection, handle) == []


def test_when_an_entry_was_first_seen(database: Database) -> None:
    read(database, NOW, entry(A, 1, "One"))
    read(database, NOW + DAY, entry(A, 1, "One"), entry(B, 2, "Two"))
    with database.read() as connection:
        first_seen = ListingTimes(connection).first_seen
        assert first_seen(entry(A, 77, "One")) == NOW
        assert first_seen(entry(B, 2, "Two")) == NOW + DAY
        assert first_seen(entry(A, 1, "Other")) is None
        assert first_seen(entry(A, 1, "One", "other.md")) is None


@pytest.mark.parametrize("label", ["🎓 线性", "%s :x ? {y}", "'; --", "a" * 100_000], ids=lambda s: s[:9])
def test_any_label_comes_back_as_it_is(database: Database, label: str) -> None:
    read(database, NOW, entry(A, 1, label))
    with database.read() as connection:
        assert load_links_to(connection, Resource(Kind.VIDEO, "aaaaaaaaaaA")) == [entry(A, 1, label)]


def test_a_list_of_thousands(database: Database) -> None:
    entries = [entry(f"https://youtu.be/v{number:09d}A", number + 1) for number in range(2_500)]
    read(database, NOW, *entries)
    read(database, NOW + DAY, *entries[1:])
    rows = links(database)
    assert len(rows) == 2_499
    assert {to_time(row["first_seen_at"]) for row in rows} == {NOW}


def test_the_links_of_some_lists_are_those_of_the_last_check(database: Database) -> None:
    check(database, NOW, seen(), seen(VIDEO))
    mine, theirs = entry(PLAYLIST.url, 2), entry(VIDEO.url, 7, file="other.csv")
    read(database, NOW, mine, theirs, files=("list.csv", "other.csv"))
    with database.read() as connection:
        assert load_links_by_resource(connection, ["list.csv"]) == {PLAYLIST: [mine]}
        assert load_links_by_resource(connection, ["list.csv", "other.csv"]) == {PLAYLIST: [mine], VIDEO: [theirs]}
        assert load_links_by_resource(connection, ["nowhere.csv"]) == {}


def test_unlisted_resources_are_known_only_when_all_lists_are_named(database: Database) -> None:
    check(database, NOW, seen(CHANNEL))
    check(database, NOW + DAY, seen(), seen(VIDEO))
    read(database, NOW + DAY, entry(PLAYLIST.url, 2))
    with database.read() as connection:
        assert resources_unlisted_since(connection, NOW, ["list.csv", "new.csv"]) == [CHANNEL, VIDEO]
        assert resources_unlisted_since(connection, NOW + DAY, ["list.csv"]) == [VIDEO]
        assert resources_unlisted_since(connection, NOW, ["new.csv"]) == []


def listed_since(database: Database, link: Link, named: str = "aaaaaaaaaaA") -> int | None:
    """The day since which a video is in the list of a link."""
    with database.read() as connection:
        since = ListingTimes(connection).listed_since(link, Resource(Kind.VIDEO, named))
    return None if since is None else (since - NOW).days


@pytest.mark.parametrize(
    "edited",
    [entry(A, 9, "One"), entry(A, 1, "Renamed"), entry("https://youtu.be/aaaaaaaaaaA", 1, "One")],
    ids=["moved", "another label", "another URL of the same"],
)
def test_a_link_that_is_moved_or_rewritten_is_listed_since_it_was_put_in(database: Database, edited: Link) -> None:
    read(database, NOW, entry(A, 1, "One"))
    assert listed_since(database, edited) == 0, "before a check has read it as it is now, too"
    read(database, NOW + DAY, edited)
    read(database, NOW + 2 * DAY, edited, entry(B, 20))
    assert listed_since(database, edited) == 0


def test_the_same_link_in_another_list_and_one_that_comes_back_are_listed_again(database: Database) -> None:
    read(database, NOW, entry(A), entry(B))
    other = entry(A, file="other.md")
    assert listed_since(database, other) is None
    read(database, NOW + DAY, other, files=["other.md"])
    assert (listed_since(database, entry(A)), listed_since(database, other)) == (0, 1)
    read(database, NOW + 2 * DAY, entry(B))
    assert listed_since(database, entry(A)) is None
    read(database, NOW + 3 * DAY, entry(A), entry(B))
    assert listed_since(database, entry(A)) == 3


def test_a_second_link_to_what_a_list_has_is_a_duplicate_and_no_new_listing(database: Database) -> None:
    read(database, NOW, entry(A, 1, "One"))
    read(database, NOW + DAY, entry(A, 1, "One"), entry(A, 2, "Two"))
    assert listed_since(database, entry(A, 2, "Two")) == 0


def test_a_playlist_that_a_known_video_is_linked_in_is_new(database: Database) -> None:
    read(database, NOW, entry(A))
    both = entry(f"{A}&list=PLaaaaaaaaaaaaaaaa")
    read(database, NOW + DAY, both)
    with database.read() as connection:
        since = ListingTimes(connection).listed_since
        assert since(both, Resource(Kind.VIDEO, "aaaaaaaaaaA")) == NOW
        assert since(both, Resource(Kind.PLAYLIST, "PLaaaaaaaaaaaaaaaa")) == NOW + DAY


def test_a_handle_that_was_resolved_is_no_new_listing(database: Database) -> None:
    link, channel = entry("https://www.youtube.com/@handle"), Resource(Kind.CHANNEL, "UC1234567890123456789012")
    read(database, NOW, link)
    with database.write() as connection:
        insert_missing(connection, [channel], NOW + DAY)
        save_lists(connection, [FILE], [CataloguedLink(link, (channel,))], NOW + DAY)
    with database.read() as connection:
        assert ListingTimes(connection).listed_since(link, channel) == NOW
