"""What is accepted, as far as the dashboard tells of it: from the file and the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linkwatch.acknowledgements.matching import merge_acknowledgements
from linkwatch.acknowledgements.toml_read import read_acks
from linkwatch.errors import SettingsError
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.store.acknowledgements import load_acknowledgements
from linkwatch.store.channels import load_aliases
from linkwatch.store.database import Database
from linkwatch.store.resources import load_titles


@dataclass(frozen=True, slots=True)
class Listed:
    """What the file of acknowledgements says."""

    acks: Sequence[Acknowledgement] | None
    """None: there is none that can be read, and the store's count."""

    problem: str | None = None
    """What is wrong with it."""


def listed_acks(file: str, now: datetime) -> Listed:
    """Read the file; a broken one hides no page."""
    try:
        return Listed(read_acks(file, now))
    except SettingsError as error:
        return Listed(None, f"{error.message}. {error.remedy}")


@dataclass(frozen=True, slots=True)
class TitledAck:
    """Something that is, or was, accepted."""

    ack: Acknowledgement
    title: str | None
    """Of what it is about, as far as that is known."""

    @property
    def ended(self) -> bool:
        """Whether a check saw that it was over."""
        return self.ack.ended_at is not None


def all_acks(database: Database, listed: Listed) -> list[TitledAck]:
    """All of them, the last accepted first; those that ended last of all."""
    with database.read() as connection:
        acks = merge_acknowledgements(listed.acks, load_acknowledgements(connection), load_aliases(connection))
        titles = load_titles(connection, [ack.id for ack in acks])
    titled = [TitledAck(ack, titles.get(ack.id or "")) for ack in reversed(acks)]
    return sorted(titled, key=lambda each: each.ended)
