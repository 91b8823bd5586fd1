"""The tables, in SQLAlchemy Core. Migrations make them; docs/storage.md says what lies in them."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

REVISION = "0003"
"""The migration that this code needs; a test holds it to the newest one in `migrations/`."""

metadata = MetaData()

keyring = Table(
    "keyring",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("proof", LargeBinary, nullable=False),
)
"""One row: something sealed under the master key, by which another key is known at once."""

visits = Table(
    "visits",
    metadata,
    Column("id", String, primary_key=True),
    Column("created_at", String, nullable=False),
    Column("state", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("seal", LargeBinary, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("summary", LargeBinary, nullable=False),
)

entries = Table(
    "entries",
    metadata,
    Column("visit", String, ForeignKey("visits.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("clock", Float, nullable=False),
    Column("type", String, nullable=False),
    Column("command", String),
    Column("strikes", String, nullable=False),
    Column("mac", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("entries_by_command", "visit", "command"),
)

payloads = Table(
    "payloads",
    metadata,
    Column("visit", String, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("envelope", Integer, nullable=False),
    Column("sealed_key", LargeBinary, nullable=False),
    Column("sealed_payload", LargeBinary, nullable=False),
    ForeignKeyConstraint(["visit", "seq"], ["entries.visit", "entries.seq"]),
)

users = Table(
    "users",
    metadata,
    Column("name", String, primary_key=True),
    Column("folded", String, nullable=False, unique=True),
    Column("role", String, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("created_at", Float, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("user", String, ForeignKey("users.name"), nullable=False),
    Column("created_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
)

terms = Table(
    "terms",
    metadata,
    Column("id", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("added_by", String, nullable=False),
    Column("added_at", String, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("terms_by_owner", "owner"),
)
"""`id` is an HMAC of owner and text: it keeps a term from being there twice, and tells nobody which it is."""

corrections = Table(
    "corrections",
    metadata,
    Column("visit", String, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    ForeignKeyConstraint(["visit", "seq"], ["entries.visit", "entries.seq"]),
)
"""What people have set right, by the entry that did it: it goes with the entry's payload when that is struck."""

rules = Table(
    "rules",
    metadata,
    Column("id", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("decided_by", String, nullable=False),
    Column("decided_at", String, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
