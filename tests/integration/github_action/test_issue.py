"""The rolling issue against a fake GitHub: one issue, one comment for each change, whatever fails."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from integration.github_action.fake_github import STRANGER, Fault, GitHub, serve_github

from linkwatch.exchange import new_client
from linkwatch.github_action.github import ISSUE, RETRY_POLICY, GitHubApi, GitHubError, Issue, Issues
from linkwatch.github_action.issue import LABEL, RollingIssue
from linkwatch.github_action.issue_marker import CAPACITY, Marker, findings_by_fingerprint, issue_scope, read_marker
from linkwatch.github_action.text import MAX_BODY_LENGTH
from linkwatch.report.formats.json import JsonFinding, JsonLink, JsonReport, JsonResource, JsonRun
from linkwatch.youtube.retry import RetryPolicy

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SCOPE = issue_scope(["README.md"], ".")
HOSTILE = "@everyone closes #1 `x` <!-- --> <img src=x>\n::error::[x](javascript:alert(1))"


@pytest.fixture
def github() -> Iterator[GitHub]:
    with serve_github() as github:
        yield github


def dead(name: str, *, level: str = "error", acknowledged: bool = False) -> JsonFinding:
    link = JsonLink("README.md", 3, 1, name, None, None)
    ack = {"reason": None, "accepted_at": NOON, "until": None} if acknowledged else None
    return JsonFinding("dead", level, "playlist", name, [link], f"playlist {name} is gone", NOON, True, ack, {})  # type: ignore[arg-type]  # only whether it is there is looked at


def report(*findings: JsonFinding, complete: bool = True, known: tuple[str, ...] = ("A", "B")) -> JsonReport:
    run = JsonRun(1, NOON, NOON, "data-api", 1, complete, None if complete else "the network")
    resources = [
        JsonResource("playlist", name, "", "available", None, f"Course {name}", None, 3, None, None, None, [])
        for name in known
    ]
    return JsonReport("linkwatch.report/1", NOON, run, {}, resources, findings)


def keep(
    github: GitHub,
    *findings: JsonFinding,
    complete: bool = True,
    fail_on: str = "error",
    scope: str = SCOPE,
    retry: RetryPolicy = RETRY_POLICY,
    markdown: str = "the report",
) -> int | None:
    with new_client() as client:
        client.headers["Authorization"] = "Bearer a-token"
        issues = Issues(GitHubApi(client, github.url, "somebody/lists", ISSUE, retry))
        rolling = RollingIssue(issues, scope, "Broken YouTube links", "https://github.example/run/1")
        return rolling.keep(report(*findings, complete=complete), markdown, fail_on)


def test_an_issue_is_opened_updated_closed_and_reopened(github: GitHub) -> None:
    """Opened, silent while nothing changes, commented on at each change, closed, opened again: always the same one."""
    assert keep(github) is None
    assert github.writes() == []

    assert keep(github, dead("A")) == 1
    assert github.issues[1]["labels"] == [{"name": LABEL}]
    assert "the report" in github.issues[1]["body"]

    assert keep(github, dead("A"), markdown="as before, a day later") == 1
    assert keep(github, dead("A")) == 1
    assert github.comments[1] == []

    assert keep(github, dead("A"), dead("B")) == 1
    (comment,) = github.comments[1]
    assert "**1 new**" in comment
    assert "`playlist B is gone`" in comment
    assert "playlist A" not in comment

    assert keep(github, dead("B")) == 1
    assert "**1 no longer open**\n\n- **dead** `playlist Course A`: available" in github.comments[1][1]

    assert keep(github) == 1
    assert github.issues[1]["state"] == "closed"
    assert "No link is broken any more" in github.comments[1][2]
    assert keep(github) == 1
    assert len(github.comments[1]) == 3

    assert keep(github, dead("B")) == 1
    assert github.issues[1]["state"] == "open"
    assert len(github.comments[1]) == 4
    assert len(github.issues) == 1


@pytest.mark.parametrize(
    ("level", "acknowledged", "described"), [("error", True, "acknowledged"), ("warning", False, "now a warning")]
)
def test_what_is_still_found_is_never_reported_as_mended(
    github: GitHub, level: str, acknowledged: bool, described: str
) -> None:
    keep(github, dead("A"))
    keep(github, dead("A", level=level, acknowledged=acknowledged))
    assert github.issues[1]["state"] == "closed"
    (comment,) = github.comments[1]
    assert f"**dead** `playlist A is gone`: {described}" in comment
    assert "available" not in comment


def test_an_incomplete_check_neither_closes_nor_reports_a_recovery(github: GitHub) -> None:
    keep(github, dead("A"))
    before = dict(github.issues[1])
    assert keep(github, complete=False) == 1
    assert github.issues[1] == before
    keep(github, dead("B"), complete=False)
    assert "no longer" not in "".join(github.comments[1])
    keep(github, dead("A"), dead("B"))
    assert len(github.comments[1]) == 1, "A was never away"


def test_what_a_person_closed_stays_closed_until_something_else_breaks(github: GitHub) -> None:
    keep(github, dead("A"))
    github.issues[1]["state"] = "closed"
    keep(github, dead("A"))
    assert github.issues[1]["state"] == "closed"
    assert github.comments[1] == []
    keep(github, dead("A"), dead("B"))
    assert github.issues[1]["state"] == "open"


def test_a_closed_issue_reopens_when_a_recovered_link_breaks_again(github: GitHub) -> None:
    keep(github, dead("A"))
    github.issues[1]["state"] = "closed"
    keep(github)
    keep(github, dead("A"))
    assert github.issues[1]["state"] == "open"


@pytest.mark.parametrize(
    ("finding", "fail_on", "opened"),
    [
        (dead("A", level="warning"), "error", False),
        (dead("A", level="warning"), "warning", True),
        (dead("A"), "never", True),
        (dead("A", acknowledged=True), "error", False),
    ],
)
def test_only_what_fails_opens_an_issue(github: GitHub, finding: JsonFinding, fail_on: str, opened: bool) -> None:
    assert (keep(github, finding, fail_on=fail_on) is not None) is opened


def test_other_lists_have_another_issue(github: GitHub) -> None:
    assert keep(github, dead("A")) == 1
    assert keep(github, dead("A"), scope=issue_scope(["other.csv"], ".")) == 2
    assert keep(github, scope=issue_scope(["README.md"], "docs")) is None
    assert keep(github) == 1


@pytest.mark.parametrize("labels", [(LABEL,), ()])
def test_it_is_found_again_among_hundreds(github: GitHub, labels: tuple[str, ...]) -> None:
    """With the label, and when somebody took the label off."""
    ours = github.add(str(Marker(SCOPE, frozenset())), state="closed", labels=labels)
    for number in range(150):
        github.add(f"about {number}", labels=labels, pull_request={} if number % 2 else None)
    assert keep(github, dead("A")) == ours
    assert github.issues[ours]["state"] == "open"


def test_a_stranger_cannot_give_us_their_issue(github: GitHub) -> None:
    github.add(str(Marker(SCOPE, frozenset())), user=STRANGER)
    assert keep(github, dead("A")) == 2
    assert github.issues[1]["body"] == str(Marker(SCOPE, frozenset()))


def test_of_two_runs_that_open_one_at_once_the_older_stays(github: GitHub) -> None:
    def meanwhile() -> None:
        github.before_opening = lambda: None
        github.add(str(Marker(SCOPE, frozenset())), labels=(LABEL,))

    github.before_opening = meanwhile
    assert keep(github, dead("A")) == 1
    assert [issue["state"] for issue in github.issues.values()] == ["open", "closed"]
    assert "#1" in github.comments[2][0]


def test_without_the_right_to_create_labels_the_issue_has_none(github: GitHub) -> None:
    github.faults["POST labels"] = Fault(403, stays=True)
    assert keep(github, dead("A")) == 1
    assert keep(github, dead("A")) == 1
    assert len(github.issues) == 1


@pytest.mark.parametrize(
    ("fault", "remedy"),
    [
        (Fault(401), "The token is not valid"),
        (Fault(403), "issues: write"),
        (Fault(404), "issues: write"),
        (Fault(410), "Issues are turned off"),
        (Fault(403, headers={"x-ratelimit-remaining": "0"}), "used up"),
        (Fault(429, headers={"retry-after": "3000"}), "used up"),
    ],
)
def test_a_refusal_is_an_error_with_a_remedy(github: GitHub, fault: Fault, remedy: str) -> None:
    github.faults["POST issues"] = fault
    with pytest.raises(GitHubError) as refused:
        keep(github, dead("A"))
    assert str(fault.status) in refused.value.message
    assert remedy in refused.value.remedy
    assert github.asked.count("POST issues") == 1
    assert "a-token" not in f"{refused.value} {refused.value.remedy}"


@pytest.mark.parametrize(
    ("fault", "waited"),
    [
        (Fault(502, "<html>"), 0.0),
        (Fault(403, headers={"retry-after": "7"}), 7.0),
        (Fault(429, headers={"retry-after": "60"}), 60.0),
        (Fault(403, '{"message": "You have exceeded a secondary rate limit."}'), 60.0),
    ],
)
def test_what_passes_is_tried_again_as_politely_as_it_asks(github: GitHub, fault: Fault, waited: float) -> None:
    slept: list[float] = []
    github.faults["POST issues"] = fault
    assert keep(github, dead("A"), retry=RetryPolicy(longest=90.0, sleep=slept.append)) == 1
    assert len(slept) == 1
    assert slept[0] >= waited
    assert len(github.issues) == 1


def test_a_response_that_cannot_be_decoded_is_an_error(github: GitHub) -> None:
    github.faults["GET issues"] = Fault(200, "<html>", stays=True)
    with pytest.raises(GitHubError, match="be decoded"):
        keep(github, dead("A"))
    github.faults["GET issues"] = Fault(200, '["a"]', stays=True)
    with pytest.raises(GitHubError, match="be decoded"):
        keep(github, dead("A"))
    github.faults["GET issues"] = Fault(503, stays=True)
    with pytest.raises(GitHubError, match="503"):
        keep(github, dead("A"), retry=RetryPolicy(sleep=lambda _: None))


def test_titles_are_text_in_comments(github: GitHub) -> None:
    """In a code span nothing mentions, refers, links or opens a tag, and nothing ends the span."""
    keep(github, dead("A"))
    keep(github, dead("A"), dead(HOSTILE))
    (comment,) = github.comments[1]
    (line,) = [line for line in comment.splitlines() if "@everyone" in line]
    outside = "".join(line.split("`")[::2])
    assert outside == "-  **dead** "
    assert "::error" not in [each[:7] for each in comment.splitlines()]


def test_a_body_holds_what_github_takes(github: GitHub) -> None:
    findings = [dead(str(number)) for number in range(5_000)]
    keep(github, *findings, markdown="a line of the report\n" * 10_000)
    body = github.issues[1]["body"]
    assert len(body) <= MAX_BODY_LENGTH
    assert body.endswith("a line of the report")
    keep(github, *findings, markdown="short")
    assert github.comments[1] == [], "all of them were there before"
    keep(github, *findings[:-1])
    assert len("".join(github.comments[1])) < MAX_BODY_LENGTH


def test_a_comment_is_a_digest(github: GitHub) -> None:
    keep(github, dead("A"))
    keep(github, dead("A"), *(dead(f"N{number}") for number in range(100)))
    (comment,) = github.comments[1]
    assert "**100 new**" in comment
    assert "… and 80 more" in comment


def test_a_full_marker_reports_nothing_untrue() -> None:
    found = [f"{number:012x}" for number in range(CAPACITY + 10)]
    remembered = read_marker(str(Marker(SCOPE, frozenset(found))))
    assert remembered is not None
    assert remembered.changes(found) == (frozenset(), frozenset())
    assert remembered.changes(found[1:]) == (frozenset(), frozenset({found[0]}))
    assert read_marker("<!-- linkwatch:issue scope=x found= -->") is None
    assert read_marker(None) is None


@pytest.mark.parametrize("rule", ["malformed", "a-rule-of-a-plugin"])
def test_two_entries_of_one_rule_are_two_findings(rule: str) -> None:
    link = JsonLink("README.md", 3, 1, "x", None, None)
    entries = [
        JsonFinding(rule, "error", None, None, [link], "malformed", None, True, None, {"url": url})
        for url in ("a", "b")
    ]
    assert len(findings_by_fingerprint(entries)) == 2


@pytest.mark.parametrize(("rule", "key"), [("misplaced", "playlist"), ("overlap", "other")])
def test_one_resource_and_each_of_two_others_are_two_findings(rule: str, key: str) -> None:
    link = JsonLink("README.md", 3, 1, "x", None, None)
    findings = [
        JsonFinding(rule, "error", "video", "AAAAAAAAAAA", [link], "a message", None, True, None, {key: other})
        for other in ("a", "b")
    ]
    assert len(findings_by_fingerprint(findings)) == 2


def test_a_reworded_message_is_no_other_finding() -> None:
    link = JsonLink("README.md", 3, 1, "x", None, None)
    malformed = JsonFinding("malformed", "error", None, None, [link], "old words", None, True, None, {"url": "a"})
    reworded = JsonFinding("malformed", "error", None, None, [link], "new words", None, True, None, {"url": "a"})
    assert findings_by_fingerprint([malformed]).keys() == findings_by_fingerprint([reworded]).keys()


FIRST_VERSION = (
    f"<!-- linkwatch:issue scope={SCOPE} found=20bd688c0c3f55c06179be5ca445d69fbdfe -->\nlinkwatch keeps this issue"
)
"""As linkwatch 0.1 wrote it: A is dead, B is dead, and a link is malformed."""


def malformed_link() -> JsonFinding:
    link = JsonLink("README.md", 9, 1, "x", None, None)
    return JsonFinding("malformed", "error", None, None, [link], "other words", NOON, True, None, {"url": "a"})


def test_an_issue_of_the_first_version_is_updated_without_false_changes(github: GitHub) -> None:
    """Fingerprints of resources are as they were; what it held of single links can't be compared."""
    github.add(FIRST_VERSION, labels=(LABEL,))
    assert keep(github, dead("A"), dead("B"), malformed_link()) == 1
    assert github.comments[1] == []
    assert keep(github, dead("A"), malformed_link()) == 1
    (comment,) = github.comments[1]
    assert "**1 no longer open**" in comment
    assert "Course B" in comment


def test_an_issue_of_the_first_version_reports_new_findings(github: GitHub) -> None:
    github.add(FIRST_VERSION, labels=(LABEL,))
    keep(github, dead("A"), dead("B"), dead("C"), malformed_link())
    (comment,) = github.comments[1]
    assert "**1 new**" in comment
    assert "playlist C is gone" in comment


def test_who_is_trusted() -> None:
    assert Issue(1, "open", author_association="OWNER").is_trusted
    assert not Issue(1, "open", author_association="CONTRIBUTOR").is_trusted
