"""Linear algebra in one thread: imported before NumPy, which reads this when it is loaded.

Each processor has a test already. Threads of a library beside them wait for each other, and on a
busy machine a test of a tenth of a second takes a minute.
"""

from __future__ import annotations

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
