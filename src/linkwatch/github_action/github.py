"""The REST calls about issues, comments and artifacts: <https://docs.github.com/en/rest>."""

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
"""Issues, comments or artifacts a page: the most that GitHub gives."""

BURST_WAIT_SECONDS = 60.0
"""How long GitHub asks to wait after a burst when it names no time."""

RETRY_POLICY = RetryPolicy(longest=90.0)
"""As for YouTube, but with room for the minute of a burst limit."""


class GitHubError(LinkwatchError):
    """GitHub refuses what the step wants beside the check, or does not respond. It says nothing about any link."""


class Author(msgspec.Struct, frozen=True):
    """The author of an issue or comment."""

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
        """Whether a workflow or somebody with write access wrote it."""
        return _is_trusted(self.user, self.author_association)


class Comment(msgspec.Struct, frozen=True):
    """A comment on an issue or pull request, as responses have it."""

    id: int
    body: str | None = None
    user: Author | None = None
    author_association: str = ""

    @property
    def is_trusted(self) -> bool:
        """Whether a workflow or somebody with write access wrote it."""
        return _is_trusted(self.user, self.author_association)


class WorkflowRun(msgspec.Struct, frozen=True):
    """Which run made an artifact."""

    repository_id: int = 0
    head_repository_id: int = -1
    """Another one for a pull request from a fork."""

    head_branch: str | None = None


class Artifact(msgspec.Struct, frozen=True):
    """A file that a run has stored, as responses have it."""

    id: int
    expired: bool = False
    workflow_run: WorkflowRun | None = None

    def is_of(self, branch: str) -> bool:
        """Whether a run of this branch of the repository itself made it: a fork may have a branch of that name."""
        run = self.workflow_run
        return run is not None and run.head_branch == branch and run.head_repository_id == run.repository_id


class _Artifacts(msgspec.Struct, frozen=True):
    artifacts: list[Artifact]


def _is_trusted(user: Author | None, association: str) -> bool:
    # Anybody could copy our marker into an issue or comment.
    is_bot = user is not None and user.type == "Bot"
    return is_bot or association in {"OWNER", "MEMBER", "COLLABORATOR"}


@dataclass(frozen=True, slots=True)
class Purpose:
    """What calls are for, for the texts of their errors."""

    failure: str
    """What could not be done."""

    permission: str
    """What the job needs, as in the workflow."""

    gone: str = ""
    """What to do when GitHub answers 410."""


ISSUE = Purpose(
    "the issue could not be updated",
    "issues: write",
    "Issues are turned off in this repository: turn them on, or set `issue: false`.",
)
COMMENT = Purpose("the comment on the pull request could not be written", "pull-requests: write")
ARTIFACT = Purpose("the database could not be read from the artifact", "actions: read", "The artifact has expired.")


