"""What is computed once is kept, and goes with the object that computed it."""

from collections.abc import Callable
from functools import lru_cache
from types import MethodType
from typing import Any, ParamSpec, TypeVar, cast
from weakref import ref

P = ParamSpec("P")
R = TypeVar("R")


def keeping(method: Callable[P, R], most: int | None = None) -> Callable[P, R]:
    """Return a method that keeps its answers, the `most` that were asked for last.

    It does not hold its object, which holds it: what nobody needs any more is freed at once, and
    need not wait until somebody looks for cycles.
    """
    bound = cast("MethodType", method)
    function: Callable[..., R] = bound.__func__
    owner = ref(bound.__self__)

    def compute(*args: Any) -> R:
        its_object = owner()
        if its_object is None:
            raise ReferenceError("The object whose method this was has gone.")
        return function(its_object, *args)

    return lru_cache(maxsize=most)(compute)  # type: ignore[return-value]
