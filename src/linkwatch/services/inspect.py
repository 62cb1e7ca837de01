"""Inspect playlists: read their listings, ask about the videos that left, compare with the stored members, save.

A listing counts as a whole or not at all. Some playlists share a transaction, and the calls about their videos.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection

from linkwatch.errors import ContradictoryListingError, IncompleteError, QuotaSpentError
from linkwatch.models.observation import Member, MemberState, PlaylistListing
from linkwatch.models.records import LastInspection
from linkwatch.models.resource import Resource
from linkwatch.planner.inspections import InspectionCandidate, InspectionPlan, cost_of
from linkwatch.services.context import CheckRun
from linkwatch.services.tally import InspectionOutcome
from linkwatch.services.video_states import VideoStates, ask_video_states
from linkwatch.settings import InspectMode
from linkwatch.store.overlaps import update_overlaps
from linkwatch.store.playlists import (
    StoredInspection,
    StoredMembers,
    load_former_videos,
    load_last_inspections,
    load_members,
    mark_inspection_due,
    mark_unreadable,
    save_inspections,
)
from linkwatch.store.quota import load_quota_day
from linkwatch.verdict.listing_doubts import CountChange, doubts_about, may_be_cut
from linkwatch.verdict.playlist_diff import NO_DOUBTS, ListingDoubts, compare_members, videos_to_ask_about

PLAYLISTS_PER_TRANSACTION = 100
"""The videos to ask about of so many playlists share calls of 50 ids."""

BUDGET_CHECKS = 50
"""How often the spent units are read from the store: before every listing, that took a third of our own time."""


def inspect_playlists(plan: InspectionPlan, run: CheckRun, progress: Callable[[int], None]) -> InspectionOutcome:
    """Inspect the playlists of a plan, and save what was found.

    A playlist is saved when every page of its listing arrived and the state of every video that left is known; else
    its stored members stay as they are, and it stays due. Members whose departure is in doubt stay, too. A listing that
    contradicts itself leaves the check complete: its links were answered about, and some listings are so for good.

    Args:
        plan: Made for this run.
        run: Of a check with a key.
        progress: Called with the number of listings that were read since the last call.

    Raises:
        KeyboardInterrupt: Passed on, after what needs no further answer was saved.
        StoreError: The database failed; what was committed stays.
    """
    return _Inspector(plan, run, progress).inspect()


@dataclass(frozen=True, slots=True)
class _Inspector:
    plan: InspectionPlan
    run: CheckRun
    progress: Callable[[int], None]
    outcome: InspectionOutcome = field(default_factory=InspectionOutcome)
    candidates: dict[Resource, InspectionCandidate] = field(default_factory=dict)
    contradictory: list[Resource] = field(default_factory=list)
    """Playlists whose listings contradict themselves; they are not saved yet."""

    def inspect(self) -> InspectionOutcome:
        self.candidates.update((candidate.playlist, candidate) for candidate in self.plan.inspections)
        batch: list[PlaylistListing] = []
        try:
            for listing in self._listings():
                batch.append(listing)
                if len(batch) == PLAYLISTS_PER_TRANSACTION:
                    self._save(batch, self._ask(batch))
                    batch.clear()
            if batch or self.contradictory:
                self._save(batch, self._ask(batch))
        except KeyboardInterrupt:
            self._save(batch, VideoStates())
            raise
        return self.outcome

    @property
    def _is_full(self) -> bool:
        return self.run.context.settings.inside is InspectMode.FULL

    def _listings(self) -> Iterator[PlaylistListing]:
        for answer in self.run.context.require_api().list_items(self._affordable()):
            self.progress(1)
            if answer.listing is not None:
                yield answer.listing
            elif isinstance(answer.failure, ContradictoryListingError):
                self.contradictory.append(answer.playlist)
            else:
                self.outcome.unanswered += 1
                self._note(answer.failure)

    def _affordable(self) -> Iterator[Resource]:
        """The playlists of the plan, as long as its budget lasts: retries are paid from it, too."""
        before = spent = self._spent_units()
        interval = max(1, len(self.plan.inspections) // BUDGET_CHECKS)
        for number, candidate in enumerate(self.plan.inspections):
            if number % interval == 0:
                spent = self._spent_units()
            if spent - before + cost_of(candidate, full=self._is_full) > self.plan.budget:
                self.outcome.unanswered += 1
            else:
                yield candidate.playlist

    def _spent_units(self) -> int:
        settings = self.run.context.settings
        with self.run.context.database.read() as connection:
            return load_quota_day(connection, self.run.now, settings.quota_per_day, settings.api_key).units

    def _note(self, failure: IncompleteError | None) -> None:
        if failure is not None and not isinstance(failure, QuotaSpentError):
            self.outcome.failures.append(failure)

    def _ask(self, listings: Sequence[PlaylistListing]) -> VideoStates:
        """Ask for the state of the videos that left; in a full inspection, of all videos."""
        with self.run.context.database.read() as connection:
            stored = load_members(connection, [listing.playlist for listing in listings])
        lost: dict[str, MemberState | None] = {}
        for listing in listings:
            videos = () if listing.closed else videos_to_ask_about(stored[listing.playlist].members, listing.items)
            if videos:
                listed = {item.video_id: item.state for item in listing.items}
                lost |= {video: listed.get(video) for video in videos}
        others = (item.video_id for listing in listings for item in listing.items) if self._is_full else ()
        answers = ask_video_states(self.run.context, lost, others)
        for failure in answers.failures:
            self._note(failure)
        return answers

    def _save(self, listings: Sequence[PlaylistListing], answers: VideoStates) -> None:
        """Save the inspections that count."""
        playlists = [listing.playlist for listing in listings]
        with self.run.context.database.write() as connection:
            # Read again, now that nobody else can write: another check may have inspected a playlist meanwhile.
            last = load_last_inspections(connection, playlists)
            stored = load_members(connection, playlists)
            inspections, due = [], []
            for listing in listings:
                playlist, candidate = listing.playlist, self.candidates[listing.playlist]
                if playlist in last and last[playlist].inspected_at != candidate.inspected_at:
                    continue
                counts = _count_changes(last.get(playlist), listing, candidate)
                doubts = self._doubts(connection, listing, stored[playlist], counts, answers)
                if inspection := self._inspection(listing, stored[playlist], candidate, answers, doubts):
                    inspections.append(inspection)
                    if self._is_due_again(inspection, doubts):
                        due.append(playlist)
            save_inspections(connection, self.run.run_id, inspections, self.run.now)
            mark_inspection_due(connection, due)
            mark_unreadable(connection, self.contradictory, self.run.now)
            changed = [each.stored.row_id for each in inspections if each.stored.is_first or _is_changed(each)]
            update_overlaps(connection, changed)
        self.outcome.contradictory += len(self.contradictory)
        self.contradictory.clear()

    def _doubts(
        self,
        connection: Connection,
        listing: PlaylistListing,
        stored: StoredMembers,
        counts: Sequence[CountChange],
        answers: VideoStates,
    ) -> ListingDoubts:
        if listing.closed or stored.is_first:
            return NO_DOUBTS
        hides_some = any((count.before or 0) > len(stored.members) for count in counts)
        return doubts_about(
            stored.members,
            listing.items,
            answers.states,
            counts,
            maybe_available=answers.maybe_available,
            unproven=self._unproven(stored.members, answers),
            former=load_former_videos(connection, stored.row_id) if hides_some else (),
            is_uploads=listing.playlist.is_uploads,
        )

    def _unproven(self, members: Sequence[Member], answers: VideoStates) -> set[str]:
        """Videos that oEmbed alone reports missing, and that have not been missing for as many missed checks."""
        policy = self.run.context.policy
        spacings = policy.confirm_spacing * (policy.confirm_strikes - 1)
        return {
            member.video_id
            for member in members
            if member.video_id in answers.refused
            and answers.states.get(member.video_id) is not MemberState.AVAILABLE
            and (member.missing_since is None or self.run.now - member.missing_since < spacings)
        }

    def _inspection(
        self,
        listing: PlaylistListing,
        stored: StoredMembers,
        candidate: InspectionCandidate,
        answers: VideoStates,
        doubts: ListingDoubts,
    ) -> StoredInspection | None:
        """What is to be saved of a listing; None, and the playlist stays due, when a video that left has no state."""
        if listing.closed:
            return StoredInspection(stored, listing, None, candidate.etag, candidate.item_count)
        if self._is_empty_too_soon(listing, stored, candidate):
            self.outcome.implausibly_empty += 1
            return None
        before = None if stored.is_first else stored.members
        if any(video not in answers.states for video in videos_to_ask_about(before or (), listing.items)):
            self.outcome.unanswered += 1
            return None
        membership = compare_members(before, listing.items, answers.states, answers.restrictions, self.run.now, doubts)
        inspection = StoredInspection(stored, listing, membership, candidate.etag, candidate.item_count)
        if candidate.etag_only and not stored.is_first and not _is_changed(inspection):
            # The ETag changed though nothing else did: it is not compared again before the next inspection.
            return inspection._replace(etag=None)
        return inspection

    def _is_empty_too_soon(
        self, listing: PlaylistListing, stored: StoredMembers, candidate: InspectionCandidate
    ) -> bool:
        """Whether a counted playlist whose videos nobody has seen is listed as empty shortly after the last time.

        Two such listings mean that nothing in it can be watched, when they lie as far apart as two missed checks.
        """
        counts = (listing.counted, candidate.item_count)
        if stored.is_first or stored.members or listing.items or not may_be_cut(0, counts):
            return False
        last = candidate.inspected_at
        return last is not None and timedelta() <= self.run.now - last < self.run.context.policy.confirm_spacing

    def _is_due_again(self, inspection: StoredInspection, doubts: ListingDoubts) -> bool:
        """Whether the next check inspects a playlist again, for what its listing lacks; the check's note says so."""
        listing, stored = inspection.listing, inspection.stored
        counts = (listing.counted, inspection.item_count)
        is_cut = bool(doubts.after_end) and not listing.playlist.is_uploads
        is_cut = is_cut or (stored.is_first and may_be_cut(len(listing.items), counts))
        if listing.closed or not (doubts.held or is_cut):
            return False
        if listing.items:
            self.outcome.unconfirmed += 1
        else:
            self.outcome.implausibly_empty += 1
        return True


def _count_changes(
    last: LastInspection | None, listing: PlaylistListing, candidate: InspectionCandidate
) -> list[CountChange]:
    """YouTube's counts, of the playlist and of its listing; a first count of a listing is compared with the other."""
    if last is None:
        return []
    before = last.item_count if last.counted is None else last.counted
    counts = [(last.item_count, candidate.item_count), (before, listing.counted)]
    return [CountChange(old, new) for old, new in counts if new is not None]


def _is_changed(inspection: StoredInspection) -> bool:
    membership = inspection.membership
    return membership is not None and bool(membership.changes or membership.left)
