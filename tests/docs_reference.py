"""Write what docs/ and the README say of the rules and settings, from where they are defined: `make docs-reference`."""

import re
from pathlib import Path

from linkwatch.report.reference import rules_page, rules_table
from linkwatch.settings.reference import TABLE_HEAD, settings_table

ROOT = Path(__file__).parents[1]
RULES_PAGE = ROOT / "docs" / "rules.md"
README = ROOT / "README.md"

_RULES = re.compile(r"\| rule \| level \| fires when \|\n(\|.*\n)+")
_SETTINGS = re.compile(rf"{re.escape(TABLE_HEAD)}\n(\|.*\n)+")


def readme_with_tables(readme: str) -> str:
    """The README with the tables of the rules and settings as they are."""
    readme = _RULES.sub(lambda _: f"{rules_table()}\n", readme)
    return _SETTINGS.sub(lambda _: f"{settings_table()}\n", readme)


if __name__ == "__main__":
    RULES_PAGE.write_text(rules_page(), "utf-8")
    README.write_text(readme_with_tables(README.read_text("utf-8")), "utf-8")
