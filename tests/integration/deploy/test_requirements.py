"""What the Action and the image install: the versions that were tested, each with its hashes."""

import re
import tomllib

import pytest
from integration.deploy.files import ROOT, read_yaml

PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)((?: ;[^\\\n]*)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n", re.MULTILINE)


def pins(text: str) -> dict[str, str]:
    return {re.sub("[-_.]+", "-", name).lower(): version for name, version, *_ in PIN.findall(text)}


@pytest.mark.parametrize("name", ["runtime", "backend", "uv"])
def test_every_line_is_a_pin_with_its_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    assert PIN.sub("", text) == ""


def test_the_versions_are_the_tested_ones() -> None:
    constraints = (ROOT / "constraints.txt").read_text("utf-8")
    tested = {
        re.sub("[-_.]+", "-", name).lower(): version
        for name, version in re.findall(r"^([^#=\s]+)==(\S+)$", constraints, re.MULTILINE)
    }
    runtime = pins((ROOT / "requirements" / "runtime.txt").read_text("utf-8"))
    assert runtime.items() <= tested.items()
    assert {"httpcore", "certifi"} <= runtime.keys()  # what the dependencies depend on


def test_no_dependency_is_missing() -> None:
    """The package itself is installed without its dependencies: what is not among these is not there."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    runtime = pins((ROOT / "requirements" / "runtime.txt").read_text("utf-8"))
    assert {re.split("[<>=,]", each)[0] for each in project["dependencies"]} <= runtime.keys()


def test_whatever_the_action_downloads_has_a_hash() -> None:
    (install,) = (
        step["run"] for step in read_yaml(ROOT / "action.yml")["runs"]["steps"] if "requirements" in step.get("run", "")
    )
    commands = [line for line in install.replace("\\\n", "").splitlines() if " install " in line or " build " in line]
    assert len(commands) == 4
    for command in commands:
        assert "--require-hashes" in command or '--no-deps "$tools"/wheel/' in command
