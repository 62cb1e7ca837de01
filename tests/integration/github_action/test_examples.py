"""`action.yml`, the hooks and what lies in `deploy/ci/`: valid, safe, and every command in them is one."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from acceptance.command import age_by_a_day, environment, linkwatch, write_list
from acceptance.youtube_servers import AVAILABLE, UNAVAILABLE, youtube_server
from integration.github_action.action_step import ACTION, CHECK, ROOT, STEPS, read_yaml
from integration.sources.repository import Repository
from ruamel.yaml import YAML

from linkwatch.cli.app import app
from linkwatch.github_action.inputs import REPORT_FILES
from linkwatch.simulator.faults import Fault
from linkwatch.simulator.serve import YouTubeServer

pytestmark = pytest.mark.long  # each test is some processes


CI = ROOT / "deploy" / "ci"
GITLAB = read_yaml(CI / "gitlab-ci.yml")["linkwatch"]
GITHUB = read_yaml(CI / "github.yml")["jobs"]["linkwatch"]


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-actions", "action.yml"),
        ("vendor.github-workflows", "deploy/ci/github.yml"),
        ("vendor.gitlab-ci", "deploy/ci/gitlab-ci.yml"),
    ],
)
def test_it_is_what_its_schema_asks_for(schema: str, file: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(ROOT / file)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_no_script_holds_an_expression() -> None:
    """What a person writes into an input would be run: it goes through the environment."""
    scripts = [step["run"] for step in STEPS if "run" in step]
    assert len(scripts) == 4
    for script in scripts:
        assert "${{" not in script
        assert subprocess.run(["bash", "-n", "-c", script], check=False).returncode == 0


def test_every_input_is_used_and_every_output_is_given() -> None:
    used = set(re.findall(r"inputs\.([\w-]+)", json.dumps(STEPS)))
    assert used == set(ACTION["inputs"])
    documented = {
        found for output in ACTION["outputs"].values() for found in re.findall(r"outputs\.([\w-]+)", output["value"])
    }
    assert documented == set(ACTION["outputs"])
    assert set(REPORT_FILES) < documented


def test_what_others_wrote_is_pinned_to_a_commit() -> None:
    """A tag can be moved to another commit."""
    used = [step["uses"] for step in STEPS + GITHUB["steps"] if "uses" in step]
    for name in used:
        assert re.fullmatch(r"(actions|github)/[\w/-]+@[0-9a-f]{40}|OWNER/linkwatch@main", name), name


def test_the_database_is_saved_under_the_name_it_is_looked_for() -> None:
    (restored,) = (step["with"] for step in STEPS if "cache/restore" in step.get("uses", ""))
    (saved,) = (step for step in STEPS if "cache/save" in step.get("uses", ""))
    assert saved["with"] == {name: restored[name] for name in ("path", "key")}
    own_leg, any_leg = restored["restore-keys"].splitlines()
    assert restored["key"].startswith(own_leg)
    assert own_leg.startswith(any_leg)
    assert own_leg == any_leg + "${{ github.job }}-${{ strategy.job-index }}-"
    assert saved["if"].startswith("always()")


def test_the_artifact_is_asked_for_when_the_cache_has_nothing_and_never_made_of_a_proposal() -> None:
    (restored,) = (step for step in STEPS if "github_action restore" in step.get("run", ""))
    (cache,) = (step for step in STEPS if "cache/restore" in step.get("uses", ""))
    assert f"steps.{cache['id']}.outputs.cache-matched-key == ''" in restored["if"]
    assert STEPS.index(cache) < STEPS.index(restored) < STEPS.index(CHECK)
    (saved,) = (step for step in STEPS if "upload-artifact" in step.get("uses", ""))
    assert "!startsWith(github.event_name, 'pull_request')" in saved["if"]
    assert saved["with"]["name"] == restored["env"]["INPUT_ARTIFACT"]
    assert saved["with"]["include-hidden-files"] is True  # `.linkwatch`


@pytest.mark.parametrize(
    ("folder", "database", "path"),
    [
        (".", ".linkwatch/linkwatch.db", "./.linkwatch/linkwatch.db"),
        ("site", "data/x.db", "site/data/x.db"),
        ("site", "/var/lib/linkwatch.db", "/var/lib/linkwatch.db"),
    ],
)
def test_the_database_is_saved_from_where_it_lies(tmp_path: Path, folder: str, database: str, path: str) -> None:
    (step,) = (step for step in STEPS if step.get("id") == "database")
    env = {**os.environ, "FOLDER": folder, "DATABASE": database, "GITHUB_OUTPUT": str(tmp_path / "output")}
    subprocess.run(["bash", "-euo", "pipefail", "-c", step["run"]], env=env, check=True)
    assert (tmp_path / "output").read_text("utf-8") == f"path={path}\n"
    assert set(step["env"].values()) == {"${{ inputs.working-directory }}", "${{ inputs.database }}"}
    cached = [each["with"]["path"] for each in STEPS if "cache/" in each.get("uses", "")]
    assert cached == ["${{ steps.database.outputs.path }}"] * 2


def test_the_workflow_gives_the_action_what_it_takes() -> None:
    (ours,) = (step for step in GITHUB["steps"] if step.get("uses", "").startswith("OWNER/"))
    assert set(ours["with"]) <= set(ACTION["inputs"])
    needed = {"issues": "write", "pull-requests": "write", "actions": "read", "contents": "read"}
    assert GITHUB["permissions"] == needed
    own = read_yaml(ROOT / ".github" / "workflows" / "links.yml")["jobs"]["links"]
    assert own["permissions"] == needed
    (used,) = (step["with"] for step in own["steps"] if step["uses"] == "./")
    assert set(used) <= set(ACTION["inputs"])
    assert used["lists"] == "resources.csv"
    assert (ROOT / used["lists"]).is_file()


def gitlab_check() -> list[str]:
    (line,) = GITLAB["script"]
    name, *arguments = shlex.split(line)
    assert name == "linkwatch"
    return arguments


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "README.md").write_text(f"- [Gone]({UNAVAILABLE})\n- [a]({AVAILABLE})\n- [b]({AVAILABLE})\n", "utf-8")
    (tmp_path / ".linkwatch").mkdir()
    return tmp_path


def run_in_gitlab(project: Path, place: YouTubeServer) -> tuple[int, list[dict[str, Any]]]:
    """The job's scripts; the exit code of the check, and the entries of the Code Quality report."""
    ran = linkwatch(*gitlab_check(), cwd=project, env=environment(place, **GITLAB["variables"]))
    for line in GITLAB["after_script"]:
        subprocess.run([sys.executable, *shlex.split(line)[1:]], cwd=project, check=True)
    reports = GITLAB["artifacts"]["reports"]
    assert (project / reports["junit"]).is_file()
    assert all((project / file).is_file() for file in GITLAB["artifacts"]["paths"])
    assert (project / GITLAB["cache"]["paths"][0]).is_file()
    return ran.code, json.loads((project / reports["codequality"]).read_text("utf-8"))


