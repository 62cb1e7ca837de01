"""The tables. Times are whole milliseconds since 1970 in UTC, in columns that end in `_at`.

History is kept by change: `resources` holds what is true now, `spans` what was true before, and a check that
finds nothing new moves `last_checked_at` and nothing else.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("scope", Text, nullable=False),  # the lists of the run: the brake and "new" compare runs over the same lists
    Column("source", Text, nullable=False),
    Column("asked", Text, nullable=False, server_default="all"),  # how much of the lists: all, due, doubtful
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),  # NULL while it runs, and for ever when it was killed
    Column("quota_units", Integer, nullable=False, server_default="0"),
    Column("complete", Boolean, nullable=False, server_default="0"),
    Column("incomplete_reason", Text),
    Column("held", Boolean, nullable=False, server_default="0"),  # by the brake
    Column("note", Text),  # what else a person should know of this run
    Column("told_at", BigInteger),  # when its news were put into the outbox; NULL: never, they go with a later run's
)

resources = Table(
    "resources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("youtube_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_since_at", BigInteger, nullable=False),
    Column("reason", Text),
    Column("first_seen_at", BigInteger, nullable=False),
    Column("last_checked_at", BigInteger),
    Column("unanswered_at", BigInteger),  # since when it was asked about in vain; NULL: the last time had an answer
    # While it is available this is last_checked_at, and is not written: a quiet check changes one column.
    Column("last_available_at", BigInteger),
    Column("strikes", Integer, nullable=False, server_default="0"),
    Column("last_strike_at", BigInteger),
    Column("api", Text),  # what the witnesses said last
    Column("oembed", Text),
    Column("title", Text),
    Column("owner_id", Text),
    Column("owner_title", Text),
    Column("item_count", Integer),
    Column("restrictions", Text),  # words separated by spaces; NULL is untold
    UniqueConstraint("kind", "youtube_id"),
)

aliases = Table(
    "aliases",
    metadata,
    Column("alias", Text, primary_key=True),  # @handle or user/NAME, as it was resolved once
    Column("channel_id", Text, nullable=False),
    Column("resolved_at", BigInteger, nullable=False),
)

handles = Table(
    "handles",
    metadata,
    Column("channel_id", Text, primary_key=True),
    Column("handle", Text, nullable=False),  # @handle, as YouTube told it last
)

spans = Table(
    "spans",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("resource_id", ForeignKey("resources.id"), nullable=False),
    Column("attribute", Text, nullable=False),  # state, title, owner, item_count, restrictions, unanswered
    Column("value", Text),
    Column("first_seen_at", BigInteger, nullable=False),
    Column("last_seen_at", BigInteger, nullable=False),
    Column("superseded_at", BigInteger, nullable=False),  # by the check that found another value
    Index(None, "resource_id", "attribute"),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("resource_id", ForeignKey("resources.id"), nullable=False),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("before", Text),
    Column("after", Text),
    UniqueConstraint("resource_id", "kind", "run_id"),
    Index(None, "at"),
    Index(None, "run_id"),
)

looks = Table(
    "looks",
    metadata,
    Column("resource_id", ForeignKey("resources.id"), primary_key=True),
    Column("looked_at", BigInteger),  # the last time all of its pages arrived; NULL: never
    Column("due", Boolean, nullable=False, server_default="0"),  # something moved since
    Column("etag", Text),  # of the playlist, at that look; NULL: none, or one that moved for nothing
    Column("item_count", Integer),  # of the playlist, at that look
    Column("closed", Boolean, nullable=False, server_default="0"),  # YouTube would not show what is in it
    Column("members", Integer, nullable=False, server_default="0"),
    Column("gone", Integer, nullable=False, server_default="0"),  # of the members, private ones too
)

memberships = Table(
    "memberships",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("resource_id", ForeignKey("resources.id"), nullable=False),  # the playlist
    Column("video_id", Text, nullable=False),
    Column("occurrence", Integer, nullable=False, server_default="0"),  # of the same video in the same playlist
    Column("position", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_since_at", BigInteger, nullable=False),
    Column("first_seen_at", BigInteger, nullable=False),
    Column("title", Text),
    Column("owner_id", Text),
    Column("owner_title", Text),
    Column("added_at", BigInteger),
    Column("restrictions", Text),  # as in resources
    Column("left_at", BigInteger),  # NULL: it is in the playlist
    Index(None, "resource_id"),
    Index(None, "video_id"),
)

member_events = Table(
    "member_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("membership_id", ForeignKey("memberships.id"), nullable=False),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("change", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("position", Integer, nullable=False),  # after the change; the last one, of what left
    Column("by", Text),  # id of the video that replaced it
    UniqueConstraint("membership_id", "change", "run_id"),
    Index(None, "at"),
    Index(None, "run_id"),
)

overlaps = Table(
    "overlaps",
    metadata,
    Column("first_id", ForeignKey("resources.id"), primary_key=True),
    Column("second_id", ForeignKey("resources.id"), primary_key=True),
    Column("shared", Integer, nullable=False),  # distinct videos that both hold
    Index(None, "second_id"),
)

lists = Table(
    "lists",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("file", Text, nullable=False, unique=True),
    Column("digest", Text, nullable=False),  # of its links; a list that reads the same is not compared again
    Column("read_at", BigInteger, nullable=False),
)

links = Table(
    "links",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("list_id", ForeignKey("lists.id"), nullable=False),
    Column("resource_id", ForeignKey("resources.id")),  # NULL: the link is malformed
    Column("line", Integer, nullable=False),
    Column("column", Integer, nullable=False),
    Column("url", Text, nullable=False),
    Column("label", Text),
    Column("section", Text),
    Column("owner", Text),
    Column("ignored", Text),  # rules that a comment beside it ignores, separated by spaces
    Column("first_seen_at", BigInteger, nullable=False),
    Index(None, "list_id"),
    Index(None, "resource_id"),
)

quota_days = Table(
    "quota_days",
    metadata,
    Column("day", Text, primary_key=True),  # YYYY-MM-DD, Pacific Time
    Column("units", Integer, nullable=False),
    Column("exhausted_at", BigInteger),  # when YouTube said that the day is spent
)

schedules = Table(
    "schedules",
    metadata,
    Column("name", Text, primary_key=True),
    Column("scope", Text, nullable=False),  # its lists, when they could last be read
    Column("cadence", Text, nullable=False),  # as it is written: another one is reckoned anew
    Column("slot_at", BigInteger),  # what was answered about before is due; NULL: before the first slot
    Column("next_slot_at", BigInteger, nullable=False),
    Column("next_check_at", BigInteger, nullable=False),  # of what is due by then: a slot, a suspect, or another try
    Column("failures", Integer, nullable=False, server_default="0"),  # incomplete runs in a row
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text),  # NULL: it was given back
    Column("token", Integer, nullable=False),  # one more each time it is taken: who has an older one has lost it
    Column("renewed_at", BigInteger, nullable=False),  # the heartbeat
    Column("expires_at", BigInteger, nullable=False),
)

calls = Table(
    "calls",  # of a check that is handed out to workers, while it lasts
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("number", Integer, primary_key=True),  # in the order of the plan
    Column("method", Text, nullable=False),
    Column("ids", Text, nullable=False),  # of the resources that it asks about, a line each
    Column("waits", Boolean, nullable=False, server_default="0"),  # more than the day's units allow: it is not made
    Column("outcome", Text),  # JSON; NULL: not answered for yet
)

engines = Table(
    "engines",  # other software that keeps tables of its own beside ours
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Text, nullable=False),  # of its tables
)

acks = Table(
    "acks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("youtube_id", Text, nullable=False),  # empty: whatever the rule finds; NULL would not be unique
    Column("rule", Text, nullable=False),  # empty: whatever is found about the id
    Column("reason", Text),
    Column("accepted_at", BigInteger, nullable=False),
    Column("until", Text),  # YYYY-MM-DD, in UTC
    Column("ended_at", BigInteger),
    UniqueConstraint("youtube_id", "rule"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", Text, nullable=False, unique=True),  # the same for the same run and target
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("target", Text, nullable=False),  # its name in the settings: never its address, which holds secrets
    Column("tone", Text, nullable=False),
    Column("title", Text),  # NULL, as the body: it was sent, or is too old to be kept
    Column("body", Text),
    Column("reminds", Boolean, nullable=False, server_default="0"),  # it tells all that is broken, not the new alone
    Column("state", Text, nullable=False),  # pending, sent, dead
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("failure", Text),  # why the last attempt failed
    Column("created_at", BigInteger, nullable=False),
    Column("next_attempt_at", BigInteger, nullable=False),
    Column("claimed_at", BigInteger),  # somebody is sending it; an old claim counts for nothing
    Column("sent_at", BigInteger),
    Index(None, "state"),
    Index(None, "run_id"),
)


UNANSWERED = "unanswered"
"""The attribute of a span between two answers, with a check in it that got none: it stayed as it was, unseen."""
