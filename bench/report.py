"""What a run has found: printed, written to results.json, and shown in docs/performance.md."""

import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.processes import ROOT
from bench.rows import Row

RESULTS = Path(__file__).with_name("results.json")
PAGE = ROOT / "docs" / "performance.md"
TABLE = re.compile(r"(?<=<!-- table -->\n).*?(?=<!-- end of table -->)", re.DOTALL)
VERDICTS = {True: "yes", False: "**no**"}

Result = dict[str, Any]


def tell(line: str) -> None:
    """Tell, at once, how far a run has come."""
    sys.stderr.write(f"{line}\n")


def result(row: Row, runs: Sequence[float]) -> Result:
    """Return what is known of a row; the figure that is shown is the one that decides."""
    value = rounded(row.value_of(runs))
    return {
        "row": row.text,
        "unit": row.unit,
        "value": value,
        **row.bound,
        "met": row.is_met(value),
        "runs": [rounded(each) for each in runs],
    }


def rounded(value: float) -> float:
    """Return a figure with three digits that count."""
    return float(f"{value:.3g}")


def table(results: Sequence[Result]) -> str:
    """Return the results as Markdown."""
    head = "| row | value | bound | met |\n|---|---:|---:|---|\n"
    return head + "".join(f"| {' | '.join(_cells(each))} |\n" for each in results)


def write(results: Sequence[Result]) -> None:
    """Keep the results of a whole run, and show them."""
    kept = {"machine": machine(), "commit": commit(), "rows": list(results)}
    RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    PAGE.write_text(shown(PAGE.read_text(), kept))


def shown(page: str, kept: Mapping[str, Any]) -> str:
    """Return the page with the results in it."""
    of = f"Measured at `{kept['commit']}` on {kept['machine']}.\n\n"
    return TABLE.sub(lambda _old: f"\n{of}{table(kept['rows'])}\n", page)


def machine() -> str:
    """Describe this machine, as far as the figures depend on it."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    kind = model[1] if model else platform.machine()
    python = f"Python {platform.python_version()}"
    return f"{os.cpu_count()} cores of {kind}, {memory:.0f} GB, {python}"


def commit() -> str:
    """Return the commit that was measured; a `+` says that files differ from it."""
    differs = _git("status", "--porcelain", "--untracked-files=no")
    return _git("rev-parse", "--short=12", "HEAD") + ("+" if differs else "")


def _git(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603
        ["git", *arguments],  # noqa: S607
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.stdout.strip()


def _cells(found: Result) -> tuple[str, str, str, str]:
    sign, name = ("≥", "at_least") if "at_least" in found else ("≤", "at_most")
    value = f"{found['value']:g} {found['unit']}"
    return found["row"], value, f"{sign} {found[name]:g}", VERDICTS[found["met"]]