def test_gitlab_gets_each_finding_once(project: Path) -> None:
    with youtube_server() as youtube:
        code, entries = run_in_gitlab(project, youtube)
    assert code == 1
    assert {entry["check_name"] for entry in entries} >= {"linkwatch/dead", "linkwatch/duplicate"}
    for entry in entries:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert entry["location"]["path"] == "README.md"
        assert entry["location"]["lines"]["begin"] >= 1
    prints = [entry["fingerprint"] for entry in entries]
    assert len(set(prints)) == len(prints)


def test_gitlab_knows_a_finding_again_that_moved(project: Path) -> None:
    with youtube_server() as youtube:
        before = {entry["fingerprint"] for entry in run_in_gitlab(project, youtube)[1]}
        readme = project / "README.md"
        readme.write_text("# Courses\n\n" + readme.read_text("utf-8"), "utf-8")
        after = {entry["fingerprint"] for entry in run_in_gitlab(project, youtube)[1]}
    assert before == after


def test_gitlab_takes_an_incomplete_check_for_a_warning(project: Path) -> None:
    (project / "README.md").write_text(f"[a]({AVAILABLE})\n", "utf-8")
    with youtube_server(Fault.QUOTA_EXCEEDED) as youtube:
        code, entries = run_in_gitlab(project, youtube)
    assert code == GITLAB["allow_failure"]["exit_codes"]
    assert entries == []


