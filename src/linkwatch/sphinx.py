"""The Sphinx extension: `extensions = ["linkwatch.sphinx"]`. docs/guide/sites.md says how to use it."""

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import ENUM
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from linkwatch.site_warnings import LEVELS, site_warnings
from linkwatch.version import __version__

_log = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_config_value("linkwatch_config", None, "", types=(str, type(None)))
    app.add_config_value("linkwatch_database", None, "", types=(str, type(None)))
    app.add_config_value("linkwatch_level", LEVELS[0], "", types=ENUM(*LEVELS))
    # Of all events that know the pages, the one that also comes when none has changed.
    app.connect("env-get-outdated", _warn)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def _warn(app: Sphinx, env: BuildEnvironment, *_changes: set[str]) -> list[str]:
    """Warn of each finding at its place; no page is out of date for that."""
    names = {Path(env.doc2path(name)): name for name in env.found_docs}
    level = app.config.linkwatch_level
    for each in site_warnings(
        names,
        folder=Path(app.confdir),
        config=app.config.linkwatch_config,
        database=app.config.linkwatch_database,
        level=level if level in LEVELS else LEVELS[0],  # Sphinx has warned of another one
    ):
        place = None if each.path is None else (names[each.path], each.line)
        _log.warning("%s", each.message, location=place, type="linkwatch", subtype=each.kind)
    return []
