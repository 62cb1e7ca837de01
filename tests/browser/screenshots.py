"""`make screenshots`: the pictures of the README, of the simulated month as its dashboard shows it."""

import tempfile
from pathlib import Path

from browser.conftest import CHROMIUM
from integration.web.fake_daemon import empty_daemon, played_month

from linkwatch.web.server import Dashboard

FOLDER = Path(__file__).parents[2] / "docs" / "images"
WIDTH, HEIGHT = 1040, 800
PICTURES = {
    "overview": "/",
    "resource": "/resources/playlist/PLO1y6V1SXjjMTg1tzxMo_9BjZfed9SyLb",
}
"""File and page."""


def main() -> None:
    """Take them all."""
    from playwright.sync_api import ViewportSize, sync_playwright  # noqa: PLC0415 - the tests are collected without it

    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        daemon = played_month(empty_daemon(Path(folder)))
        # Without the sandbox, which a container's root is refused: it opens nothing but our own pages.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with daemon.database, Dashboard(daemon, "127.0.0.1:0", None, daemon.clock) as dashboard:
            page = browser.new_page(base_url=dashboard.url, viewport=ViewportSize(width=WIDTH, height=HEIGHT))
            for name, path in PICTURES.items():
                page.goto(path)
                page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
