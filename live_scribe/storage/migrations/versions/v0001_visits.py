"""Visits, their chains, and the payloads apart from them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "keyring",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("proof", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("created_at", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("head", sa.LargeBinary, nullable=False),
        sa.Column("seal", sa.LargeBinary, nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("summary", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "entries",
        sa.Column("visit", sa.String, sa.ForeignKey("visits.id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("clock", sa.Float, nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("command", sa.String),
        sa.Column("strikes", sa.String, nullable=False),
        sa.Column("mac", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_index("entries_by_command", "entries", ["visit", "command"])
    op.create_table(
        "payloads",
        sa.Column("visit", sa.String, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("envelope", sa.Integer, nullable=False),
        sa.Column("sealed_key", sa.LargeBinary, nullable=False),
        sa.Column("sealed_payload", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["visit", "seq"], ["entries.visit", "entries.seq"]),
    )


def downgrade() -> None:
    """Refuse: what is in the tables is the only copy."""
    raise NotImplementedError("a database is not taken back to an older form: restore a backup")
