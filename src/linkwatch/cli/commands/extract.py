"""`linkwatch extract`."""

import csv
import io

import click

from linkwatch.cli.options import CommonOptions, allow_empty_option, common_options
from linkwatch.cli.output import print_text, remark_unless
from linkwatch.services.lists import read_named_lists

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
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["url", "label", "owner", "section"])
    for number, item in enumerate(read.catalogue.links, start=1):
        link = item.link
        rows.writerow([link.url, link.label or "", link.owner or "", link.section or ""])
        if number % _PRINTED_AT_ONCE == 0:
            print_text(text.getvalue())
            text.seek(0)
            text.truncate()
    print_text(text.getvalue())
    return 0
