"""`linkwatch extract`."""

import click

from linkwatch.cli.options import CommonOptions, allow_empty_option, common_options
from linkwatch.cli.output import print_text, remark_unless
from linkwatch.services.lists import read_named_lists
from linkwatch.sources.csv_list import COLUMNS, csv_line, link_cells

_PRINTED_AT_ONCE = 1000
"""Rows; all of a long list would take more memory than its links."""


@click.command("extract")
@click.argument("lists", metavar="FILE...", nargs=-1, required=True)
@allow_empty_option
@common_options
def command(common: CommonOptions, lists: tuple[str, ...], allow_empty: bool) -> int:
    """Print the YouTube links of any text as rows of a CSV list; no network.

    \b
    Example:
      linkwatch extract README.md > resources.csv
    """
    read = read_named_lists(lists, common.settings, allow_empty=allow_empty, remark=remark_unless(common.quiet))
    lines = [csv_line(COLUMNS)]
    for item in read.catalogue.links:
        lines.append(csv_line(link_cells(item.link)))
        if len(lines) == _PRINTED_AT_ONCE:
            print_text("".join(lines))
            lines.clear()
    print_text("".join(lines))
    return 0
