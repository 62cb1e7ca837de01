"""The GitHub runner: its environment, and its workflow commands, outputs and summary."""

import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

MAX_SUMMARY = 1024 * 1024
"""Bytes of a step's summary: GitHub shows none of a longer one."""

_SUMMARY_CUT = "\n\n{} more lines are in the report files: GitHub shows a summary of at most 1 MiB.\n"
_LONGEST_NUMBER = 20


@dataclass(frozen=True, slots=True)
class Runner:
    """The runner of a step, by its environment."""

    environ: Mapping[str, str]

    @property
    def repository(self) -> str:
        """`owner/name`."""
        return self.environ.get("GITHUB_REPOSITORY", "")

    @property
    def api_url(self) -> str:
        """The root of the REST calls: an Enterprise server has its own."""
        return self.environ.get("GITHUB_API_URL", "https://api.github.com")

    @property
    def run_url(self) -> str:
        """The page of this run."""
        server = self.environ.get("GITHUB_SERVER_URL", "https://github.com")
        return f"{server}/{self.repository}/actions/runs/{self.environ.get('GITHUB_RUN_ID', '')}"

    @property
    def event(self) -> str:
        """What started the workflow, as `schedule` or `pull_request`."""
        return self.environ.get("GITHUB_EVENT_NAME", "")

    @property
    def folder(self) -> str:
        """Where the step runs, from the root of the checkout."""
        return os.path.relpath(Path.cwd(), self.environ.get("GITHUB_WORKSPACE") or Path.cwd())

    def checks_default_branch(self) -> bool:
        """Whether this run checks the default branch, and not what somebody proposes."""
        if self.event == "push":
            return self.environ.get("GITHUB_REF") == f"refs/heads/{self.default_branch}"
        return self.event in {"schedule", "workflow_dispatch"}

    @property
    def default_branch(self) -> str:
        """The repository's, as `main`; empty when the event does not name it."""
        return str((self._payload_or_nothing().get("repository") or {}).get("default_branch") or "")

    @property
    def pull_request_base(self) -> str:
        """The commit that the pull request of this run is based on; empty when there is none."""
        if self.event != "pull_request":
            return ""
        return str(self._payload()["pull_request"]["base"]["sha"])

    @property
    def is_pull_request(self) -> bool:
        """Whether what is checked out may be what somebody proposes, by any of the events of pull requests."""
        return self.event.startswith("pull_request") or "pull_request" in self._payload_or_nothing()

    @property
    def pull_request(self) -> int | None:
        """The number of the pull request of this run."""
        number = (self._payload_or_nothing().get("pull_request") or {}).get("number")
        return None if number is None else int(number)

    @property
    def is_from_fork(self) -> bool:
        """Whether the pull request comes from a fork, which may have been deleted."""
        head = (self._payload_or_nothing().get("pull_request") or {}).get("head") or {}
        return (head.get("repo") or {}).get("full_name") != self.repository

    @property
    def settings_base(self) -> str:
        """The commit whose settings are trusted in a pull request; empty when the event names none."""
        request = self._payload_or_nothing().get("pull_request") or {}
        return str((request.get("base") or {}).get("sha") or "")

    def _payload_or_nothing(self) -> dict[str, Any]:
        return self._payload() if "GITHUB_EVENT_PATH" in self.environ else {}

    def _payload(self) -> Any:
        return json.loads(Path(self.environ["GITHUB_EVENT_PATH"]).read_text("utf-8"))

    def annotate(self, level: Literal["error", "warning", "notice"], message: str) -> None:
        """Show a message on the page of the run; it may have several lines, and is escaped."""
        _print(f"::{level} title=linkwatch::{_escaped(message)}")

    def mask(self, secret: str) -> None:
        """Make the runner mask a secret; only GitHub's own, for another would print this command to the log."""
        if secret and self.environ.get("GITHUB_ACTIONS") == "true":
            _print(f"::add-mask::{_escaped(secret)}")

    def quote(self, text: str) -> None:
        """Print text to the log without obeying workflow commands in it."""
        end = secrets.token_hex(16)
        _print(f"::stop-commands::{end}\n{text.rstrip()}\n::{end}::")

    def output(self, name: str, value: object) -> None:
        """Set an output of the step; the value may have several lines."""
        end = secrets.token_hex(16)  # unpredictable, so a value can't contain it
        self._append("GITHUB_OUTPUT", f"{name}<<{end}\n{value}\n{end}\n")

    def summarise(self, markdown: str) -> None:
        """Add Markdown to the summary on the page of the run; of a longer one as many lines as GitHub takes."""
        content = markdown.encode("utf-8", "replace")
        if len(content) > MAX_SUMMARY:
            shown = (
                content[: MAX_SUMMARY - len(_SUMMARY_CUT) - _LONGEST_NUMBER]
                .rpartition(b"\n")[0]
                .decode("utf-8", "replace")
            )
            left_out = markdown.count("\n") - shown.count("\n") - 1
            markdown = shown + _SUMMARY_CUT.format(f"{left_out:,}")
        self._append("GITHUB_STEP_SUMMARY", markdown)

    def _append(self, variable: str, text: str) -> None:
        if file := self.environ.get(variable):
            with Path(file).open("a", encoding="utf-8", errors="replace") as opened:
                opened.write(text)


def _escaped(message: str) -> str:
    return message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _print(line: str) -> None:
    # As bytes, whatever the locale, and unbuffered: the command writes to the same place.
    sys.stdout.flush()
    sys.stdout.buffer.write(f"{line}\n".encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
