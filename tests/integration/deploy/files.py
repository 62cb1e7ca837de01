"""What lies in `deploy/`, as the tests read it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"


def read_yaml(path: Path) -> Any:
    """What a YAML file holds."""
    return YAML(typ="safe", pure=True).load(path)


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile: a word and the rest."""
    text = (DEPLOY / "docker" / "Dockerfile").read_text("utf-8").replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def last(word: str) -> str:
    """What the image is left with: the last instruction of this word."""
    return next(rest for name, rest in reversed(instructions()) if name == word)


def unit(name: str) -> Iterator[tuple[str, str]]:
    """The settings of a systemd unit, in their order."""
    for line in (DEPLOY / "systemd" / name).read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            yield key, value
