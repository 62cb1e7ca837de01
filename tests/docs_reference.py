"""Write what docs/ and the README say of the rules, from the registry: `make docs-reference`."""

import re
from pathlib import Path

from linkwatch.report.reference import rules_page, rules_table

ROOT = Path(__file__).parents[1]
RULES_PAGE = ROOT / "docs" / "rules.md"
README = ROOT / "README.md"

_TABLE = re.compile(r"\| rule \| level \| fires when \|\n(\|.*\n)+")


def readme_with_rules(readme: str) -> str:
    """The README with the table of the rules as they are."""
    return _TABLE.sub(lambda _: f"{rules_table()}\n", readme)


if __name__ == "__main__":
    RULES_PAGE.write_text(rules_page(), "utf-8")
    README.write_text(readme_with_rules(README.read_text("utf-8")), "utf-8")
