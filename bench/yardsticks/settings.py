"""Production, with the yardsticks' routes beside the service's own."""

from config.settings.production import *  # noqa: F403

ROOT_URLCONF = "bench.yardsticks.urls"
