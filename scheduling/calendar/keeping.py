"""What is computed once is kept, and goes with the object that computed it."""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar
from weakref import WeakMethod

P = ParamSpec("P")
R = TypeVar("R")


def keeping(method: Callable[P, R], most: int | None = None) -> Callable[P, R]:
    """Return a method that keeps its answers, the `most` that were asked for last.

    It does not hold its object, which holds it: what nobody needs any more is freed at once, and
    need not wait until somebody looks for cycles.
    """
    weak = WeakMethod(method)

    def compute(*args: P.args, **kwargs: P.kwargs) -> R:
        bound = weak()
        if bound is None:
            raise ReferenceError("The object whose method this was has gone.")
        return bound(*args, **kwargs)

    return lru_cache(maxsize=most)(compute)  # type: ignore[return-value]
