"""`linkwatch plan`."""

from collections import Counter
from datetime import UTC, datetime

import click

from linkwatch.cli.options import Common, allow_empty_option, common_options, lists_argument
from linkwatch.cli.reading import read_named_lists


@click.command("plan")
@lists_argument
@allow_empty_option
@common_options
def command(common: Common, lists: tuple[str, ...], allow_empty: bool) -> int:
    """The calls and quota units a check would cost; no network.

    \b
    Example:
      linkwatch plan README.md
    """
    from linkwatch.check import plan_check
    from linkwatch.store.ledger import quota_day
    from linkwatch.store.schema import open_database

    settings = common.settings
    now = datetime.now(UTC)
    read = read_named_lists(lists, settings, allow_empty=allow_empty)
    database = open_database(settings.database_url, create=False)
    with database.read() as connection:
        day = quota_day(connection, now, settings.quota_per_day)
    keyed = settings.api_key is not None
    plan = plan_check(read.catalogue, database, keyed=keyed, quota_per_day=settings.quota_per_day, now=now)

    click.echo(f"{len(read.catalogue.links):,} links name {len(read.catalogue.links_of):,} resources.")
    if keyed:
        calls = Counter(call.method for call in plan.calls)
        ids: Counter[str] = Counter()
        for call in plan.calls:
            ids[call.method] += len(call.resources)
        for method, number in calls.items():
            click.echo(f"  {method:<27} {number:>7,} calls {ids[method]:>9,} ids")
        click.echo(
            f"Cost: {plan.units:,} quota units, and one for each retry; {day.left:,} of {day.limit:,} are left today."
        )
    else:
        click.echo(f"Without a key: {len(plan.requests):,} oEmbed requests, no quota.")
    for resources, why in (
        (plan.untold, "channels can't be asked about without a key"),
        (plan.unmonitorable, "can't be asked about at all"),
        (plan.left, "would be left for tomorrow: today's quota does not reach"),
    ):
        if resources:
            click.echo(f"  {len(resources):,} {why}")
    return 0
