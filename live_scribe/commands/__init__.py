"""The subcommands of `live-scribe`: options in, results on standard output."""
