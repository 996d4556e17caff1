"""What a rule reads of a declaration, and how it says what is wrong, in the open and under a secret."""

from collections.abc import Mapping
from inspect import isawaitable

import pulumi
from pydantic.alias_generators import to_camel
from pydantic_core import InitErrorDetails, PydanticCustomError

Conflict = InitErrorDetails
SECRET = "[secret]"  # noqa: S105  what is shown in place of one


class RevealingError(ValueError):
    """A refusal whose text repeats something of the value.

    Attributes:
        hidden: the same without it, for a value that is a secret.
    """

    def __init__(self, text: str, hidden: str) -> None:
        super().__init__(text)
        self.hidden = hidden


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


def conflict(message: str, *at: str, hidden: str | None = None) -> Conflict:
    """An error about several keys together.

    Args:
        message: the text, which has to name the values.
        at: the path to report below the declaration's own, its first key in snake_case.
        hidden: the text without the values, where `message` shows any.
    """
    context = {"text": message, "below": len(at), "hidden": message if hidden is None else hidden}
    return {"type": PydanticCustomError("conflict", "{text}", context), "loc": at, "input": None}


def said(error: Conflict, *, hidden: bool) -> str:
    """The text of a conflict, without its values if they are hidden."""
    kind = error["type"]
    context = kind.context if isinstance(kind, PydanticCustomError) else None
    return str((context or {})["hidden" if hidden else "text"])


def text_of(wrong: object, *, hidden: bool) -> str:
    """The text of a rule's `ValueError`, without the value if that is hidden."""
    return wrong.hidden if hidden and isinstance(wrong, RevealingError) else str(wrong)


def later(value: object) -> bool:
    """Whether only `apply` will know the value."""
    return isinstance(value, pulumi.Output) or isawaitable(value)
