"""A URL or id as people write it → the id that findings have."""

from linkwatch.catalogue.urls import parse_reference, parse_url


def id_of(text: str) -> str | None:
    """Tell what an acknowledgement is about.

    Returns:
        The canonical id; for a malformed link, which has none, its URL as it is listed; None for anything else.
    """
    resource = parse_reference(text)
    if resource is not None:
        return resource.id
    return None if parse_url(text) is None else text.strip()
