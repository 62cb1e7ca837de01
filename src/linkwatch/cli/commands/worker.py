"""`linkwatch worker`."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import click

from linkwatch.cli.crash import report_bug
from linkwatch.cli.options import common_options_unread, lists_argument
from linkwatch.cli.streams import log_time
from linkwatch.errors import UsageError
from linkwatch.settings import load_settings

_PACKAGES = {"procrastinate", "psycopg", "psycopg_pool"}


@contextmanager
def needing_workers() -> Iterator[None]:
    """Around imports of what only the extra `cluster` brings.

    Raises:
        UsageError: It is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in _PACKAGES:
            raise
        raise UsageError(
            "what workers need is not installed", remedy="Install it: pip install 'linkwatch[cluster]'"
        ) from None


@click.command("worker")
@lists_argument
@click.option(
    "--concurrency", type=click.IntRange(1, 64), default=8, show_default=True, metavar="N", help="Calls at once."
)
@click.option("--no-plan", is_flag=True, help="Make calls only, as on a host that does not have the lists.")
@common_options_unread
def command(
    lists: tuple[str, ...], concurrency: int, no_plan: bool, config: str | None, database: str | None, quiet: bool
) -> int:
    """Share the calls of each check with others, on PostgreSQL.

    Every minute one of the workers plans what is due by the schedules of the lists; all of them make calls, on any
    number of hosts, within one daily quota. SIGTERM and Ctrl-C stop a worker once its calls are done; the calls of one
    that was killed are made by others.

    \b
    Example:
      linkwatch worker --database postgresql://linkwatch@db/linkwatch
      linkwatch worker --no-plan --concurrency 16
    """
    from linkwatch.clock import utc_now
    from linkwatch.daemon.context import DaemonContext

    with needing_workers():
        from linkwatch.workers.start import run_worker

    if no_plan and lists:
        raise UsageError("a worker that does not plan has no use for lists", remedy="Leave out either.")
    load = partial(load_settings, config=config, database=database)

    def say(line: str) -> None:
        if not quiet:
            click.echo(f"{log_time(utc_now())}{line}", err=True)

    run_worker(
        load(),
        lists,
        concurrency=concurrency,
        plans=not no_plan,
        load=load,
        context=DaemonContext(log=say, on_bug=report_bug),
    )
    return 0
