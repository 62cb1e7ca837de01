"""One line of what `linkwatch doctor` says."""

from dataclasses import dataclass

from linkwatch.cli.exit_codes import ExitCode
from linkwatch.errors import IncompleteError, LinkwatchError


@dataclass(frozen=True, slots=True)
class DoctorResult:
    """One line of the examination."""

    subject: str
    works: bool
    message: str
    remedy: str = ""
    exit_code: int = ExitCode.OK


def problem(subject: str, error: LinkwatchError) -> DoctorResult:
    """The line that an error becomes."""
    code = ExitCode.INCOMPLETE if isinstance(error, IncompleteError) else ExitCode.USAGE
    return DoctorResult(subject, False, error.message, error.remedy, code)
