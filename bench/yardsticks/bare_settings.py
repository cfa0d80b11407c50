"""Django with nothing but a resolver and a view."""

SECRET_KEY = "only-for-constants"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.yardsticks.bare_urls"
MIDDLEWARE: list[str] = []
INSTALLED_APPS: list[str] = []
