"""A stand-in for GitHub's REST calls about issues, on loopback, with everything it was asked in memory."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

REPOSITORY = "somebody/lists"
BOT = {"login": "github-actions[bot]", "type": "Bot"}
STRANGER = {"login": "stranger", "type": "User"}

Json = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """An answer in place of the true one."""

    status: int
    body: str = "{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    stays: bool = False
    """It does not pass by being asked again."""


@dataclass
class GitHub:
    """One repository."""

    url: str = ""
    issues: dict[int, Json] = field(default_factory=dict)
    comments: dict[int, list[str]] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    """`POST issues`, one a request that was answered truly or not."""

    tokens: set[str] = field(default_factory=set)
    faults: dict[str, Fault] = field(default_factory=dict)
    """By what is asked, as `POST labels`."""

    before_opening: Callable[[], None] = lambda: None
    """What happens between somebody's look and their opening of an issue."""

    def add(
        self, body: str, *, state: str = "open", labels: tuple[str, ...] = (), user: Json = BOT, **more: Any
    ) -> int:
        """An issue that is there; its number."""
        number = len(self.issues) + 1
        self.issues[number] = {
            "number": number, "state": state, "body": body, "user": user, "author_association": "NONE",
            "labels": [{"name": name} for name in labels], "title": "", **more,
        }  # fmt: skip
        self.comments[number] = []
        return number

    def writes(self) -> list[str]:
        """What was asked for that changes something."""
        return [each for each in self.asked if not each.startswith("GET")]

    def answer(self, method: str, path: str, query: Mapping[str, list[str]], sent: Json) -> tuple[int, Any]:
        """The true answer."""
        number = int(match[0]) if (match := re.search(r"\d+", path)) else 0
        match (method, re.sub(r"\d+", "N", path)):
            case ("GET", "issues"):
                return 200, self._page(query)
            case ("POST", "issues"):
                self.before_opening()
                labels = tuple(name for name in sent["labels"] if name in self.labels)
                opened = self.add(sent["body"], labels=labels, title=sent["title"])
                return 201, self.issues[opened]
            case ("PATCH", "issues/N"):
                self.issues[number].update(sent)
                return 200, self.issues[number]
            case ("POST", "labels"):
                there = sent["name"] in self.labels
                self.labels.add(sent["name"])
                return (422, {"errors": [{"code": "already_exists"}]}) if there else (201, {})
            case _:
                return self._answer_about_comments(f"{method} {path}", number, sent)

    def _answer_about_comments(self, asked: str, number: int, sent: Json) -> tuple[int, Any]:
        said = self.comments.get(number, [])
        match re.sub(r"\d+", "N", asked):
            case "GET issues/N/comments":
                return 200, [{"id": 1_000 * number + at, "body": body, "user": BOT} for at, body in enumerate(said)]
            case "POST issues/N/comments":
                self.comments[number] = [*said, sent["body"]]
                return 201, {"id": 1_000 * number + len(said)}
            case "PATCH issues/comments/N":
                self.comments[number // 1_000][number % 1_000] = sent["body"]
                return 200, {}
            case _:
                return 404, {}

    def _page(self, query: Mapping[str, list[str]]) -> list[Json]:
        assert query["state"] == ["all"]
        found = sorted(self.issues.values(), key=lambda issue: -issue["number"])
        if label := query.get("labels"):
            found = [issue for issue in found if label[0] in [each["name"] for each in issue["labels"]]]
        page, size = int(query["page"][0]), int(query["per_page"][0])
        return found[(page - 1) * size : page * size]

    def fault(self, asked: str) -> Fault | None:
        """What this request meets."""
        fault = self.faults.get(asked)
        if fault and not fault.stays:
            del self.faults[asked]
        return fault


@contextmanager
def serve_github() -> Iterator[GitHub]:
    """A repository that answers while the block lasts."""
    github = GitHub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # head and body in one packet

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            path = address.path.removeprefix(f"/repos/{REPOSITORY}/")
            content = self.rfile.read(int(self.headers.get("content-length") or 0))
            asked = f"{self.command} {path}"
            github.asked.append(asked)
            github.tokens.add(self.headers.get("authorization", ""))
            if fault := github.fault(asked):
                self._send(fault.status, fault.body, fault.headers)
            else:
                status, body = github.answer(self.command, path, parse_qs(address.query), json.loads(content or "{}"))
                self._send(status, json.dumps(body), {})

        do_POST = do_PATCH = do_GET  # noqa: N815 - the names http.server looks for

        def _send(self, status: int, body: str, headers: Mapping[str, str]) -> None:
            content = body.encode()
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    github.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield github
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
