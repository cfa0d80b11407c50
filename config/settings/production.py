"""For a real deployment: refuses to start without its secrets, and speaks HTTPS only."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
if not SECRET_KEY:
    message = "SECRET_KEY is empty: set it to a long random text."
    raise ImproperlyConfigured(message)

# The server stands behind a proxy that ends TLS and sets this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
