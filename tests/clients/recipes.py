"""How each client is generated, built and run: with unedited output of public generators."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import openapi_generator_cli

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = "openapi/schema.yaml"
SHORT_LIVED = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Options for a Java that ends before compiling itself well would pay."""
DRIVERS = "tests/clients"
OUTPUT = "build/clients"
LOCKS = ("requirements/dev.txt", "openapi/tools/package-lock.json")

PYTHON = ".venv/bin/python"
NODE_TOOLS = "openapi/tools/node_modules/.bin"
OPENAPI_FETCH = "openapi/tools/node_modules/openapi-fetch"
GENERATOR = str(Path(openapi_generator_cli.__file__).with_name("openapi-generator.jar"))
# The generator's own jar carries the Jackson that generated Java needs; Debian has the annotations.
CLASSPATH = f"{GENERATOR}:/usr/share/java/jakarta-annotation-api.jar:{OUTPUT}/java/classes"

Command = tuple[str, ...]


@dataclass(frozen=True)
class Recipe:
    """One client: the commands that make it from the document, and the one that runs its driver."""

    name: str
    sources: str
    make: tuple[Command, ...]
    run: Command = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    def fingerprint(self) -> str:
        """Return what changes whenever the client has to be made anew."""
        digest = hashlib.sha256(json.dumps(asdict(self)).encode())
        for path in [ROOT / DOCUMENT, *(ROOT / lock for lock in LOCKS), *self.source_files()]:
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def source_files(self) -> list[Path]:
        """Return the files that people have written, in order."""
        return sorted(path for path in (ROOT / self.sources).glob("*.*") if path.is_file())


def openapi_generator(language: str, folder: str, *options: str) -> Command:
    """Return the command that generates a client with OpenAPI Generator."""
    command = ("java", *SHORT_LIVED, "-jar", GENERATOR, "generate", "--input-spec", DOCUMENT)
    parts = "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"
    return (*command, "-g", language, "-o", folder, "--global-property", parts, *options)


def openapi_typescript(folder: str) -> Command:
    """Return the command that writes the document's types for TypeScript."""
    output = f"{folder}/schoolday.d.ts"
    # What has a default may be left out of a request.
    options = ("--default-non-nullable", "false")
    return (f"{NODE_TOOLS}/openapi-typescript", DOCUMENT, *options, "--output", output)


PYTHON_HTTPX = Recipe(
    name="Python, openapi-python-client",
    sources=f"{DRIVERS}/python",
    make=(
        (
            ".venv/bin/openapi-python-client",
            "generate",
            f"--path={DOCUMENT}",
            f"--output-path={OUTPUT}/python/schoolday_client",
            f"--config={DRIVERS}/python/generator.yaml",
            "--meta=none",
            "--overwrite",
            "--fail-on-warning",
        ),
    ),
    run=(PYTHON, f"{DRIVERS}/python/driver.py"),
    environment={"PYTHONPATH": f"{OUTPUT}/python"},
)
PYTHON_URLLIB3 = Recipe(
    name="Python, OpenAPI Generator",
    sources=f"{DRIVERS}/python_urllib3",
    make=(
        openapi_generator(
            "python", f"{OUTPUT}/python_urllib3", "--package-name=schoolday_urllib3_client"
        ),
    ),
    run=(PYTHON, f"{DRIVERS}/python_urllib3/driver.py"),
    environment={"PYTHONPATH": f"{OUTPUT}/python_urllib3"},
)
TYPESCRIPT = Recipe(
    name="TypeScript, openapi-fetch",
    sources=f"{DRIVERS}/typescript",
    make=(
        openapi_typescript(f"{OUTPUT}/typescript"),
        (f"{NODE_TOOLS}/tsc", "--project", f"{DRIVERS}/typescript"),
        ("ln", "-sfn", "../../../openapi/tools/node_modules", f"{OUTPUT}/typescript/node_modules"),
    ),
    run=("node", f"{OUTPUT}/typescript/driver.mjs"),
)
SPA = Recipe(
    name="TypeScript, examples/spa",
    sources="examples/spa",
    make=(
        openapi_typescript(f"{OUTPUT}/spa"),
        (f"{NODE_TOOLS}/tsc", "--project", "examples/spa"),
        ("cp", "examples/spa/index.html", f"{OPENAPI_FETCH}/dist/index.mjs", f"{OUTPUT}/spa"),
    ),
)
JAVA = Recipe(
    name="Java, OpenAPI Generator",
    sources=f"{DRIVERS}/java",
    make=(
        openapi_generator(
            "java",
            f"{OUTPUT}/java",
            "--library=native",
            "--additional-properties=openApiNullable=false,useJakartaEe=true",
            "--additional-properties=useSingleRequestParameter=true",
            "--parameter-name-mappings=wait=waitSeconds",  # Java's objects have one
        ),
        (
            *("javac", *(f"-J{option}" for option in SHORT_LIVED), "-nowarn", "-proc:none"),
            *("-cp", CLASSPATH, "-d", f"{OUTPUT}/java/classes"),
            *(f"{OUTPUT}/java/src/main/**/*.java", f"{DRIVERS}/java/Driver.java"),
        ),
    ),
    run=("java", *SHORT_LIVED, "-cp", CLASSPATH, "Driver"),
)
RECIPES = (PYTHON_HTTPX, PYTHON_URLLIB3, TYPESCRIPT, SPA, JAVA)
