"""`linkwatch daemon`."""

from contextlib import AbstractContextManager, nullcontext
from functools import partial

import click

from linkwatch.cli.crash import report_bug
from linkwatch.cli.options import common_options_unread, lists_argument
from linkwatch.cli.streams import log_time
from linkwatch.settings import load_settings


@click.command("daemon")
@lists_argument
@click.option("--bind", metavar="HOST:PORT", help="Address of the dashboard [default: 127.0.0.1:8440].")
@click.option("--workers", is_flag=True, help="Let `linkwatch worker` processes make the calls of the checks.")
@common_options_unread
def command(
    lists: tuple[str, ...], bind: str | None, workers: bool, config: str | None, database: str | None, quiet: bool
) -> int:
    """Run scheduler, notifications and dashboard in one process.

    It checks the lists of the settings, or those that are named here, on their schedules, and stays in the foreground.
    SIGHUP reloads the settings; SIGTERM and Ctrl-C stop it, and the answers received so far are kept.

    \b
    Example:
      linkwatch daemon
      linkwatch daemon README.md courses/ --bind 127.0.0.1:9000
    """
    from linkwatch.cli.commands.worker import needing_workers
    from linkwatch.clock import utc_now
    from linkwatch.daemon.context import DaemonContext
    from linkwatch.daemon.process import run_daemon
    from linkwatch.web.server import Dashboard

    load = partial(load_settings, config=config, database=database, bind=bind)
    settings = load()

    def say(line: str) -> None:
        if not quiet:
            click.echo(f"{log_time(utc_now())}{line}", err=True)

    alone = DaemonContext(log=say, on_bug=report_bug)
    opening: AbstractContextManager[DaemonContext] = nullcontext(alone)
    if workers:
        with needing_workers():
            from linkwatch.workers.start import with_workers
        opening = with_workers(settings, alone)
    with opening as context:
        run_daemon(
            settings,
            lists,
            load=load,
            context=context,
            dashboard=lambda daemon: Dashboard(
                daemon,
                settings.bind,
                settings.dashboard_token,
                utc_now,
                trusted_proxies=settings.trusted_proxies,
            ),
        )
    return 0
