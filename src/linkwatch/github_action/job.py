"""One run of the Action's step: check, report to the runner, update issue and comment."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from linkwatch.errors import LinkwatchError, UsageError
from linkwatch.exchange import new_client
from linkwatch.github_action import text
from linkwatch.github_action.base_settings import settings_environment
from linkwatch.github_action.comment import RollingComment
from linkwatch.github_action.github import COMMENT, ISSUE, Comments, GitHubApi, GitHubError, Issues, Purpose
from linkwatch.github_action.inputs import REQUIRED_FORMATS, Inputs, read_inputs
from linkwatch.github_action.issue import RollingIssue
from linkwatch.github_action.issue_marker import issue_scope
from linkwatch.github_action.runner import Runner
from linkwatch.models.rules import named_rule
from linkwatch.report.formats.json import JsonReport
from linkwatch.sources.changed_lines import has_commit

COMMAND = (sys.executable, "-I", "-m", "linkwatch")
"""Isolated: Python must not import modules of the checked-out repository."""

OK, FINDINGS, USAGE, INCOMPLETE = range(4)
"""Exit codes of the command."""

REPORTED = {OK, FINDINGS, INCOMPLETE}
"""Those with which the reports were written."""


@dataclass(frozen=True, slots=True)
class _CommandResult:
    code: int
    stderr: str


def run(environ: Mapping[str, str]) -> int:
    """Run the step; returns its exit code."""
    runner = Runner(environ)
    try:
        inputs = read_inputs(environ)
        _prepare_folders(inputs)
    except UsageError as error:
        runner.annotate("error", _describe(error))
        runner.output("exit-code", USAGE)
        return USAGE
    key = environ.get("YOUTUBE_API_KEY", "").strip()
    runner.mask(key)
    runner.mask(inputs.token)
    if not key:
        runner.annotate("notice", _without_a_key(runner.event))
    inputs = replace(_with_known_base(inputs, runner), settings=settings_environment(runner))
    code = _check(inputs, runner)
    runner.output("exit-code", code)
    return OK if code == INCOMPLETE and not inputs.fail_on_incomplete else code


def _with_known_base(inputs: Inputs, runner: Runner) -> Inputs:
    """The inputs, without a base that can't be compared with: then all links are checked.

    A revision that somebody has written into the workflow stays; it is an error if there is no such one.
    """
    if not inputs.changed_since or inputs.changed_since != runner.pull_request_base:
        return inputs
    try:
        if has_commit(inputs.changed_since, Path.cwd()):
            return inputs
        why = "The clone lacks the base of this pull request, as a shallow one does"
    except UsageError as error:
        why = error.message
    remedy = "Use actions/checkout with “fetch-depth: 0”."
    runner.annotate("notice", f"{why}: all links are checked, not only those on changed lines. {remedy}")
    return replace(inputs, changed_since="")


def _without_a_key(event: str) -> str:
    notice = "Without a YouTube API key only oEmbed is asked, which gives no counts and no channels."
    return f"{notice} (Workflows get no secrets for pull requests from forks.)" if event == "pull_request" else notice


def _check(inputs: Inputs, runner: Runner) -> int:
    """Run the check, and report to the runner; returns the exit code of the check."""
    wanted = _format_options(inputs)
    only = ["--new-only"] if inputs.new_only else []
    only += [f"--changed-since={inputs.changed_since}"] if inputs.changed_since else []
    ran = _linkwatch("check", "--fail-on", inputs.fail_on, *only, "--format", "github", *wanted, inputs=inputs)
    if ran.stderr:
        runner.quote(ran.stderr)
    if Path(inputs.database).is_file():
        runner.output("database", Path(inputs.database).absolute())
    if ran.code not in REPORTED or not inputs.report("markdown").exists():
        runner.annotate("warning" if ran.code == INCOMPLETE else "error", ran.stderr or f"exit code {ran.code}")
        return ran.code
    runner.summarise(inputs.report("markdown").read_text("utf-8"))
    _set_outputs(inputs, runner)
    if inputs.issue and ran.code != INCOMPLETE and runner.checks_default_branch():
        _update_issue(inputs, runner)
    if inputs.comment and runner.pull_request is not None:
        _update_comment(inputs, runner, runner.pull_request)
    return ran.code


def _prepare_folders(inputs: Inputs) -> None:
    """Create the folders, and delete the reports of an earlier run: they must not be taken for those of this check.

    Raises:
        UsageError: They can't be created or written.
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


