"""The settings of a run on a pull request: those of its base, for the branch's own are a stranger's."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from linkwatch.errors import UsageError
from linkwatch.github_action.runner import Runner
from linkwatch.settings import DEFAULT_FILE
from linkwatch.sources.changed_lines import fetch_commit, file_at, has_commit

_NAMES = (DEFAULT_FILE, "pyproject.toml")


def settings_environment(runner: Runner) -> Mapping[str, str]:
    """The variables that make the command take the settings of the base, without its notifications.

    Empty when the run is of no pull request. When the base can't be read, the settings are the defaults.
    """
    if not runner.is_pull_request:
        return {}
    folder = Path(tempfile.mkdtemp(prefix="linkwatch-settings-", dir=runner.environ.get("RUNNER_TEMP")))
    file = folder / DEFAULT_FILE
    content = b""
    try:
        for name in _names(runner):
            found = _content(runner, name)
            if found is not None and (name != _NAMES[1] or b"[tool.linkwatch" in found):
                file, content = folder / Path(name).name, found
                break
    except UsageError as error:
        if any(Path(name).exists() for name in _names(runner)):
            runner.annotate(
                "warning",
                f"{error.message}: the default settings are used, for those of a pull request are not trusted. "
                "Use actions/checkout with “fetch-depth: 0”.",
            )
    file.write_bytes(content)
    return {"LINKWATCH_CONFIG": str(file), "LINKWATCH_NOTIFICATIONS": "false"}


def _names(runner: Runner) -> tuple[str, ...]:
    """The settings files to look for, from the folder of the step; a path from elsewhere is not of the branch."""
    named = runner.environ.get("LINKWATCH_CONFIG", "")
    return (os.path.relpath(named),) if named else _NAMES


def _content(runner: Runner, name: str) -> bytes | None:
    folder = Path.cwd()
    if name.startswith(".."):
        raise UsageError(f"{name}: settings outside of the folder of the step")
    base = runner.settings_base
    if not has_commit(base, folder):
        fetch_commit(base, folder)
    return file_at(base, name, folder)
