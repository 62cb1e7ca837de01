"""`linkwatch db`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from linkwatch.cli.options import Common, common_options


@click.group("db")
def command() -> None:
    """Upgrade, back up or prune the database.

    \b
    Example:
      linkwatch db backup linkwatch-2026-11-22.db
    """


@command.command("upgrade", short_help="Bring the database to this version's tables.")
@common_options
def upgrade(common: Common) -> int:
    """Bring the database to this version's tables; every command does so by itself.

    \b
    Example:
      linkwatch db upgrade
    """
    from linkwatch.store.database import connect
    from linkwatch.store.schema import HEAD, bring_up_to_date

    with connect(common.settings.database_url) as database:
        before = bring_up_to_date(database)
    if before == HEAD:
        click.echo(f"The database is of version {HEAD} already.")
    else:
        click.echo(f"The database was {f'of version {before}' if before else 'new'}, and is of version {HEAD} now.")
    return 0


@command.command("backup", short_help="Copy the database to FILE.")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@common_options
def backup(common: Common, target: Path) -> int:
    """Copy the database to FILE, or into a folder under a name with the time; a check may go on meanwhile.

    To restore it, stop all that uses the database, delete its -wal and -shm files, which belong to what was there
    before, and put the copy in its place.

    \b
    Example:
      linkwatch db backup linkwatch-2026-11-22.db
    """
    from linkwatch.store.care import backup

    if target.is_dir():
        target /= f"linkwatch-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.db"
    backup(common.settings.database_url, target)
    click.echo(f"Wrote {target}, {target.stat().st_size:,} bytes. How to restore it: linkwatch db backup --help")
    return 0


@command.command("prune", short_help="Purge what may not be kept longer.")
@common_options
def prune(common: Common) -> int:
    """Purge superseded titles and counts that are older than `retention_days`; every check does so by itself.

    So does the end of the log go: of checks that found nothing and of messages that were sent, after a year. What
    happened to a resource stays. This command also writes the file anew, without free space.

    \b
    Example:
      linkwatch db prune
    """
    from linkwatch.report.groups import counted
    from linkwatch.store.care import prune, rebuild
    from linkwatch.store.schema import open_database

    days = common.settings.retention_days
    with open_database(common.settings.database_url) as database, database.write() as connection:
        pruned = prune(connection, now=datetime.now(UTC), retention=timedelta(days=days))
    rebuild(common.settings.database_url)
    click.echo(f"Purged what YouTube told more than {days} days ago from {pruned.told:,} rows; states and times stay.")
    if pruned.log:
        click.echo(f"Deleted {counted(pruned.log, 'row')} of the log: checks, messages and quota days over a year ago.")
    return 0
