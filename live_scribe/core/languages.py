"""Which language a visit is heard in, and what there is for each. A language is its code: "en", "es"."""

from __future__ import annotations

DEFAULT = "en"
"""What a visit is heard in where nobody says otherwise."""

WRITTEN = frozenset({"en"})
"""Languages whose numbers `core/written.py` knows."""

DRAFTED = frozenset({"en"})
"""Languages that the note writer has phrases for: of what is said in another it drafts nothing at all."""

ROLES = frozenset({"en"})
"""Languages whose words tell doctor and patient apart; in others a voice's role is unknown until a person names it."""

SURE = 0.8
"""A language less probable than this is not offered: accents and names are often taken for one."""
