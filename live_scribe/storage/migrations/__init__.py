"""Alembic's environment and the steps from one form of the database to the next; they travel in the wheel."""
