"""`linkwatch db`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linkwatch.cli.options import CommonOptions, common_options
from linkwatch.cli.output import print_lines, print_remark
from linkwatch.cli.progress import progress_bars

if TYPE_CHECKING:
    from linkwatch.services.database import CopyResult


@click.group("db")
def command() -> None:
    """Upgrade, back up, prune or copy the database.

    \b
    Example:
      linkwatch db backup linkwatch-2026-11-22.db
    """


@command.command("upgrade", short_help="Bring the tables to this version.")
@common_options
def upgrade(common: CommonOptions) -> int:
    """Bring the tables to this version. Every command does this when it opens the database.

    \b
    Example:
      linkwatch db upgrade
    """
    from linkwatch.services.database import upgrade

    upgraded = upgrade(common.settings)
    if upgraded.before == upgraded.now:
        print_lines([f"The database already has version {upgraded.now}."])
    elif upgraded.before is None:
        print_lines([f"The database was new; it now has version {upgraded.now}."])
    else:
        print_lines([f"The database had version {upgraded.before}; it now has version {upgraded.now}."])
    return 0


@command.command("backup", short_help="Copy the database to FILE.")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@common_options
def backup(common: CommonOptions, target: Path) -> int:
    """Copy an SQLite database to FILE, or into a folder under a name with the time. A check may run meanwhile.

    To restore a backup, stop everything that uses the database, delete its -wal and -shm files, which belong to the
    old content, and put the backup in its place.

    \b
    Example:
      linkwatch db backup linkwatch-2026-11-22.db
    """
    from linkwatch.services.database import back_up

    file = back_up(common.settings, target, datetime.now(UTC))
    print_lines([f"Wrote {file}, {file.stat().st_size:,} bytes. How to restore it: linkwatch db backup --help"])
    return 0


@command.command("prune", short_help="Purge what may not be kept longer.")
@common_options
def prune(common: CommonOptions) -> int:
    """Purge replaced titles and counts that are older than `retention_days`. Every check does this too.

    The log is shortened as well: checks without findings and messages that were sent are deleted after a year. The
    events of a resource stay. This command also rewrites an SQLite file without its free space.

    \b
    Example:
      linkwatch db prune
    """
    from linkwatch.services.database import prune
    from linkwatch.text import counted

    days = common.settings.retention_days
    pruned = prune(common.settings, datetime.now(UTC))
    lines = [
        f"Purged YouTube's data of more than {days} days ago from {pruned.data_rows:,} rows; states and times stay."
    ]
    if pruned.log_rows:
        rows = counted(pruned.log_rows, "row")
        lines.append(f"Deleted {rows} of the log: checks, messages and quota days over a year old.")
    print_lines(lines)
    return 0


@command.command("copy", short_help="Copy everything into another database.")
@click.option("--from", "source", metavar="URL", help="The database to copy [default: that of the settings].")
@click.option("--to", "target", metavar="URL", required=True, help="An empty database, or a copy that was cut off.")
@common_options
def copy(common: CommonOptions, source: str | None, target: str) -> int:
    """Copy everything into another database, SQLite or PostgreSQL, and compare the two row by row.

    Stop the daemon first; a check that wants to write waits. The source is not changed. Until every row is compared, no
    command works with the new database. Run the same command again to resume a copy that was cut off. A password need
    not be in the URL: PGPASSWORD or ~/.pgpass may hold it.

    \b
    Example:
      linkwatch db copy --from sqlite:///linkwatch.db --to postgresql://user@host/linkwatch
    """
    from linkwatch.services.database import copy
    from linkwatch.settings import normalized_database_url

    with progress_bars(shown=not common.quiet) as progress:
        copied = copy(
            common.settings.database_url if source is None else normalized_database_url(source),
            normalized_database_url(target),
            now=datetime.now(UTC),
            progress=partial(progress, "Copying and comparing"),
        )
    if not common.quiet:
        for remark in _remarks(copied.result):
            print_remark(remark)
    print_lines([f"Copied {copied.source} to {copied.target}; every row was compared:"])
    for table, rows in copied.result.rows.items():
        click.echo(f"  {table:<14}{rows:>12,}")
    print_lines([f"From now on: export LINKWATCH_DATABASE_URL={copied.target}"])
    return 0


def _remarks(copied: "CopyResult") -> Iterator[str]:
    from linkwatch.text import counted

    if copied.restarted:
        yield "The source has changed since an earlier attempt: everything was copied again."
    elif copied.arrived:
        yield f"An earlier attempt had already copied {counted(copied.arrived, 'row')}."
    if copied.rows_with_nul:
        changed = counted(copied.rows_with_nul, "row")
        yield f"PostgreSQL can't store NUL characters: {changed} have \N{REPLACEMENT CHARACTER} in their place."
    if (since := copied.unfinished_since) is not None:
        yield (
            f"The check of {since:%Y-%m-%d %H:%M} UTC has not ended. If it is still running, its further results are"
            " not copied: wait for its end, and copy into an empty database."
        )