def _format_options(inputs: Inputs) -> list[str]:
    return [part for name in inputs.formats for part in ("--format", name, "--output", str(inputs.report(name)))]


def _linkwatch(*arguments: str, inputs: Inputs) -> _CommandResult:
    """Run a command on the lists. Its output goes to the log; it does not get the token."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("INPUT_")}
    # In the environment: a database URL may hold a password, and everybody can see arguments.
    env["LINKWATCH_DATABASE_URL"] = inputs.database
    env |= inputs.settings
    command = [*COMMAND, *arguments, "--", *inputs.lists]
    ran = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)  # noqa: S603
    return _CommandResult(ran.returncode, ran.stderr.decode("utf-8", "replace").strip())


def _set_outputs(inputs: Inputs, runner: Runner) -> None:
    report = _read_report(inputs.report("json"))
    runner.output("dead", report.counts["unavailable"])
    runner.output("suspect", report.counts["suspect"])
    runner.output("changed", sum(named_rule(finding.rule).is_change for finding in report.findings))
    runner.output("reports", inputs.reports)
    for name in inputs.formats:
        runner.output(name, inputs.report(name))


def _read_report(path: Path) -> JsonReport:
    return msgspec.json.decode(path.read_bytes(), type=JsonReport)


def _update_issue(inputs: Inputs, runner: Runner) -> None:
    """Update the rolling issue; a failure is a warning, for it does not change the result of the check."""
    try:
        number = _update_rolling_issue(inputs, runner)
    except LinkwatchError as error:
        runner.annotate("warning", _describe(error))
        return
    if number is not None:
        runner.output("issue", number)


def _update_rolling_issue(inputs: Inputs, runner: Runner) -> int | None:
    if inputs.new_only or inputs.changed_since:
        # The issue is about all that is broken, not only about what is new or changed: the rest is in the database.
        inputs = replace(inputs, reports=inputs.reports / "all", formats=REQUIRED_FORMATS)
        _prepare_folders(inputs)
        _linkwatch("report", "--fail-on", "never", *_format_options(inputs), inputs=inputs)
    markdown = inputs.report("markdown").read_text("utf-8")
    with _api(inputs, runner, ISSUE) as api:
        rolling = RollingIssue(
            Issues(api),
            scope=issue_scope(inputs.lists, runner.folder),
            title=text.issue_title(inputs.lists),
            run_url=runner.run_url,
        )
        return rolling.keep(_read_report(inputs.report("json")), markdown, inputs.fail_on)


def _update_comment(inputs: Inputs, runner: Runner, number: int) -> None:
    """Update the comment on the pull request; a failure is a warning, as with the issue."""
    if runner.event == "pull_request" and runner.is_from_fork:
        runner.annotate("notice", "No comment: workflows may not write one on pull requests from forks.")
        return
    try:
        with _api(inputs, runner, COMMENT) as api:
            scope = issue_scope(inputs.lists, runner.folder)
            RollingComment(Comments(api, number), scope, runner.run_url).keep(_read_report(inputs.report("json")))
    except LinkwatchError as error:
        runner.annotate("warning", _describe(error))


@contextmanager
def _api(inputs: Inputs, runner: Runner, purpose: Purpose) -> Iterator[GitHubApi]:
    if not inputs.token:
        raise GitHubError(f"{purpose.failure}: there is no token")
    with new_client() as client:
        client.headers.update({"Authorization": f"Bearer {inputs.token}", "Accept": "application/vnd.github+json"})
        yield GitHubApi(client, runner.api_url, runner.repository, purpose)


def _describe(error: LinkwatchError) -> str:
    return f"{error.message}. {error.remedy}".removesuffix(". ")
