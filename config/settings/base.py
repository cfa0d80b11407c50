"""What every environment shares. Everything read from the environment is read here.

`.env.example` lists every variable; a test compares the two.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from corsheaders.defaults import default_headers
from csp.constants import NONE, SELF
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from scheduling.access import SCOPES

django_stubs_ext.monkeypatch()  # lets us write ModelAdmin[Term]

BASE_DIR = Path(__file__).resolve().parents[2]

env = environ.Env()

ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "core",
    "scheduling",
    "api",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "simple_history",
    "oauth2_provider",
    "axes",
    "corsheaders",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.health.health_checks",
    "api.middleware.request_ids",
    "api.middleware.lengths_of_bodies",
    "api.pages.PagePolicy",
    "api.oneroster.middleware.status_documents",
    "api.middleware.problem_documents",
    "api.middleware.readable_requests",
    "api.origins.Origins",
    "api.people.short_way_in",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "api.people.short_way_out",
    "api.headers.usual_headers",
    "api.throttling.rate_limits",  # inmost: what never comes near the API is not counted
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False  # the API's routes have none, and a redirect would hide a wrong path

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url_config(
        env.str("DATABASE_URL", default="") or f"sqlite:///{BASE_DIR / 'schoolday.sqlite3'}"
    ),
}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # DEFERRED would answer "database is locked" at once, whatever the timeout.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # A writer that waits for a school's lock gives up before its client does.
    DATABASES["default"]["OPTIONS"] = {"options": "-c lock_timeout=10s"}

REDIS_URL: str = env.str("REDIS_URL", default="")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            "SERIALIZER": "django_redis.serializers.json.JSONSerializer",
            "SOCKET_CONNECT_TIMEOUT": 0.2,
            "SOCKET_TIMEOUT": 0.2,
            # Each thread keeps its connection, for to take it from a pool takes as long as to ask.
            # One that was closed meanwhile is opened once more; who is slow is not asked again.
            "REDIS_CLIENT_KWARGS": {"single_connection_client": True},
            "CONNECTION_POOL_KWARGS": {"retry": Retry(NoBackoff(), 1, (RedisConnectionError,))},
        },
    }
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}
DJANGO_REDIS_CLOSE_CONNECTION = False  # the default; unsaid, each request looks for it in vain
CACHE_TTL_SECONDS = int(env.str("CACHE_TTL_SECONDS", default="") or 24 * 60 * 60)

# Seconds that a process believes what it last read: of a school's revision (0: it reads each time),
# and of a token and its roles, so that one that is taken back is refused as soon.
REVISION_MAX_AGE = float(env.str("SCHOOLDAY_REVISION_MAX_AGE", default="") or 0.25)
CREDENTIAL_MAX_AGE = 5.0
# Bytes of whole answers that each process keeps in front of Django; 0 keeps none.
DOOR_MAX_BYTES = int(env.str("DOOR_MAX_BYTES", default="") or 64 * 1024 * 1024)
# What Prometheus shows to read /metrics; without it there is no such address.
METRICS_TOKEN: str = env.str("METRICS_TOKEN", default="")
# Compiled calendars that each process keeps, a school year and its neighbours each: 0.1 MB or so.
CALENDARS_KEPT = 200
# Bytes of pages of rosters that each process keeps; a page of 100 sessions takes 0.06 MB or so.
ROSTER_PAGES_BYTES = 16 * 1024 * 1024

# Requests that one known caller, and one address of unknown callers, may make in a minute; 0: any.
RATE_LIMIT_PER_MINUTE = int(env.str("RATE_LIMIT_PER_MINUTE", default="") or 6000)
ANONYMOUS_RATE_LIMIT_PER_MINUTE = int(
    env.str("ANONYMOUS_RATE_LIMIT_PER_MINUTE", default="") or 3000
)
TOKEN_RATE_LIMIT_PER_MINUTE = 60
NUM_PROXIES = int(env.str("NUM_PROXIES", default="") or 0)

# The append-only log that names every committed state of a school; core.revision writes it.
REVISION_LOG_MODEL = "scheduling.Revision"

# Days for which history is kept: what the calendar was, and what the change feed can still tell.
HISTORY_DAYS = int(env.str("HISTORY_DAYS", default="") or 400)

# Where webhooks may go beside port 443 of machines on the open internet: other ports of theirs, and
# this machine, also without TLS, which is for a developer's own.
OUTBOUND_PORTS = [int(port) for port in env.list("OUTBOUND_PORTS", default=[])]
OUTBOUND_LOOPBACK = False
# Days for which is known what was sent to webhooks, and what came back.
WEBHOOK_LOG_DAYS = int(env.str("WEBHOOK_LOG_DAYS", default="") or 30)

# Who is told that a webhook does not work any more is told by mail: smtp+tls://user:password@host:587.
vars().update(env.email_url_config(env.str("EMAIL_URL", default="") or "consolemail://"))
EMAIL_TIMEOUT = 10  # a mail server that says nothing must not keep whoever writes
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="") or "schoolday@localhost"

# The published JSON Schema of the calendar document: scheduling.documents checks against it.
CALENDAR_DOCUMENT_SCHEMA = BASE_DIR / "openapi" / "calendar-document.schema.json"

# People log in to the admin with a password; programs never do.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESSION_COOKIE_AGE = 12 * 60 * 60  # a long day at the office

# Whoever gets a password wrong five times from one address waits a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_CLIENT_IP_CALLABLE = "api.pages.login_address"
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
AXES_SENSITIVE_PARAMETERS = ["username"]  # in the log: some type their password there
AXES_VERBOSE = False

# Pages of any origin may use the API, with a token or as anybody, never with a person's session.
CORS_URLS_REGEX = r"^/(api|oauth)/"
CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_ALLOW_ALL_ORIGINS = not CORS_ALLOWED_ORIGINS
CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_HEADERS = (
    *default_headers,
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-request-id",
)
CORS_EXPOSE_HEADERS = (
    "ETag",
    "Idempotent-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-Id",
)
CORS_PREFLIGHT_MAX_AGE = 24 * 60 * 60

# What an HTML page may load: files of this service, and nothing that stands in the page itself.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # the style sheet of /api/docs draws its arrows so
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static"

SIMPLE_HISTORY_ENABLED = True
SIMPLE_HISTORY_DATE_INDEX = False  # nothing is asked by that date

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.BearerAuthentication",
        "api.authentication.PersonAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.CallerThrottle"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.StrictJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.negotiation.ContentNegotiation",
    "DEFAULT_RENDERER_CLASSES": ["api.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,  # the OpenAPI document tells, and OPTIONS is for preflights
    "EXCEPTION_HANDLER": "api.problems.exception_handler",
    "URL_FORMAT_OVERRIDE": None,  # the Accept header alone says what the client wants
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = {
    "SCOPES": SCOPES,
    "SCOPES_BACKEND_CLASS": "api.oauth.GrantedScopes",
    "OAUTH2_VALIDATOR_CLASS": "api.oauth.ClientValidator",
    "OAUTH2_BACKEND_CLASS": "api.oauth.KnownParameters",
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",  # client credentials alone
    "ACCESS_TOKEN_EXPIRE_SECONDS": 60 * 60,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 60 * 60,  # there are none, and `cleartokens` asks
    # Best current practice, RFC 9700; tokens are stored as hashes.
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Schoolday",
    "DESCRIPTION": (
        "The calendars of schools: what is on, on a date or at an instant, and every row "
        "behind it, to be read and written."
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SERVE_INCLUDE_SCHEMA": False,
    "SORT_OPERATION_PARAMETERS": False,
    "CONTACT": {"name": "The office that runs this service"},
    "SERVERS": [
        {
            "url": "/",
            "description": "The server that gives this document: local, staging or production.",
            "x-internal": False,
        }
    ],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema_hooks.finish",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"validatorUrl": None},  # asks no other host about the document
    "TAGS": [
        {"name": "Calendar", "description": "What is on, on a date or at an instant."},
        {"name": "Sync", "description": "What has changed since the last look."},
        {"name": "Webhooks", "description": "Whom the service tells that a calendar has changed."},
        {"name": "Feeds", "description": "Calendars to subscribe to, and what opens them."},
        {"name": "Ed-Fi", "description": "The calendar in the shapes of Ed-Fi's Data Standard 5."},
        {"name": "Districts", "description": "What schools belong to."},
        {"name": "Schools", "description": "Whose calendars there are."},
        {"name": "Academic years", "description": "School years, with their rotation."},
        {"name": "Terms", "description": "The semesters and trimesters of a year."},
        {"name": "Quarters", "description": "The quarters of a semester."},
        {"name": "Breaks", "description": "Days of a year without school."},
        {"name": "Bell schedules", "description": "The kinds of day that a school has."},
        {"name": "Periods", "description": "What rings on a kind of day."},
        {"name": "Schedule rules", "description": "Which kind of day a date usually is."},
        {"name": "Day overrides", "description": "Dates that are unlike the usual."},
    ],
    "ENUM_NAME_OVERRIDES": {
        "BatchResource": "api.serializers.items.BATCHED",
        "BreakKind": "scheduling.models.Break.Kind",
        "CalendarAction": "api.serializers.calendar_document.ACTIONS",
        "CalendarRowKind": "scheduling.documents.ROW_KINDS",
        "ChangedResource": "api.serializers.changes.RESOURCES",
        "ChangedDistrictResource": "api.serializers.changes.DISTRICT_RESOURCES",
        "CyclePolicy": "scheduling.models.AcademicYear.CyclePolicy",
        "DayReason": "api.serializers.day.REASONS",
        "DocumentFormat": "api.serializers.calendar_document.FORMATS",
        "IntervalType": "api.serializers.now.INTERVAL_TYPES",
        "PeriodType": "scheduling.models.PeriodDefinition.Type",
        "QuarterReason": "api.serializers.quarter_for_date.QUARTER_REASONS",
        "QuarterStrategy": "api.serializers.term.STRATEGIES",
        "QuarterType": "scheduling.models.Quarter.QuarterType",
        "RowOperation": "api.serializers.versions.OPERATIONS",
        "SyncOperation": "api.serializers.items.OPERATIONS",
        "TermType": "scheduling.models.Term.TermType",
        "WebhookDeliveryState": "scheduling.models.WebhookDelivery.State",
        "WebhookEventType": "scheduling.models.WebhookEvent.TYPES",
        "WebhookState": "scheduling.models.Webhook.State",
        "Weekday": "scheduling.calendar.days.WEEKDAYS",
    },
}

LOG_LEVEL = env.str("LOG_LEVEL", default="") or "INFO"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "axes": {"level": "WARNING"},  # it tells of every login, twice
        "django": {"level": LOG_LEVEL},  # has a level and a handler of its own otherwise
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
