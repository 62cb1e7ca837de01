"""The REST calls about issues: <https://docs.github.com/en/rest/issues>."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

import httpx
import msgspec

from linkwatch.errors import LinkwatchError
from linkwatch.exchange import TransientError, send
from linkwatch.youtube.retry import RetryPolicy, parse_retry_after

T = TypeVar("T")

PAGE_SIZE = 100
"""Issues a page: the most that GitHub gives."""

BURST_WAIT_SECONDS = 60.0
"""How long GitHub asks to wait after a burst when it names no time."""

RETRY_POLICY = RetryPolicy(longest=90.0)
"""As for YouTube, but with room for the minute of a burst limit."""


class IssueError(LinkwatchError):
    """The issue can't be updated. It says nothing about any link."""


class Author(msgspec.Struct, frozen=True):
    """The author of an issue."""

    type: str = ""
    """`Bot` for the token of a workflow or an app."""


class Issue(msgspec.Struct, frozen=True):
    """An issue, as responses have it."""

    number: int
    state: str
    """`open` or `closed`."""

    body: str | None = None
    user: Author | None = None
    author_association: str = ""
    pull_request: Any = None
    """There for a pull request, which GitHub lists among the issues."""

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def is_trusted(self) -> bool:
        """Whether a workflow or somebody with write access wrote it: anybody could copy our marker into an issue."""
        is_bot = self.user is not None and self.user.type == "Bot"
        return is_bot or self.author_association in {"OWNER", "MEMBER", "COLLABORATOR"}


@dataclass(frozen=True, slots=True)
class Issues:
    """The issues of one repository."""

    client: httpx.Client
    """With the token in a header, which keeps it out of URLs and errors."""

    api_url: str
    repository: str
    """`owner/name`."""

    retry: RetryPolicy = RETRY_POLICY

    def pages(self, label: str | None = None) -> Iterator[list[Issue]]:
        """All issues, open and closed, newest first, a page at a time; None: whatever their labels."""
        params = {"state": "all", "sort": "created", "direction": "desc", "per_page": str(PAGE_SIZE)}
        if label is not None:
            params["labels"] = label
        for number in count(1):
            found = self._decode(self._call("GET", "issues", params={**params, "page": str(number)}), list[Issue])
            yield [issue for issue in found if issue.pull_request is None]
            if len(found) < PAGE_SIZE:
                return

    def open(self, title: str, body: str, labels: Sequence[str]) -> Issue:
        """Open an issue. A response that was cut off is retried, so there may be two."""
        return self._decode(self._call("POST", "issues", {"title": title, "body": body, "labels": list(labels)}), Issue)

    def edit(self, number: int, **fields: str) -> None:
        """Change the `body`, `state` or `state_reason` of an issue."""
        self._call("PATCH", f"issues/{number}", fields)

    def comment(self, number: int, body: str) -> None:
        """Comment on an issue."""
        self._call("POST", f"issues/{number}/comments", {"body": body})

    def create_label(self, name: str) -> bool:
        """Create a label unless it exists; returns whether issues can have it."""
        try:
            self._call("POST", "labels", {"name": name, "color": "b60205", "description": "Broken YouTube links"})
        except _RefusedError as refused:
            return refused.status == 422  # it exists
        return True

    def _call(
        self, method: str, path: str, fields: dict[str, Any] | None = None, params: dict[str, str] | None = None
    ) -> httpx.Response:
        url = f"{self.api_url}/repos/{self.repository}/{path}"
        content = None if fields is None else msgspec.json.encode(fields)
        try:
            return self.retry.run(lambda: self._attempt(method, url, content, params))
        except TransientError as error:
            raise IssueError(f"the issue could not be updated: GitHub: {error}") from None

    def _attempt(self, method: str, url: str, content: bytes | None, params: dict[str, str] | None) -> httpx.Response:
        response = send(self.client, method, url, content=content, params=params)
        if response.status_code >= 300:
            raise _response_error(response, self.retry.longest)
        return response

    def _decode(self, response: httpx.Response, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(response.content, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise IssueError("the issue could not be updated: GitHub's response can't be decoded") from None


class _RefusedError(IssueError):
    def __init__(self, status: int, remedy: str) -> None:
        super().__init__(f"the issue could not be updated: GitHub responded with {status}", remedy=remedy)
        self.status = status


_REMEDIES = {
    401: "The token is not valid, or expired.",
    403: "Give the job `permissions: issues: write`.",
    404: "Give the job `permissions: issues: write`.",
    410: "Issues are turned off in this repository: turn them on, or set `issue: false`.",
}


def _response_error(response: httpx.Response, longest: float) -> Exception:
    """The error for a response: to retry, or to give up."""
    status = response.status_code
    asked = parse_retry_after(response.headers.get("retry-after"))
    is_burst = asked is not None or "secondary rate limit" in response.text.lower()
    if status in {403, 429} and is_burst and (asked or 0) <= longest:
        return TransientError("too many requests at once", retry_after=BURST_WAIT_SECONDS if asked is None else asked)
    if status == 429 or response.headers.get("x-ratelimit-remaining") == "0":
        return _RefusedError(status, "The token's requests of this hour are used up; the next run continues.")
    if status >= 500:
        return TransientError(f"responded with {status}")
    return _RefusedError(status, _REMEDIES.get(status, ""))
