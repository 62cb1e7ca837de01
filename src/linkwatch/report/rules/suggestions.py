"""Suggestions for replacing a link whose resource is unavailable: other links, none of which is fetched."""

from urllib.parse import quote_plus

from linkwatch.models.resource import Kind
from linkwatch.report.model import ReportedResource, Suggestion
from linkwatch.report.rules.context import RuleContext
from linkwatch.report.rules.overlaps import matching_playlists

_ARCHIVE = "https://web.archive.org/web/"
_SEARCH = "https://www.youtube.com/results?search_query="


def suggestions_for(context: RuleContext, item: ReportedResource) -> tuple[Suggestion, ...]:
    """Another listed playlist with its videos, the archived copy of the page, and a search for the title and owner."""
    suggestions = [*matching_playlists(context, item)]
    suggestions.append(Suggestion("an archived copy, if there is one", f"{_ARCHIVE}{item.resource.url}"))
    if words := _wanted(item):
        # Escapes what it can't encode: a title may hold half of a surrogate pair.
        suggestions.append(Suggestion("a search for it", _SEARCH + quote_plus(words, errors="replace")))
    return tuple(suggestions)


def _wanted(item: ReportedResource) -> str:
    """The title as last seen, else the label; then who made it."""
    facts = item.record.facts if item.record is not None else None
    title = (facts and facts.title) or next((link.label for link in item.links if link.label), None)
    owner = (facts and facts.owner_title) or next((link.owner for link in item.links if link.owner), None)
    if title is None:
        return ""
    return title if owner is None or item.resource.kind is Kind.CHANNEL else f"{title} {owner}"
