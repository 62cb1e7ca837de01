from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from integration.daemon.simulated_daemon import DaemonHarness


@pytest.fixture
def harness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., DaemonHarness]]:
    """Makes somebody who keeps daemons in a folder of their own, in which relative names begin."""
    monkeypatch.chdir(tmp_path)
    made: list[DaemonHarness] = []

    def make(*args: Any, **kwargs: Any) -> DaemonHarness:
        made.append(DaemonHarness(tmp_path, *args, **kwargs))
        return made[-1]

    yield make
    for each in made:
        each.close()
