"""The tables. Times are whole milliseconds since 1970 in UTC, in columns whose names end in `at`.

History is stored by change: `resources` holds the current values, `spans` the former ones, and a check that finds no
change updates `last_checked_at` and nothing else.
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
    text,
)

from linkwatch.store.columns import MEMBER_COLUMNS, RESOURCE_COLUMNS

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
    Column("scope", Text, nullable=False),  # its lists, a line each: runs of the same lists are compared
    Column("source", Text, nullable=False),
    Column("asked", Text, nullable=False, server_default="all"),  # how much of the lists: all, due, doubtful
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),  # NULL while it runs, and for good when it was killed
    Column("quota_units", Integer, nullable=False, server_default="0"),
    Column("complete", Boolean, nullable=False, server_default="0"),
    Column("incomplete_reason", Text),
    Column("held", Boolean, nullable=False, server_default="0"),  # stopped by the safety limit
    Column("note", Text),  # a remark for people
    Column("told_at", BigInteger),  # when its notifications were queued; NULL: never, they go with those of a later run
)

resources = Table(
    "resources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("youtube_id", Text, nullable=False),
    Column("unanswered_at", BigInteger),  # when it was first asked about without an answer; NULL: the last was answered
    *(spec.column for spec in RESOURCE_COLUMNS),
    UniqueConstraint("kind", "youtube_id"),
)

aliases = Table(
    "aliases",
    metadata,
    Column("alias", Text, primary_key=True),  # @handle or user/NAME
    Column("channel_id", Text, nullable=False),
    Column("resolved_at", BigInteger, nullable=False),
)

handles = Table(
    "handles",
    metadata,
    Column("channel_id", Text, primary_key=True),
    Column("handle", Text, nullable=False),  # @handle, as YouTube last reported it; empty: it has none any more
)

moved_handles = Table(
    "moved_handles",  # handles that left their channel; those with an alias lead to another one now
    metadata,
    Column("handle", Text, primary_key=True),
    Column("former_id", Text, nullable=False),  # UC…: the channel that it led to
    Column("moved_at", BigInteger, nullable=False),  # when a check found that it leads elsewhere, or nowhere
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
    Column("superseded_at", BigInteger, nullable=False),  # when a check found another value
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
    Column("looked_at", BigInteger),  # the last time that all of its pages were read; NULL: never
    Column("due", Boolean, nullable=False, server_default="0"),  # something changed since
    Column("etag", Text),  # of the playlist, then; NULL: none, or it changed although nothing else did
    Column("item_count", Integer),  # of the playlist, then
    Column("closed", Boolean, nullable=False, server_default="0"),  # YouTube does not show its items
    Column("members", Integer, nullable=False, server_default="0"),
    Column("gone", Integer, nullable=False, server_default="0"),  # of the members, those deleted or private
    Column("counted", Integer),  # items by the listing, then, the hidden ones too
    Column("unread_since_at", BigInteger),  # the first time in a row that the listing contradicted itself; NULL: read
    Column("unread_at", BigInteger),  # the last time that it did
)

memberships = Table(
    "memberships",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("resource_id", ForeignKey("resources.id"), nullable=False),  # the playlist
    *(spec.column for spec in MEMBER_COLUMNS),
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
    Column("position", Integer, nullable=False),  # after the change; the last one, of a member that left
    Column("by", Text),  # id of the video that replaced it
    UniqueConstraint("membership_id", "change", "run_id"),
    Index(None, "at"),
    Index(None, "run_id"),
)

overlaps = Table(
    "overlaps",
    metadata,
    Column("resource_id", ForeignKey("resources.id"), primary_key=True),  # a playlist
    Column("group_id", Integer, nullable=False),  # two that share most of their videos have the same
    Index(None, "group_id"),
)

lists = Table(
    "lists",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("file", Text, nullable=False, unique=True),
    Column("digest", Text, nullable=False),  # of its links: a list with the same one is not written again
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
    Column("ignored", Text),  # rules that a comment in the list ignores, separated by spaces
    Column("first_seen_at", BigInteger, nullable=False),  # with this URL and label
    Column("listed_at", BigInteger, nullable=False, server_default="0"),  # since when its resource is in the list
    Index(None, "list_id"),
    Index(None, "resource_id"),
)

quota_days = Table(
    "quota_days",
    metadata,
    Column("day", Text, primary_key=True),  # YYYY-MM-DD, Pacific Time
    Column(
        "key_digest", Text, primary_key=True, server_default=text("''")
    ),  # of the API key; empty: not known, any key's
    Column("units", Integer, nullable=False),
    Column("exhausted_at", BigInteger),  # when YouTube reported that the day's quota is exhausted
)

schedules = Table(
    "schedules",
    metadata,
    Column("name", Text, primary_key=True),
    Column("scope", Text, nullable=False),  # its lists, as last read
    Column("cadence", Text, nullable=False),  # as it is written: when it changes, all times are computed again
    Column(
        "slot_at", BigInteger
    ),  # start of the current interval: what was checked before is due; NULL: before the first
    Column("next_slot_at", BigInteger, nullable=False),
    Column("next_check_at", BigInteger, nullable=False),  # when something is due: an interval, a suspect, or a retry
    Column("failures", Integer, nullable=False, server_default="0"),  # incomplete runs in a row
    Column("paused_at", BigInteger),  # since when nothing of it is checked by itself; NULL: it is
)

summaries = Table(
    "summaries",  # what the first page of the dashboard and the metrics show of a schedule
    metadata,
    Column("schedule", Text, primary_key=True),  # its key
    Column("version", Text, nullable=False),  # a digest of all that it was made from but the time
    Column("made_at", BigInteger, nullable=False),
    Column("document", Text, nullable=False),  # JSON
)

ended_sessions = Table(
    "ended_sessions",
    metadata,
    Column("id", Text, primary_key=True),  # a digest of the session; `*`: of all that began until then
    Column("at", BigInteger, nullable=False),  # when it would end by itself
)

public_addresses = Table(
    "public_addresses",
    metadata,
    Column("schedule", Text, primary_key=True),  # its key
    Column("secret", Text, nullable=False),  # in the address of its public pages; whoever knows it sees them
)

stored_lists = Table(
    "stored_lists",
    metadata,
    Column("name", Text, primary_key=True),
    Column("path", Text),  # of the file or folder that it stands for; NULL: the list is the content
    Column("content", Text, nullable=False),  # CSV with a header; empty where there is a path
    Column("digest", Text, nullable=False),  # of path and content: another one when either is changed
    Column("changed_at", BigInteger, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text),  # NULL: it was released
    Column(
        "token", Integer, nullable=False
    ),  # increases each time it is acquired: the holder of an older one has lost it
    Column("renewed_at", BigInteger, nullable=False),  # the heartbeat
    Column("expires_at", BigInteger, nullable=False),
)

calls = Table(
    "calls",  # of a check that is distributed to workers, while it runs
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("number", Integer, primary_key=True),  # in the order of the plan
    Column("method", Text, nullable=False),
    Column("ids", Text, nullable=False),  # of its resources, a line each
    Column("waits", Boolean, nullable=False, server_default="0"),  # exceeds the day's quota: it is not made
    Column("outcome", Text),  # JSON; NULL: not made yet
)

engines = Table(
    "engines",  # other software with tables of its own in this database
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Text, nullable=False),  # of its tables
)

acks = Table(
    "acks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("youtube_id", Text, nullable=False),  # empty: every finding of the rule; NULL would not be unique
    Column("rule", Text, nullable=False),  # empty: every finding of the id
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
    Column("target", Text, nullable=False),  # its name in the settings; its address may hold secrets
    Column("tone", Text, nullable=False),
    Column("title", Text),  # NULL, as the body: it was sent, or purged
    Column("body", Text),
    Column("document", Text),  # JSON: the digest of the message
    Column(
        "reminds", Boolean, nullable=False, server_default="0"
    ),  # it names every broken link, not the new ones alone
    Column("state", Text, nullable=False),  # pending, sent, dead
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("failure", Text),  # why the last attempt failed
    Column("created_at", BigInteger, nullable=False),
    Column("next_attempt_at", BigInteger, nullable=False),
    Column("claimed_at", BigInteger),  # a process is sending it; an old claim has expired
    Column("sent_at", BigInteger),
    Index(None, "state"),
    Index(None, "run_id"),
)
