"""Everything linkwatch raises on purpose, as one tree; the command line turns each into an exit code.

    LinkwatchError
    ├── UsageError                  exit 2: something the user can mend
    │   ├── SettingsError           a setting, by file and line
    │   ├── ListError               a list that can't be read, by file and line
    │   └── StoreError              a database that can't be opened or is of another version
    └── IncompleteError             exit 3: something kept us from asking; no verdict follows from it
        ├── DamagedDatabaseError    a StoreError too: the file of the database is damaged
        ├── FullDatabaseError       a StoreError too: its disk is full or broken
        ├── OutputError             a report can't be written, as on a full disk
        ├── ResourceError           this machine lacks file descriptors or memory
        ├── LeaseLostError          another process has taken over the work on this database
        ├── EndingError             this process was asked to stop; another one resumes its work
        ├── QuotaSpentError         the day's units are spent, by our own count or as YouTube reports
        ├── KeyRejectedError        the key is wrong, restricted, or its API is not enabled
        └── UnreachableError        the network or YouTube, after the retries
            └── UnusableAnswerError an answer that says nothing usable about some resources

Anything else that reaches the command line is a bug of ours (exit 4).
"""

NO_USABLE_ANSWER = "gave no usable answer"
"""After the name of an endpoint, in the message of an `UnreachableError`, and so in the reason of an incomplete run."""


class LinkwatchError(Exception):
    """An error that is expected and explained.

    Args:
        message: What is wrong, one sentence, without the key and without a URL that could hold it.
        remedy: What the user can do about it; empty when there is nothing.
    """

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(LinkwatchError):
    """Something the user can mend: an argument, a setting, a list, the database's address."""


class SettingsError(UsageError):
    """A setting that is unknown or has no sensible value; the message names the file and the line."""


class ListError(UsageError):
    """A list that can't be read.

    Args:
        message: What is wrong, without the place.
        file: The list as the user named it; `-` is standard input.
        line: 1-based; None when the fault has no line (a missing file).
        remedy: What to do.
    """

    def __init__(self, message: str, *, file: str, line: int | None = None, remedy: str = "") -> None:
        place = file if line is None else f"{file}:{line}"
        super().__init__(f"{place}: {message}", remedy=remedy)
        self.file = file
        self.line = line


class StoreError(UsageError):
    """A database that can't be opened, written, or was made by a newer linkwatch."""


class IncompleteError(LinkwatchError):
    """Something kept us from asking YouTube. It says nothing about any link."""


class DamagedDatabaseError(StoreError, IncompleteError):
    """The file of the database is damaged: not by the user, and not to be mended by another setting."""


class FullDatabaseError(StoreError, IncompleteError):
    """The disk of the database is full or broken; what was committed is safe."""


class OutputError(IncompleteError):
    """Something can't be written for want of space, or because the disk is broken."""


class ResourceError(IncompleteError):
    """This machine lacks something that every program needs: file descriptors, memory, threads."""


class LeaseLostError(IncompleteError):
    """Another process has taken over the work on this database: this one must not write any more."""


class EndingError(IncompleteError):
    """This process was asked to stop; another one resumes its work."""


class QuotaSpentError(IncompleteError):
    """The day's quota units are spent; they come back at midnight Pacific Time."""


class KeyRejectedError(IncompleteError):
    """YouTube does not take the key: not valid, restricted, or the Data API is not enabled in its project."""


class UnreachableError(IncompleteError):
    """The network or YouTube did not answer, after the retries."""


class UnusableAnswerError(UnreachableError):
    """YouTube answered, but nothing usable about some resources; the network and other resources may be fine."""


class ContradictoryListingError(UnusableAnswerError):
    """YouTube's listing of a playlist contradicts itself, at each reading: nothing about its videos can be known."""
