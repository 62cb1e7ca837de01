"""`linkwatch public`."""

import click

from linkwatch.cli.options import CommonOptions, common_options


@click.command("public")
@click.argument("lists", metavar="[LIST]...", nargs=-1)
@click.option("--renew", multiple=True, metavar="NAME", help="Give this list a new secret address; repeatable.")
@common_options
def command(common: CommonOptions, lists: tuple[str, ...], renew: tuple[str, ...]) -> int:
    """Print the addresses of the public pages of lists: badge, feed, status page, for people without the token.

    The setting `public` names the pages of each list; none is public by default. Where the daemon is started with
    LISTs, name the same ones. After --renew the former secret addresses are no longer valid.

    \b
    Example:
      linkwatch public
      linkwatch public --renew courses
    """
    from linkwatch.daemon.schedules import schedules_of
    from linkwatch.services.public import describe_public_pages
    from linkwatch.services.stored_lists import stored_lists_of

    schedules = schedules_of(common.settings, lists, stored_lists_of(common.settings.database_url))
    for line in describe_public_pages(common.settings, schedules, renew):
        click.echo(line)
    return 0
