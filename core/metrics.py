"""What the service counts, for Prometheus.

With several processes set PROMETHEUS_MULTIPROC_DIR to an empty folder that all of them can write:
then each of them tells of all.
"""

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

CONTENT_TYPE = CONTENT_TYPE_LATEST

REQUESTS = Histogram(
    "schoolday_request_seconds",
    "Time that requests took, by method, route and status.",
    ["method", "route", "status"],
    buckets=(0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
)
CACHE = Counter(
    "schoolday_cache_answers_total",
    "Answers asked of a cache; `bypass`: it was away, or there was nothing to be asked.",
    ["cache", "result"],
)


def exposition() -> bytes:
    """Return all figures in the text format of Prometheus."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
