"""`linkwatch plan`."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from linkwatch.cli.options import CommonOptions, allow_empty_option, common_options, inside_option, lists_argument
from linkwatch.cli.output import print_lines, remark_unless
from linkwatch.services.lists import read_named_lists

if TYPE_CHECKING:
    from linkwatch.services.plan import CostEstimate, SecondCalls


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
    check, inspections = estimate.check, estimate.inspections
    print_lines([f"{counted(len(catalogue.links), 'link')}, {counted(len(catalogue.links_of), 'resource')}."])
    if settings.api_key is None:
        print_lines([f"Without a key: {counted(len(check.requests), 'oEmbed request')}, no quota."])
    else:
        print_lines(_costs(estimate))
    unaskable = len(check.unmonitorable) - len(estimate.names.names) - estimate.names.postponed
    for resources, why in (
        (check.needs_key, "without a key a channel can't be checked"),
        (unaskable, "nothing can be asked about it"),
        (check.postponed, "today's quota does not suffice"),
        (estimate.names.postponed, "a custom channel URL waits: half of the day's units are reserved for checks"),
        (inspections.postponed, "not inspected today: half of the day's units are reserved for checks"),
    ):
        number = resources if isinstance(resources, int) else len(resources)
        if number:
            print_lines([f"  Not asked: {counted(number, 'resource')}; {why}."])
    return 0


def _costs(estimate: "CostEstimate") -> Iterator[str]:
    from linkwatch.planner.calls import Method
    from linkwatch.text import counted

    quota, names, second = estimate.quota, estimate.names, estimate.second
    calls, ids = Counter[str](), Counter[str]()
    for call in estimate.check.calls:
        calls[call.method] += 1
        ids[call.method] += len(call.resources)
    for single in (Method.HANDLE, Method.USERNAME):
        number = len(names.names) + (estimate.left_handles if single is Method.HANDLE else 0)
        calls[single] += number
        ids[single] += number
    for method, number in calls.items():
        if number:
            yield f"  {method:<27} {counted(number, 'call'):>12} {counted(ids[method], 'id'):>14}"
    left = f"{quota.left:,} of {quota.limit:,} are left today"
    yield f"Cost: {counted(estimate.units, 'quota unit')}, and one for each retry; {left}."
    if names.names:
        urls = counted(len(names.names), "custom channel URL")
        yield f"  Of these {counted(names.units, 'unit')} for {urls}, not again for 30 days."
    if second.units:
        yield f"At most {counted(second.units, 'quota unit')} more: {_second(second)}."
    inspections = estimate.inspections
    if inspections.inspections:
        playlists = counted(len(inspections.inspections), "playlist")
        units = counted(inspections.units, "quota unit")
        if any(each.item_count is None for each in inspections.inspections):
            units = f"at least {units}, as no check has counted their videos"
        yield f"Inspections: {playlists}, {units}; more if other playlists have changed or videos have left."


def _second(second: "SecondCalls") -> str:
    reasons = (
        (second.channels, "if channels are missing that no check has found yet"),
        (second.handles, "if handles have left their channels"),
        (second.owners, "if playlists or videos of one channel go missing together"),
    )
    return ", ".join(f"{units:,} {why}" for units, why in reasons if units)
