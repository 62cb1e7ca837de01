"""Write what docs/ and the README say of rules, settings and embeds, from the code: `make docs-reference`."""

import re
from pathlib import Path

from linkwatch.report.reference import rules_page, rules_table
from linkwatch.settings.reference import TABLE_HEAD, settings_table
from linkwatch.sources.embeds import SYNTAXES

ROOT = Path(__file__).parents[1]
RULES_PAGE = ROOT / "docs" / "rules.md"
EMBEDS_PAGE = ROOT / "docs" / "embeds.md"
README = ROOT / "README.md"

_RULES = re.compile(r"\| rule \| level \| fires when \|\n(\|.*\n)+")
_SETTINGS = re.compile(rf"{re.escape(TABLE_HEAD)}\n(\|.*\n)+")


def readme_with_tables(readme: str) -> str:
    """The README with the tables of the rules and settings as they are."""
    readme = _RULES.sub(lambda _: f"{rules_table()}\n", readme)
    return _SETTINGS.sub(lambda _: f"{settings_table()}\n", readme)


_ABOUT_EMBEDS = """\
# Ids without a URL

Sites embed videos by their ids, without a URL. linkwatch reads the syntaxes below: an id is a link where a syntax
says so, and has the shape of an id of YouTube (`ID`: 11 characters of a video; `PLAYLIST`: `PL…`, `UU…`, `OLAK5uy_…`;
`CHANNEL`: `UC…`). Each is reported at its place, with the label that stands in the tag or block (`title`, `label`,
`caption`), in any order. The JSON report names the syntax (`syntax`), and `linkwatch fix` leaves such ids as they
are.

What only looks like one is none: templates (`{{ page.id }}`), words (`youtube: programming`), names of accounts
(`youtube:` beside `twitter:` or `github:`), and what Markdown shows as code or hides in a comment, but for directives
and chunks that are run. Patterns of your own are the setting `embeds`:

```toml
embeds = ['!video\\((?P<video>[\\w-]+)\\)']
```

This page is written from `src/linkwatch/sources/embeds.py` by `make docs-reference`.

| `syntax` | read by | examples |
|---|---|---|
"""


def embeds_page() -> str:
    """The page of the syntaxes in which an id is a link."""
    rows = []
    for syntax in SYNTAXES:
        if syntax.examples:
            shown = "<br>".join(map(_code, syntax.examples))
            rows.append(f"| {syntax.name} | {syntax.used_by} | {shown} |\n")
    return _ABOUT_EMBEDS + "".join(rows)


def _code(example: str) -> str:
    """An example in a cell of a table, where a line end is shown as `⏎`."""
    text = example.replace("|", "\\|").replace("\n", " ⏎ ")
    ticks = "``" if "`" in text else "`"
    ticks += "`" * (text.count("```") > 0) * 2
    space = " " if "`" in text else ""
    return f"{ticks}{space}{text}{space}{ticks}"


if __name__ == "__main__":
    RULES_PAGE.write_text(rules_page(), "utf-8")
    EMBEDS_PAGE.write_text(embeds_page(), "utf-8")
    README.write_text(readme_with_tables(README.read_text("utf-8")), "utf-8")
