"""What a GitHub runner gives a step, and how it is told things: workflow commands, outputs, the summary."""

import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Runner:
    """The runner, by the environment it gives."""

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

    def speaks_for_the_repository(self) -> bool:
        """Whether this run is about the repository as it is, and not about what somebody proposes."""
        if self.event == "push":
            return self.environ.get("GITHUB_REF") == f"refs/heads/{self._default_branch()}"
        return self.event in {"schedule", "workflow_dispatch"}

    def _default_branch(self) -> str:
        event = json.loads(Path(self.environ["GITHUB_EVENT_PATH"]).read_text("utf-8"))
        return str(event["repository"]["default_branch"])

    def annotate(self, level: Literal["error", "warning", "notice"], message: str) -> None:
        """Show a message on the run's page; it may have several lines, and can hold no command."""
        _say(f"::{level} title=linkwatch::{_escaped(message)}")

    def mask(self, secret: str) -> None:
        """Have the runner show `***` for a secret; elsewhere nobody would take this command out of the log."""
        if secret and self.environ.get("GITHUB_ACTIONS") == "true":
            _say(f"::add-mask::{_escaped(secret)}")

    def quote(self, text: str) -> None:
        """Show text of others in the log: what looks like a command in it is none."""
        end = secrets.token_hex(16)
        _say(f"::stop-commands::{end}\n{text.rstrip()}\n::{end}::")

    def output(self, name: str, value: object) -> None:
        """Set an output of the step; the value may have several lines."""
        end = secrets.token_hex(16)  # nobody can foresee it, and so no value can end itself
        self._append("GITHUB_OUTPUT", f"{name}<<{end}\n{value}\n{end}\n")

    def summarise(self, markdown: str) -> None:
        """Put a text on the run's page."""
        self._append("GITHUB_STEP_SUMMARY", markdown)

    def _append(self, variable: str, text: str) -> None:
        if file := self.environ.get(variable):
            with Path(file).open("a", encoding="utf-8", errors="replace") as opened:
                opened.write(text)


def _escaped(message: str) -> str:
    return message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _say(line: str) -> None:
    # As bytes, whatever the locale; and at once, for the command writes to the same place.
    sys.stdout.flush()
    sys.stdout.buffer.write(f"{line}\n".encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
