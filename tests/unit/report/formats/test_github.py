"""Workflow commands: one for each finding, at its line, and none that a title could add or change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.report.builders import (
    CHANNEL,
    EVERYWHERE,
    MALFORMED,
    OTHER,
    PLAYLIST,
    RUN,
    RUN_AT,
    VIDEO,
    YESTERDAY,
    entry,
    living,
    missing,
    report_of,
    with_levels,
    without_key,
)
from unit.report.formats.hostile_text import HUGE, TEXTS, report_by_strangers

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.observation import State
from linkwatch.models.rules import RULES, Level, Rule
from linkwatch.report.build import with_findings
from linkwatch.report.formats.github import MOST_PLACES, PER_LEVEL, render
from linkwatch.report.model import Finding, Report

GONE = missing(State.UNAVAILABLE)
CUT = 4_096
"""Characters at which the runner cuts a message."""


@dataclass(frozen=True)
class Command:
    """A line, as the runner reads it."""

    name: str
    properties: dict[str, str]
    message: str


def read(line: str) -> Command | None:
    """Read a line by the documented rules; None when it is only text."""
    line = line.lstrip()
    if not line.startswith("::") or "::" not in line[2:]:
        assert "##[" not in line  # the older form, which counts wherever it stands
        return None
    head, _, data = line[2:].partition("::")
    name, _, attributes = head.partition(" ")
    pairs = [pair.split("=", 1) for pair in attributes.split(",") if pair]
    return Command(name, {key: unescaped(value, {"%3A": ":", "%2C": ","}) for key, value in pairs}, unescaped(data))


def unescaped(text: str, more: dict[str, str] | None = None) -> str:
    for code, character in {"%0D": "\r", "%0A": "\n", **(more or {}), "%25": "%"}.items():
        text = text.replace(code, character)
    return text


def commands(report: Report) -> list[Command]:
    """What the runner makes of it; the last line is text for the log, and no other is."""
    text = render(report)
    assert text.endswith("\n")
    *lines, last = text[:-1].split("\n")
    assert read(last) is None
    found = [command for line in lines if (command := read(line)) is not None]
    assert len(found) == len(lines)
    return found


def last_line(report: Report) -> str:
    return render(report).splitlines()[-1]


def many(number: int, level: Level = Level.ERROR) -> Report:
    """So many dead links, in the lines from 1 on."""
    report = report_of([entry(PLAYLIST)], {PLAYLIST: GONE})
    found = [
        replace(report.findings[0], level=level, links=(entry(PLAYLIST, line=line),), message=f"number {line}")
        for line in range(1, number + 1)
    ]
    return replace(report, findings=found)


def only(report: Report, **changed: object) -> list[Command]:
    """What is made of its first finding, with other values."""
    finding: Finding = replace(report.findings[0], **changed)  # type: ignore[arg-type]  # each by its name
    return commands(replace(report, findings=[finding]))


def test_a_finding_is_reported_at_its_file_line_and_column() -> None:
    report = report_of([entry(PLAYLIST, file="lists/maths.md", line=23, column=5)], {PLAYLIST: GONE})
    (command,) = commands(report)
    assert command.name == "error"
    assert command.properties == {"file": "lists/maths.md", "line": "23", "col": "5", "title": "linkwatch: dead"}
    assert command.message.split("\n") == [
        report.findings[0].message,
        "since 2026-11-22 09:55 UTC · new · Data API omits it, oEmbed: 404",
        *(f"{each.text}: {each.url}" for each in report.findings[0].suggestions),
    ]


def test_the_bytes_of_a_command() -> None:
    report = report_of([entry(PLAYLIST, file="a,b:c%.md")], {PLAYLIST: GONE})
    finding = replace(report.findings[0], message="100% gone: a, b", since=None, suggestions=())
    assert render(replace(report, findings=[finding])).split("\n")[0] == (
        "::error file=a%2Cb%3Ac%25.md,line=1,col=1,title=linkwatch%3A dead::100%25 gone: a, b%0A"
        "new · Data API omits it, oEmbed: 404"
    )


@pytest.mark.parametrize("level", [Level.ERROR, Level.WARNING, Level.NOTICE])
def test_the_level_is_the_commands_name(level: Level) -> None:
    report = report_of([entry(PLAYLIST)], {PLAYLIST: GONE}, settings=with_levels(dead=level))
    assert [command.name for command in commands(report)] == [level.value]


def test_what_is_accepted_is_no_annotation_and_is_counted_in_the_log() -> None:
    report = report_of([entry(PLAYLIST)], {PLAYLIST: GONE})
    ack = Acknowledgement(PLAYLIST.id, None, None, YESTERDAY)
    accepted = with_findings(report, [replace(finding, acknowledged=ack) for finding in report.findings])
    assert commands(accepted) == []
    assert last_line(accepted).endswith("; 1 resource: 1 unavailable; 1 finding acknowledged")


def test_the_further_entries_are_named_in_the_message() -> None:
    report = report_of(
        [entry(PLAYLIST, line=4), entry(PLAYLIST, line=9, file="b.csv", column=3)],
        {PLAYLIST: GONE},
        settings=EVERYWHERE,
    )
    dead, duplicate = commands(report)
    assert dead.properties["line"] == "4"
    assert "also at b.csv:9:3" in dead.message.split("\n")
    # The message of a duplicate names every line already.
    assert "also at" not in duplicate.message


def test_of_very_many_entries_some_are_named_and_the_others_counted() -> None:
    links = [entry(PLAYLIST, line=line) for line in range(1, MOST_PLACES + 1_003)]
    (dead, _) = commands(report_of(links, {PLAYLIST: GONE}))
    (places,) = [line for line in dead.message.split("\n") if line.startswith("also at ")]
    assert places.endswith(f"list.md:{MOST_PLACES + 1}:1 and 1,001 more")


def test_standard_input_is_no_file_and_is_named_in_the_message() -> None:
    (command,) = commands(report_of([entry(PLAYLIST, file="-", line=7)], {PLAYLIST: GONE}))
    assert command.properties == {"title": "linkwatch: dead"}
    assert "at standard input:7:1" in command.message.split("\n")


def test_a_finding_without_a_link_has_no_place() -> None:
    (command,) = only(report_of([entry(PLAYLIST)], {PLAYLIST: GONE}), links=())
    assert command.properties == {"title": "linkwatch: dead"}


def test_an_incomplete_check_is_a_warning_of_its_own_and_no_error() -> None:
    run = replace(RUN, complete=False, incomplete_reason="34 of 34 resources could not be asked: HTTP 503")
    (command,) = commands(report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3")}, run=run))
    assert command == Command("warning", {"title": "linkwatch: incomplete"}, str(run.incomplete_reason))


def test_that_nothing_was_asked_yet_is_a_warning() -> None:
    (command,) = commands(report_of([entry(PLAYLIST)], run=None))
    assert command.name == "warning"
    assert command.message == "1 link, not checked yet: run “linkwatch check”"


def test_notes_are_notices() -> None:
    run = replace(without_key(), note="the brake let go")
    annotations = commands(report_of([entry(PLAYLIST), entry(CHANNEL, line=2)], {PLAYLIST: living("C")}, run=run))
    assert [(command.name, command.properties["title"], command.message) for command in annotations] == [
        ("notice", "linkwatch: note", "the brake let go"),
        ("notice", "linkwatch: note", "1 channel could not be checked: that takes an API key"),
    ]


def test_errors_come_before_warnings_and_what_is_broken_before_what_is_listed_badly() -> None:
    links = [entry(PLAYLIST, line=9), entry(VIDEO, line=1, label="Pottery"), entry(VIDEO, line=2), entry(OTHER, line=3)]
    known = {PLAYLIST: GONE, VIDEO: living("Optimization"), OTHER: missing(State.SUSPECT)}
    annotations = commands(report_of(links, known, settings=with_levels(duplicate=Level.ERROR)))
    titles = [command.properties["title"].removeprefix("linkwatch: ") for command in annotations]
    assert titles == ["dead", "duplicate", "suspect", "mislabelled"]


def test_what_is_new_comes_before_what_was_known() -> None:
    links = [entry(PLAYLIST, line=1), entry(OTHER, line=2)]
    known = {PLAYLIST: missing(State.UNAVAILABLE, since=YESTERDAY), OTHER: GONE}
    assert [command.properties["line"] for command in commands(report_of(links, known))] == ["2", "1"]


def test_ten_of_a_level_are_all_shown_by_github() -> None:
    annotations = commands(many(PER_LEVEL))
    assert [command.message.split("\n")[0] for command in annotations] == [f"number {n}" for n in range(1, 11)]


def test_of_more_than_ten_the_last_that_github_shows_says_how_many_follow() -> None:
    annotations = commands(many(PER_LEVEL + 1))
    assert annotations[PER_LEVEL - 1] == Command(
        "error", {"title": "linkwatch: more"}, "and 2 more errors, in the log of this step and in the job summary"
    )
    # Nothing is kept back: the log has them all.
    assert [command.message.split("\n")[0] for command in annotations if "number" in command.message] == [
        f"number {n}" for n in range(1, 12)
    ]


def test_that_a_check_is_incomplete_is_among_the_ten() -> None:
    report = replace(many(1_200, Level.WARNING), run=replace(RUN, complete=False, incomplete_reason="HTTP 503"))
    annotations = commands(report)
    assert annotations[0].message == "HTTP 503"
    assert annotations[PER_LEVEL - 1].message.startswith("and 1,192 more warnings, ")


def test_each_level_has_its_own_ten() -> None:
    errors, notices = many(PER_LEVEL).findings, many(PER_LEVEL, Level.NOTICE).findings
    annotations = commands(replace(many(1), findings=[*errors, *notices]))
    assert [command.name for command in annotations] == ["error"] * 10 + ["notice"] * 10


def test_the_last_line_is_for_the_log() -> None:
    assert last_line(report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3")})) == (
        "The 1 link is fine: checked 2026-11-22 09:55 UTC with the YouTube Data API; 1 resource: 1 available"
    )
    assert last_line(report_of([entry(PLAYLIST)], {PLAYLIST: GONE})) == (
        "1 error in 1 link, checked 2026-11-22 09:55 UTC with the YouTube Data API; 1 resource: 1 unavailable"
    )


def test_a_long_title_is_cut_where_one_sees_it() -> None:
    annotations = commands(report_by_strangers(HUGE))
    assert all(command.message.split("\n")[0].endswith("…") for command in annotations)
    assert all(len(command.message) < CUT for command in annotations)


HOSTILE = [
    "\n::add-mask::e", "\r::stop-commands::x", "::error::",
    "\n##[add-path]/tmp", "##[error]", "%0A::debug::", "%250A", "%",
    "%3A%2C", ",line=1", "::", ": :", "=",
]  # fmt: skip


def as_shown(text: str) -> str:
    """A text of strangers as `visible` leaves it, which is tested on its own."""
    return "".join("\ufffd" if c in "\r\n" else c for c in text)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_comes_from_strangers_is_read_back_as_it_was(hostile: str) -> None:
    links = (entry(f"{PLAYLIST.url}{hostile}", hostile, file=f"list{hostile}.md"), entry(MALFORMED, file=hostile))
    report = report_of([entry(PLAYLIST)], {PLAYLIST: GONE})
    (command,) = only(report, links=links, message=f"playlist “{hostile}” is gone", suggestions=())
    assert command.name == "error"
    assert command.properties == {
        "file": as_shown(f"list{hostile}.md"),
        "line": "1",
        "col": "1",
        "title": "linkwatch: dead",
    }
    assert command.message.split("\n") == [
        as_shown(f"playlist “{hostile}” is gone"),
        as_shown(f"also at {hostile}:1:1"),
        "since 2026-11-22 09:55 UTC · new · Data API omits it, oEmbed: 404",
    ]


@given(TEXTS | st.lists(st.sampled_from(HOSTILE), max_size=5).map("".join), st.sampled_from(["", "Calculus"]))
def test_no_title_adds_a_command_or_changes_one(text: str, begin: str) -> None:
    report = report_by_strangers(text, begin=begin)
    annotations = commands(report)
    # That it is incomplete, what is open, and a note; the acknowledged one is left out.
    opened = [finding.level.value for finding in report.findings if finding.acknowledged is None]
    assert sorted(names(annotations)) == sorted([*opened, "warning", "notice"])
    assert {name for command in annotations for name in command.properties} == {"file", "line", "col", "title"}
    assert len(render(report).encode().decode().splitlines()) == len(annotations) + 1


@given(
    TEXTS, st.lists(st.sampled_from(list(RULES.values())), max_size=25), st.sampled_from([Level.ERROR, Level.NOTICE])
)
def test_there_are_as_many_commands_as_findings_and_one_for_those_beyond_ten(
    text: str, rules: list[Rule], level: Level
) -> None:
    first = report_of([entry(PLAYLIST, text, file=text or "x")], {PLAYLIST: missing(State.UNAVAILABLE, title=text)})
    found = [replace(first.findings[0], rule=rule, level=level, since=RUN_AT) for rule in rules]
    annotations = commands(replace(first, findings=found))
    assert names(annotations) == [level.value] * (len(rules) + (len(rules) > PER_LEVEL))


def names(annotations: Sequence[Command]) -> list[str]:
    return [command.name for command in annotations]
