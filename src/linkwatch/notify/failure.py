"""Why a message was not sent."""


class NotSentError(Exception):
    """An attempt failed.

    Args:
        why: One short phrase for a person; it holds no part of the address, for that holds secrets.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
