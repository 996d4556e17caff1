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
    resource: Resource, resource_type: ResourceType, id_: str, outputs: Mapping[str, Any]
) -> Properties:
    """Return the outputs as the state holds them: with id and `__meta`, secrets marked.

    An output is secret when its type or the program says so, or when the input of its name is.
    """
    names = {*resource_type.secret_outputs, *resource.additional_secret_outputs}
    names |= {name for name, value in resource.inputs.items() if has_secret(value)}
    marked = {name: secret(value) if name in names else value for name, value in outputs.items()}
    return {**marked, _META: _meta(resource, resource_type), "id": id_}


def _meta(resource: Resource, resource_type: ResourceType) -> str:
    if not resource.custom_timeouts:
        return resource_type.timeouts_meta
    meta = json.loads(resource_type.timeouts_meta)
    for name, seconds in resource.custom_timeouts.items():
        meta.setdefault(_TIMEOUTS_KEY, {})[name] = round(seconds * _NANOSECONDS)
    return json.dumps(meta, sort_keys=True, separators=(",", ":"))
