"""What tests, and the processes that they start, find in their environment.

It is imported before NumPy, which reads the number of threads when it is loaded.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile

# Each processor has a test already. Threads of linear algebra would wait for each other: on a busy
# machine a test of a tenth of a second takes a minute.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# Where Python may not write what it has compiled, every process that a test starts would compile
# all modules anew, which takes seconds. They share a folder of this session instead.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    folder = tempfile.mkdtemp(prefix="hesim-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = folder
    sys.dont_write_bytecode = False
