"""The inventory: a row for every entry, numbers as numbers, and no cell that a spreadsheet would run."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from unit.report.builders import MALFORMED, NOW, OTHER, PLAYLIST, VIDEO, entry, living, missing, report_of
from unit.report.formats.hostile_text import HUGE, TEXTS, report_by_strangers

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.observation import Reason, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.formats.csv import COLUMNS, render
from linkwatch.report.model import Report
from linkwatch.sources.csv_reader import read


def rows_of(report: Report) -> list[dict[str, str]]:
    text = render(report)
    assert text.startswith("\ufeff")
    assert text.encode().decode("utf-8-sig").endswith("\r\n")
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows = list(reader)
    assert tuple(reader.fieldnames or ()) == COLUMNS
    assert all(None not in row and None not in row.values() for row in rows), "a row is as long as the header"
    return rows


def test_a_row_tells_the_entry_and_what_is_known_of_it() -> None:
    link = entry(PLAYLIST, "Calculus 3", file="a.csv", line=14, section="Maths > Calculus", owner="Leonard")
    known = living("Calculus 3 (Full Length Videos)", owner="Professor Leonard", item_count=37)
    assert rows_of(report_of([link], {PLAYLIST: known})) == [
        {
            "file": "a.csv",
            "line": "14",
            "section": "Maths > Calculus",
            "label": "Calculus 3",
            "owner": "Leonard",
            "url": PLAYLIST.url,
            "state": "available",
            "reason": "",
            "level": "",
            "rules": "",
            "messages": "",
            "kind": "playlist",
            "id": PLAYLIST.id,
            "title": "Calculus 3 (Full Length Videos)",
            "channel": "Professor Leonard",
            "item_count": "37",
            "first_seen": "2026-08-14 09:55:00",
            "last_checked": "2026-11-22 09:55:00",
            "last_available": "2026-11-22 09:55:00",
        }
    ]


def test_every_entry_of_a_resource_has_its_row_and_only_its_own_findings() -> None:
    links = [entry(PLAYLIST, "Linear Algebra", line=2), entry(PLAYLIST, "Calculus 3", line=9)]
    first, second = rows_of(report_of(links, {PLAYLIST: living("Calculus 3")}))
    assert (first["line"], first["rules"]) == ("2", "duplicate, mislabelled")
    assert (second["line"], second["rules"]) == ("9", "duplicate")
    assert first["messages"].count(" | ") == 1
    assert second["level"] == "warning"


def test_an_entry_that_names_two_things_has_a_row_for_each() -> None:
    both = entry(f"{VIDEO.url}&list={PLAYLIST.id}")
    rows = rows_of(report_of([both], {VIDEO: living("A"), PLAYLIST: missing(State.UNAVAILABLE)}))
    assert {(row["kind"], row["rules"]) for row in rows} == {("video", ""), ("playlist", "dead")}


def test_a_malformed_link_has_a_row_without_a_resource() -> None:
    (row,) = rows_of(report_of([entry(MALFORMED, "Short", line=7)]))
    assert (row["url"], row["line"], row["label"]) == (MALFORMED, "7", "Short")
    assert (row["rules"], row["level"], row["state"], row["id"]) == ("malformed", "error", "", "")


def test_the_level_is_that_of_the_worst_open_finding() -> None:
    links = [entry(PLAYLIST, line=1), entry(PLAYLIST, line=2)]
    known = {PLAYLIST: missing(State.UNAVAILABLE, reason=Reason.PRIVATE)}
    report = report_of(links, known)
    assert [(row["level"], row["reason"]) for row in rows_of(report)] == [("error", "private")] * 2
    dead, duplicate = report.findings
    accepted = replace(dead, acknowledged=Acknowledgement(PLAYLIST.id, None, "it comes back", NOW, NOW.date()))
    half = rows_of(replace(report, findings=(accepted, duplicate)))[0]
    assert half["level"] == "warning"
    assert "(acknowledged until 2026-11-22: it comes back)" in half["messages"]
    assert rows_of(replace(report, findings=(accepted,)))[0]["level"] == "accepted"


def test_what_no_check_has_met_is_empty() -> None:
    (row,) = rows_of(report_of([entry(OTHER)], run=None))
    assert (row["state"], row["title"], row["item_count"], row["first_seen"]) == ("unknown", "", "", "")


def test_no_link_leaves_the_header() -> None:
    assert rows_of(report_of([])) == []


def test_numbers_and_times_stand_without_quotes_so_that_a_spreadsheet_knows_them() -> None:
    text = render(report_of([entry(PLAYLIST, line=14)], {PLAYLIST: living("A, B", item_count=37)}))
    assert ",14," in text
    assert '"A, B"' in text
    assert ",37,2026-08-14 09:55:00," in text


def test_the_table_is_a_list_again() -> None:
    links = [entry(PLAYLIST, "Calculus 3", section="Calculus", owner="Leonard"), entry(VIDEO, "-1", line=2)]
    text = render(report_of(links, {PLAYLIST: living("Calculus 3")})).removeprefix("\ufeff").replace("\r\n", "\n")
    again = list(read(text.splitlines(keepends=True), "report.csv"))
    assert [(link.url, link.label, link.section, link.owner) for link in again] == [
        (PLAYLIST.url, "Calculus 3", "Calculus", "Leonard"),
        (VIDEO.url, "'-1", None, None),
    ]


@pytest.mark.parametrize(
    "begin", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "  =", "\u00a0@", "\u200b=", "\ufeff+", "\u3000-"]
)
def test_a_formula_is_a_text(begin: str) -> None:
    label = f"{begin}HYPERLINK(1)"
    (row,) = rows_of(report_of([entry(PLAYLIST, label)], {PLAYLIST: living()}))
    assert row["label"] == f"'{label}"


@pytest.mark.parametrize("begin", ["\t", "\r", "\n", "\x00"])
def test_a_control_character_does_not_begin_a_cell(begin: str) -> None:
    (row,) = rows_of(report_of([entry(PLAYLIST, f"{begin}=1")], {PLAYLIST: living()}))
    assert row["label"] == "\N{REPLACEMENT CHARACTER}=1"


def test_a_semicolon_does_not_begin_a_formula_where_it_ends_a_cell() -> None:
    (row,) = rows_of(report_of([entry(PLAYLIST, "a; =1; b")], {PLAYLIST: living()}))
    assert row["label"] == "a;' =1; b"


def test_an_id_that_begins_with_a_minus_is_a_text_and_its_url_is_whole() -> None:
    video = Resource(Kind.VIDEO, "-aHLRD0QZ08")
    (row,) = rows_of(report_of([entry(video)], {video: living("A")}))
    assert (row["id"], row["url"]) == ("'-aHLRD0QZ08", video.url)


def test_a_harmless_text_is_left_as_it_is() -> None:
    label = "R&D: 1–2 “a”, 线性代数 👩‍🏫; b"
    (row,) = rows_of(report_of([entry(PLAYLIST, label)], {PLAYLIST: living()}))
    assert row["label"] == label


@given(TEXTS)
def test_no_text_breaks_the_table_or_is_reckoned(text: str) -> None:
    report = report_by_strangers(text, begin="")
    assert render(report).count("\n") == 4
    rows = rows_of(report)
    assert len(rows) == 3
    for row in rows:
        for cell in row.values():
            for piece in cell.split(";"):
                assert not piece.lstrip(" \u00a0\u3000\u200b\ufeff").startswith(tuple("=+-@＝＋－＠\t\r\n")), piece
        assert row["label"].endswith("Three")
        assert row["url"].startswith("https://")


def test_a_huge_text_stays_whole() -> None:
    assert HUGE in rows_of(report_by_strangers(HUGE))[0]["title"]
