"""live_scribe: hears a visit, writes its SOAP note while people talk, and lets people correct and sign it."""

import os

__version__ = "0.1.0"

# Before numpy and CTranslate2 are loaded: our matrices are small, and threads that spin while they wait for one another
# cost ten times the work itself and starve other visits (measured in benchmarks/README.md).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
