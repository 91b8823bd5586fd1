"""Brings a database to the form that this code needs."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from live_scribe.errors import SchemaTooNew, StorageError
from live_scribe.storage.schema import REVISION

FOLDER = Path(__file__).with_name("migrations")
_OURS = "alembic_version"


def revision(connection: Connection) -> str | None:
    """Return the form that the database is in, null for an empty one. Raises StorageError if it is not one of ours."""
    tables = inspect(connection).get_table_names()
    if _OURS not in tables:
        if tables:
            raise StorageError("the database belongs to another program: choose another data folder")
        return None
    found: str | None = connection.execute(text(f"SELECT version_num FROM {_OURS}")).scalar()
    return found


def check(found: str | None, where: object) -> bool:
    """Return whether a database in the form `found` is to be upgraded. Raises SchemaTooNew if this code is too old."""
    if found is not None and found > REVISION:
        raise SchemaTooNew(
            f"{where} was written by a newer version of live_scribe (form {found}, this one knows {REVISION}): "
            "update live_scribe; nothing was changed"
        )
    return found != REVISION


def upgrade(connection: Connection) -> None:
    """Run the missing migrations in the connection's transaction."""
    # Alembic takes a tenth of a second to import, and most starts have nothing to migrate.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
