"""Declarations checked as a whole: every problem at once, each with its key, its value and what is allowed.

The same models check a stack's configuration (keys in camelCase, all values known) and a component's
arguments (keys in snake_case, some values Outputs that only `apply` will know).
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError
from typing_extensions import Self

from components.conflicts import SECRET, Conflict, Given, conflict, later, text_of
from components.names import nearest
from components.problems import Path, Problem, RefusedError, joined
from components.salvage import bare, salvage

__all__ = ["Checked", "Conflict", "Given", "check", "conflict", "later", "problems_of"]

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

    stand_ins: ClassVar[Mapping[str, object]] = {}
    """What `rules` see where a required value is wrong or not yet known."""

    @classmethod
    def contradictions(cls, given: Given) -> list[Conflict]:
        """What is wrong with several keys together, from the values as they were written."""
        del given
        return []

    def rules(self) -> list[Conflict]:
        """What is wrong with right values together; of a faulty declaration, with what is right of it."""
        return []

    @model_validator(mode="wrap")
    @classmethod
    def _with_rules(cls, declared: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        broken = cls.contradictions(Given(declared)) if isinstance(declared, Mapping) else []
        try:
            value = handler(declared)
        except ValidationError as wrong:
            found = [_again(each) for each in wrong.errors(include_url=False)]
            wait = all(later(each["input"]) for each in found)
            readable = None if wait else salvage(cls, declared)
            raise _line_errors(cls, [*found, *broken, *(readable.rules() if readable else [])]) from None
        if broken := [*broken, *value.rules()]:
            raise _line_errors(cls, broken)
        return value


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


def _message(error: ErrorDetails, model: type[Checked], *, camel: bool, hidden: bool) -> str:
    path, kind = error["loc"], error["type"]
    context: Mapping[str, Any] = error.get("ctx", {})
    if kind == "extra_forbidden":
        return f"unknown key; {nearest(str(path[-1]), _fields(model, path[:-1], camel=camel))}"
    if kind == "missing":
        return "is missing"
    if kind == "conflict":
        return str(context["hidden" if hidden else "text"])
    hidden = hidden or "password" in path
    if kind == "value_error":
        text = text_of(context["error"], hidden=hidden)
    elif kind == "enum":
        text = f"is unknown: write {str(context['expected']).replace(chr(39), chr(96))}"
    else:
        text = _KINDS.get(kind, error["msg"].lower())
    return f"{SECRET if hidden else _shown(error['input'])} {text}"


def _shown(value: object) -> str:
    if isinstance(value, (dict, list)):
        return "this" if value else f"`{value}`"
    return "nothing" if value is None else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _fields(model: type[Checked], path: Path, *, camel: bool) -> list[str]:
    known: Any = model
    for part in path:
        kind = bare(known)
        known = (
            _named(kind, camel=camel)[str(part)].annotation if _is_declaration(kind) else get_args(kind)[-1]
        )
    return list(_named(bare(known), camel=camel))


def _named(model: type[Checked], *, camel: bool) -> dict[str, Any]:
    return {str(field.alias) if camel else name: field for name, field in model.model_fields.items()}


def _is_declaration(known: object) -> bool:
    return isinstance(known, type) and issubclass(known, Checked)
