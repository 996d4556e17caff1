"""Declarations checked as a whole: every problem at once, each with its key, its value and what is allowed.

The same models check a stack's configuration (keys in camelCase, all values known) and a component's
arguments (keys in snake_case, some values Outputs that only `apply` will know).
"""

from collections.abc import Mapping, Sequence
from inspect import isawaitable
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import pulumi
from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError
from typing_extensions import Self

from components.names import nearest
from components.problems import Path, Problem, RefusedError, joined

ModelT = TypeVar("ModelT", bound="Checked")
_KINDS = {
    "string_type": "is not text: put it in quotes",
    "bool_type": "is neither `true` nor `false`",
    "list_type": "is not a list",
    "dict_type": "is not a mapping of names to values",
    "model_type": "is not a mapping of keys to values",
}


class Checked(BaseModel):
    """Base of every declaration: no key it does not know, every problem at once, no change later."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    @classmethod
    def contradictions(cls, given: "Given") -> list["Conflict"]:
        """What is wrong with several keys together, from the values as they were written."""
        del given
        return []

    @model_validator(mode="wrap")
    @classmethod
    def _with_contradictions(cls, declared: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        contradictions = cls.contradictions(Given(declared)) if isinstance(declared, Mapping) else []
        try:
            value = handler(declared)
        except ValidationError as wrong:
            found = [_again(each) for each in wrong.errors(include_url=False)]
            raise _line_errors(cls, [*found, *contradictions]) from None
        if contradictions:
            raise _line_errors(cls, contradictions)
        return value


class Given:
    """The values of a declaration as they were written, under their names in snake_case."""

    def __init__(self, declared: Mapping[object, object]) -> None:
        self._declared = declared

    def __call__(self, name: str) -> object:
        """The value, None if there is none, whether it is known already or an Output."""
        return self._declared.get(name, self._declared.get(to_camel(name)))

    def known(self, name: str) -> object:
        """The value, None if there is none or if only `apply` will know it."""
        return None if later(self(name)) else self(name)


Conflict = InitErrorDetails


def conflict(message: str, *at: str) -> Conflict:
    """An error about several keys together.

    Args:
        message: the text, which has to name the values.
        at: the path to report below the declaration's own, its first key in snake_case.
    """
    context = {"text": message, "below": len(at)}
    return {"type": PydanticCustomError("conflict", "{text}", context), "loc": at, "input": None}


def conflicts(model: type[Checked], found: Sequence[Conflict]) -> ValidationError:
    """The error to raise in a validator for several conflicts of a declaration."""
    return _line_errors(model, found)


def check(model: type[ModelT], declared: object, *, root: str, camel: bool, hidden: bool = False) -> ModelT:
    """The declaration as a checked value.

    Args:
        model: what it has to be.
        declared: what was written.
        root: the key it stands under, such as `crossaccount:delegations.fc`; may be empty.
        camel: whether keys are camelCase (a stack file) or snake_case (a component's arguments).
        hidden: whether values must not be shown (a secret is among them).

    Raises:
        RefusedError: it is not; with every problem.
    """
    try:
        return model.model_validate(declared, by_alias=camel, by_name=not camel)
    except ValidationError as wrong:
        raise RefusedError("refused", problems_of(wrong, model, root, camel=camel, hidden=hidden)) from None


def problems_of(
    wrong: ValidationError, model: type[Checked], root: str, *, camel: bool, hidden: bool = False
) -> list[Problem]:
    """The problems in a validation error, without those of values that only `apply` will know."""
    found = []
    for error in wrong.errors(include_url=False):
        if later(error["input"]):
            continue
        key = joined(root, _written(error) if camel else error["loc"])
        found.append(Problem(key, _message(error, model, camel=camel, hidden=hidden)))
    return found


def _written(error: ErrorDetails) -> Path:
    """The path with the first key of a conflict, which is in snake_case, as stack files write it."""
    path = error["loc"]
    below = error["ctx"]["below"] if error["type"] == "conflict" else 0
    if not below:
        return path
    return (*path[:-below], to_camel(str(path[-below])), *path[len(path) - below + 1 :])


def _line_errors(model: type[Checked], found: Sequence[InitErrorDetails]) -> ValidationError:
    return ValidationError.from_exception_data(model.__name__, list(found))


def _again(error: ErrorDetails) -> InitErrorDetails:
    kind: str | PydanticCustomError = error["type"]
    if kind == "conflict":
        kind = PydanticCustomError("conflict", "{text}", error["ctx"])
    return {"type": kind, "loc": error["loc"], "input": error["input"], "ctx": error.get("ctx", {})}


def later(value: object) -> bool:
    """Whether only `apply` will know the value."""
    return isinstance(value, pulumi.Output) or isawaitable(value)


def _message(error: ErrorDetails, model: type[Checked], *, camel: bool, hidden: bool) -> str:
    path, kind = error["loc"], error["type"]
    context: Mapping[str, Any] = error.get("ctx", {})
    if kind == "extra_forbidden":
        return f"unknown key; {nearest(str(path[-1]), _fields(model, path[:-1], camel=camel))}"
    if kind == "missing":
        return "is missing"
    if kind == "conflict":
        return str(context["text"])
    if kind == "value_error":
        text = str(context["error"])
    elif kind == "enum":
        text = f"is unknown: write {str(context['expected']).replace(chr(39), chr(96))}"
    else:
        text = _KINDS.get(kind, error["msg"].lower())
    return f"{_shown(error['input'], path, hidden=hidden)} {text}"


def _shown(value: object, path: Path, *, hidden: bool) -> str:
    if hidden or "password" in path:
        return "[secret]"
    if isinstance(value, (dict, list)):
        return "this" if value else f"`{value}`"
    return "nothing" if value is None else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _fields(model: type[Checked], path: Path, *, camel: bool) -> list[str]:
    known: Any = model
    for part in path:
        bare = _bare(known)
        known = (
            _named(bare, camel=camel)[str(part)].annotation if _is_declaration(bare) else get_args(bare)[-1]
        )
    return list(_named(_bare(known), camel=camel))


def _named(model: type[Checked], *, camel: bool) -> dict[str, Any]:
    return {str(field.alias) if camel else name: field for name, field in model.model_fields.items()}


def _is_declaration(known: object) -> bool:
    return isinstance(known, type) and issubclass(known, Checked)


def _bare(annotation: Any) -> Any:  # noqa: ANN401  a hint may be anything
    """The list, mapping or declaration inside `X | None` and `Annotated[X, ...]`."""
    while get_origin(annotation) in (Annotated, Union, UnionType):
        annotation = next(part for part in get_args(annotation) if part is not NoneType)
    return annotation
