"""Lists that change between checks."""

from pathlib import Path

from integration.check.harness import (
    DAY,
    HOUR,
    LIST,
    MORNING,
    Harness,
    finding_of,
    listing,
    playlist_id,
    playlists,
    resource_of,
    rules,
    run_of,
)

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.models.link import Link
from linkwatch.models.observation import State

UNMONITORABLE = [
    "https://www.youtube.com/playlist?list=WL",
    "https://www.youtube.com/playlist?list=LL",
    "https://www.youtube.com/watch?list=RDdQw4w9WgXcQ",
    "https://www.youtube.com/c/somename",
    "https://www.youtube.com/somename",
]


def test_what_no_key_can_ask_is_never_asked_and_never_dead(tmp_path: Path) -> None:
    """A custom name is no id: what is spelt like it is asked about at first, and again after a month."""
    harness = Harness(tmp_path, listed=UNMONITORABLE)
    for _ in range(20):
        report = harness.check(after=DAY)
        assert run_of(report).complete
        assert {finding.rule.name for finding in report.findings} <= {"unmonitorable", "uncanonical"}
        assert rules(report).count("unmonitorable") == report.counts.states[State.UNMONITORABLE] == 5
    names = ("@somename", "user/somename")
    assert sorted(request.ids for request in harness.youtube.log) == sorted([(name,) for name in names] * 2)


def test_a_malformed_link_is_an_error_and_asks_nothing(tmp_path: Path) -> None:
    harness = Harness(
        tmp_path, listed=["https://www.youtube.com/watch?v=short", "https://www.youtube.com/playlist?list="]
    )
    report = harness.check()
    assert rules(report) == ["malformed", "malformed"]
    assert (report.counts.links, report.counts.resources) == (2, 0)
    assert harness.youtube.log == []


def test_the_same_check_twice_over_the_same_answers_adds_nothing(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(10))
    harness.run()
    harness.world.delete(playlist_id(0), MORNING + HOUR)
    harness.world.retitle(playlist_id(1), MORNING + HOUR, "Another")
    first = harness.check(after=DAY)
    events, known = harness.events(), harness.all_known()
    second = harness.check()
    assert harness.events() == events == [(playlist_id(1), "retitled"), (playlist_id(0), "died")]
    assert harness.all_known() == known
    assert rules(first) == rules(second)


def test_an_entry_that_is_taken_out_is_no_longer_reported(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(3))
    harness.run()
    harness.world.delete(playlist_id(0), MORNING + HOUR)
    assert rules(harness.check(after=DAY)) == ["dead"]
    harness.catalogue = listing(playlist_id(1), playlist_id(2))
    report = harness.check(after=DAY)
    assert (rules(report), report.counts.resources) == ([], 2)


def test_an_entry_that_returns_brings_its_history(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(3))
    whole = harness.catalogue
    harness.run()
    harness.world.delete(playlist_id(0), MORNING + HOUR)
    harness.run(after=DAY, catalogue=listing(playlist_id(1), playlist_id(2)))
    harness.run(after=DAY, catalogue=whole)
    assert harness.known(playlist_id(0)).first_seen == MORNING
    assert harness.known(playlist_id(0)).last_available == MORNING
    assert "last seen 2026-11-22" in finding_of(harness.report(), "dead").message


def test_lines_put_in_above_make_nothing_new(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(3), [playlist_id(0), playlist_id(0), playlist_id(1)])
    assert finding_of(harness.check(), "duplicate").new
    harness.catalogue = listing(playlist_id(2), playlist_id(0), playlist_id(0), playlist_id(1))
    duplicate = finding_of(harness.check(after=DAY), "duplicate")
    assert not duplicate.new
    assert duplicate.since == MORNING
    assert [link.line for link in duplicate.links] == [3, 4]


def test_a_new_entry_is_judged_as_never_seen(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(3))
    harness.run()
    harness.catalogue = listing(*(playlist_id(n) for n in range(4)))
    dead = finding_of(harness.check(after=DAY), "dead")
    assert (dead.id, dead.new) == (playlist_id(3), True)


