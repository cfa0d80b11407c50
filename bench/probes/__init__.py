"""What is measured from within: each module is a process of its own, and prints JSON.

Django is ready for them when this package has been imported.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import django
from django.apps import apps

from bench import cpu
from bench.databases import backends

if not apps.ready:
    django.setup()


def tell(found: Any) -> None:
    """Print what the benchmark reads."""
    sys.stdout.write(json.dumps(found))


def cost(url: str, work: Callable[[], object]) -> float:
    """Return the CPU seconds of some work, here and in the database of a URL."""
    before, begun = _in_database(url), time.process_time()
    work()
    here = time.process_time() - begun
    return here + cpu.between(before, _in_database(url))


def _in_database(url: str) -> cpu.Spent:
    """Return what PostgreSQL has spent; SQLite is part of this process."""
    return cpu.spent(backends(url)) if url.startswith("postg") else {}
