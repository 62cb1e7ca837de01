"""`linkwatch extract`."""

import csv
import io

import click

from linkwatch.cli.options import CommonOptions, allow_empty_option, common_options
from linkwatch.cli.output import print_text, remark_unless
from linkwatch.services.lists import read_named_lists


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
    for item in read.catalogue.links:
        link = item.link
        rows.writerow([link.url, link.label or "", link.owner or "", link.section or ""])
    print_text(text.getvalue())
    return 0