def test_two_lists_on_one_database_share_what_is_known_and_not_their_reports(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(4))
    one = listing(playlist_id(0), playlist_id(1), file="one.csv")
    two = listing(playlist_id(1), playlist_id(2), file="two.csv")
    harness.run(catalogue=one, files=["one.csv"])
    harness.world.delete(playlist_id(1), MORNING + HOUR)
    assert rules(harness.check(after=DAY, catalogue=two, files=["two.csv"])) == ["dead"]
    of_one = harness.report(catalogue=one, files=["one.csv"])
    assert rules(of_one) == ["dead"], "what is known is known to both"
    assert run_of(of_one).started_at == MORNING
    assert {link.file for link in finding_of(of_one, "dead").links} == {"one.csv"}
    assert harness.events() == [(playlist_id(1), "died")]


def test_what_a_check_of_another_list_found_is_new_to_this_one(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(3))
    one = listing(playlist_id(0), playlist_id(1), file="one.csv")
    two = listing(playlist_id(1), playlist_id(2), file="two.csv")
    for catalogue, file in ((one, "one.csv"), (two, "two.csv")):
        harness.run(catalogue=catalogue, files=[file])
    harness.world.delete(playlist_id(1), MORNING + HOUR)
    for catalogue, file in ((two, "two.csv"), (one, "one.csv")):
        assert finding_of(harness.check(after=DAY, catalogue=catalogue, files=[file]), "dead").new
        assert not finding_of(harness.check(after=HOUR, catalogue=catalogue, files=[file]), "dead").new


def test_an_empty_list_is_checked_for_nothing(tmp_path: Path) -> None:
    report = Harness(tmp_path).check()
    assert run_of(report).complete
    assert report.counts.links == 0


def test_a_link_to_what_is_long_dead_is_new_where_it_is_put_in(tmp_path: Path) -> None:
    """Put into a list again, put into a list beside it; and no more after the next check."""
    harness = Harness(tmp_path, playlists(3))
    whole, without = harness.catalogue, listing(playlist_id(1), playlist_id(2))
    harness.run()
    harness.world.delete(playlist_id(0), MORNING + HOUR)
    died = harness.check(after=DAY)
    assert finding_of(died, "dead").new
    assert not finding_of(harness.check(after=DAY), "dead").new
    assert rules(harness.check(after=DAY, catalogue=without)) == []
    again = finding_of(harness.check(after=DAY, catalogue=whole), "dead")
    assert (again.new, again.appeared_at) == (True, harness.now)
    assert again.since == run_of(died).started_at
    assert finding_of(harness.report(), "dead").new, "until the next check"
    assert not finding_of(harness.check(after=DAY), "dead").new


def test_a_dead_link_that_is_moved_relabelled_or_respelt_is_not_new(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(2))
    harness.world.delete(playlist_id(0), MORNING)
    harness.run()
    harness.run(after=DAY)
    url = f"https://youtube.com/playlist?list={playlist_id(0)}"
    link = Link(f"{url}&si=x", LIST, 9, 1, "Another label", None, None)
    harness.catalogue = catalogue_links([Link(resource_of(playlist_id(1)).url, LIST, 2, 1), link])
    assert not finding_of(harness.report(), "dead").new
    assert not finding_of(harness.check(after=DAY), "dead").new
    assert not finding_of(harness.check(after=DAY), "dead").new


def test_the_same_dead_link_in_another_list_of_the_check_is_new(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(2))
    harness.world.delete(playlist_id(0), MORNING)
    files = (LIST, "other.md")
    first, second = listing(playlist_id(0), playlist_id(1)), listing(playlist_id(1), file="other.md")
    links = [each.link for each in (*first.links, *second.links)]
    harness.run(catalogue=catalogue_links(links), files=files)
    assert not finding_of(harness.check(after=DAY, catalogue=catalogue_links(links), files=files), "dead").new
    links += [each.link for each in listing(playlist_id(0), file="other.md").links]
    assert finding_of(harness.check(after=DAY, catalogue=catalogue_links(links), files=files), "dead").new
