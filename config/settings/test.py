"""For the test suite: quick passwords, and databases that parallel runs do not share."""

import os
import tempfile
from pathlib import Path

from config.settings.base import *

DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

_RUN = f"schoolday_test_{os.getpid()}"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, because tests with threads need one database behind several connections.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(tempfile.gettempdir()) / f"{_RUN}.sqlite3")}
else:
    DATABASES["default"]["TEST"] = {"NAME": _RUN}
    # Nothing of a test outlives it: do not wait for the disk.
    DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
CACHES["default"]["KEY_PREFIX"] = _RUN
REVISION_MAX_AGE = CREDENTIAL_MAX_AGE = 0  # tests of what is believed for a while set their own
# Tests of the limits set their own; the others ask as often as they like.
RATE_LIMIT_PER_MINUTE = ANONYMOUS_RATE_LIMIT_PER_MINUTE = TOKEN_RATE_LIMIT_PER_MINUTE = 1_000_000
WHITENOISE_AUTOREFRESH = True  # no static folder has been collected
