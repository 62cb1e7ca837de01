"""The MkDocs plug-in `linkwatch`. docs/guide/sites.md says how to use it."""

import os
from pathlib import Path

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import Files

from linkwatch.site_warnings import LEVELS, site_warnings

_log = get_plugin_logger("linkwatch")


class LinkwatchConfig(Config):
    """What stands below `linkwatch` in `plugins` of mkdocs.yml."""

    config = config_options.Optional(config_options.Type(str))
    database = config_options.Optional(config_options.Type(str))
    level = config_options.Choice(LEVELS, default=LEVELS[0])


class LinkwatchPlugin(BasePlugin[LinkwatchConfig]):
    """Warns of each stored finding at its place, before the pages are built."""

    def on_files(self, files: Files, /, *, config: MkDocsConfig) -> Files:
        """Warn of what is stored of the links of the pages."""
        # Pages that another plug-in generates have no source.
        pages = [Path(page.abs_src_path) for page in files.documentation_pages() if page.abs_src_path]
        for each in site_warnings(
            pages,
            folder=Path(config.config_file_path).parent,
            config=self.config.config,
            database=self.config.database,
            level=self.config.level,
        ):
            place = "" if each.path is None else f"{os.path.relpath(each.path)}:{each.line}: "
            _log.warning("%s%s [%s]", place, each.message, each.kind)
        return files
