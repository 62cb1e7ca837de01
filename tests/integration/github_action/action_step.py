"""A runner for one step: `action.yml`'s own `env` and `run`, in bash, with the files and variables GitHub gives."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from acceptance.command import KEY, TIMEOUT_SECONDS, Environment, environment
from integration.github_action.fake_github import REPOSITORY, GitHub
from ruamel.yaml import YAML

from linkwatch.simulator.serve import YouTubeServer

ROOT = Path(__file__).parents[3]
TOKEN = "ghs_0123456789abcdefghijklmnopqrstuvwxyz"
RUN = 4711
PULL_REQUEST = 12


def read_yaml(path: Path) -> Any:
    """What a YAML file holds."""
    return YAML(typ="safe", pure=True).load(path)


ACTION = read_yaml(ROOT / "action.yml")
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
CHECK = next(step for step in STEPS if step.get("id") == "check")


@dataclass(frozen=True)
class StepResult:
    """What a step left behind."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str
    written: str
    """The file of the outputs, as it is."""

    def annotations(self, level: str) -> list[str]:
        """The messages of a level that the runner would show."""
        said = re.sub(r"^::stop-commands::(\w+)\n.*?^::\1::\n", "", self.log, flags=re.MULTILINE | re.DOTALL)
        return re.findall(rf"^::{level} [^\n]*?::(.*)", said, flags=re.MULTILINE)


@dataclass
class Workflow:
    """A repository that is checked out, with a list, and the action's step to run in it."""

    workspace: Path
    temp: Path
    github: GitHub = field(default_factory=GitHub)
    base: str = ""
    """The commit that the pull request is based on, for this event."""

    head: str = REPOSITORY
    """The repository that the pull request comes from."""

    runs: int = 0

    @property
    def database(self) -> Path:
        """Where the step keeps it."""
        return self.workspace / ".linkwatch" / "linkwatch.db"

    def step(
        self, place: YouTubeServer | Environment, *, event: str = "schedule", key: str | None = KEY, **inputs: str
    ) -> StepResult:
        """Run the step with these inputs; `new_only` is `new-only`."""
        self.runs += 1
        files = {name: self.temp / f"{name}-{self.runs}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.touch()
        env = environment(place, key=None) | self._environment(event) | {n: str(f) for n, f in files.items()}
        given = {"api-key": key or "", "token": TOKEN, "changed-since": self.base if event == "pull_request" else ""}
        env |= self._inputs({**given, **{name.replace("_", "-"): value for name, value in inputs.items()}})
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", CHECK["run"]],
            cwd=self.workspace,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        written = files["GITHUB_OUTPUT"].read_text("utf-8")
        summary = files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        return StepResult(ran.returncode, ran.stdout.decode(), parse_outputs(written), summary, written)

    def _environment(self, event: str) -> dict[str, str]:
        bin_ = self.temp / "linkwatch" / "bin"
        bin_.mkdir(parents=True, exist_ok=True)
        (bin_ / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', "utf-8")
        (bin_ / "python").chmod(0o755)
        payload = self.temp / "event.json"
        request = {"number": PULL_REQUEST, "base": {"sha": self.base}, "head": {"repo": {"full_name": self.head}}}
        payload.write_text(
            json.dumps({"repository": {"default_branch": "main"}, "pull_request": request}),
            "utf-8",
        )
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.github.url,
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": str(RUN),
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_EVENT_NAME": event.partition(" ")[0],
            "GITHUB_EVENT_PATH": str(payload),
            "GITHUB_REF": f"refs/heads/{event.partition(' ')[2] or 'main'}",
            "RUNNER_TEMP": str(self.temp),
        }

    def _inputs(self, given: Mapping[str, str]) -> dict[str, str]:
        """The step's `env`, with the inputs in place of its expressions."""
        defaults = {name: str(declaration["default"]) for name, declaration in ACTION["inputs"].items()}
        assert given.keys() <= defaults.keys()
        values = {**defaults, **given}
        return {
            name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: values[found[1]], text)
            for name, text in CHECK["env"].items()
        }


def parse_outputs(written: str) -> dict[str, str]:
    """As the runner reads them: `name<<END`, lines, `END`."""
    found, lines = {}, iter(written.split("\n")[:-1])
    for line in lines:
        name, end = line.split("<<")
        value = list(iter(lines.__next__, end))
        found[name] = "\n".join(value)
    return found
