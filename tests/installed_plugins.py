"""Distributions with entry points, as pip leaves them behind; on the path of one test, and forgotten after it."""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

EXAMPLE = Path(__file__).parents[1] / "examples" / "plugin"

EntryPoints = Mapping[str, Mapping[str, str]]
"""By their groups."""


def install_example(site: Path) -> None:
    """Install examples/plugin, with the metadata of its pyproject.toml."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text("utf-8"))["project"]
    modules = {
        f"linkwatch_example/{file.name}": file.read_text("utf-8")
        for file in (EXAMPLE / "src" / "linkwatch_example").glob("*.py")
    }
    install(site, project["name"], project["version"], project["entry-points"], modules)


def install(site: Path, name: str, version: str, entry_points: EntryPoints, modules: Mapping[str, str]) -> None:
    """Write the modules and the metadata of a distribution.

    Args:
        site: The folder that stands for site-packages.
        name: Of the distribution.
        version: Of it.
        entry_points: Their names and values, by groups.
        modules: Paths below `site`, and their source.
    """
    folder = site / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
    lines = [
        line
        for group, points in entry_points.items()
        for line in (f"[{group}]", *(f"{point} = {value}" for point, value in points.items()))
    ]
    (folder / "entry_points.txt").write_text("\n".join(lines), "utf-8")
    for path, source in modules.items():
        file = site / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(source, "utf-8")


@contextmanager
def importable(site: Path) -> Iterator[None]:
    """Put a folder on the path; what this process learns of plug-ins is forgotten at the end."""
    with (
        patch.object(sys, "path", [str(site), *sys.path]),
        patch.dict(sys.modules),
        patch.dict("linkwatch.plugins._additions"),
        patch.dict("linkwatch.plugins._enabled"),
        patch.dict("linkwatch.plugins._loaded"),
        patch.dict("linkwatch.plugins._failed"),
        patch.dict("linkwatch.models.rules._RULES"),
        patch("linkwatch.settings.plugins._registered", set()),
    ):
        yield
