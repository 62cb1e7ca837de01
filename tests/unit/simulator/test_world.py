from datetime import UTC, datetime, timedelta

import pytest
from unit.simulator.api_calls import CHANNEL, ENTITIES, NOW, PLAYLIST, VIDEO

from linkwatch.simulator.entities import DEFAULT_CHANNEL, SimChannel, SimPlaylist, SimVideo, Visibility
from linkwatch.simulator.world import World

LATER = NOW + timedelta(days=1)
OTHER = SimChannel("UCbbbbbbbbbbbbbbbbbbbbbA", "Another", handle="@another")


def test_a_change_applies_from_its_time_on() -> None:
    world = World(ENTITIES)
    world.retitle(PLAYLIST.id, LATER, "Renamed")

    def title(now: datetime) -> str | None:
        playlist = world.at(now).playlist(PLAYLIST.id)
        return None if playlist is None else playlist.title

    assert title(datetime(1999, 1, 1, tzinfo=UTC)) == PLAYLIST.title
    assert title(LATER - timedelta(microseconds=1)) == PLAYLIST.title
    assert title(LATER) == "Renamed"


def test_changes_may_be_added_in_any_order() -> None:
    world, retold = World(ENTITIES), World(ENTITIES)
    world.add_videos(PLAYLIST.id, NOW, "xxxxxxxxxxA")
    world.remove_videos(PLAYLIST.id, LATER, "xxxxxxxxxxA")
    retold.remove_videos(PLAYLIST.id, LATER, "xxxxxxxxxxA")
    retold.add_videos(PLAYLIST.id, NOW, "xxxxxxxxxxA")
    for now in (NOW, LATER):
        assert world.at(now).playlist(PLAYLIST.id) == retold.at(now).playlist(PLAYLIST.id)


def test_a_playlist_is_deleted_made_private_and_public_again() -> None:
    world = World(ENTITIES)
    world.make_private(PLAYLIST.id, NOW)
    world.bring_back(PLAYLIST.id, NOW + timedelta(days=1))
    world.delete(PLAYLIST.id, NOW + timedelta(days=2))
    seen = [world.at(NOW + timedelta(days=day)).playlist(PLAYLIST.id) for day in (-1, 0, 1, 2)]
    assert [each and each.visibility for each in seen] == [
        Visibility.PUBLIC,
        Visibility.PRIVATE,
        Visibility.PUBLIC,
        Visibility.DELETED,
    ]


def test_playlists_and_videos_follow_the_termination_of_their_channel() -> None:
    world = World(ENTITIES)
    world.terminate(CHANNEL.id, NOW)
    world.bring_back(CHANNEL.id, LATER)
    for now, visibility in ((NOW, Visibility.DELETED), (LATER, Visibility.PUBLIC)):
        view = world.at(now)
        playlist, video = view.playlist(PLAYLIST.id), view.video(VIDEO.id)
        assert playlist is not None
        assert video is not None
        assert (playlist.visibility, video.visibility) == (visibility, visibility)
    assert world.at(NOW).channel(CHANNEL.id) is None
    assert world.at(NOW).channel_by_name("@AChannel") is None
    assert world.at(LATER).channel(CHANNEL.id) == CHANNEL


@pytest.mark.parametrize("name", ["@AChannel", "@achannel", "user/achannel", "user/ACHANNEL"])
def test_names_ignore_case(name: str) -> None:
    assert World(ENTITIES).at(NOW).channel_by_name(name) == CHANNEL


def test_a_handle_can_be_reassigned() -> None:
    world = World((*ENTITIES, OTHER))
    world.reassign_handle("@achannel", LATER, OTHER.id)
    held = [world.at(now).channel_by_name("@AChannel") for now in (NOW, LATER)]
    assert [each and each.id for each in held] == [CHANNEL.id, OTHER.id]
    assert world.at(LATER).channel_by_name("@another") is None


def test_a_handle_that_is_given_up_is_free_but_remembered() -> None:
    world = World(ENTITIES)
    world.rename_handle(CHANNEL.id, LATER, "@renamed")
    view = world.at(LATER)
    assert [view.channel_by_name(name) is None for name in ("@achannel", "@renamed")] == [True, False]
    assert view.former_channel_by_name("@AChannel") == view.channel_by_name("@renamed")
    assert world.at(NOW).former_channel_by_name("@renamed") is None


def test_uploads_are_the_public_videos_a_channel_has_now() -> None:
    uploads = f"UU{CHANNEL.id[2:]}"
    world = World((*ENTITIES, OTHER, SimVideo("eeeeeeeeeeA", "Second", CHANNEL.id)))
    world.change_owner(VIDEO.id, LATER, OTHER.id)
    before, after = (world.at(now).playlist(uploads) for now in (NOW, LATER))
    assert before == SimPlaylist(uploads, "Uploads from A channel", CHANNEL.id, ("eeeeeeeeeeA", VIDEO.id))
    assert after is not None
    assert after.video_ids == ("eeeeeeeeeeA",)
    assert world.at(LATER).public_videos(OTHER.id) == (VIDEO.id,)


def test_entities_of_the_source_can_be_changed() -> None:
    made = SimVideo("fffffffffffA", "Made", DEFAULT_CHANNEL.id)
    world = World(source=lambda id_: made if id_ == made.id else None)
    world.disable_embedding(made.id, LATER)
    seen = [world.at(now).video(made.id) for now in (NOW, LATER)]
    assert [each and each.embeddable for each in seen] == [True, False]
    with pytest.raises(KeyError):
        world.delete("never was", NOW)


def test_an_owner_outside_of_the_world_raises() -> None:
    world = World([SimPlaylist("PLx", "Title", "UCnobody")])
    with pytest.raises(LookupError, match="add its SimChannel"):
        world.at(NOW).playlist("PLx")


def test_an_id_of_another_kind_is_not_found() -> None:
    view = World(ENTITIES).at(NOW)
    assert (view.playlist(VIDEO.id), view.video(PLAYLIST.id), view.channel(VIDEO.id)) == (None, None, None)
