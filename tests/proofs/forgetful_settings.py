"""The service without any memory: every answer comes from the rows."""

from config.settings.local import *

CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
DOOR_MAX_BYTES = 0
CALENDARS_KEPT = 0
REVISION_MAX_AGE = CREDENTIAL_MAX_AGE = 0
