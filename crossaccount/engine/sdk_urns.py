"""A URN made of texts that are known, without the SDK's detour through outputs.

The SDK makes every registration's URN, which only mocks use, through six outputs that wait for each other: a
tenth of a preview of 400 partners.
Source: Pulumi SDK for Python, `create_urn` in `pulumi/runtime/resource.py`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pulumi import Output
from pulumi.runtime import resource as sdk

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = "create_urn"


@contextmanager
def at_once() -> Iterator[None]:
    """Let the SDK join known texts at once for the body; an SDK that works otherwise is left alone."""
    through_outputs = getattr(sdk, _NAME, None)
    if through_outputs is None:
        yield
        return

    def create_urn(name: Any, type_: Any, parent: Any = None, *owner: Any, **named: Any) -> Output[str]:  # noqa: ANN401  the SDK's inputs
        if owner or named or not all(isinstance(each, str) for each in (name, type_, parent)):
            urn: Output[str] = through_outputs(name, type_, parent, *owner, **named)
            return urn
        return Output.from_input(f"{parent[: parent.rfind('::')]}${type_}::{name}")

    setattr(sdk, _NAME, create_urn)
    try:
        yield
    finally:
        setattr(sdk, _NAME, through_outputs)
