"""Entries that come from another channel than the list says: owner-changed."""

import msgspec
import pytest
from unit.report.builders import (
    CHANNEL,
    LONG_AGO,
    MALFORMED,
    OTHER,
    PLAYLIST,
    RUN_AT,
    VIDEO,
    entry,
    found,
    happened,
    living,
    missing,
    report_of,
)

from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.link import Link
from linkwatch.models.observation import Reason, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.rules import Level


def test_another_channel_than_the_list_says_is_reported() -> None:
    links = [entry(PLAYLIST, "Neural Networks", file="list.csv", line=35, owner="Sentdex")]
    known = {PLAYLIST: living("Neural Networks from Scratch", owner="freeCodeCamp.org")}
    (finding,) = report_of(links, known).findings
    assert (finding.rule, finding.level, finding.id) == (rules.OWNER_CHANGED, Level.WARNING, PLAYLIST.id)
    assert finding.message == "the list names “Sentdex” as the owner, but the channel is “freeCodeCamp.org”"
    assert list(finding.links) == links
    assert (finding.since, finding.new) == (LONG_AGO, False)
    assert finding.evidence == {"listed": "Sentdex", "channel": "freeCodeCamp.org"}


def test_it_is_so_since_the_owner_changed() -> None:
    links = [entry(PLAYLIST, file="list.csv", owner="Sentdex")]
    event = happened(PLAYLIST, EventKind.OWNER_CHANGED, "sentdex", "freeCodeCamp.org")
    report = report_of(links, {PLAYLIST: living("Neural Networks", owner="freeCodeCamp.org")}, [event])
    (finding,) = found(report, rules.OWNER_CHANGED)
    assert finding.since == RUN_AT
    assert finding.message == (
        "owner changed: sentdex → freeCodeCamp.org (playlist “Neural Networks”); the list names “Sentdex”"
    )
    assert finding.evidence == {
        "listed": "Sentdex", "channel": "freeCodeCamp.org", "before": "sentdex", "after": "freeCodeCamp.org"
    }  # fmt: skip


def test_a_change_is_reported_once_a_link_whether_or_not_the_list_names_the_owner() -> None:
    links = [
        entry(PLAYLIST, file="list.csv", owner="Sentdex"),
        entry(PLAYLIST, file="list.csv", line=2),
        entry(PLAYLIST, file="list.csv", line=3, owner="freeCodeCamp.org"),
    ]
    event = happened(PLAYLIST, EventKind.OWNER_CHANGED, "sentdex", "freeCodeCamp.org")
    report = report_of(links, {PLAYLIST: living("Neural Networks", owner="freeCodeCamp.org")}, [event])
    lines = [[link.line for link in finding.links] for finding in found(report, rules.OWNER_CHANGED)]
    assert lines == [[1], [2, 3]]


def test_the_channel_that_the_list_says_gives_no_finding() -> None:
    known = {PLAYLIST: living("Neural Networks", owner="sentdex"), CHANNEL: living("3Blue1Brown")}
    links = [entry(PLAYLIST, file="list.csv", owner="Sentdex"), entry(CHANNEL, file="list.csv", owner="3blue1brown")]
    assert report_of(links, known).findings == []


def test_the_owner_of_a_channel_is_its_name() -> None:
    (finding,) = report_of([entry(CHANNEL, file="a.csv", owner="Khan Academy")], {CHANNEL: living("BCFoltz")}).findings
    assert finding.message == "the list names “Khan Academy” as the owner, but the channel is “BCFoltz”"


def test_nothing_is_reported_without_an_owner_or_when_unavailable() -> None:
    gone = missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND)
    links = [
        entry(PLAYLIST, file="a.csv", owner="Sentdex"),
        entry(OTHER, file="a.csv", line=2),
        entry(VIDEO, file="a.csv", line=3, owner="Sentdex"),
        entry(MALFORMED, file="a.csv", line=4, owner="Sentdex"),
        entry(CHANNEL, file="a.csv", line=5, owner="Sentdex"),
    ]
    known = {PLAYLIST: living("Neural Networks"), OTHER: living("Calculus", owner="Professor Leonard"), VIDEO: gone}
    assert found(report_of(links, known), rules.OWNER_CHANGED) == []


