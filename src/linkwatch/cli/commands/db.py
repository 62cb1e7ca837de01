"""`linkwatch db`."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linkwatch.cli.options import CommonOptions, common_options
from linkwatch.cli.progress import progress_bar

if TYPE_CHECKING:
    from linkwatch.store.copy import CopyResult


@click.group("db")
def command() -> None:
    """Upgrade, back up, prune or copy the database.

    \b
    Example:
      linkwatch db backup linkwatch-2026-11-22.db
    """


@command.command("upgrade", short_help="Bring the database to this version's tables.")
@common_options
def upgrade(common: CommonOptions) -> int:
    """Bring the database to this version's tables; every command does so by itself.

    \b
    Example:
      linkwatch db upgrade
    """
    from linkwatch.store.database import connect
    from linkwatch.store.schema import HEAD, upgrade_database

    with connect(common.settings.database_url) as database:
        before = upgrade_database(database)
    if before == HEAD:
        click.echo(f"The database is of version {HEAD} already.")
    else:
        click.echo(f"The database was {f'of version {before}' if before else 'new'}, and is of version {HEAD} now.")
    return 0


@command.command("backup", short_help="Copy the database to FILE.")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@common_options
def backup(common: CommonOptions, target: Path) -> int:
    """Copy the database to FILE, or into a folder under a name with the time; a check may go on meanwhile.

    To restore it, stop all that uses the database, delete its -wal and -shm files, which belong to what was there
    before, and put the copy in its place.

    \b
    Example:
      linkwatch db backup linkwatch-2026-11-22.db
    """
    from linkwatch.store.backup import backup

    if target.is_dir():
        target /= f"linkwatch-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.db"
    backup(common.settings.database_url, target)
    click.echo(f"Wrote {target}, {target.stat().st_size:,} bytes. How to restore it: linkwatch db backup --help")
    return 0


@command.command("prune", short_help="Purge what may not be kept longer.")
@common_options
def prune(common: CommonOptions) -> int:
    """Purge superseded titles and counts that are older than `retention_days`; every check does so by itself.

    So does the end of the log go: of checks that found nothing and of messages that were sent, after a year. What
    happened to a resource stays. This command also writes the file anew, without free space.

    \b
    Example:
      linkwatch db prune
    """
    from linkwatch.store.backup import vacuum
    from linkwatch.store.retention import purge
    from linkwatch.store.schema import open_database
    from linkwatch.text import counted

    days = common.settings.retention_days
    with open_database(common.settings.database_url) as database, database.write() as connection:
        pruned = purge(connection, now=datetime.now(UTC), retention=timedelta(days=days))
    vacuum(common.settings.database_url)
    click.echo(
        f"Purged what YouTube told more than {days} days ago from {pruned.data_rows:,} rows; states and times stay."
    )
    if pruned.log_rows:
        click.echo(
            f"Deleted {counted(pruned.log_rows, 'row')} of the log: checks, messages and quota days over a year ago."
        )
    return 0


@command.command("copy", short_help="Move everything into another database.")
@click.option("--from", "source", metavar="URL", help="Where it is [default: the database of the settings].")
@click.option("--to", "target", metavar="URL", required=True, help="An empty database, or what was left half-way.")
@common_options
def copy(common: CommonOptions, source: str | None, target: str) -> int:
    """Move everything into another database, SQLite's or PostgreSQL's, and compare it row by row.

    The daemon has to be stopped first; a check that wants to write waits. What is copied from stays as it is. Until
    all is compared, no command works with the new database. A copy that was cut off goes on with the same command.
    A password need not be in the address: PGPASSWORD or ~/.pgpass may hold it.

    \b
    Example:
      linkwatch db copy --from sqlite:///linkwatch.db --to postgresql://user@host/linkwatch
    """
    from linkwatch.settings import normalized_database_url
    from linkwatch.store.copy import copy_database
    from linkwatch.store.database import connect, redacted_url

    source = common.settings.database_url if source is None else normalized_database_url(source)
    target = normalized_database_url(target)
    with (
        connect(source, create=False) as old,
        connect(target) as new,
        progress_bar(shown=not common.quiet, label="Copying and comparing") as progress,
    ):
        copied = copy_database(old, new, now=datetime.now(UTC), progress=progress)
    if not common.quiet:
        for remark in _remarks(copied):
            click.echo(remark, err=True)
    click.echo(f"Copied {redacted_url(source)} to {redacted_url(target)}; every row was compared:")
    for table, rows in copied.rows.items():
        click.echo(f"  {table:<14}{rows:>12,}")
    click.echo(f"From now on: export LINKWATCH_DATABASE_URL={redacted_url(target)}")
    return 0


def _remarks(copied: "CopyResult") -> Iterator[str]:
    from linkwatch.text import counted

    if copied.restarted:
        yield "What an earlier attempt had copied has changed since: it was copied anew."
    elif copied.arrived:
        yield f"An earlier attempt had copied {counted(copied.arrived, 'row')} already."
    if copied.rows_with_nul:
        changed = counted(copied.rows_with_nul, "row")
        yield f"A NUL, which PostgreSQL can't hold, became \N{REPLACEMENT CHARACTER} in {changed}."
    if (since := copied.unfinished_since) is not None:
        yield (
            f"The check of {since:%Y-%m-%d %H:%M} UTC has not ended. If it still runs, what it learns from now on stays"
            " behind: wait for its end, and copy into an empty database."
        )
