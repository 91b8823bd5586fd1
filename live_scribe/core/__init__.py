"""The pure heart: what a visit is, and what may happen to it. No clock, files, sockets, threads or logging in here."""
