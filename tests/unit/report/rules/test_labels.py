"""Labels that don't fit titles: mislabelled."""

import io
from pathlib import Path

import msgspec
import pytest
from unit.report.builders import (
    CHANNEL,
    LONG_AGO,
    OTHER,
    PLAYLIST,
    RUN_AT,
    VIDEO,
    YESTERDAY,
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
from linkwatch.models.observation import Reason, ResourceRecord, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.rules import Level
from linkwatch.simulator.demo_list import CHANNELS, PLAYLISTS, VIDEOS
from linkwatch.sources import read_lists

ROOT = Path(__file__).parents[4]
CALCULUS = living("Calculus 3 (Full Length Videos)", owner="Professor Leonard")


def seed_list() -> dict[Resource, ResourceRecord]:
    """What a check of the seed list learns."""
    names = {channel.name: channel.title for channel in CHANNELS}
    playlists = {Resource(Kind.PLAYLIST, p.id): living(p.title, owner=names[p.owner]) for p in PLAYLISTS}
    return playlists | {Resource(Kind.VIDEO, v.id): living(v.title, owner=names[v.owner]) for v in VIDEOS}


@pytest.mark.parametrize("name", ["resources.csv", "tests/lists/learning-math-for-ml.md"])
def test_the_seed_list_has_one_wrong_label_one_duplicate_and_no_wrong_owner(name: str) -> None:
    report = report_of(read_lists([str(ROOT / name)], stdin=io.BytesIO()), seed_list())
    assert [(finding.rule, finding.links[0].label) for finding in report.findings] == [
        (rules.DUPLICATE, "Linear Algebra"),
        (rules.MISLABELLED, "Linear Algebra"),
    ]
    assert report.findings[1].message.startswith(
        "label “Linear Algebra” doesn't match the title “Calculus 3 (Full Length Videos)”; “Calculus 3” ("
    )


def test_a_label_that_does_not_fit_is_reported_with_the_title() -> None:
    links = [entry(PLAYLIST, "Linear Algebra", line=13)]
    (finding,) = report_of(links, {PLAYLIST: CALCULUS}).findings
    assert (finding.rule, finding.level, finding.id) == (rules.MISLABELLED, Level.WARNING, PLAYLIST.id)
    assert finding.message == "label “Linear Algebra” doesn't match the title “Calculus 3 (Full Length Videos)”"
    assert finding.evidence == {"label": "Linear Algebra", "title": "Calculus 3 (Full Length Videos)"}
    assert list(finding.links) == links


class CountingRecords(dict[Resource, ResourceRecord]):
    """Records that count how often they are looked up."""

    lookups = 0

    def get(self, resource: Resource, default: ResourceRecord | None = None) -> ResourceRecord | None:  # type: ignore[override]
        self.lookups += 1
        return super().get(resource, default)


def lookups(files: int) -> int:
    """Of the records, for as many lists of five entries, whose labels have a word of their titles."""
    resources = [Resource(Kind.VIDEO, f"{number:011}") for number in range(5 * files)]
    known = CountingRecords(dict.fromkeys(resources, CALCULUS))
    links = [
        Link(each.url, f"{at // 5}.md", at % 5 + 1, 1, "Calculus of Variations") for at, each in enumerate(resources)
    ]
    report_of(links, known)
    return known.lookups


def test_eight_times_the_lists_take_eight_times_the_lookups() -> None:
    assert lookups(80) == 8 * lookups(10)


@pytest.mark.parametrize("label", ["Calculus III", "here", None, "", "微积分"])
def test_a_label_that_fits_or_says_nothing_gives_no_finding(label: str | None) -> None:
    assert report_of([entry(PLAYLIST, label)], {PLAYLIST: CALCULUS}).findings == []


def test_a_label_of_other_words_is_believed_where_the_list_names_the_right_channel() -> None:
    """ "Information Theory" is a fair label for "A Short Introduction to Entropy"."""
    known = {VIDEO: living("A Short Introduction to Entropy", owner="Luis Serrano")}
    assert report_of([entry(VIDEO, "Information Theory", owner="Luis Serrano")], known).findings == []
    assert found(report_of([entry(VIDEO, "Information Theory")], known), rules.MISLABELLED)
    assert found(report_of([entry(VIDEO, "Information Theory", owner="Khan Academy")], known), rules.MISLABELLED)


def test_the_right_channel_does_not_excuse_a_label_when_another_entry_says_what_the_title_says() -> None:
    links = [
        entry(PLAYLIST, "Linear Algebra", line=13, owner="Professor Leonard"),
        entry(OTHER, "Calculus 3", line=17, owner="Professor Leonard"),
    ]
    (finding,) = found(report_of(links, {PLAYLIST: CALCULUS}), rules.MISLABELLED)
    assert finding.links[0].line == 13
    assert finding.message.endswith("; “Calculus 3” (list.md:17) does")


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(living(), id="untitled"),
        pytest.param(missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND, title="Calculus 3"), id="gone"),
        pytest.param(missing(State.SUSPECT, title="Calculus 3"), id="suspect"),
    ],
)
def test_only_a_living_title_can_contradict_a_label(known: ResourceRecord) -> None:
    assert found(report_of([entry(PLAYLIST, "Linear Algebra")], {PLAYLIST: known}), rules.MISLABELLED) == []
    assert found(report_of([entry(PLAYLIST, "Linear Algebra")]), rules.MISLABELLED) == []


