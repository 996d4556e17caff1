"""The resources of one stack, from a state or from a state and a preview: what facts are read from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_TYPE = "pulumi:providers:alicloud"
_URN_PARTS = 4


@dataclass(frozen=True, slots=True)
class Record:
    """One resource as it is, or as it is going to be.

    Attributes:
        resource: its JSON, as the state or the preview holds it.
        planned: whether it is what a preview foresees: its inputs count, and its outputs may be of before.
        certain: whether it exists thus; not so where an operation on it was cut off.
        retired: whether it was replaced and waits to be deleted.
    """

    resource: Mapping[str, Any]
    planned: bool = False
    certain: bool = True
    retired: bool = False

    @property
    def urn(self) -> str:
        """The resource's URN."""
        urn: str = self.resource["urn"]
        return urn

    @property
    def type(self) -> str:
        """The resource's type."""
        type_: str = self.resource["type"]
        return type_

    @property
    def inputs(self) -> Mapping[str, Any]:
        """What the program asked for."""
        return self.resource.get("inputs") or {}

    @property
    def outputs(self) -> Mapping[str, Any]:
        """What the provider answered."""
        return self.resource.get("outputs") or {}

    @property
    def settings(self) -> tuple[Mapping[str, Any], ...]:
        """Where to look for a property: what was read last, then what was asked for; planned, the reverse."""
        return (self.inputs, self.outputs) if self.planned else (self.outputs, self.inputs)

    def depends_on(self, name: str) -> tuple[str, ...]:
        """The URNs that an input was made from."""
        return tuple((self.resource.get("propertyDependencies") or {}).get(name) or ())


@dataclass(frozen=True, slots=True)
class StackRecords:
    """The resources of one stack.

    Attributes:
        where: the files, as messages name them.
        project: the project's name; empty in a state without resources.
        stack: the stack's name; empty in a state without resources.
        records: the resources, in the state's order.
        config: a preview's configuration; never shown, for it may hold keys.
    """

    where: str
    project: str
    stack: str
    records: tuple[Record, ...]
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """`<project>/<stack>`, or the file where the state is empty."""
        return f"{self.project}/{self.stack}" if self.stack else self.where


def is_urn(text: object) -> bool:
    """Whether a text is a resource's URN."""
    return isinstance(text, str) and text.startswith("urn:pulumi:") and text.count("::") >= _URN_PARTS - 1


def project_and_stack(urn: str) -> tuple[str, str]:
    """The project's and the stack's name in a URN."""
    stack, project, _ = urn.split("::", 2)
    return project, stack.removeprefix("urn:pulumi:")


def logical_name(urn: str) -> str:
    """The resource's logical name."""
    return urn.split("::", _URN_PARTS - 1)[-1]
