"""Which of a resource's outputs are secret."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from crossaccount.engine.values import has_secret, secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.resource_type import ResourceType
    from crossaccount.engine.state import Resource
    from crossaccount.engine.values import Properties

_META = "__meta"
_TIMEOUTS_KEY = "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0"  # the Terraform plugin SDK's own
_NANOSECONDS = 1_000_000_000


def outputs_of(
    resource: Resource,
    resource_type: ResourceType,
    id_: str,
    outputs: Mapping[str, Any],
    *,
    operation: str | None = None,
) -> Properties:
    """Return the outputs as the state holds them: with id and `__meta`, secrets marked.

    An output is secret when its type or the program says so, or when the input of its name is.

    Args:
        resource: the resource with its inputs, and the outputs it had.
        resource_type: its type.
        id_: its id.
        outputs: what is live.
        operation: `create` or `update`, whose custom timeout `__meta` then tells; None, which only read.
    """
    names = {*resource_type.secret_outputs, *resource.additional_secret_outputs}
    names |= {name for name, value in resource.inputs.items() if has_secret(value)}
    marked = {name: secret(value) if name in names else value for name, value in outputs.items()}
    return {**marked, _META: _meta(resource, resource_type, operation), "id": id_}


def _meta(resource: Resource, resource_type: ResourceType, operation: str | None) -> str:
    """The timeouts as the provider keeps them: its own, but for that of the operation it last did."""
    if operation is None:
        return str(resource.outputs.get(_META, resource_type.timeouts_meta))
    seconds = resource.custom_timeouts.get(operation)
    if not seconds:
        return resource_type.timeouts_meta
    meta = json.loads(resource_type.timeouts_meta)
    meta.setdefault(_TIMEOUTS_KEY, {})[operation] = round(seconds * _NANOSECONDS)
    return json.dumps(meta, sort_keys=True, separators=(",", ":"))