def test_bold_items_are_owners_only_in_a_list_where_most_of_them_are() -> None:
    """In Markdown a bold list item above may as well be a topic."""
    known = {
        PLAYLIST: living("Calculus 3", owner="Professor Leonard"),
        OTHER: living("Calculus 1", owner="Khan Academy"),
        VIDEO: living("Optimization", owner="Aurélien Géron"),
    }

    def owners_reported(*owners: str) -> list[str | None]:
        links = [
            entry(resource, file="list.md", line=line, owner=owner)
            for line, (resource, owner) in enumerate(zip(known, owners, strict=True), 1)
        ]
        return [finding.links[0].owner for finding in found(report_of(links, known), rules.OWNER_CHANGED)]

    assert owners_reported("Courses", "Beginners", "Visual") == []
    assert owners_reported("Professor Leonard", "Somebody", "Aurélien Géron") == ["Somebody"]


CHANNELS = ("Professor Leonard", "Khan Academy", "Aurélien Géron")


def bold_items(*owners: str) -> list[Link]:
    """Links of a list of Markdown, each below a bold item."""
    links = [
        entry(resource, file="list.md", line=line, owner=owner, section="Maths" if line == 1 else None)
        for line, (resource, owner) in enumerate(zip((PLAYLIST, OTHER, VIDEO), owners, strict=True), 1)
    ]
    return [msgspec.structs.replace(link, inferred=("owner",)) for link in links]


@pytest.mark.parametrize(
    ("owners", "sections", "reported"),
    [
        pytest.param(CHANNELS, (None, None, None), [], id="channels"),
        pytest.param(
            ("Professor Leonard", "Somebody", "Géron"), (None, None, None), ["Somebody"], id="most of them channels"
        ),
        pytest.param(("Courses", "Beginners", "Visual"), ("Maths > Courses", "Beginners", "Visual"), [], id="topics"),
        pytest.param(
            ("Courses", "Beginners", "Géron"), ("Maths > Courses", "Beginners", "Géron"), [], id="most of them topics"
        ),
    ],
)
def test_bold_items_that_the_channels_do_not_confirm_are_sections(
    owners: tuple[str, ...], sections: tuple[str | None, ...], reported: list[str]
) -> None:
    known = {
        resource: living("A title", owner=channel)
        for resource, channel in zip((PLAYLIST, OTHER, VIDEO), CHANNELS, strict=True)
    }
    report = report_of(bold_items(*owners), known)
    links = [item.links[0] for item in report.resources]
    kept = [owner if section is None else None for owner, section in zip(owners, sections, strict=True)]
    assert [link.owner for link in links] == kept
    assert [link.section for link in links] == [s or ("Maths" if at == 0 else None) for at, s in enumerate(sections)]
    assert [finding.links[0].owner for finding in found(report, rules.OWNER_CHANGED)] == reported


def test_bold_items_stay_owners_as_long_as_no_channel_is_known() -> None:
    (item, *_) = report_of(bold_items(*CHANNELS)).resources
    assert (item.links[0].owner, item.links[0].section) == ("Professor Leonard", "Maths")


def test_a_column_of_many_names_none_of_which_is_a_channel_holds_no_owners() -> None:
    """The speakers of a conference, or the bold items that were extracted from a list."""
    resources = [Resource(Kind.VIDEO, f"{number:011}") for number in range(12)]
    known = {resource: living("A talk", owner="Conference") for resource in resources}

    def reported(names: int) -> int:
        links = [
            entry(resource, file="a.csv", line=line, owner=f"Speaker {'abcdefghijkl'[line % names]}")
            for line, resource in enumerate(resources)
        ]
        return len(found(report_of(links, known), rules.OWNER_CHANGED))

    assert (reported(3), reported(12)) == (12, 0)
