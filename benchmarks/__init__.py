"""How figures were measured. live_scribe comes first: it says how many threads numpy takes before numpy is there."""

import live_scribe  # noqa: F401
