"""What each tool printed is read as what it meant; the samples are shortened reports of the pinned versions."""

import json

import pytest

from bench.peers.cases import FIRST_LINE
from bench.peers.reading import (
    Reader,
    Verdict,
    read_linkchecker,
    read_linkinator,
    read_linkwatch,
    read_lychee,
    read_markdown_link_check,
)

ALIVE = "https://www.youtube.com/watch?v=aaaaaaaaaaA"
BROKEN = "https://www.youtube.com/@nobody"
LIST = "https://www.youtube.com/playlist?list=PLbbbbbbbbbbbbbbbb"
BOTH = "https://www.youtube.com/watch?v=aaaaaaaaaaA&list=PLbbbbbbbbbbbbbbbb"
LEFT_OUT = "https://www.youtube.com/watch?v=zzzzzzzzzzA"


def test_lychee_tells_remapped_links_by_where_they_led() -> None:
    oembed = f"https://www.youtube.com/oembed?format=json&url={LIST}"
    ok, gone = {"text": "200 OK", "code": 200}, {"text": "Rejected status code: 404 Not Found", "code": 404}
    remap = {"original": {"url": LIST}, "new": {"url": oembed}}
    printed = {
        "total": 4,
        "success_map": {"list.md": [{"url": ALIVE, "status": ok}]},
        "error_map": {
            "list.md": [{"url": BROKEN, "status": gone}, {"url": oembed, "status": gone, "remap": remap}],
        },
        "timeout_map": {"list.md": [{"url": BOTH, "status": {"text": "Timeout"}}]},
    }
    assert read_lychee(json.dumps(printed), [ALIVE, BROKEN, LIST, BOTH, LEFT_OUT]) == {
        ALIVE: Verdict.ALIVE,
        BROKEN: Verdict.BROKEN,
        LIST: Verdict.BROKEN,
        BOTH: Verdict.UNSURE,
        LEFT_OUT: Verdict.UNSURE,
    }


LINKCHECKER = f"""\
# created by LinkChecker at 2026-11-26 14:42:12+000
# Read the documentation at https://linkchecker.github.io/linkchecker/
urlname;parentname;base;result;warningstring;infostring;valid;url;line;column;name;dltime;size;checktime;cached;level;modified
file:///list.html;;;;;;True;file:///list.html;list.html;-1;280;0.001;0;0;2026-11-26 14:41:59.270211Z
{BROKEN};file:///list.html;;404 Not Found;;;False;{BROKEN};1;72;b;-1;53;0.1;0;1;
{ALIVE};file:///list.html;;200 OK;Redirected to `https://example.org/'.;;True;https://example.org/;1;119;c;-1;71;0.1;0;1;
{BOTH};file:///list.html;;429 Too Many Requests;Rate limited (Retry-After: None);;True;{BOTH};1;13;a;-1;71;0.8;0;1;
# Stopped checking at 2026-11-26 14:42:14+000 (1 seconds)
"""


def test_linkchecker_calls_what_was_turned_away_valid_with_a_warning() -> None:
    assert read_linkchecker(LINKCHECKER, [ALIVE, BROKEN, BOTH, LEFT_OUT]) == {
        ALIVE: Verdict.ALIVE,
        BROKEN: Verdict.BROKEN,
        BOTH: Verdict.UNSURE,
        LEFT_OUT: Verdict.UNSURE,
    }


def test_linkinator_tells_of_the_list_too() -> None:
    links = [
        {"url": "list.md", "status": 200, "state": "OK", "failureDetails": []},
        {"url": ALIVE, "status": 200, "state": "OK", "parent": "list.md"},
        {"url": BROKEN, "status": 404, "state": "BROKEN", "parent": "list.md"},
        {"url": LIST, "state": "SKIPPED", "parent": "list.md"},
    ]
    verdicts = read_linkinator(json.dumps({"links": links, "passed": False}), [ALIVE, BROKEN, LIST, LEFT_OUT])
    assert verdicts == {
        ALIVE: Verdict.ALIVE,
        BROKEN: Verdict.BROKEN,
        LIST: Verdict.UNSURE,
        LEFT_OUT: Verdict.UNSURE,
    }


def test_markdown_link_check_marks_each_link_and_repeats_the_broken() -> None:
    printed = f"""
FILE: list.md
  [✓] {ALIVE}
  [✖] {BROKEN}
  [/] {LIST}

  3 links checked.
  [✖] {BROKEN} → Status: 404
"""
    assert read_markdown_link_check(printed, [ALIVE, BROKEN, LIST]) == {
        ALIVE: Verdict.ALIVE,
        BROKEN: Verdict.BROKEN,
        LIST: Verdict.UNSURE,
    }


@pytest.mark.parametrize(
    ("video", "playlist", "verdict"),
    [
        ("available", "available", Verdict.ALIVE),
        ("available", "unavailable", Verdict.BROKEN),
        ("unavailable", "available", Verdict.BROKEN),
        ("unknown", "available", Verdict.UNSURE),
        ("suspect", "unavailable", Verdict.BROKEN),
        ("unmonitorable", "unknown", Verdict.UNSURE),
    ],
)
def test_linkwatch_names_two_things_by_one_line(video: str, playlist: str, verdict: Verdict) -> None:
    resources = [
        {"state": "available", "links": [{"line": FIRST_LINE}]},
        {"state": video, "links": [{"line": FIRST_LINE + 1}]},
        {"state": playlist, "links": [{"line": FIRST_LINE + 1}]},
    ]
    verdicts = read_linkwatch(json.dumps({"resources": resources}), [ALIVE, BOTH])
    assert verdicts == {ALIVE: Verdict.ALIVE, BOTH: verdict}


@pytest.mark.parametrize("read", [read_lychee, read_linkinator, read_linkwatch])
@pytest.mark.parametrize("printed", ["", "error: no such option", "{}"])
def test_what_is_no_report_is_not_read(read: Reader, printed: str) -> None:
    with pytest.raises((ValueError, LookupError)):
        read(printed, [ALIVE])
