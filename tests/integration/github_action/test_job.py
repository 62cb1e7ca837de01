"""The step of `action.yml` as a runner runs it, with a simulated YouTube and a stand-in for GitHub."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from acceptance.command import KEY, UNREACHABLE, age_by_a_day, write_list
from acceptance.youtube_servers import AVAILABLE, COURSE, LECTURE, LISTED_TWICE, UNAVAILABLE, WATCH, youtube_server
from integration.github_action.action_step import PULL_REQUEST, TOKEN, StepResult, Workflow
from integration.github_action.fake_github import Fault as GitHubFault
from integration.github_action.fake_github import serve_github
from integration.sources.repository import Repository

from linkwatch.github_action import job
from linkwatch.simulator.entities import SimVideo
from linkwatch.simulator.faults import Fault

pytestmark = pytest.mark.long  # each test is some processes


@pytest.fixture
def workflow(tmp_path: Path) -> Iterator[Workflow]:
    (tmp_path / "workspace").mkdir()
    (tmp_path / "temp").mkdir()
    with serve_github() as github:
        yield Workflow(tmp_path / "workspace", tmp_path / "temp", github)


def assert_secret(workflow: Workflow, *steps: StepResult) -> None:
    """Neither the key nor the token is in the log as the runner shows it, in a file, or in the issue."""
    for step in steps:
        shown = re.sub(r"^::add-mask::.*\n", "", step.log, flags=re.MULTILINE)
        for secret in (KEY, TOKEN):
            assert secret not in shown + step.written + step.summary
    for file in [*workflow.workspace.rglob("*"), *workflow.temp.rglob("*")]:
        if file.is_file():
            assert KEY.encode() not in file.read_bytes(), file
            assert TOKEN.encode() not in file.read_bytes(), file
    content = str(workflow.github.issues) + str(workflow.github.comments)
    assert KEY not in content
    assert TOKEN not in content


def test_all_is_well(workflow: Workflow) -> None:
    write_list(workflow.workspace, AVAILABLE, WATCH)
    with youtube_server() as youtube:
        step = workflow.step(youtube, formats="html, junit csv", issue="true")
    assert step.code == 0
    counts = {name: step.outputs[name] for name in ("exit-code", "dead", "suspect", "changed")}
    assert counts == {"exit-code": "0", "dead": "0", "suspect": "0", "changed": "0"}
    for name in ("json", "markdown", "html", "junit", "csv", "database"):
        assert Path(step.outputs[name]).is_file(), name
    assert "sarif" not in step.outputs
    assert "issue" not in step.outputs
    assert "2 links" in step.summary
    assert step.annotations("error") + step.annotations("warning") == []
    assert workflow.github.writes() == []
    assert_secret(workflow, step)


def test_a_list_from_its_first_check_to_a_recovery(workflow: Workflow) -> None:
    """Each run is a day later; what is dead is dead by two witnesses."""
    write_list(workflow.workspace, AVAILABLE, WATCH)
    steps = []

    def day(*entities: object, fault: Fault | None = None) -> StepResult:
        if workflow.database.exists():
            age_by_a_day(workflow.database)
        with youtube_server(*[fault] if fault else [], entities=entities) as youtube:  # type: ignore[arg-type]  # entities
            steps.append(workflow.step(youtube, lists="resources.csv", issue="true"))
        return steps[-1]

    issues, comments = workflow.github.issues, workflow.github.comments
    assert day(COURSE, LECTURE).code == 0
    assert issues == {}

    died = day(COURSE)
    assert (died.code, died.outputs["exit-code"], died.outputs["dead"], died.outputs["issue"]) == (1, "1", "1", "1")
    assert any("is no longer available" in message for message in died.annotations("error"))
    assert "is no longer available" in died.summary
    assert "is no longer available" in issues[1]["body"]
    assert "https://github.example/somebody/lists/actions/runs/4711" in issues[1]["body"]

    assert day(COURSE).code == 1
    assert day(COURSE).outputs["issue"] == "1"
    assert comments[1] == []

    assert day().outputs["dead"] == "2"
    assert len(comments[1]) == 1

    before = dict(issues[1])
    incomplete = day(fault=Fault.QUOTA_EXCEEDED)
    assert incomplete.code == 1, "what was dead before is still known to be"
    assert issues[1]["state"] == before["state"]
    assert len(comments[1]) == 1

    assert day(COURSE, LECTURE).code == 0
    assert issues[1]["state"] == "closed"
    assert day(COURSE, LECTURE).outputs["issue"] == "1"
    assert len(comments[1]) == 2

    assert day(LECTURE).outputs["issue"] == "1"
    assert issues[1]["state"] == "open"
    assert len(issues) == 1
    assert_secret(workflow, *steps)


@pytest.mark.parametrize(("fail", "code"), [("false", 0), ("true", 3)])
def test_an_incomplete_check_is_a_warning_unless_it_is_to_fail(workflow: Workflow, fail: str, code: int) -> None:
    write_list(workflow.workspace, AVAILABLE)
    with youtube_server(Fault.QUOTA_EXCEEDED) as youtube:
        step = workflow.step(youtube, fail_on_incomplete=fail, issue="true")
    assert (step.code, step.outputs["exit-code"]) == (code, "3")
    assert step.annotations("error") == []
    assert any("quota is spent" in message for message in step.annotations("warning"))
    assert workflow.github.asked == []
    assert_secret(workflow, step)


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"lists": "missing.md"}, "missing.md: does not exist"),
        ({"lists": '"README.md'}, "lists: a quotation mark is not closed"),
        ({"lists": "--database=elsewhere.db"}, "--database=elsewhere.db: does not exist"),
        ({"fail_on": "sometimes"}, "fail-on must be one of error, warning, never, not 'sometimes'"),
        ({"issue": "yes"}, "issue must be one of false, true, not 'yes'"),
        ({"formats": "html word"}, "formats: unknown format 'word'"),
        ({"reports": "resources.csv"}, "resources.csv: File exists"),
        ({"reports": "resources.csv/reports"}, "resources.csv/reports: Not a directory"),
        ({"database": "resources.csv/linkwatch.db"}, "resources.csv: File exists"),
    ],
)
def test_wrong_use_always_fails_and_says_why(workflow: Workflow, inputs: dict[str, str], said: str) -> None:
    write_list(workflow.workspace, AVAILABLE)
    step = workflow.step(UNREACHABLE, fail_on_incomplete="false", **inputs)
    assert (step.code, step.outputs["exit-code"]) == (2, "2")
    assert any(said in message for message in step.annotations("error"))
    assert "Traceback" not in step.log


def test_inputs_are_text_and_no_shell(workflow: Workflow) -> None:
    write_list(workflow.workspace, AVAILABLE, name="a list.csv")
    with youtube_server() as youtube:
        step = workflow.step(youtube, lists="'a list.csv'")
        assert step.code == 0
        workflow.step(youtube, lists="$(touch pwned)", reports="`touch pwned`", database="$(touch pwned).db")
    assert not list(workflow.workspace.rglob("pwned"))


def test_modules_in_the_checkout_are_not_imported(workflow: Workflow) -> None:
    write_list(workflow.workspace, AVAILABLE)
    for name in ("linkwatch", "json", "httpx", "click"):
        (workflow.workspace / f"{name}.py").write_text("raise SystemExit('not ours')\n", "utf-8")
    with youtube_server() as youtube:
        step = workflow.step(youtube)
    assert step.code == 0
    assert "not ours" not in step.log


def test_the_command_never_sees_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INPUT_TOKEN", TOKEN)
    monkeypatch.setattr(job, "COMMAND", (sys.executable, "-c", "import os; print(dict(os.environ))"))
    job.run(os.environ)
    output = capfd.readouterr().out
    assert "LINKWATCH_DATABASE_URL" in output
    assert TOKEN not in output


def test_a_bug_is_reported_even_when_some_reports_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    program = "open('.linkwatch/reports/report.json', 'w').close(); import sys; sys.exit(4)"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(job, "COMMAND", (sys.executable, "-c", program))
    assert job.run({}) == 4
    assert "::error title=linkwatch::exit code 4" in capfd.readouterr().out


def test_without_a_key_it_works_and_says_so(workflow: Workflow) -> None:
    write_list(workflow.workspace, WATCH)
    with youtube_server() as youtube:
        step = workflow.step(youtube, event="pull_request", key=None)
    assert step.code == 0
    (said, *_) = step.annotations("notice")
    assert "Without a YouTube API key" in said
    assert "pull requests from forks" in said


@pytest.mark.parametrize(
    ("event", "kept"),
    [
        ("schedule", True),
        ("workflow_dispatch elsewhere", True),
        ("push main", True),
        ("push feature", False),
        ("pull_request", False),
        ("pull_request_target", False),
    ],
)
def test_the_issue_is_about_the_repository_as_it_is(workflow: Workflow, event: str, kept: bool) -> None:
    write_list(workflow.workspace, UNAVAILABLE)
    with youtube_server() as youtube:
        step = workflow.step(youtube, event=event, issue="true")
    assert step.code == 1
    assert bool(workflow.github.asked) is kept


def test_no_issue_is_kept_that_was_not_asked_for(workflow: Workflow) -> None:
    write_list(workflow.workspace, UNAVAILABLE)
    with youtube_server() as youtube:
        assert workflow.step(youtube).code == 1
    assert workflow.github.asked == []


@pytest.mark.parametrize(
    ("fault", "said"), [(GitHubFault(403, stays=True), "issues: write"), (GitHubFault(410, stays=True), "turned off")]
)
def test_an_issue_that_may_not_be_written_is_a_warning_and_the_result_stands(
    workflow: Workflow, fault: GitHubFault, said: str
) -> None:
    write_list(workflow.workspace, UNAVAILABLE)
    workflow.github.faults["POST issues"] = fault
    with youtube_server() as youtube:
        step = workflow.step(youtube, issue="true")
    assert (step.code, step.outputs["exit-code"]) == (1, "1")
    assert any(said in message for message in step.annotations("warning"))
    assert "issue" not in step.outputs
    assert_secret(workflow, step)


def test_the_issue_is_about_all_that_is_broken_when_only_what_is_new_is_reported(workflow: Workflow) -> None:
    write_list(workflow.workspace, UNAVAILABLE)
    with youtube_server() as youtube:
        assert workflow.step(youtube, new_only="true", issue="true").code == 1
        age_by_a_day(workflow.database)
        again = workflow.step(youtube, new_only="true", issue="true")
    assert again.code == 0
    assert "Nothing new" in again.summary
    assert workflow.github.issues[1]["state"] == "open"
    assert workflow.github.comments[1] == []


def pull_request(workflow: Workflow) -> Repository:
    """A list with a dead link, committed as the base, and a living link that the pull request adds."""
    repository = Repository(workflow.workspace)
    write_list(workflow.workspace, UNAVAILABLE)
    workflow.base = repository.commit()
    write_list(workflow.workspace, UNAVAILABLE, WATCH)
    repository.commit()
    return repository


def test_a_pull_request_is_checked_by_the_lines_that_it_adds(workflow: Workflow) -> None:
    repository = pull_request(workflow)
    with youtube_server() as youtube:
        living = workflow.step(youtube, event="pull_request")
        write_list(workflow.workspace, UNAVAILABLE, WATCH, "https://youtu.be/abcdefghijA")
        repository.commit()
        dead = workflow.step(youtube, event="pull_request")
        whole = workflow.step(youtube, event="pull_request", changed_since="")
    assert (living.code, living.outputs["dead"], living.annotations("error")) == (0, "0", [])
    assert "1 link on changed lines" in living.summary
    assert (dead.code, dead.outputs["dead"]) == (1, "1")
    assert (whole.code, whole.outputs["dead"]) == (1, "2")


def test_a_pull_request_gets_one_comment_about_its_own_links(workflow: Workflow) -> None:
    repository = pull_request(workflow)
    dead = "https://youtu.be/abcdefghijA"
    with youtube_server() as youtube:
        workflow.step(youtube, event="pull_request", comment="true")
        assert workflow.github.comments == {}
        write_list(workflow.workspace, UNAVAILABLE, WATCH, dead)
        repository.commit()
        first = workflow.step(youtube, event="pull_request", comment="true")
        again = workflow.step(youtube, event="pull_request", comment="true")
        (comment,) = workflow.github.comments[PULL_REQUEST]
        write_list(workflow.workspace, UNAVAILABLE, WATCH)
        repository.commit()
        mended = workflow.step(youtube, event="pull_request", comment="true")
    assert [step.code for step in (first, again, mended)] == [1, 1, 0]
    assert "**1 problem with the YouTube links of this pull request**" in comment
    assert "resources.csv:4" in comment
    (comment,) = workflow.github.comments[PULL_REQUEST]
    assert "**No problem" in comment
    assert_secret(workflow, first, mended)


def test_a_fork_gets_no_comment_no_failure_and_a_notice(workflow: Workflow) -> None:
    write_list(workflow.workspace, AVAILABLE, UNAVAILABLE)
    workflow.head = "stranger/lists"
    with youtube_server() as youtube:
        step = workflow.step(youtube, event="pull_request", key=None, changed_since="", comment="true")
    assert (step.code, workflow.github.asked) == (1, [])
    assert any(
        "pull requests from forks" in said and "Without a YouTube" in said for said in step.annotations("notice")
    )
    assert any(said.startswith("No comment") for said in step.annotations("notice"))
    assert step.annotations("warning") == []


def test_a_comment_that_may_not_be_written_is_a_warning_and_the_result_stands(workflow: Workflow) -> None:
    write_list(workflow.workspace, UNAVAILABLE)
    workflow.github.faults[f"POST issues/{PULL_REQUEST}/comments"] = GitHubFault(403, stays=True)
    with youtube_server() as youtube:
        step = workflow.step(youtube, event="pull_request", changed_since="", comment="true")
    assert step.code == 1
    assert any("pull-requests: write" in message for message in step.annotations("warning"))


def test_a_clone_without_the_base_is_said_and_everything_is_checked(workflow: Workflow) -> None:
    pull_request(workflow)
    workflow.base = "0" * 39 + "1"
    with youtube_server() as youtube:
        step = workflow.step(youtube, event="pull_request")
    assert (step.code, step.outputs["dead"]) == (1, "1")
    assert any(
        said.startswith("The clone lacks the base of this pull request, as a shallow one does: all links are checked")
        for said in step.annotations("notice")
    )


def test_a_pull_request_of_what_is_no_repository_is_checked_whole(workflow: Workflow) -> None:
    write_list(workflow.workspace, UNAVAILABLE)
    workflow.base = "0" * 40
    with youtube_server() as youtube:
        step = workflow.step(youtube, event="pull_request")
    assert (step.code, step.outputs["dead"]) == (1, "1")
    assert any("is in no git repository" in said and "all links" in said for said in step.annotations("notice"))


def test_the_issue_is_about_all_that_is_broken_when_only_changed_lines_are_checked(workflow: Workflow) -> None:
    write_list(workflow.workspace, UNAVAILABLE)
    repository = Repository(workflow.workspace)
    repository.commit()
    with youtube_server() as youtube:
        assert workflow.step(youtube, issue="true").code == 1
        again = workflow.step(youtube, issue="true", changed_since="HEAD")
    assert again.code == 0
    assert "No YouTube link on changed lines" in again.summary
    assert workflow.github.issues[1]["state"] == "open"


def test_an_unknown_revision_of_the_workflow_is_an_error(workflow: Workflow) -> None:
    pull_request(workflow)
    with youtube_server() as youtube:
        step = workflow.step(youtube, event="pull_request", changed_since="nothing")
    assert (step.code, step.outputs["exit-code"]) == (2, "2")
    assert any("--changed-since nothing" in said for said in step.annotations("error"))


def test_warnings_fail_when_they_are_to(workflow: Workflow) -> None:
    write_list(workflow.workspace, *LISTED_TWICE)
    with youtube_server() as youtube:
        assert workflow.step(youtube).code == 0
        assert workflow.step(youtube, fail_on="warning").code == 1
        assert workflow.step(youtube, fail_on="never").code == 0


def test_a_hostile_title_is_no_command_and_no_output(workflow: Workflow) -> None:
    commands = "x\n::error::faked\n::set-output name=dead::9\nEOF\ndead=9 %0A::error::faked"
    hostile = SimVideo(LECTURE.id, f"{commands} `@everyone` <!-- linkwatch:issue -->")
    (workflow.workspace / "resources.csv").write_text(f"url,label\n{WATCH},Linear Algebra\n", "utf-8")
    with youtube_server(entities=(hostile,)) as youtube:
        step = workflow.step(youtube, fail_on="warning", issue="true", formats="html csv junit atom", sarif="true")
    assert step.code == 1
    assert step.outputs["dead"] == "0"
    assert "faked" not in step.annotations("error")
    assert not [line for line in step.log.splitlines() if line.startswith(("::error::faked", "::set-output"))]
    assert Path(step.outputs["sarif"]).is_file()
    assert "@everyone" not in workflow.github.issues[1]["body"].replace("`", "")


def test_a_report_of_an_earlier_run_is_not_used(workflow: Workflow) -> None:
    write_list(workflow.workspace, AVAILABLE)
    with youtube_server() as youtube:
        assert workflow.step(youtube).code == 0
    write_list(workflow.workspace, "https://example.org/")
    step = workflow.step(UNREACHABLE)
    assert (step.code, step.outputs) == (2, {"exit-code": "2", "database": str(workflow.database)})
    assert step.summary == ""
