"""A simulated YouTube for the tests of programs that use linkwatch.

    def test_my_list(fake_youtube: FakeYouTube, tmp_path: Path) -> None:
        fake_youtube.add(SimVideo("aB3dE5gH7jI", "A talk"))
        report = linkwatch.check([...], settings=..., transport=fake_youtube.transport)

pytest finds the fixture by itself when linkwatch is installed.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx

    from linkwatch.simulator.entities import SimChannel, SimPlaylist, SimVideo

__all__ = ["FakeYouTube", "SimChannel", "SimPlaylist", "SimVideo", "fake_youtube"]

_ENTITIES = frozenset({"SimChannel", "SimPlaylist", "SimVideo"})


class FakeYouTube:
    """A YouTube without a network: whatever was not added does not exist."""

    def __init__(self) -> None:
        # Here, not above: pytest loads this module in every project, and few of their tests use it.
        from linkwatch.simulator.world import World  # noqa: PLC0415
        from linkwatch.simulator.youtube import SimulatedYouTube  # noqa: PLC0415

        self._world = World()
        self._youtube = SimulatedYouTube(self._world, lambda: datetime.now(UTC))

    def add(self, *entities: "SimChannel | SimPlaylist | SimVideo") -> None:
        """Add channels, playlists and videos, which are available."""
        self._world.add(*entities)

    def delete(self, id_: str) -> None:
        """Delete a playlist or a video.

        Raises:
            KeyError: It was not added.
        """
        self._world.delete(id_, datetime.now(UTC))

    def make_private(self, id_: str) -> None:
        """Make a playlist or a video private.

        Raises:
            KeyError: It was not added.
        """
        self._world.make_private(id_, datetime.now(UTC))

    @property
    def transport(self) -> "httpx.BaseTransport":
        """For `linkwatch.check`: it answers as YouTube would."""
        import httpx  # noqa: PLC0415 - as above

        return httpx.MockTransport(self._youtube)


@pytest.fixture(name="fake_youtube")
def fake_youtube() -> FakeYouTube:
    """A YouTube of this test alone, in which nothing exists yet."""
    return FakeYouTube()


def __getattr__(name: str) -> object:
    if name in _ENTITIES:
        from linkwatch.simulator import entities  # noqa: PLC0415 - as above

        return getattr(entities, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
