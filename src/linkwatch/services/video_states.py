"""Ask for the state of videos: `videos.list`, then oEmbed about those that it leaves out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from linkwatch.errors import IncompleteError
from linkwatch.models.observation import UPLOAD, Answer, MemberState
from linkwatch.models.resource import Kind, Resource
from linkwatch.planner.calls import IDS_PER_CALL, Call, Method
from linkwatch.services.context import CheckContext
from linkwatch.services.evaluate import observations_in
from linkwatch.youtube.data_api import DataApi
from linkwatch.youtube.oembed import OEmbedAnswer

_STATES = {
    Answer.PRESENT: MemberState.AVAILABLE,
    Answer.UNAUTHORIZED: MemberState.PRIVATE,
    Answer.FORBIDDEN: MemberState.PRIVATE,
    Answer.ABSENT: MemberState.DELETED,
}
"""What an answer of oEmbed means for a video that `videos.list` leaves out."""


@dataclass(slots=True)
class VideoStates:
    """The states of videos, as far as YouTube answered."""

    states: dict[str, MemberState] = field(default_factory=dict)
    """By video id; without those that got no answer."""

    restrictions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Of the videos that `videos.list` returned, also of those that nobody can watch."""

    refused: set[str] = field(default_factory=set)
    """The Data API refuses to answer about these: what they are is oEmbed's word alone."""

    maybe_available: set[str] = field(default_factory=set)
    """Private by oEmbed's 401 alone, which it also answers for an available video that may not be embedded."""

    failures: list[IncompleteError] = field(default_factory=list)
    """Why videos got no answer."""


def ask_video_states(
    context: CheckContext, lost: Mapping[str, MemberState | None], others: Iterable[str] = ()
) -> VideoStates:
    """Ask for the state of videos that a listing lacks or shows as a placeholder.

    Args:
        context: With a key.
        lost: By video id; the state that the placeholder shows, None when the video is not listed.
        others: Videos that `videos.list` alone is asked about.
    """
    answers = VideoStates()
    absent = _ask_api(context.require_api(), dict.fromkeys([*others, *lost]), answers)
    unclear = absent | answers.refused
    for answer in context.oembed.ask([Resource(Kind.VIDEO, video) for video in lost if video in unclear]):
        _add(answer, lost[answer.resource.id], answers)
    return answers


def _ask_api(api: DataApi, videos: Iterable[str], answers: VideoStates) -> set[str]:
    """Returns the videos that `videos.list` leaves out."""
    resources = [Resource(Kind.VIDEO, video) for video in videos]
    calls = [
        Call(Method.VIDEOS, tuple(resources[start : start + IDS_PER_CALL]))
        for start in range(0, len(resources), IDS_PER_CALL)
    ]
    absent = set()
    for answer in api.ask(calls):
        if answer.failure is not None:
            answers.failures.append(answer.failure)
        for observation in observations_in(answer):
            video = observation.resource.id
            if observation.upload_status is not None:
                answers.restrictions[video] = (UPLOAD + observation.upload_status,)
            if observation.api is Answer.NONE:
                answers.refused.add(video)
            elif observation.facts is None:
                absent.add(video)
            else:
                answers.states[video] = MemberState.AVAILABLE
                answers.restrictions[video] = observation.facts.restrictions or ()
    return absent


def _add(answer: OEmbedAnswer, placeholder: MemberState | None, answers: VideoStates) -> None:
    video = answer.resource.id
    if placeholder is not None and answer.answer is not Answer.PRESENT:
        answers.states[video] = placeholder  # it distinguishes private from deleted, which oEmbed may not
    elif answer.answer in _STATES:
        answers.states[video] = _STATES[answer.answer]
        if answer.answer is Answer.UNAUTHORIZED:
            answers.maybe_available.add(video)
    elif answer.failure is not None:
        answers.failures.append(answer.failure)
