"""The comment on a pull request: one, updated in place, and none where there is nothing to say."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import respx

from linkwatch.exchange import new_client
from linkwatch.github_action.comment import RollingComment
from linkwatch.github_action.github import COMMENT, RETRY_POLICY, Comments, GitHubApi, GitHubError
from linkwatch.github_action.text import MAX_BODY_LENGTH, MAX_LISTED
from linkwatch.report.formats.json import JsonFinding, JsonLink, JsonReport, JsonRun
from linkwatch.youtube.retry import RetryPolicy

API = "https://github.example/api/v3"
COMMENTS = f"{API}/repos/somebody/lists/issues/7/comments"
MARKER = "<!-- linkwatch:comment scope=0123456789abcdef -->"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOSTILE = "@everyone closes #1 `x` <!-- linkwatch:comment --> <img src=x>\n[x](javascript:alert(1))"


def finding(rule: str, level: str, label: str = "A", *, accepted: bool = False) -> JsonFinding:
    link = JsonLink("README.md", 3, 1, label, None, None)
    ack = {"reason": None, "accepted_at": NOON, "until": None} if accepted else None
    return JsonFinding(rule, level, "playlist", label, [link], f"{label} is gone", NOON, True, ack, {})  # type: ignore[arg-type]  # only whether it is there is looked at


def keep(*findings: JsonFinding, complete: bool = True, retry: RetryPolicy = RETRY_POLICY) -> None:
    run = JsonRun(1, NOON, NOON, "data-api", 1, complete, None if complete else "the network")
    report = JsonReport("linkwatch.report/1", NOON, run, {}, [], findings)
    with new_client() as client:
        client.headers["Authorization"] = "Bearer a-token"
        comments = Comments(GitHubApi(client, API, "somebody/lists", COMMENT, retry), 7)
        RollingComment(comments, "0123456789abcdef", "https://github.example/run/1").keep(report)


def comment(id_: int, body: str, *, kind: str = "Bot") -> dict[str, Any]:
    return {"id": id_, "body": body, "user": {"type": kind}, "author_association": "NONE"}


def there(*comments: dict[str, Any]) -> respx.Route:
    return respx.get(COMMENTS).respond(json=list(comments))


def sent(route: respx.Route) -> str:
    (call,) = route.calls
    assert call.request.headers["authorization"] == "Bearer a-token"
    return str(json.loads(call.request.content)["body"])


@respx.mock
def test_the_first_comment_names_what_is_wrong_worst_first() -> None:
    written = respx.post(COMMENTS).respond(201, json=comment(1, ""))
    there().side_effect = [httpx.Response(200, json=[]), httpx.Response(200, json=[comment(1, MARKER)])]
    keep(finding("dead", "error"), finding("mislabelled", "warning", "B"), finding("retitled", "notice", "C"))
    body = sent(written)
    assert body.startswith(f"{MARKER}\n")
    assert "**2 problems with the YouTube links of this pull request**" in body
    assert body.index("error: `README.md:3` **dead**") < body.index("warning: `README.md:3` **mislabelled**")
    assert "retitled" not in body
    assert "(https://github.example/run/1)" in body


@respx.mock
@pytest.mark.parametrize("findings", [[], [finding("dead", "error", accepted=True)], [finding("grown", "notice")]])
def test_nothing_is_written_while_nothing_is_wrong(findings: list[JsonFinding]) -> None:
    there(comment(1, "A person's"))
    keep(*findings)
    keep(*findings, complete=False)
    assert {call.request.method for call in respx.calls} == {"GET"}


@respx.mock
@pytest.mark.parametrize(
    ("findings", "complete", "said", "unsaid"),
    [
        ([finding("dead", "error")], True, "**1 problem with", "incomplete"),
        ([], True, "**No problem with", "incomplete"),
        ([], False, "The check is incomplete", "No problem"),
        ([finding("dead", "error")], False, "The check is incomplete", "No problem"),
    ],
)
def test_it_is_rewritten_in_place(findings: list[JsonFinding], complete: bool, said: str, unsaid: str) -> None:
    there(comment(1, "A person's"), comment(2, f"{MARKER}\n\nbefore"), comment(3, f"{MARKER}\n\nthe same again"))
    edited = respx.patch(f"{API}/repos/somebody/lists/issues/comments/2").respond(json={})
    keep(*findings, complete=complete)
    body = sent(edited)
    assert said in body
    assert unsaid not in body


@respx.mock
def test_a_strangers_comment_with_our_marker_is_not_ours() -> None:
    there(comment(1, MARKER, kind="User"), comment(2, f"> {MARKER}"))
    written = respx.post(COMMENTS).respond(201, json=comment(3, ""))
    keep(finding("dead", "error"))
    assert written.call_count == 1


@respx.mock
def test_of_two_runs_that_comment_at_once_the_older_comment_stays() -> None:
    there().side_effect = [
        httpx.Response(200, json=[]),
        httpx.Response(200, json=[comment(1, MARKER), comment(2, MARKER)]),
    ]
    respx.post(COMMENTS).respond(201, json=comment(2, ""))
    deleted = respx.delete(f"{API}/repos/somebody/lists/issues/comments/2").respond(204)
    keep(finding("dead", "error"))
    assert deleted.call_count == 1


@respx.mock
def test_it_is_found_behind_a_hundred_others() -> None:
    pages = {"1": [comment(n, "A person's") for n in range(100)], "2": [comment(100, MARKER)]}
    respx.get(COMMENTS).side_effect = lambda request: httpx.Response(200, json=pages[request.url.params["page"]])
    edited = respx.patch(f"{API}/repos/somebody/lists/issues/comments/100").respond(json={})
    keep(finding("dead", "error"))
    assert edited.call_count == 1


@respx.mock
@pytest.mark.parametrize(("status", "remedy"), [(403, "pull-requests: write"), (401, "not valid")])
def test_a_refusal_is_an_error_with_a_remedy(status: int, remedy: str) -> None:
    there()
    respx.post(COMMENTS).respond(status)
    with pytest.raises(GitHubError, match=f"comment on the pull request could not be written.*{status}") as refused:
        keep(finding("dead", "error"))
    assert remedy in refused.value.remedy


@respx.mock
def test_no_response_is_tried_again_and_then_an_error_without_the_token() -> None:
    slept: list[float] = []
    route = respx.get(COMMENTS).mock(side_effect=httpx.ConnectError("failed with a-token"))
    with pytest.raises(GitHubError, match="no connection") as failed:
        keep(finding("dead", "error"), retry=RetryPolicy(sleep=slept.append))
    assert route.call_count == len(slept) + 1 > 1
    assert "a-token" not in f"{failed.value} {failed.value.remedy}"


@respx.mock
def test_text_of_others_is_only_text_and_the_comment_fits() -> None:
    there()
    written = respx.post(COMMENTS).respond(201, json=comment(1, ""))
    keep(*[finding("dead", "error", HOSTILE) for _ in range(500)])
    body = sent(written)
    lines = body.splitlines()
    assert len(body) < MAX_BODY_LENGTH
    assert f"- … and {500 - MAX_LISTED} more" in lines
    for line in lines:
        outside = "".join(line.split("`")[::2])
        assert "@everyone" not in outside
        assert "<img" not in outside
        assert "javascript" not in outside
