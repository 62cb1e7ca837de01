"""What came of one call, as a worker writes it down for whoever planned the check."""

import msgspec

from linkwatch.errors import IncompleteError, UnreachableError
from linkwatch.models.resource import Resource
from linkwatch.planner.inspections import InspectionCandidate


class Failure(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a call has no answer."""

    message: str
    remedy: str = ""
    passing: bool = False
    """The network or YouTube did not answer: such a failure explains its own call alone."""

    @property
    def error(self) -> IncompleteError:
        """The error that it was."""
        kind = UnreachableError if self.passing else IncompleteError
        return kind(self.message, remedy=self.remedy)


class CallOutcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of a call, apart from what was remembered."""

    units: int = 0
    """Booked for it."""

    available_before: int = 0
    missing: tuple[Resource, ...] = ()
    """The first witness left these out: they are judged when the second one was asked."""

    candidates: tuple[InspectionCandidate, ...] = ()
    """For a look inside."""

    unanswered: tuple[Resource, ...] = ()
    """Without an answer."""

    undecided: tuple[Resource, ...] = ()
    """The Data API gives no answer about these alone: they are left to oEmbed."""

    failure: Failure | None = None
    """Why something is unanswered."""


def failure_of(error: IncompleteError) -> Failure:
    """A failure, to be written down."""
    return Failure(error.message, error.remedy, isinstance(error, UnreachableError))


def encode_outcome(outcome: CallOutcome) -> str:
    """As the store keeps it."""
    return msgspec.json.encode(outcome).decode()


def decode_outcome(text: str) -> CallOutcome:
    """What `encode_outcome` wrote."""
    return msgspec.json.decode(text, type=CallOutcome)