@dataclass(frozen=True, slots=True)
class GitHubApi:
    """The calls about one repository, for one purpose."""

    client: httpx.Client
    """With the token in a header, which keeps it out of URLs and errors."""

    api_url: str
    repository: str
    """`owner/name`."""

    purpose: Purpose
    retry: RetryPolicy = RETRY_POLICY

    def call(
        self,
        method: str,
        path: str,
        fields: dict[str, Any] | None = None,
        *,
        params: dict[str, str] | None = None,
        redirects: bool = False,
    ) -> httpx.Response:
        """Make a call, and again while what hinders it may pass; a redirect is a refusal unless it is asked for.

        Raises:
            GitHubError: GitHub refuses it, or does not respond.
        """
        url = f"{self.api_url}/repos/{self.repository}/{path}"
        content = None if fields is None else msgspec.json.encode(fields)
        try:
            return self.retry.run(lambda: self._attempt(method, url, content, params, redirects))
        except TransientError as error:
            raise GitHubError(f"{self.purpose.failure}: GitHub: {error}") from None

    def _attempt(
        self, method: str, url: str, content: bytes | None, params: dict[str, str] | None, redirects: bool
    ) -> httpx.Response:
        response = send(self.client, method, url, content=content, params=params)
        if response.status_code >= 300 and not (redirects and response.is_redirect):
            raise _response_error(response, self.retry.longest, self.purpose)
        return response

    def decode(self, response: httpx.Response, kind: type[T]) -> T:
        """The body of a response.

        Raises:
            GitHubError: It is another one.
        """
        try:
            return msgspec.json.decode(response.content, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise GitHubError(f"{self.purpose.failure}: GitHub's response can't be decoded") from None

    def pages(self, path: str, kind: type[T], params: dict[str, str] | None = None) -> Iterator[T]:
        """The pages of a list; whoever reads them stops behind the last one."""
        for number in count(1):
            query = {**(params or {}), "per_page": str(PAGE_SIZE), "page": str(number)}
            yield self.decode(self.call("GET", path, params=query), kind)


@dataclass(frozen=True, slots=True)
class Issues:
    """The issues of one repository."""

    api: GitHubApi

    def pages(self, label: str | None = None) -> Iterator[list[Issue]]:
        """All issues, open and closed, newest first, a page at a time; None: whatever their labels."""
        params = {"state": "all", "sort": "created", "direction": "desc"}
        if label is not None:
            params["labels"] = label
        for page in self.api.pages("issues", list[Issue], params):
            yield [issue for issue in page if issue.pull_request is None]
            if len(page) < PAGE_SIZE:
                return

    def open(self, title: str, body: str, labels: Sequence[str]) -> Issue:
        """Open an issue. A response that was cut off is retried, so there may be two."""
        fields = {"title": title, "body": body, "labels": list(labels)}
        return self.api.decode(self.api.call("POST", "issues", fields), Issue)

    def edit(self, number: int, **fields: str) -> None:
        """Change the `body`, `state` or `state_reason` of an issue."""
        self.api.call("PATCH", f"issues/{number}", fields)

    def comment(self, number: int, body: str) -> None:
        """Comment on an issue."""
        self.api.call("POST", f"issues/{number}/comments", {"body": body})

    def create_label(self, name: str) -> bool:
        """Create a label unless it exists; returns whether issues can have it."""
        try:
            self.api.call("POST", "labels", {"name": name, "color": "b60205", "description": "Broken YouTube links"})
        except _RefusedError as refused:
            return refused.status == 422  # it exists
        return True


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments on one pull request: GitHub treats it as an issue in that."""

    api: GitHubApi
    number: int

    def all(self) -> Iterator[Comment]:
        """Oldest first."""
        for page in self.api.pages(f"issues/{self.number}/comments", list[Comment]):
            yield from page
            if len(page) < PAGE_SIZE:
                return

    def add(self, body: str) -> Comment:
        """Write a comment. A response that was cut off is retried, so there may be two."""
        return self.api.decode(self.api.call("POST", f"issues/{self.number}/comments", {"body": body}), Comment)

    def edit(self, id_: int, body: str) -> None:
        """Replace the text of a comment."""
        self.api.call("PATCH", f"issues/comments/{id_}", {"body": body})

    def delete(self, id_: int) -> None:
        """Delete a comment."""
        self.api.call("DELETE", f"issues/comments/{id_}")


@dataclass(frozen=True, slots=True)
class Artifacts:
    """The artifacts of the repository's runs."""

    api: GitHubApi

    def newest(self, name: str, branch: str) -> Artifact | None:
        """The newest with a name that a run of this branch has made, of those that have not expired."""
        for page in self.api.pages("actions/artifacts", _Artifacts, {"name": name}):
            for artifact in page.artifacts:  # newest first
                if not artifact.expired and artifact.is_of(branch):
                    return artifact
            if len(page.artifacts) < PAGE_SIZE:
                break
        return None

    def location(self, artifact: Artifact) -> str:
        """Where its ZIP lies, for a minute: another host, which must not get the token.

        Raises:
            GitHubError: GitHub refuses it, or does not say where.
        """
        response = self.api.call("GET", f"actions/artifacts/{artifact.id}/zip", redirects=True)
        if location := response.headers.get("location"):
            return str(location)
        raise GitHubError(f"{self.api.purpose.failure}: GitHub does not say where it lies")


class _RefusedError(GitHubError):
    def __init__(self, status: int, remedy: str, purpose: Purpose) -> None:
        super().__init__(f"{purpose.failure}: GitHub responded with {status}", remedy=remedy)
        self.status = status


def _remedy(status: int, purpose: Purpose) -> str:
    match status:
        case 401:
            return "The token is not valid, or expired."
        case 403 | 404:
            return f"Give the job `permissions: {purpose.permission}`."
        case 410:
            return purpose.gone
        case _:
            return ""


def _response_error(response: httpx.Response, longest: float, purpose: Purpose) -> Exception:
    """The error for a response: to retry, or to give up."""
    status = response.status_code
    asked = parse_retry_after(response.headers.get("retry-after"))
    is_burst = asked is not None or "secondary rate limit" in response.text.lower()
    if status in {403, 429} and is_burst and (asked or 0) <= longest:
        return TransientError("too many requests at once", retry_after=BURST_WAIT_SECONDS if asked is None else asked)
    if status == 429 or response.headers.get("x-ratelimit-remaining") == "0":
        return _RefusedError(status, "The token's requests of this hour are used up; the next run continues.", purpose)
    if status >= 500:
        return TransientError(f"responded with {status}")
    return _RefusedError(status, _remedy(status, purpose), purpose)
