from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import url_of

from linkwatch.store.database import Database
from linkwatch.store.schema import open_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new database of its own."""
    opened = open_database(url_of(tmp_path / "linkwatch.db"))
    yield opened
    opened.close()