@pytest.mark.parametrize("held", [None, "", "{"])
def test_gitlab_without_a_report_gets_a_message(project: Path, held: str | None) -> None:
    """The check ended with exit code 2 or 4, which says what is wrong."""
    if held is not None:
        (project / "linkwatch.json").write_text(held, "utf-8")
    command = [sys.executable, "-m", "linkwatch.gitlab", "linkwatch.json", "quality.json"]
    ran = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stderr.startswith("linkwatch.json: no report of linkwatch: ")
    assert "Traceback" not in ran.stderr
    assert not (project / "quality.json").exists()


def component(**given: str) -> tuple[dict[str, Any], str]:
    """The component's job with these inputs, as GitLab puts it together, and its name; `fail_on` is `fail-on`."""
    header, text = (ROOT / "templates" / "linkwatch.yml").read_text("utf-8").split("\n---\n")
    declared = YAML(typ="safe", pure=True).load(header)["spec"]["inputs"]
    inputs = {name: each["default"] for name, each in declared.items() if "default" in each}
    inputs |= {name.replace("_", "-"): value for name, value in given.items()}
    assert inputs.keys() == declared.keys()
    job = YAML(typ="safe", pure=True).load(re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda at: inputs[at[1]], text))
    ((name, content),) = job.items()
    return content, name


def run_component(project: Path, place: YouTubeServer, base: str = "", **given: str) -> tuple[int, str]:
    """The scripts of the job in a shell, as the runner runs them; the exit code and the log."""
    job, _ = component(package="linkwatch", **given)
    bin_ = project.parent / "bin"
    bin_.mkdir(exist_ok=True)
    for name, module in {"linkwatch": " -m linkwatch", "python3": ""}.items():
        (bin_ / name).write_text(f'#!/bin/sh\nexec "{sys.executable}"{module} "$@"\n', "utf-8")
        (bin_ / name).chmod(0o755)
    env = environment(place, key=None, **job["variables"])
    env |= {"PATH": f"{bin_}:{os.environ['PATH']}", **({"CI_MERGE_REQUEST_DIFF_BASE_SHA": base} if base else {})}

    def run(part: str) -> "subprocess.CompletedProcess[str]":
        command = ["sh", "-e", "-c", "\n".join(job[part])]
        return subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, check=False)

    checked, converted = run("script"), run("after_script")
    assert converted.returncode == 0, converted.stderr
    return checked.returncode, checked.stdout + checked.stderr


