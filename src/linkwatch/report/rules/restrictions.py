"""What keeps readers from watching a video, or the videos of a playlist: restricted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.observation import EMBEDDING_HINT, UPLOAD, State
from linkwatch.report.model import Finding, ReportedResource
from linkwatch.report.rules.context import RuleContext
from linkwatch.report.rules.registry import resource_rule
from linkwatch.report.wording import restriction
from linkwatch.settings import Settings

_SETTING = {"blocked": "regions", "allowed": "regions", EMBEDDING_HINT: "embedding"}
"""What a word is called in the settings, where that is not the word itself."""


@resource_rule(rules.RESTRICTED, State.AVAILABLE)
def restricted(context: RuleContext, item: ReportedResource) -> Finding | None:
    """The finding for a video or playlist, if the settings say that it matters."""
    restrictions = item.record.facts.restrictions if item.record is not None else None
    words = mattering(restrictions or (), context.settings)
    if not words or item.record is None:
        return _restricted_members(context, item)
    event = context.events.get((item.resource, EventKind.RESTRICTED))
    return context.finding(
        rules.RESTRICTED,
        resource=item.resource,
        links=item.links,
        message=f"{item.name} {' and '.join(restriction(word).clause for word in words)}",
        since=event.at if event else item.record.first_seen,
        evidence={"restrictions": list(restrictions or ())},
    )


def mattering(restrictions: Iterable[str], settings: Settings) -> list[str]:
    """The restrictions that matter to the readers; a region block in the words of their own countries."""
    words = (_mattering(word, settings) for word in restrictions)
    return [word for word in words if word is not None]


def _mattering(word: str, settings: Settings) -> str | None:
    if word.startswith(UPLOAD):
        return word  # nobody can watch it, whatever matters to these readers
    name, _, codes = word.partition(":")
    if _SETTING.get(name, name) not in settings.restrictions:
        return None
    if name not in {"blocked", "allowed"} or not settings.regions:
        return word
    theirs = [region for region in settings.regions if (region in codes.split(",")) is (name == "blocked")]
    return f"blocked:{','.join(theirs)}" if theirs else None


def _restricted_members(context: RuleContext, item: ReportedResource) -> Finding | None:
    """The finding for a playlist of whose videos some are restricted."""
    members = context.inspections.restricted_members.get(item.resource, ())
    restricted = [(each, words) for each in members if (words := mattering(each.restrictions or (), context.settings))]
    if not restricted:
        return None
    total = context.inspections.last_inspections[item.resource].member_count
    are = "is" if len(restricted) == 1 else "are"
    return context.finding(
        rules.RESTRICTED,
        resource=item.resource,
        links=item.links,
        message=f"{len(restricted):,} of {total:,} videos of {item.name} {are} restricted: "
        + ", ".join(_counts([words for _, words in restricted], context.settings)),
        # When a video that is known already became restricted is not kept.
        since=max(each.first_seen for each, _ in restricted),
        evidence={
            "videos": total,
            "restricted": [
                {"video_id": each.video_id, "title": each.title, "position": each.position, "restrictions": words}
                for each, words in restricted
            ],
        },
    )


def _counts(restricted: Iterable[Sequence[str]], settings: Settings) -> Iterator[str]:
    """How many videos each restriction concerns, the commonest first."""
    counts: Counter[str] = Counter()
    codes: set[str] = set()
    for words in restricted:
        names = (word if word.startswith(UPLOAD) else word.partition(":")[0] for word in words)
        counts.update(dict.fromkeys((_SETTING.get(name, name) for name in names), 1))
        codes |= {code for word in words for code in word.partition(":")[2].split(",")}
    where = " or ".join(region for region in settings.regions if region in codes) or "some countries"
    for kind, count in counts.most_common():
        phrase = restriction(f"blocked:{where}" if kind == "regions" else kind)
        yield f"{count:,} {phrase.clause if count == 1 else phrase.plural}"
