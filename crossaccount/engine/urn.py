"""Pulumi's URNs: `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`.

Source: Pulumi documentation, "Resource names", section URNs.
"""

from __future__ import annotations

STACK_TYPE = "pulumi:pulumi:Stack"
STACK_REFERENCE_TYPE = "pulumi:pulumi:StackReference"
PROVIDER_PREFIX = "pulumi:providers:"


def make(stack: str, project: str, parent: str, type_: str, name: str) -> str:
    """Build a resource's URN; a `parent` that is the root stack, or none, adds no type."""
    qualified = type_
    if parent and (parent_types := _qualified_type(parent)) != STACK_TYPE:
        qualified = f"{parent_types}${type_}"
    return f"urn:pulumi:{stack}::{project}::{qualified}::{name}"


def is_urn(text: object) -> bool:
    """Whether a text is a resource's URN."""
    return isinstance(text, str) and text.startswith("urn:pulumi:") and len(text.split("::", 3)) == 4  # noqa: PLR2004


def name(urn: str) -> str:
    """Return the resource's logical name."""
    return urn.split("::", 3)[3]


def type_of(urn: str) -> str:
    """Return the resource's own type, without its parents'."""
    return _qualified_type(urn).rpartition("$")[2]


def project_and_stack(urn: str) -> tuple[str, str]:
    """Return the project's and the stack's name."""
    stack, project, _ = urn.split("::", 2)
    return project, stack.removeprefix("urn:pulumi:")


def package(type_: str) -> str:
    """Return a type token's package, e.g. `alicloud`."""
    return type_.partition(":")[0]


def is_provider(type_: str) -> bool:
    """Whether the type is a provider's."""
    return type_.startswith(PROVIDER_PREFIX)


def _qualified_type(urn: str) -> str:
    return urn.split("::", 3)[2]
