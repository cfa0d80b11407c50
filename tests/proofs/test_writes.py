"""Whatever another process writes, and whatever becomes of it: what readers are told, and when.

Each proof has a twin over a cache such as it is usually made, which is caught.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from core import redis
from scheduling.models import AcademicYear
from tests.proofs.asking import Caller, Told
from tests.proofs.backups import Backup
from tests.proofs.numbered import NAME, QUESTIONS, plant
from tests.proofs.racing import Race
from tests.proofs.serving import CACHES, Stage

pytestmark = pytest.mark.django_db(transaction=True)

WRITES, ANSWERS = 25, 500
STALE = 20
ROLLED_BACK = 1_000_000


def test_no_answer_is_older_than_promised_or_of_two_states(right, tmp_path) -> None:
    race = Race(plant(), right.services, tmp_path / "writes")
    before = [service.hits() for service in right.services]
    with race.running(right.writer):
        race.wait_until(lambda: len(race.written().numbers) >= WRITES and len(race.seen) >= ANSWERS)
    assert (race.refused(), race.stale(), race.torn()) == ([], [], [])
    for service, hits in zip(right.services, before, strict=True):
        assert all(service.hits()[cache] > hits[cache] for cache in CACHES)


def test_a_cache_that_is_deleted_with_each_commit_is_caught(usual, tmp_path) -> None:
    race = Race(plant(), usual.services, tmp_path / "writes")
    with race.running(usual.writer):
        race.wait_until(lambda: len(race.stale()) >= STALE and race.torn())
    assert race.refused() == []


def ask(stage: Stage, held: Sequence[Told] = (), *more: str) -> list[Told]:
    """Return what every process says, twice, to somebody who holds earlier answers.

    A process that believes for a moment is asked to look.
    """
    tags = {"If_None_Match": ",".join({told.etag for told in held})} if held else {}
    with ExitStack() as stack:
        callers = [stack.enter_context(Caller(service.url)) for service in stage.services]
        return [
            caller.ask(question, Cache_Control="no-cache", **tags)
            for question in [*QUESTIONS, *more] * 2
            for caller in callers
        ]


def names(answers: Sequence[Told]) -> set[str]:
    """Return the numbers of the parts that these answers show; "" if one shows none."""
    return {name for told in answers for name in set(NAME.findall(told.body)) or {""}}


def test_a_write_whose_process_is_killed_with_its_commit_is_seen(right) -> None:
    school = plant()
    before = ask(right)
    assert right.writer.does("crash", school.id, 1) == "done 9"
    assert (names(before), names(ask(right, before))) == ({"0"}, {"1"})


def test_a_cache_that_such_a_writer_should_have_deleted_is_caught(usual) -> None:
    school = plant()
    before = ask(usual)
    usual.writer.does("crash", school.id, 1)
    assert (names(before), names(ask(usual))) == ({"0"}, {"0", "1"})


def test_what_is_rolled_back_was_never_there(right) -> None:
    school = plant()
    before = ask(right)
    right.writer.does("roll-back", school.id, ROLLED_BACK)
    assert [told.body for told in ask(right)] == [told.body for told in before]
    assert {told.status for told in ask(right, before)} == {304}
    right.writer.does("once", school.id, 1)
    assert names(ask(right, before)) == {"1"}


def test_a_cache_that_remembers_what_was_rolled_back_is_caught(usual) -> None:
    if not redis.is_configured():
        pytest.skip("Without Redis the writer shares no cache with others.")
    school = plant()
    usual.writer.does("once", school.id, 1)
    usual.writer.does("roll-back", school.id, ROLLED_BACK)
    assert names(ask(usual)) == {"1", str(ROLLED_BACK)}


def undone_and_replaced(stage: Stage, folder: Path) -> tuple[list[Told], list[Told], list[Told]]:
    """Return what is told of a state, after a restore has undone it, and of one in its place.

    The last has the number of the first. Whoever asks holds the first answers.
    """
    school = plant()
    row = f"/api/v1/academic-years/{AcademicYear.objects.get().pk}"
    backup = Backup(folder)
    stage.writer.does("once", school.id, 1)
    undone = ask(stage, (), row)
    backup.restore()
    restored = ask(stage, undone, row)
    stage.writer.does("once", school.id, 2)
    return undone, restored, ask(stage, undone, row)


def test_after_a_restore_nothing_is_known_of_what_was_undone(right, tmp_path) -> None:
    answers = undone_and_replaced(right, tmp_path)
    assert [names(each) for each in answers] == [{"1"}, {"0"}, {"2"}]


def test_states_that_are_named_by_their_number_alone_are_caught(usual, tmp_path) -> None:
    undone, restored, replaced = undone_and_replaced(usual, tmp_path)
    assert names(undone) == {"1"}
    assert "1" in names(restored)
    assert {told.status for told in replaced} > {304}
