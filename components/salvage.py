"""What is right in a faulty declaration, so that one mistake does not hide another."""

from collections.abc import Mapping
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from components.conflicts import Given, later

ModelT = TypeVar("ModelT", bound=BaseModel)


def salvage(model: type[ModelT], declared: object) -> ModelT | None:
    """The declaration with only those values that are right by themselves; for rules, never to be deployed.

    A wrong or unknown value counts as left out. One that is required is replaced by the model's `stand_ins`.

    Args:
        model: what it was meant to be.
        declared: what was written.

    Returns:
        None if it is no mapping, or if a required value is wrong and nothing stands in for it.
    """
    if not isinstance(declared, Mapping):
        return None
    given = Given(declared)
    stand_ins: Mapping[str, object] = getattr(model, "stand_ins", {})
    right: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        value = _right(_hint(field.annotation, tuple(field.metadata)), given(name))
        if value is not None:
            right[name] = value
        elif field.is_required():
            if name not in stand_ins:
                return None
            right[name] = stand_ins[name]
    return model.model_construct(**right)


def _right(hint: Any, written: object) -> object:  # noqa: ANN401  a hint may be anything
    """The value, or what is right of it; None if nothing is."""
    if written is None or later(written):
        return None
    kind = bare(hint)
    if _is_model(kind):
        return salvage(kind, written)
    if get_origin(kind) is list and _is_model(get_args(kind)[0]):
        return _items(get_args(kind)[0], written)
    try:
        return _adapter(hint).validate_python(written)
    except ValidationError:
        return _items(get_args(kind)[0], written) if get_origin(kind) is list else None


def _items(hint: Any, written: object) -> object:  # noqa: ANN401  a hint may be anything
    found = [_right(hint, each) for each in written] if isinstance(written, list) else []
    return [each for each in found if each is not None] or None


def bare(annotation: Any) -> Any:  # noqa: ANN401  a hint may be anything
    """The list, mapping or declaration inside `X | None` and `Annotated[X, ...]`."""
    while get_origin(annotation) in (Annotated, Union, UnionType):
        annotation = next(part for part in get_args(annotation) if part is not NoneType)
    return annotation


def _hint(annotation: Any, metadata: tuple[Any, ...]) -> Any:  # noqa: ANN401  a hint may be anything
    hint: Any = Annotated
    parts = (annotation, *metadata)
    return hint[parts] if metadata else annotation


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


@lru_cache(maxsize=256)
def _adapter(hint: Any) -> TypeAdapter[Any]:  # noqa: ANN401  a hint may be anything
    return TypeAdapter(hint)
