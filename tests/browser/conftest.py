"""A real browser: Debian's Chromium, driven by Playwright, which only these tests need."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from linkwatch.report.formats.html import render
from linkwatch.report.model import Report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request

CHROMIUM = "/usr/bin/chromium"


@dataclass(frozen=True)
class Opened:
    """A page in the browser, and what it did of which nobody should see anything."""

    page: "Page"
    requests: list[str] = field(default_factory=list)
    """Addresses asked for, beyond the page itself."""

    remarks: list[str] = field(default_factory=list)
    """What came to the console, and errors."""

    dialogs: list[str] = field(default_factory=list)


Open = Callable[..., Opened]
WIDTHS = (360, 800, 1400)
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")

AXE_OPTIONS: dict[str, Any] = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""Every rule that is on by default, and the size of what is clicked."""


def violations(opened: Opened) -> list[tuple[str, str]]:
    """What axe-core finds wrong with the page as it is shown now: its rules, and the first element of each."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - `make test` collects this without it

    found = Axe().run(opened.page, options=AXE_OPTIONS).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"][:300]) for rule in found]


def sideways_scroll(opened: Opened) -> int:
    """By how many pixels one could scroll to the side."""
    script = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(opened.page.evaluate(script))


def assert_everybody_can_use(opened: Opened, what: str = "") -> None:
    """At each width, light and dark, the page breaks none of axe-core's rules, fits, and stays quiet."""
    for width in WIDTHS:
        opened.page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            opened.page.emulate_media(color_scheme=scheme)
            place = (what, width, scheme)
            assert (*place, violations(opened), sideways_scroll(opened)) == (*place, [], 0)
    assert (what, opened.remarks, opened.dialogs) == (what, [], [])


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One for all tests; each page is a new one."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - `make test` collects this without Playwright

    with sync_playwright() as playwright:
        # Without the sandbox, which a container's root is refused: it opens nothing but our own pages.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_report(browser: "Browser", tmp_path: Path) -> Iterator[Open]:
    """Write a report to a file and open it: `open_report(report, width=360, color_scheme="dark")`."""
    contexts: list[BrowserContext] = []

    def opened(report: Report, *, width: int = 1280, color_scheme: Literal["light", "dark"] = "light") -> Opened:
        file = tmp_path / f"{len(contexts)}.html"
        file.write_text(render(report), "utf-8")
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=color_scheme)
        contexts.append(context)
        opened = watched(context.new_page(), file.as_uri())
        opened.page.goto(file.as_uri())
        return opened

    yield opened
    for context in contexts:
        context.close()


def watched(page: "Page", address: str) -> Opened:
    """The page, and a list of whatever it should not do."""
    opened = Opened(page)

    def dismiss(dialog: "Dialog") -> None:
        opened.dialogs.append(dialog.message)
        dialog.dismiss()

    def note(request: "Request") -> None:
        if request.url != address:
            opened.requests.append(request.url)

    page.on("request", note)
    page.on("console", lambda message: opened.remarks.append(message.text))
    page.on("pageerror", lambda error: opened.remarks.append(str(error)))
    page.on("dialog", dismiss)
    return opened