def test_the_label_of_a_channel_says_what_it_teaches_and_not_its_name() -> None:
    assert report_of([entry(CHANNEL, "Statistics")], {CHANNEL: living("Brandon Foltz")}).findings == []


def test_a_video_watched_in_a_playlist_may_be_labelled_by_either() -> None:
    known = {VIDEO: living("Lecture 4: Gradient descent"), PLAYLIST: living("Machine Learning")}
    url = f"{VIDEO.url}&list={PLAYLIST.id}"
    assert report_of([entry(url, "Machine Learning")], known).findings == []
    assert report_of([entry(url, "Gradient descent")], known).findings == []
    (finding,) = report_of([entry(url, "Pottery")], known).findings
    assert finding.id == VIDEO.id


def test_a_label_is_wrong_since_it_was_listed_or_since_the_title_changed() -> None:
    links, known = [entry(PLAYLIST, "Linear Algebra")], {PLAYLIST: CALCULUS}
    (finding,) = report_of(links, known, first_seen=lambda link: LONG_AGO).findings
    assert (finding.since, finding.new) == (LONG_AGO, False)
    (finding,) = report_of(links, known, first_seen=lambda link: None).findings
    assert (finding.since, finding.new) == (None, True)

    event = happened(PLAYLIST, EventKind.RETITLED, "Linear Algebra", "Calculus 3 (Full Length Videos)", at=RUN_AT)
    (finding,) = found(report_of(links, known, [event]), rules.MISLABELLED)
    assert (finding.since, finding.new) == (RUN_AT, True)
    (finding,) = found(report_of(links, known, [event], first_seen=lambda link: YESTERDAY), rules.MISLABELLED)
    assert finding.since == RUN_AT


def test_labels_from_around_links_are_judged_only_in_a_list_where_they_mostly_fit() -> None:
    """A heading may be about something else than the link below it."""
    titles = ["Calculus", "Statistics", "Geometry", "Topology", "Probability"]
    resources = [Resource(Kind.VIDEO, f"{number:011}") for number in range(5)]
    known = {resource: living(title) for resource, title in zip(resources, titles, strict=True)}

    def mislabelled(*labels: str) -> list[str | None]:
        links = [
            msgspec.structs.replace(entry(resource, label, line=line), inferred=("label",))
            for line, (resource, label) in enumerate(zip(resources, labels, strict=True), 1)
        ]
        return [finding.links[0].label for finding in found(report_of(links, known), rules.MISLABELLED)]

    assert mislabelled("Calculus", "Statistics", "Geometry", "Topology", "Cooking") == ["Cooking"]
    assert mislabelled("Calculus", "Statistics", "Geometry", "Welding", "Cooking") == []


@pytest.mark.parametrize("label", ["Recording", "Slides", "Watch here", "English", "Vidéo"])
def test_a_label_that_would_fit_any_video_is_no_wrong_one(label: str) -> None:
    assert found(report_of([entry(VIDEO, label)], {VIDEO: living("Statistics")}), rules.MISLABELLED) == []
