"""`linkwatch demo`."""

import click

from linkwatch.cli.options import CommonOptions, common_options


@click.command("demo")
@click.option("--dashboard", is_flag=True, help="Show the month in the dashboard, until Ctrl-C.")
@click.option("--bind", metavar="HOST:PORT", help="Address of the dashboard [default: 127.0.0.1:8440].")
@common_options
def command(common: CommonOptions, dashboard: bool, bind: str | None) -> int:
    """Simulate a month of daily checks; no key, no network, and no files are left behind.

    \b
    Example:
      linkwatch demo
      linkwatch demo --dashboard
    """
    from linkwatch.cli.demo import play_month, show_month

    if dashboard:
        show_month(common.settings, bind or common.settings.bind, quiet=common.quiet)
    else:
        play_month(common.settings)
    return 0
