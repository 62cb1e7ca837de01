"""Differences as JSON, `linkwatch.diff/1`: types of its own, so that nothing else changes it by accident.

A `before` or `after` that is null is no longer kept, as YouTube's terms ask, or there was none. Numbers of videos in a
playlist begin with 1.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated

import msgspec

from linkwatch.models.records import StoredMemberChange
from linkwatch.models.times import whole_seconds
from linkwatch.report.diff.model import Difference, DiffKind, ListDiff, VideoChanges
from linkwatch.report.diff.text import message_of
from linkwatch.report.formats.json import JsonLink, json_links
from linkwatch.report.formats.json_encoding import (
    JsonFlapping,
    KindName,
    Number,
    Position,
    Time,
    json_flapping,
    one_of,
    text_of,
)

SCHEMA = "linkwatch.diff/1"


class JsonVideo(msgspec.Struct):
    """A video of a playlist, and the one that replaced it."""

    number: Position
    video_id: str
    title: str | None
    replaced_by: str | None


class JsonVideos(msgspec.Struct):
    """The videos that came and went."""

    came: list[JsonVideo]
    returned: list[JsonVideo]
    taken_out: list[JsonVideo]
    made_private: list[JsonVideo]
    gone: list[JsonVideo]
    replaced: list[JsonVideo]


class JsonAbsence(msgspec.Struct):
    """How long something that is back was missing."""

    since: Time
    until: Time


class JsonDifference(msgspec.Struct):
    """One difference."""

    change: Annotated[str, one_of(DiffKind)]
    kind: KindName
    id: str
    url: str
    title: str | None
    links: list[JsonLink]
    message: str
    at: Time | None
    before: Annotated[str | None, msgspec.Meta(description="Null: it is no longer kept, or there was none.")]
    after: Annotated[str | None, msgspec.Meta(description="Null: it is no longer kept, or there is none.")]
    absence: JsonAbsence | None
    flapping: JsonFlapping | None
    videos: JsonVideos | None


class JsonDifferences(msgspec.Struct):
    """All of them."""

    schema: Annotated[str, one_of((SCHEMA,))]
    generated_at: Time
    since: Time
    first_check: Time | None
    last_check: Time | None
    complete: bool
    resources: Number
    unanswered: Number
    counts: Annotated[
        dict[str, Number], msgspec.Meta(extra_json_schema={"required": [each.value for each in DiffKind]})
    ]
    differences: list[JsonDifference]


def render(diff: ListDiff) -> str:
    """Render the differences as JSON, with a line end."""
    kinds = Counter(each.kind for each in diff.differences)
    return text_of(
        JsonDifferences(
            schema=SCHEMA,
            generated_at=whole_seconds(diff.generated_at),
            since=whole_seconds(diff.since),
            first_check=whole_seconds(diff.first_check),
            last_check=whole_seconds(diff.run.started_at if diff.run else None),
            complete=diff.run is not None and diff.run.complete,
            resources=diff.resources,
            unanswered=diff.unanswered,
            counts={kind.value: kinds[kind] for kind in DiffKind},
            differences=[_difference(each) for each in diff.differences],
        )
    )


def _difference(difference: Difference) -> JsonDifference:
    item, absence = difference.item, difference.absence
    return JsonDifference(
        change=difference.kind,
        kind=item.resource.kind,
        id=item.resource.id,
        url=item.resource.url,
        title=item.record.facts.title if item.record else None,
        links=json_links(item.links),
        message=message_of(difference),
        at=whole_seconds(difference.at),
        before=difference.before,
        after=difference.after,
        absence=None if absence is None else JsonAbsence(*map(whole_seconds, absence)),
        flapping=json_flapping(difference.flapping),
        videos=_videos(difference.videos)
        if difference.kind in {DiffKind.SHRANK, DiffKind.GREW, DiffKind.EXCHANGED}
        else None,
    )


def _videos(videos: VideoChanges) -> JsonVideos:
    return JsonVideos(
        came=_named(videos.came),
        returned=_named(videos.returned),
        taken_out=_named(videos.taken_out),
        made_private=_named(videos.made_private),
        gone=_named(videos.gone),
        replaced=_named(videos.replaced),
    )


def _named(changes: Iterable[StoredMemberChange]) -> list[JsonVideo]:
    return [JsonVideo(each.position + 1, each.member.video_id, each.member.title, each.replaced_by) for each in changes]
