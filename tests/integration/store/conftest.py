from collections.abc import Iterator
from pathlib import Path

import pytest

from linkwatch.store.database import Database
from linkwatch.store.schema import open_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new database in a file of its own."""
    opened = open_database(f"sqlite:///{tmp_path}/linkwatch.db")
    yield opened
    opened.close()
