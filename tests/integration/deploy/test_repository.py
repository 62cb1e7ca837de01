"""What strangers and machines of the repository read: workflows, templates, CONTRIBUTING.md."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[3]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PAGES = [ROOT / name for name in ("CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md")]
USES = re.compile(r"^ *(?:- )?uses: (\S+)(?: # (.*))?$", re.MULTILINE)


def project() -> Any:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def loaded(file: Path) -> Any:
    return YAML(typ="safe").load(file)


def jobs() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for file in WORKFLOWS:
        for name, job in loaded(file)["jobs"].items():
            yield f"{file.name}: {name}", job


@pytest.mark.parametrize("file", [*WORKFLOWS, ROOT / "action.yml", ROOT / "deploy/ci/github.yml"], ids=str)
def test_every_action_is_pinned_to_a_commit_beside_its_version(file: Path) -> None:
    for action, comment in USES.findall(file.read_text("utf-8")):
        if action != "./" and not action.startswith("OWNER/"):
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action), action
            assert re.fullmatch(r"v\d+\.\d+\.\d+", comment), f"{action} # {comment}"


def test_a_workflow_may_nothing_but_what_a_job_asks_for() -> None:
    assert len(WORKFLOWS) >= 4
    assert all(loaded(file)["permissions"] == {} for file in WORKFLOWS)
    for name, job in jobs():
        assert job["permissions"], name
        assert job["timeout-minutes"], name
    signers = {name for name, job in jobs() if "id-token" in job["permissions"]}
    assert signers == {"release.yml: attest", "release.yml: pypi", "release.yml: image"}


def test_every_supported_python_is_tested_with_the_oldest_and_the_newest_versions() -> None:
    matrix = dict(jobs())["ci.yml: versions"]["strategy"]["matrix"]
    names = [re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", each) for each in project()["classifiers"]]
    assert matrix["python"] == [match[1] for match in names if match]
    assert matrix["resolution"] == ["highest", "lowest-direct"]
    assert project()["requires-python"] == f">={matrix['python'][0]}"


def test_the_pythons_of_a_release_are_those_of_ci() -> None:
    (setup,) = (step for step in dict(jobs())["release.yml: build"]["steps"] if "setup-python" in step.get("uses", ""))
    assert (
        sorted(setup["with"]["python-version"].split())
        == dict(jobs())["ci.yml: versions"]["strategy"]["matrix"]["python"]
    )


def test_what_workflows_and_pages_run_with_make_can_be_made() -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    used = set()
    for file in (*WORKFLOWS, *PAGES, ROOT / ".pre-commit-config.yaml", ROOT / ".github/pull_request_template.md"):
        for words in re.findall(
            r"(?:`|run: |entry: |^)make ([a-z][a-z -]*[a-z])", file.read_text("utf-8"), re.MULTILINE
        ):
            used.update(words.split())
    assert {"release-check", "audit", "test-versions", "lint-yaml", "check"} <= used <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
        assert (ROOT / target).exists(), target


def test_the_templates_name_commands_that_exist() -> None:
    for template in sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")):
        for command in re.findall(r"`?linkwatch ([a-z]+)", template.read_text("utf-8")):
            help_ = [sys.executable, "-m", "linkwatch", command, "--help"]
            assert subprocess.run(help_, capture_output=True, check=False).returncode == 0, (template.name, command)


def test_a_release_is_refused_while_something_is_missing() -> None:
    ran = subprocess.run(
        [sys.executable, ROOT / "deploy/release_check.py", "v0.0.1"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "the tag is v0.0.1, and the version of the package" in ran.stderr
    assert "CHANGELOG.md has no section" in ran.stderr


def test_every_library_has_its_reason_its_alternatives_and_its_last_release() -> None:
    project_ = project()
    needed = [
        *project_["dependencies"],
        *(each for extra in ("postgres", "cluster") for each in project_["optional-dependencies"][extra]),
    ]
    names = {re.split(r"[\[<>=,]", each)[0] for each in needed}
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    _, _, table = text.partition("| library | for | considered, and why not | last release |\n")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.partition("\n\n")[0].splitlines()[1:]]
    assert {row[0].removesuffix(" (Core)").lower() for row in rows} == names
    for name, purpose, _, released in rows:
        assert purpose, name
        assert re.fullmatch(r"20\d\d-[01]\d", released), name
