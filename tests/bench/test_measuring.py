"""What the harness reads from wrk and from the operating system."""

import datetime as dt
import os
import subprocess
import sys
from uuid import UUID

import pytest

from bench import cpu, fixtures, processes
from bench.load import counted
from bench.probes.calendars import document, empty_school, rows_of, saves
from scheduling.documents import export_document, import_document
from scheduling.models import School

TOLD = 'BURST {{"requests": {}, "microseconds": 2000000, "refused": {}, "lost": {}}}'


def test_a_burst_is_what_wrk_has_counted() -> None:
    found = counted("Running 2s test\n" + TOLD.format(500, 0, 0) + "\n")
    assert (found.requests, found.seconds, found.per_second) == (500, 2.0, 250.0)


@pytest.mark.parametrize("numbers", [(500, 1, 0), (500, 0, 1), (0, 0, 0)])
def test_a_burst_with_a_request_that_failed_counts_for_nothing(numbers: tuple) -> None:
    with pytest.raises(RuntimeError, match="Not every request was answered"):
        counted(TOLD.format(*numbers))


def test_cost_is_what_was_spent_in_between() -> None:
    before = {1: 5.0, 2: 1.0, 3: 9.0}
    after = {1: 5.5, 2: 1.0, 4: 0.25}
    assert cpu.between(before, after) == 0.75


def test_the_system_tells_what_a_process_has_spent() -> None:
    seconds = cpu.spent([os.getpid()])[os.getpid()]
    assert seconds == pytest.approx(sum(os.times()[:2]), abs=0.1)


def test_a_process_that_is_gone_has_spent_nothing() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert cpu.spent([gone.pid]) == {}


def test_a_tree_holds_the_processes_that_a_process_has_started() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert cpu.tree(os.getpid())[0] == os.getpid()
        assert child.pid in cpu.tree(os.getpid())
        assert cpu.tree(child.pid) == [child.pid]


def test_memory_is_read_in_megabytes() -> None:
    assert 5 < cpu.pss_megabytes(os.getpid()) < 5000


def test_a_program_that_is_missing_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(processes.MissingError, match="wrk is not installed: apt-get install wrk"):
        processes.program("wrk")


@pytest.mark.parametrize("offset", range(7))
def test_the_day_that_is_asked_for_is_an_ordinary_wednesday(offset: int) -> None:
    today = dt.date(2026, 11, 16) + dt.timedelta(days=offset)
    assert fixtures.first_date(today).weekday() == 0
    assert fixtures.school_day(today).weekday() == 2


def test_the_large_database_has_a_thousand_times_the_quarters() -> None:
    assert fixtures.SMALL.quarters == 1_000
    assert fixtures.LARGE.quarters == 1_000_000


@pytest.mark.django_db
def test_rows_that_are_saved_one_by_one_are_those_of_the_document() -> None:
    size = (1, 10)
    doc = document("saved", *size)
    school = empty_school("saved")
    assert len([save() for save in saves(school, doc)]) == rows_of(*size)
    import_document(document("imported", *size))
    imported = School.objects.get(slug="imported")
    assert _rows_of(school.pk) == _rows_of(imported.pk)


def _rows_of(school: UUID) -> dict:
    return {key: value for key, value in export_document(school).items() if key != "school"}
