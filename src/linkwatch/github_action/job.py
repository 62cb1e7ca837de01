"""One step of a workflow: check, tell the runner, keep the issue; it ends with the check's exit code."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from linkwatch.errors import LinkwatchError, UsageError
from linkwatch.github_action import text as wording
from linkwatch.github_action.github import IssueError, Issues
from linkwatch.github_action.inputs import ALWAYS, Inputs, read_inputs
from linkwatch.github_action.issue import RollingIssue
from linkwatch.github_action.issue_marker import scope_of
from linkwatch.github_action.runner import Runner
from linkwatch.models.rules import RULES
from linkwatch.report.formats.json import JsonReport
from linkwatch.youtube.http import new_client

COMMAND = (sys.executable, "-I", "-m", "linkwatch")
"""Isolated: Python must not take the checked-out repository's modules for its own."""

OK, FINDINGS, USAGE, INCOMPLETE = range(4)
"""Exit codes of the command."""

REPORTED = {OK, FINDINGS, INCOMPLETE}
"""Those with which the reports are whole."""


@dataclass(frozen=True, slots=True)
class _Ran:
    code: int
    said: str
    """What it said on stderr."""


def run(environ: Mapping[str, str]) -> int:
    """Do what the step's inputs say; returns its exit code."""
    runner = Runner(environ)
    try:
        inputs = read_inputs(environ)
        _make_room(inputs)
    except UsageError as error:
        runner.annotate("error", _told(error))
        runner.output("exit-code", USAGE)
        return USAGE
    key = environ.get("YOUTUBE_API_KEY", "").strip()
    runner.mask(key)
    runner.mask(inputs.token)
    if not key:
        runner.annotate("notice", _without_a_key(runner.event))
    code = _check(inputs, runner)
    runner.output("exit-code", code)
    return OK if code == INCOMPLETE and not inputs.fail_on_incomplete else code


def _without_a_key(event: str) -> str:
    said = "Without a YouTube API key oEmbed alone is asked, which knows no counts and no channels."
    return f"{said} (Workflows get no secrets for pull requests from forks.)" if event == "pull_request" else said


def _check(inputs: Inputs, runner: Runner) -> int:
    """Run the check and tell the runner; the exit code of the check."""
    wanted = _formats(inputs)
    only = ["--new-only"] if inputs.new_only else []
    ran = _linkwatch("check", "--fail-on", inputs.fail_on, *only, "--format", "github", *wanted, inputs=inputs)
    if ran.said:
        runner.quote(ran.said)
    if Path(inputs.database).is_file():
        runner.output("database", Path(inputs.database).absolute())
    if ran.code not in REPORTED or not inputs.report("markdown").exists():
        runner.annotate("warning" if ran.code == INCOMPLETE else "error", ran.said or f"exit code {ran.code}")
        return ran.code
    runner.summarise(inputs.report("markdown").read_text("utf-8"))
    _outputs(inputs, runner)
    if inputs.issue and ran.code != INCOMPLETE and runner.speaks_for_the_repository():
        _keep_issue(inputs, runner)
    return ran.code


def _make_room(inputs: Inputs) -> None:
    """The folders, without reports of an earlier run: an old one must not be taken for this check's.

    Raises:
        UsageError: Something else is in their place, or they can't be written.
    """
    try:
        inputs.reports.mkdir(parents=True, exist_ok=True)
        if "://" not in inputs.database:
            Path(inputs.database).parent.mkdir(parents=True, exist_ok=True)
        for name in inputs.formats:
            inputs.report(name).unlink(missing_ok=True)
    except OSError as error:
        message = f"reports or database: {error.filename}: {error.strerror}"
        raise UsageError(message, remedy="Name another folder.") from None


def _formats(inputs: Inputs) -> list[str]:
    return [part for name in inputs.formats for part in ("--format", name, "--output", str(inputs.report(name)))]


def _linkwatch(*arguments: str, inputs: Inputs) -> _Ran:
    """Run the command on the lists. What it prints goes to the log as it comes; it never sees the token."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("INPUT_")}
    # In the environment: an address of a database may hold a password, and arguments are everybody's to see.
    env["LINKWATCH_DATABASE_URL"] = inputs.database
    command = [*COMMAND, *arguments, "--", *inputs.lists]
    ran = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)  # noqa: S603
    return _Ran(ran.returncode, ran.stderr.decode("utf-8", "replace").strip())


def _outputs(inputs: Inputs, runner: Runner) -> None:
    report = _read(inputs.report("json"))
    runner.output("dead", report.counts["unavailable"])
    runner.output("suspect", report.counts["suspect"])
    runner.output("changed", sum(RULES[finding.rule].is_change for finding in report.findings))
    runner.output("reports", inputs.reports)
    for name in inputs.formats:
        runner.output(name, inputs.report(name))


def _read(path: Path) -> JsonReport:
    return msgspec.json.decode(path.read_bytes(), type=JsonReport)


def _keep_issue(inputs: Inputs, runner: Runner) -> None:
    """Keep the rolling issue; whatever comes in the way is a warning, for the check's result stands."""
    try:
        if not inputs.token:
            raise IssueError("the issue could not be kept: there is no token")
        number = _rolling(inputs, runner)
    except LinkwatchError as error:
        runner.annotate("warning", _told(error))
        return
    if number is not None:
        runner.output("issue", number)


def _rolling(inputs: Inputs, runner: Runner) -> int | None:
    if inputs.new_only:
        # The issue is about all that is broken, not only about what is new: the memory knows the rest.
        inputs = replace(inputs, reports=inputs.reports / "all", formats=ALWAYS)
        _make_room(inputs)
        _linkwatch("report", "--fail-on", "never", *_formats(inputs), inputs=inputs)
    markdown = inputs.report("markdown").read_text("utf-8")
    with new_client() as client:
        client.headers.update({"Authorization": f"Bearer {inputs.token}", "Accept": "application/vnd.github+json"})
        rolling = RollingIssue(
            Issues(client, runner.api_url, runner.repository),
            scope=scope_of(inputs.lists, runner.folder),
            title=wording.title(inputs.lists),
            run_url=runner.run_url,
        )
        return rolling.keep(_read(inputs.report("json")), markdown, inputs.fail_on)


def _told(error: LinkwatchError) -> str:
    return f"{error.message}. {error.remedy}".removesuffix(". ")
