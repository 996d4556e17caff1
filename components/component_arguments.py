"""A component's arguments: what is known is checked at once, what is an Output as soon as it is known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic

import pulumi
from pydantic import ValidationError

from components.checked import ModelT, check, later, problems_of
from components.problems import Path, Problem, RefusedError, joined


@dataclass(frozen=True, slots=True)
class Arguments(Generic[ModelT]):
    """The arguments of a component, before and after its Outputs are known.

    Attributes:
        component: the component's class, for messages.
        name: the component's name, for messages.
        model: what the arguments have to be.
        plain: the paths that decide which resources there are, and so cannot be Outputs.
    """

    component: str
    name: str
    model: type[ModelT]
    plain: tuple[Path, ...] = ()

    def with_defaults(self, args: object, **defaults: object) -> dict[str, Any]:
        """The arguments with defaults for those that were left out.

        Raises:
            RefusedError: the arguments are no mapping.
        """
        if isinstance(args, Mapping):
            return {**defaults, **args}
        given = "nothing" if args is None else f"`{type(args).__name__}`"
        text = f"{given} is not a mapping: pass the arguments as a dictionary"
        raise RefusedError(self._heading, [Problem("args", text)])

    def refuse_known(self, args: Mapping[str, object]) -> None:
        """Refuse what is already known to be wrong; the values of Outputs are left to `resolved`.

        Raises:
            RefusedError: with every problem of the known values.
        """
        found = [
            Problem(joined("", path), "has to be known at preview: it decides which resources there are")
            for path in self.plain
            if later(_at(args, path))
        ]
        try:
            self.model.model_validate(args, by_alias=False, by_name=True)
        except ValidationError as wrong:
            found += problems_of(wrong, self.model, "", camel=False)
        if found:
            raise RefusedError(self._heading, found)

    def resolved(self, args: Mapping[str, object]) -> "pulumi.Output[ModelT]":
        """The arguments as a checked value once every Output among them is known.

        Raises (inside `apply`):
            RefusedError: a value that became known is not allowed.
        """
        later_ones = list(_outputs(args))
        if not later_ones:
            return pulumi.Output.from_input(self._now(args))
        return pulumi.Output.all(*later_ones).apply(
            lambda known: self._resolve(_filled(args, iter(known)), later_ones)
        )

    def _resolve(self, known: object, later_ones: list[object]) -> "pulumi.Input[ModelT]":
        try:
            return self._now(known)
        except RefusedError:
            return self._refuse(known, later_ones)

    async def _refuse(self, known: object, later_ones: list[object]) -> ModelT:
        """Check again for the message, without values if any of the Outputs is a secret."""
        outputs = [each for each in later_ones if isinstance(each, pulumi.Output)]
        hidden = any([await each.is_secret() for each in outputs])
        return self._now(known, hidden=hidden)

    def _now(self, known: object, *, hidden: bool = False) -> ModelT:
        try:
            return check(self.model, known, root="", camel=False, hidden=hidden)
        except RefusedError as wrong:
            raise RefusedError(self._heading, wrong.problems) from None

    @property
    def _heading(self) -> str:
        return f"{self.component} `{self.name}` is refused"


def _at(value: object, path: Path) -> object:
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _outputs(value: object) -> Iterator[object]:
    """The Outputs in nested arguments, in the order in which `_filled` meets them."""
    if later(value):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _outputs(each)
    elif isinstance(value, list):
        for each in value:
            yield from _outputs(each)


def _filled(value: object, known: Iterator[object]) -> object:
    """The arguments with every Output replaced by its value."""
    if later(value):
        return next(known)
    if isinstance(value, Mapping):
        return {key: _filled(each, known) for key, each in value.items()}
    return [_filled(each, known) for each in value] if isinstance(value, list) else value
