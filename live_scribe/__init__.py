"""live_scribe: hears a visit, writes its SOAP note while people talk, and lets people correct and sign it."""

__version__ = "0.1.0"
