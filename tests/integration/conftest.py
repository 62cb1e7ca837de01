from collections.abc import Iterator

import pytest
from integration.check.harness import OPEN_HARNESSES


@pytest.fixture(autouse=True)
def _close_databases() -> Iterator[None]:
    """Python warns of a database that nobody closed, and warnings are errors."""
    yield
    while OPEN_HARNESSES:
        OPEN_HARNESSES.pop().database.close()
