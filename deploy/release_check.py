"""Builds the package, checks it, and tries it in a clean environment of every Python that is installed.

Usage: release_check.py [TAG]

With a tag of the form `v1.2.3` it also makes sure that the version, the changelog and the addresses fit that release.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"


def run(*command, cwd=ROOT):
    """Run a command; print it and what it says when it fails."""
    ran = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, check=False)
    if ran.returncode:
        sys.exit(f"{' '.join(map(str, command))}: exit code {ran.returncode}\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def package_version():
    text = (ROOT / "src" / "linkwatch" / "version.py").read_text("utf-8")
    return re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)[1]


def supported(project):
    """The versions of Python that the package names."""
    names = (re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", each) for each in project["classifiers"])
    return [match[1] for match in names if match]


def faults_of_release(tag, version, project):
    """What is not ready for this tag."""
    if tag != f"v{version}":
        yield f"the tag is {tag}, and the version of the package {version}"
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    if not re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE):
        yield f"CHANGELOG.md has no section “[{version}] - DATE”"
    for name, url in project["urls"].items():
        if "OWNER" in url:
            yield f"pyproject.toml: the address of {name} names no owner: {url}"


def build():
    """A source distribution, and the wheel that is made from it; returns the wheel."""
    shutil.rmtree(DIST, ignore_errors=True)
    run(sys.executable, "-m", "build", "--outdir", DIST)
    (wheel,) = DIST.glob("*.whl")
    return wheel


def find_python(version):
    """The command of a Python of this version, outside our environment; None: there is none that starts."""
    folders = [folder for folder in os.get_exec_path() if Path(folder) != Path(sys.executable).parent]
    folders += map(str, Path.home().glob(f".pyenv/versions/{version}.*/bin"))
    for folder in folders:
        python = shutil.which(f"python{version}", path=folder)
        if python and not subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode:
            return python
    return None


def try_wheel(wheel, python, version):
    """Install it with the newest versions of what it needs, as a user does, and run the demo."""
    with tempfile.TemporaryDirectory() as folder:
        environment = Path(folder, "environment")
        uv = Path(sys.executable).with_name("uv")
        run(uv, "venv", "--quiet", "--python", python, environment)
        run(uv, "pip", "install", "--quiet", "--python", environment / "bin" / "python", wheel)
        linkwatch = environment / "bin" / "linkwatch"
        said = run(linkwatch, "--version", cwd=folder)
        if version not in said.split():
            sys.exit(f"{python}: linkwatch --version says {said.strip()}, not {version}")
        run(linkwatch, "demo", cwd=folder)


def main(tag=""):
    """All of it; the first fault ends it."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    version = package_version()
    if tag and (faults := list(faults_of_release(tag, version, project))):
        sys.exit("\n".join(faults))
    wheel = build()
    run(sys.executable, "-m", "twine", "check", "--strict", *DIST.iterdir())
    run(Path(sys.executable).with_name("check-wheel-contents"), wheel)
    pythons = {each: python for each in supported(project) if (python := find_python(each))}
    if not pythons:
        sys.exit(f"none of these is installed: Python {', '.join(supported(project))}")
    for python in pythons.values():
        try_wheel(wheel, python, version)
    print(f"linkwatch {version}: built, checked, and tried with Python {', '.join(pythons)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
