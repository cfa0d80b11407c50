"""The memory of a worker that has answered for every school of the district."""

from collections.abc import Set

from bench import cpu
from bench.costs import Load, Runs, driven
from bench.fixtures import DISTRICT
from bench.stage import Stage

PATH = "/api/v1/schools/{school}/days/{day}"
LOAD = Load("door", PATH, DISTRICT.schools)


def measure(stage: Stage, _keys: Set[str]) -> Runs:
    """Return the runs of the row: megabytes of the worker, less what the door may keep."""
    bound = stage.probe("bound", stage.database("district"))["megabytes"]
    server = stage.server("door")
    for number in range(DISTRICT.schools):
        stage.answer("door", stage.named(PATH, number))
    drive = driven(stage, "memory", LOAD)
    found = []
    for _repeat in range(stage.repeats):
        drive()
        found.append(max(map(cpu.pss_megabytes, cpu.children(server.pid))) - bound)
    return {"worker": found}
