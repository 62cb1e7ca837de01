"""`linkwatch demo`."""

import click

from linkwatch.cli.options import CommonOptions, common_options


@click.command("demo")
@common_options
def command(common: CommonOptions) -> int:
    """Simulate a month of daily checks; no key, no network, and no files are left behind.

    \b
    Example:
      linkwatch demo
    """
    from linkwatch.cli.demo import play_month

    play_month(common.settings)
    return 0
