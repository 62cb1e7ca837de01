"""`linkwatch demo`."""

import click

from linkwatch.cli.options import CommonOptions, common_options


@click.command("demo")
@common_options
def command(common: CommonOptions) -> int:
    """A month in the life of a list, on a simulated YouTube: no key, no network, and nothing is left behind.

    \b
    Example:
      linkwatch demo
    """
    from linkwatch.cli.demo import play_month

    play_month(common.settings)
    return 0
