"""What the checks of the OpenAPI document find, seen on documents that are wrong."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path("openapi") / "tools"
DOCUMENT = Path("openapi") / "schema.yaml"

pytestmark = pytest.mark.skipif(
    not (ROOT / TOOLS / "node_modules").exists() and os.environ.get("CI") != "true",
    reason="`make openapi-tools` has not been run, which needs Node",
)

Check = Callable[[str], subprocess.CompletedProcess[str]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project of its own, with the committed document and whatever checks it."""
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    shutil.copytree(ROOT / TOOLS, tmp_path / TOOLS, ignore=shutil.ignore_patterns("node_modules"))
    (tmp_path / TOOLS / "node_modules").symlink_to(ROOT / TOOLS / "node_modules")
    shutil.copy(ROOT / DOCUMENT, tmp_path / DOCUMENT)
    return tmp_path


@pytest.fixture
def check(project: Path) -> Check:
    """Return what runs a check in the project."""

    def run(name: str) -> subprocess.CompletedProcess[str]:
        script = project / ".ci" / name
        return subprocess.run([script], check=False, capture_output=True, text=True)  # noqa: S603

    return run


def git(project: Path, *arguments: str) -> None:
    identity = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    identity |= {f"GIT_{who}_NAME": "Office" for who in ("AUTHOR", "COMMITTER")}
    identity |= {f"GIT_{who}_EMAIL": "office@example.org" for who in ("AUTHOR", "COMMITTER")}
    command = ["git", "-C", str(project), *arguments]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | identity)  # noqa: S603


def release(project: Path, tag: str) -> None:
    git(project, "init")
    git(project, "add", str(DOCUMENT))
    git(project, "commit", "--message", "Describe the API")
    git(project, "tag", tag)


def change(project: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    document = yaml.load((project / DOCUMENT).read_text(), yaml.CSafeLoader)
    edit(document)
    (project / DOCUMENT).write_text(json.dumps(document))  # which is YAML as well


def drop_now(document: dict[str, Any]) -> None:
    del document["paths"]["/api/v1/schools/{school}/now"]


def drop_name(document: dict[str, Any]) -> None:
    bell = document["components"]["schemas"]["Bell"]
    bell["required"].remove("name")
    del bell["properties"]["name"]


def require_track(document: dict[str, Any]) -> None:
    parameters = document["paths"]["/api/v1/schools/{school}/now"]["get"]["parameters"]
    next(each for each in parameters if each["name"] == "track")["required"] = True


def add_operation(document: dict[str, Any]) -> None:
    paths = document["paths"]
    paths["/api/v1/later"] = paths["/api/v1/quarters/for-date"] | {}


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        pytest.param(drop_now, "api-path-removed-without-deprecation", id="operation-removed"),
        pytest.param(drop_name, "response-required-property-removed", id="property-removed"),
        pytest.param(require_track, "request-parameter-became-required", id="parameter-required"),
    ],
)
def test_what_breaks_callers_of_the_last_version_is_refused(
    project: Path, check: Check, edit: Callable[[dict[str, Any]], object], told: str
) -> None:
    release(project, "v1.0.0")
    change(project, edit)
    answer = check("breaking-changes")
    assert answer.returncode == 1
    assert told in answer.stdout


@pytest.mark.parametrize("tag", ["v1.0.0", "another-tag"])
def test_what_breaks_nobody_is_let_through(project: Path, check: Check, tag: str) -> None:
    release(project, tag)
    change(project, add_operation)
    assert check("breaking-changes").returncode == 0


def test_before_the_first_version_nobody_can_be_broken(project: Path, check: Check) -> None:
    release(project, "another-tag")
    change(project, drop_now)
    answer = check("breaking-changes")
    assert answer.returncode == 0
    assert "No version has been tagged" in answer.stdout


def allow_endless_names(document: dict[str, Any]) -> None:
    del document["components"]["schemas"]["Bell"]["properties"]["name"]["maxLength"]


def test_the_linters_refuse_what_has_no_limit(project: Path, check: Check) -> None:
    change(project, allow_endless_names)
    answer = check("lint-openapi")
    assert answer.returncode == 1
    assert "owasp:api4:2023-string-limit" in answer.stdout
