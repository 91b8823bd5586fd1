"""`python -m live_scribe` is the command `live-scribe`."""

from live_scribe.cli import main

main()
