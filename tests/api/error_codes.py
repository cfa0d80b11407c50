"""The codes of errors, collected from the code itself: from its source and from its classes."""

import ast
import inspect
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Field
from rest_framework import exceptions, serializers

from api.codes import RENAMED
from core.models.abstracts import ValidatedModel

PACKAGES = ("api", "core", "scheduling")
NOT_ANSWERED = {"admin", "commands", "importers", "migrations"}
"""What speaks to people on pages and in terminals, without codes, or to nobody."""


def modules() -> Iterator[tuple[ModuleType, ast.Module]]:
    """Yield every module of ours with its source."""
    for package in PACKAGES:
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            if NOT_ANSWERED.isdisjoint(path.parts):
                yield import_module(_name(path)), ast.parse(path.read_text())


def _name(path: Path) -> str:
    parts = path.relative_to(settings.BASE_DIR).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


# In the source


def codes_in_source() -> set[str]:
    """Return whatever is given as a `code` anywhere: to a call, or in a dict."""
    return {
        code
        for module, tree in modules()
        for node in ast.walk(tree)
        for expression in _codes_at(node, module)
        for code in _texts(expression, module)
    }


def _codes_at(node: ast.AST, module: ModuleType) -> Iterator[ast.expr]:
    if isinstance(node, ast.Dict):
        members = {key.value: value for key, value in _members(node)}
        if {"pointer", "code"} <= members.keys():
            yield members["code"]
    elif isinstance(node, ast.Call) and not _is_of_a_whole_problem(node.func, module):
        yield from _codes_of_call(node, module)


def _members(node: ast.Dict) -> Iterator[tuple[ast.Constant, ast.expr]]:
    pairs = zip(node.keys, node.values, strict=True)
    return ((key, value) for key, value in pairs if isinstance(key, ast.Constant))


def _is_of_a_whole_problem(function: ast.expr, module: ModuleType) -> bool:
    found = _resolved(function, module)
    return getattr(found, "__module__", "") == "api.problems" and found.__name__ == "problem"


def _codes_of_call(call: ast.Call, module: ModuleType) -> Iterator[ast.expr]:
    for keyword in call.keywords:
        if keyword.arg in {"code", "violation_error_code"}:
            yield keyword.value
    place = _place_of_code(call.func, module)
    if place is not None and place < len(call.args):
        yield call.args[place]


def _place_of_code(function: ast.expr, module: ModuleType) -> int | None:
    """Return at which place a function takes a `code`; `fail(key)` of a field takes one, too."""
    if isinstance(function, ast.Attribute) and function.attr == "fail":
        return 0
    found = _resolved(function, module)
    try:
        names = list(inspect.signature(found).parameters)
    except (TypeError, ValueError):
        return None
    return names.index("code") if "code" in names else None


def _resolved(function: ast.expr, module: ModuleType) -> Any:
    if isinstance(function, ast.Name):
        return vars(module).get(function.id)
    if not (isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)):
        return None
    if function.value.id == "self":
        return _method(function.attr, module)
    return getattr(vars(module).get(function.value.id), function.attr, None)


def _method(name: str, module: ModuleType) -> Any:
    """Return a method of a class of the module, without its `self`."""
    classes = (each for each in vars(module).values() if inspect.isclass(each))
    own = (each for each in classes if each.__module__ == module.__name__)
    found = next((vars(each)[name] for each in own if name in vars(each)), None)
    return found.__get__(object()) if inspect.isfunction(found) else None


def _texts(node: ast.expr, module: ModuleType) -> Iterator[str]:
    """Yield the texts that an expression can stand for; what is handed through has been seen."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name) and isinstance(vars(module).get(node.id), str):
        yield vars(module)[node.id]
    elif isinstance(node, ast.IfExp):
        yield from chain(_texts(node.body, module), _texts(node.orelse, module))
    elif isinstance(node, ast.BoolOp):
        yield from chain.from_iterable(_texts(each, module) for each in node.values)


# In the classes


def kinds_of_problems() -> dict[str, int]:
    """Return the statuses of all failures that are raised here or by REST framework, by code."""
    list(modules())  # imported, a class is known to its base
    found = _below(exceptions.APIException)
    return {each.default_code: int(each.status_code) for each in found}


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        if each.__module__.partition(".")[0] in {"api", "rest_framework"}:
            yield each
        yield from _below(each)


def codes_of_models() -> set[str]:
    """Return the codes with which fields, validators and constraints of the models refuse."""
    found: set[str] = set()
    for model in apps.get_models():
        if issubclass(model, ValidatedModel):
            found |= set(chain.from_iterable(map(_codes_of_column, model._meta.concrete_fields)))
            constraints = model._meta.constraints
            found |= {each.violation_error_code for each in constraints} - {None}
    return found


def _codes_of_column(field: Field[Any, Any]) -> Iterator[str]:
    yield from field.error_messages
    yield from (each.code for each in field.validators if hasattr(each, "code"))


def codes_of_fields() -> set[str]:
    """Return the codes with which the fields of the serializers refuse, by our names."""
    classes = set(_below(serializers.Serializer)) - {serializers.ModelSerializer}
    own = [each for each in classes if each.__module__.startswith("api.") and _is_concrete(each)]
    found = {code for each in own for code in _codes_of_serializer(each())}
    return {RENAMED.get(code, code) for code in found}


def _is_concrete(serializer: type[Any]) -> bool:
    is_of_model = issubclass(serializer, serializers.ModelSerializer)
    return not is_of_model or hasattr(serializer, "Meta")


def _codes_of_serializer(serializer: Any) -> Iterable[str]:
    for field in serializer.fields.values():
        if not field.read_only:
            yield from field.error_messages
            yield from (each.code for each in field.validators if hasattr(each, "code"))
