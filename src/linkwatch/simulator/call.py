"""One call of the Data API, parsed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a `list` method, as far as the simulator understands it."""

    resource: str
    """`playlists`, `videos`, `channels` or `playlistItems`."""

    parameters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Every value of each, from the query and the form body."""

    def value(self, name: str) -> str | None:
        """The value of a parameter; the last one when there are several."""
        given = self.parameters.get(name, ())
        return given[-1] if given else None

    def values(self, name: str) -> list[str]:
        """The values of a list parameter: repeated, with commas, or both; empty ones (a trailing comma) count."""
        return [piece.strip() for value in self.parameters.get(name, ()) for piece in value.split(",")]

    @property
    def subjects(self) -> tuple[str, ...]:
        """What the call requests: ids, one `@handle`, one `user/NAME`, or the playlist whose items it lists."""
        handle, username, playlist = self.value("forHandle"), self.value("forUsername"), self.value("playlistId")
        named = [
            f"@{handle.removeprefix('@')}" if handle else "",
            f"user/{username}" if username else "",
            playlist or "",
        ]
        return tuple(filter(None, (*self.values("id"), *named)))
