"""`linkwatch plan`."""

from collections import Counter
from datetime import UTC, datetime

import click

from linkwatch.cli.options import CommonOptions, allow_empty_option, common_options, inside_option, lists_argument
from linkwatch.services.lists import read_named_lists


@click.command("plan")
@lists_argument
@inside_option
@allow_empty_option
@common_options
def command(common: CommonOptions, lists: tuple[str, ...], allow_empty: bool) -> int:
    """The calls and quota units a check would cost; no network.

    \b
    Example:
      linkwatch plan README.md
    """
    from linkwatch.planner.inspections import InspectionPlan
    from linkwatch.services.plan import plan_check, plan_inspections_of
    from linkwatch.store.quota import load_quota_day
    from linkwatch.store.schema import open_database
    from linkwatch.text import counted

    settings = common.settings
    now = datetime.now(UTC)
    read = read_named_lists(lists, settings, allow_empty=allow_empty)
    keyed = settings.api_key is not None
    with open_database(settings.database_url, create=False) as database:
        with database.read() as connection:
            day = load_quota_day(connection, now, settings.quota_per_day)
        plan = plan_check(read.catalogue, database, keyed=keyed, quota_per_day=settings.quota_per_day, now=now)
        inside = plan_inspections_of(read.catalogue, database, settings, plan.units, now) if keyed else InspectionPlan()

    named = counted(len(read.catalogue.links_of), "resource")
    click.echo(f"{counted(len(read.catalogue.links), 'link')}, {named}.")
    if keyed:
        calls = Counter(call.method for call in plan.calls)
        ids: Counter[str] = Counter()
        for call in plan.calls:
            ids[call.method] += len(call.resources)
        for method, number in calls.items():
            click.echo(f"  {method:<27} {counted(number, 'call'):>12} {counted(ids[method], 'id'):>14}")
        left = f"{day.left:,} of {day.limit:,} are left today"
        click.echo(f"Cost: {counted(plan.units, 'quota unit')}, and one for each retry; {left}.")
        if inside.inspections:
            looks = counted(len(inside.inspections), "playlist")
            click.echo(f"Looks inside: {looks}, {counted(inside.units, 'quota unit')}; more where something moved.")
    else:
        click.echo(f"Without a key: {counted(len(plan.requests), 'oEmbed request')}, no quota.")
    for resources, why in (
        (plan.needs_key, "a channel can't be asked about without a key"),
        (plan.unmonitorable, "nobody can ask about it"),
        (plan.postponed, "today's quota does not reach"),
        (inside.postponed, "not looked into today: half of the day's units are for checks"),
    ):
        if resources:
            click.echo(f"  Not asked: {counted(len(resources), 'resource')}; {why}.")
    return 0
