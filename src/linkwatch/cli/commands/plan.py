"""`linkwatch plan`."""

from collections import Counter
from datetime import UTC, datetime

import click

from linkwatch.cli.options import CommonOptions, allow_empty_option, common_options, inside_option, lists_argument
from linkwatch.cli.output import remark_unless
from linkwatch.services.lists import read_named_lists


@click.command("plan")
@lists_argument
@inside_option
@allow_empty_option
@common_options
def command(common: CommonOptions, lists: tuple[str, ...], allow_empty: bool) -> int:
    """Print the calls and quota units that a check would cost; no network.

    \b
    Example:
      linkwatch plan README.md
    """
    from linkwatch.services.plan import estimate_cost
    from linkwatch.text import counted

    settings = common.settings
    catalogue = read_named_lists(lists, settings, allow_empty=allow_empty, remark=remark_unless(common.quiet)).catalogue
    estimate = estimate_cost(catalogue, settings, datetime.now(UTC))
    check, inspections, quota = estimate.check, estimate.inspections, estimate.quota
    click.echo(f"{counted(len(catalogue.links), 'link')}, {counted(len(catalogue.links_of), 'resource')}.")
    if settings.api_key is None:
        click.echo(f"Without a key: {counted(len(check.requests), 'oEmbed request')}, no quota.")
    else:
        calls, ids = Counter[str](), Counter[str]()
        for call in check.calls:
            calls[call.method] += 1
            ids[call.method] += len(call.resources)
        for method, number in calls.items():
            click.echo(f"  {method:<27} {counted(number, 'call'):>12} {counted(ids[method], 'id'):>14}")
        left = f"{quota.left:,} of {quota.limit:,} are left today"
        click.echo(f"Cost: {counted(check.units, 'quota unit')}, and one for each retry; {left}.")
        if inspections.inspections:
            playlists = counted(len(inspections.inspections), "playlist")
            units = counted(inspections.units, "quota unit")
            click.echo(f"Inspections: {playlists}, {units}; more if other playlists have changed.")
    for resources, why in (
        (check.needs_key, "without a key a channel can't be checked"),
        (check.unmonitorable, "nothing can be asked about it"),
        (check.postponed, "today's quota does not suffice"),
        (inspections.postponed, "not inspected today: half of the day's units are reserved for checks"),
    ):
        if resources:
            click.echo(f"  Not asked: {counted(len(resources), 'resource')}; {why}.")
    return 0
