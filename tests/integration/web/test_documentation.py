"""docs/dashboard.md tells of every address and every metric, and of no other."""

import re
from pathlib import Path

from integration.web.conftest import Serve
from integration.web.fake_daemon import FakeDaemon
from integration.web.test_metrics import scraped

from linkwatch.web.app import ROUTES

TOLD = (Path(__file__).parents[3] / "docs" / "dashboard.md").read_text("utf-8")
NAMES = {
    "{schedule:path}": "NAME",
    "{kind}": "KIND",
    "{id:path}": "ID",
    "{address:path}": "ADDRESS",
    "{format}": "FORMAT",
}


def cells(heading: str) -> set[str]:
    """What stands in code in the first column of the table under a heading."""
    section = TOLD.partition(f"{heading}\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def test_every_address_is_documented() -> None:
    served = set()
    for address in ROUTES:
        for place, name in NAMES.items():
            address = address.replace(place, name)  # noqa: PLW2901 - the same address, as documented
        served.add(address)
    documented = (cells("# The dashboard") | {address.partition("?")[0] for address in cells("## JSON")}) - {
        "/api/v1/…"
    }
    assert documented == served - {"/login", "/api/v1/openapi.json"}


def test_every_metric_is_documented(serve: Serve, month: FakeDaemon) -> None:
    names = {"linkwatch_info" if name == "linkwatch" else name for name in scraped(serve(month))}
    assert {name for name in cells("## Metrics") if name.startswith("linkwatch_")} == names
