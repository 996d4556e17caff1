"""What every RAM resource type declares of its inputs, and the checks and comparisons that follow from it.

Source: the schemas of the alicloud provider's `alicloud_ram_*` resources (facts 7.3 and 7.4). Deprecated
inputs (`name` and `document` beside `roleName` and `assumeRolePolicyDocument`, ...) are not understood.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crossaccount.engine.errors import StepError
from crossaccount.engine.resources.documents import document_problem, same_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.ram_api import RamApi
    from crossaccount.engine.resource_type import JsonObject

_TIMEOUTS_KEY = "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0"
_KINDS = {str: "text", int: "a whole number", bool: "true or false", dict: "names with values"}


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a resource type.

    Attributes:
        kind: `str`, `int`, `bool` or `dict`.
        required: a creation cannot do without it.
        replaces: a change of it replaces the resource.
        filled: the provider fills it in when it is left out, so leaving it out later changes nothing.
        document: a policy document, compared as JSON.
        choices: the values allowed; empty for any.
        longest: the most characters allowed; None for RAM's own limit.
    """

    kind: type
    required: bool = False
    replaces: bool = False
    filled: bool = False
    document: bool = False
    choices: tuple[str, ...] = ()
    longest: int | None = None


def timeouts_meta(*, create: int = 300, delete: int = 300, update: int | None = 300) -> str:
    """Return the provider's `__meta` text for timeouts in seconds; `update` is None when nothing updates."""
    seconds = {"create": create, "delete": delete, "update": update}
    nanoseconds = {name: value * 10**9 for name, value in seconds.items() if value is not None}
    return json.dumps({_TIMEOUTS_KEY: nanoseconds}, separators=(",", ":"))


class DeclaredType:
    """A resource type whose checks and comparisons follow from its declared inputs.

    Attributes:
        token: the Pulumi type token.
        declared: its inputs by name.
        timeouts_meta: the `__meta` output that the provider writes.
        secret_outputs: the outputs that are always secret.
        renames: the inputs whose change in place renames the thing.
    """

    token: str
    declared: Mapping[str, Input]
    timeouts_meta: str = timeouts_meta()
    secret_outputs: frozenset[str] = frozenset()
    renames: frozenset[str] = frozenset()

    @property
    def inputs(self) -> frozenset[str]:
        """The names of the inputs understood."""
        return frozenset(self.declared)

    @property
    def required(self) -> frozenset[str]:
        """The names of the inputs that a creation cannot do without."""
        return frozenset(name for name, given in self.declared.items() if given.required)

    @property
    def replace_on(self) -> frozenset[str]:
        """The names of the inputs whose change replaces the resource."""
        return frozenset(name for name, given in self.declared.items() if given.replaces)

    def check(self, inputs: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the problems of the inputs given: what is not of its kind, not allowed or empty."""
        problems = (_problem(name, given, inputs.get(name)) for name, given in self.declared.items())
        return tuple(problem for problem in problems if problem is not None)

    def diff_ignores(self, name: str, old: object, new: object) -> bool:
        """Say whether two values of the input `name` mean the same to the provider; None is left out."""
        given = self.declared.get(name)
        if given is None or old == new:
            return old == new
        if given.filled and new is None:
            return True
        if given.document and isinstance(old, str) and isinstance(new, str):
            return same_document(old, new)
        return given.kind in {str, dict} and not old and not new

    def own_id(self, api: RamApi, resource_id: str) -> str:  # noqa: ARG002  the seam's
        """Return the id itself: a lookup knows the resource by no other."""
        return resource_id

    def read_inputs(self, live: Mapping[str, Any]) -> JsonObject:
        """Return the inputs that a program would have given for what is there: what is empty was left out."""
        return {name: live[name] for name in sorted(self.inputs) if live.get(name)}

    def require(self, inputs: Mapping[str, Any]) -> None:
        """Refuse to create from `inputs` that lack a required one.

        Raises:
            StepError: one is missing; names each.
        """
        missing = sorted(name for name in self.required if not inputs.get(name))
        if missing:
            raise StepError(f"{' and '.join(f'`{name}`' for name in missing)} must be set: RAM invents none")

    def changed(self, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
        """Say whether an input differs in meaning between two sets of inputs."""
        return not self.diff_ignores(name, old.get(name), new.get(name))


def _problem(name: str, given: Input, value: object) -> str | None:
    if value is None:
        return None
    if not _is_of(given.kind, value):
        return f"`{name}` takes {_KINDS[given.kind]}, not {type(value).__name__}"
    return _text_problem(name, given, value) if isinstance(value, str) else None


def _text_problem(name: str, given: Input, value: str) -> str | None:
    if given.required and not value:
        return f"`{name}` is empty"
    if given.choices and value not in given.choices:
        return f"`{name}` is `{value}`; it takes {' or '.join(f'`{choice}`' for choice in given.choices)}"
    if given.longest is not None and len(value) > given.longest:
        return f"`{name}` has {len(value)} characters; at most {given.longest} are allowed"
    problem = document_problem(value) if given.document else None
    return f"`{name}` {problem}" if problem else None


def _is_of(kind: type, value: object) -> bool:
    if kind is int:
        return isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)
    return isinstance(value, kind)
