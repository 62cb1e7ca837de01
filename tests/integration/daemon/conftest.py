from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from integration.daemon.simulated_daemon import Keeper


@pytest.fixture
def keeper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Keeper]]:
    """Makes somebody who keeps daemons in a folder of their own, in which relative names begin."""
    monkeypatch.chdir(tmp_path)
    made: list[Keeper] = []

    def make(*args: Any, **kwargs: Any) -> Keeper:
        made.append(Keeper(tmp_path, *args, **kwargs))
        return made[-1]

    yield make
    for each in made:
        each.close()
