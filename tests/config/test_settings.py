"""What the settings read from the environment, and what they do without it."""

import ast
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = sorted((ROOT / "config" / "settings").glob("*.py"))
SECRET = "a-secret-of-this-test-that-is-long-enough-for-production"  # noqa: S105


def names_read(source: str) -> set[str]:
    """Return the NAME of every `env("NAME")` and `env.kind("NAME")`."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return {
        call.args[0].value
        for call in calls
        if ast.unparse(call.func).partition(".")[0] == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    pairs = [line.split("=", 1) for line in lines if line and not line.startswith("#")]
    return dict(pairs)


def read_by_settings() -> set[str]:
    return set().union(*(names_read(path.read_text()) for path in SETTINGS))


def read_by_compose() -> set[str]:
    return set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text()))


def start(module: str, expression: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Print a setting as JSON, in a process that has only these of the variables we read."""
    script = f"import json; from django.conf import settings; print(json.dumps({expression}))"
    inherited = {name: value for name, value in os.environ.items() if name not in example()}
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**inherited, **environment, "DJANGO_SETTINGS_MODULE": f"config.settings.{module}"},
        capture_output=True,
        text=True,
        check=False,
    )


def setting(module: str, expression: str, **environment: str):
    process = start(module, expression, **environment)
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        pytest.param('A = env("A")', {"A"}, id="plain"),
        pytest.param('A = env.int("A", default=3)', {"A"}, id="of-a-kind"),
        pytest.param('A = env.db_url_config(env.str("A") or "x")', {"A"}, id="nested"),
        pytest.param('A = other.str("A")\nB = env.str', set(), id="something-else"),
    ],
)
def test_variables_are_found_in_the_source_of_settings(source: str, names: set[str]) -> None:
    assert names_read(source) == names


def test_every_variable_that_is_read_has_its_line_in_the_example() -> None:
    assert (read_by_settings() | read_by_compose()) - set(example()) == set()


def test_every_variable_of_the_example_is_read() -> None:
    assert set(example()) - (read_by_settings() | read_by_compose()) == set()


def test_every_variable_of_the_example_is_explained_in_the_line_above() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    above = [lines[lines.index(f"{name}={value}") - 1] for name, value in example().items()]
    assert [line for line in above if not line.startswith("# ")] == []


EVERYTHING = "{n: str(getattr(settings, n)) for n in dir(settings) if n.isupper()}"


@cache
def everything_unset() -> dict[str, str]:
    return setting("local", EVERYTHING)


@pytest.mark.parametrize("name", sorted(read_by_settings() - {"SECRET_KEY"}))
def test_the_example_shows_the_default(name: str) -> None:
    assert setting("local", EVERYTHING, **{name: example()[name]}) == everything_unset()


def test_production_refuses_to_start_without_its_secret_and_names_it() -> None:
    process = start("production", "settings.DEBUG")
    assert process.returncode != 0
    assert "SECRET_KEY" in process.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("", id="empty"),
        pytest.param(SECRET[:49], id="short"),
        pytest.param("ab" * 40, id="two-letters"),
        pytest.param(f"django-insecure-{SECRET}", id="made-by-startproject"),
    ],
)
def test_production_refuses_a_secret_that_can_be_guessed(secret: str) -> None:
    process = start("production", "settings.DEBUG", SECRET_KEY=secret)
    assert process.returncode != 0
    assert "SECRET_KEY must be a long random text" in process.stderr.splitlines()[-1]


def test_production_keeps_browsers_and_passwords_safe() -> None:
    wanted = {
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 365 * 24 * 60 * 60,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "X_FRAME_OPTIONS": "DENY",
        "SILENCED_SYSTEM_CHECKS": [],
    }
    shown = f"{{name: getattr(settings, name) for name in {list(wanted)}}}"
    assert setting("production", shown, SECRET_KEY=SECRET) == wanted


def test_production_hashes_passwords_slowly_and_refuses_common_ones() -> None:
    shown = "[settings.PASSWORD_HASHERS[0], len(settings.AUTH_PASSWORD_VALIDATORS)]"
    assert setting("production", shown, SECRET_KEY=SECRET) == [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        4,
    ]


def test_production_starts_with_its_secret() -> None:
    assert setting("production", "settings.SECRET_KEY", SECRET_KEY=SECRET) == SECRET


def test_production_is_never_in_debug_mode() -> None:
    assert setting("production", "settings.DEBUG", SECRET_KEY=SECRET, DEBUG="True") is False


@pytest.mark.parametrize("module", ["local", "test", "production"])
@pytest.mark.parametrize(
    "environment",
    [pytest.param({}, id="unset"), pytest.param({"DATABASE_URL": "", "REDIS_URL": ""}, id="empty")],
)
def test_the_database_and_the_cache_are_embedded_by_default(
    module: str, environment: dict[str, str]
) -> None:
    backends = "[settings.DATABASES['default']['ENGINE'], settings.CACHES['default']['BACKEND']]"
    assert setting(module, backends, SECRET_KEY=SECRET, **environment) == [
        "django.db.backends.sqlite3",
        "django.core.cache.backends.locmem.LocMemCache",
    ]


def test_urls_choose_postgresql_and_redis() -> None:
    backends = "[settings.DATABASES['default']['ENGINE'], settings.CACHES['default']['BACKEND']]"
    assert setting(
        "production",
        backends,
        SECRET_KEY=SECRET,
        DATABASE_URL="postgres://schoolday@db:5432/schoolday",
        REDIS_URL="redis://redis:6379/0",
    ) == ["django.db.backends.postgresql", "django_redis.cache.RedisCache"]
