"""live_scribe: hears a visit, writes its SOAP note while people talk, and lets people correct and sign it."""

import os

__version__ = "0.1.0"

# Before numpy and CTranslate2 are loaded: our matrices are small, and threads that spin while they wait for one another
# cost ten times the work itself and starve other visits (measured in benchmarks/README.md).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# oneDNN keeps a compiled kernel for each length of sound it has met, up to 1024 of them. Looks are of all lengths:
# after half an hour that is 600 MB, and no faster (benchmarks/README.md).
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "8")
