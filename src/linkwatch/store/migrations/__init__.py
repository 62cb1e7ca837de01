"""The migrations, run by Alembic inside a transaction of ours."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def known_versions() -> set[str]:
    """Every version that this linkwatch can upgrade from."""
    return {revision.revision for revision in ScriptDirectory.from_config(_config()).walk_revisions()}


def upgrade(connection: Connection, to: str = "head") -> None:
    """Run what is missing, on this connection and in its transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)
