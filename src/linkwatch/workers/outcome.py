"""The outcome of one call, as a worker saves it for the planner of the check."""

import msgspec

from linkwatch.errors import IncompleteError, UnreachableError, UnusableAnswerError
from linkwatch.models.resource import Resource
from linkwatch.planner.inspections import InspectionCandidate


class Failure(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a call, or a part of it, got no answer."""

    message: str
    remedy: str = ""
    passing: bool = False
    """The network or YouTube did not answer: such a failure explains its own call only."""

    partial: bool = False
    """YouTube answered, but nothing usable about some resources."""

    @property
    def error(self) -> IncompleteError:
        """The error that it was made of."""
        kind = UnusableAnswerError if self.partial else UnreachableError if self.passing else IncompleteError
        return kind(self.message, remedy=self.remedy)


class CallOutcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the planner needs to know of a call; the verdicts are saved already."""

    units: int = 0
    """Quota units that were booked for it."""

    available_before: int = 0
    """How many of the evaluated resources had been available."""

    missing: tuple[Resource, ...] = ()
    """The Data API left these out: the planner asks oEmbed about them."""

    upload_statuses: dict[str, str] = {}
    """Of those of `missing` that the Data API returned although nobody can watch them, by id of the video."""

    candidates: tuple[InspectionCandidate, ...] = ()
    """Playlists that may be inspected."""

    unanswered: tuple[Resource, ...] = ()
    """Without an answer."""

    undecided: tuple[Resource, ...] = ()
    """The Data API refuses to answer about these: the planner asks oEmbed about them, too."""

    failure: Failure | None = None
    """Why something is unanswered."""


def encode_failure(error: IncompleteError) -> Failure:
    """An error in the form that is saved."""
    return Failure(
        error.message, error.remedy, isinstance(error, UnreachableError), isinstance(error, UnusableAnswerError)
    )


def encode_outcome(outcome: CallOutcome) -> str:
    """The text that is saved."""
    return msgspec.json.encode(outcome).decode()


def decode_outcome(text: str) -> CallOutcome:
    """The outcome of a text by `encode_outcome`."""
    return msgspec.json.decode(text, type=CallOutcome)