def test_the_gitlab_component_is_a_job(tmp_path: Path) -> None:
    job, name = component(package="linkwatch", job="links of the site")
    (tmp_path / "rendered.yml").write_text(json.dumps({name: job}), "utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", "rendered.yml"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert name == job["cache"]["key"] == job["resource_group"] == "links of the site"
    assert job["variables"]["GIT_DEPTH"] == "0"
    assert job["allow_failure"]["exit_codes"] == 3


def test_the_gitlab_component_judges_a_merge_request_by_its_own_links(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "project")
    readme = repository.folder / "README.md"
    readme.write_text(f"- [Gone]({UNAVAILABLE})\n", "utf-8")
    base = repository.commit()
    (repository.folder / ".linkwatch").mkdir()
    readme.write_text(f"- [Gone]({UNAVAILABLE})\n- [a]({AVAILABLE})\n", "utf-8")
    repository.commit()
    with youtube_server() as youtube:
        whole, log = run_component(repository.folder, youtube, lists="README.md")
        merged, _ = run_component(repository.folder, youtube, base, lists="README.md")
        quality = json.loads((repository.folder / "linkwatch-quality.json").read_text("utf-8"))
        lenient, _ = run_component(repository.folder, youtube, lists="README.md", fail_on="never")
    assert (whole, merged, lenient) == (1, 0, 0)
    assert "Without a YouTube API key" in log
    assert quality == []
    assert (repository.folder / ".linkwatch" / "linkwatch.db").is_file()


FORGEJO = read_yaml(CI / "forgejo.yml")


def test_the_forgejo_workflow_is_one_and_takes_its_actions_from_forgejo() -> None:
    """Forgejo reads the syntax of GitHub's workflows, but for addresses in `uses`."""
    assert set(FORGEJO["on"]) == {"schedule", "push", "pull_request", "workflow_dispatch"}
    steps = FORGEJO["jobs"]["linkwatch"]["steps"]
    for step in steps:
        assert ("uses" in step) != ("run" in step)
        assert step.get("uses", "https://data.forgejo.org/").startswith("https://data.forgejo.org/")
        assert "${{" not in step.get("run", "")
    restored, saved = (step["with"] for step in steps if "/cache/" in step.get("uses", ""))
    assert saved == {name: restored[name] for name in ("path", "key")}
    assert restored["key"].startswith(restored["restore-keys"])


@pytest.mark.parametrize(
    ("faults", "lines", "code"),
    [
        ((), [AVAILABLE, UNAVAILABLE], 1),
        ((), [AVAILABLE], 0),
        ((Fault.QUOTA_EXCEEDED,), [AVAILABLE], 0),
    ],
)
def test_the_forgejo_workflow_fails_by_findings_alone(
    tmp_path: Path, faults: tuple[Fault, ...], lines: list[str], code: int
) -> None:
    repository = Repository(tmp_path / "project")
    readme = repository.folder / "README.md"
    readme.write_text(f"- [Gone]({UNAVAILABLE})\n", "utf-8")
    base = repository.commit()
    (repository.folder / ".linkwatch").mkdir()
    readme.write_text(readme.read_text("utf-8") + "".join(f"- {line}\n" for line in lines), "utf-8")
    (step,) = (each for each in FORGEJO["jobs"]["linkwatch"]["steps"] if each.get("id") == "check")
    script = step["run"].replace("/opt/linkwatch/bin/linkwatch", f"{shlex.quote(sys.executable)} -m linkwatch")
    with youtube_server(*faults) as youtube:
        env = environment(youtube, LINKWATCH_DATABASE_URL=step["env"]["LINKWATCH_DATABASE_URL"], BASE=base)
        ran = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script], cwd=repository.folder, env=env, check=False
        )
    assert ran.returncode == code
    assert (repository.folder / "linkwatch.html").is_file()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the installed command in it, and a key in its file."""
    (tmp_path / ".local" / "bin").mkdir(parents=True)
    command = tmp_path / ".local" / "bin" / "linkwatch"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m linkwatch "$@"\n', "utf-8")
    command.chmod(0o755)
    (tmp_path / ".config").mkdir()
    (tmp_path / ".config" / "linkwatch.env").write_text("YOUTUBE_API_KEY=a-key\n", "utf-8")
    return tmp_path


def test_cron_mails_what_is_new_and_nothing_else(home: Path) -> None:
    def night(place: YouTubeServer) -> tuple[int, str]:
        env = environment(place, key=None, HOME=str(home))
        ran = subprocess.run(["sh", CI / "cron.sh"], cwd=home, env=env, capture_output=True, text=True, check=False)
        return ran.returncode, ran.stdout + ran.stderr

    write_list(home, AVAILABLE)
    with youtube_server(keys=("a-key",)) as youtube:
        assert night(youtube) == (0, "")
        write_list(home, AVAILABLE, UNAVAILABLE)
        code, mail = night(youtube)
        assert code == 1
        assert "is no longer available" in mail
        age_by_a_day(home / "linkwatch.db")
        assert night(youtube) == (0, "")
    with youtube_server(Fault.QUOTA_EXCEEDED) as youtube:
        write_list(home, AVAILABLE)
        code, mail = night(youtube)
    assert code == 3
    assert "Incomplete" in mail


@pytest.mark.parametrize("file", sorted(CI.glob("*")), ids=lambda file: file.name)
def test_every_command_and_option_that_is_named_exists(file: Path) -> None:
    text = file.read_text("utf-8").replace("\\\n", " ")
    for name, rest in re.findall(r"(?<![\w/.-])linkwatch (check|report|fix|ack|plan|doctor)\b([^\n`#]*)", text):
        command = app.get_command(app.make_context("linkwatch", [name]), name)
        assert command is not None
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"(?<!\S)--[a-z-]+", rest)) <= known, (file.name, name, rest)
