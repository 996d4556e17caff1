"""The providers of a stack's resources, as the state records them.

A resource without an explicit provider gets its package's default one, configured from the stack.
Source: Pulumi documentation, "Default and explicit providers"; recordings of `pulumi stack export`.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crossaccount.engine import urn as urns
from crossaccount.engine.deployment_json import now
from crossaccount.engine.state import Resource
from crossaccount.engine.values import is_secret, secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.context import Context
    from crossaccount.engine.deployment import Executor
    from crossaccount.engine.registration import Registration
    from crossaccount.engine.values import Properties


class Providers:
    """The default providers that a run has needed so far, in `made`."""

    def __init__(self, context: Context, live: Mapping[str, Resource], executor: Executor) -> None:
        self._context = context
        self._live = live
        self._executor = executor
        self._references: dict[tuple[str, str], str] = {}
        self.made: list[Resource] = []

    def default(self, goal: Registration) -> str:
        """Return the reference (`urn::id`) of the default provider for a resource, made at first use."""
        package = urns.package(goal.type)
        key = package, goal.version
        if key not in self._references:
            provider = self._default(package, goal.version)
            self.made.append(provider)
            self._references[key] = f"{provider.urn}::{provider.id}"
        return self._references[key]

    def inputs(self, goal: Registration) -> Properties:
        """Return the inputs of an explicit provider as the state records them."""
        inputs = {name: _canonical(value) for name, value in goal.inputs.items()}
        return {**inputs, "__internal": {}, **({"version": goal.version} if goal.version else {})}

    def _default(self, package: str, version: str) -> Resource:
        name = f"default_{version.replace('.', '_')}" if version else "default"
        type_ = urns.PROVIDER_PREFIX + package
        urn = urns.make(self._context.stack, self._context.project.name, "", type_, name)
        is_builtin = package == "pulumi"
        configured = {} if is_builtin else self._context.config.of_package(package)
        outputs = {name: _canonical(value) for name, value in configured.items()}
        if version:
            outputs["version"] = version
        old = self._live.get(urn)
        time = now()
        if old is None:
            unknown = self._executor.unknown_id
            provider = Resource(
                urn, type_, custom=True, id=str(uuid.uuid4()) if unknown is None else unknown, created=time
            )
        else:
            provider = old
        inputs = outputs if is_builtin else {"__internal": {}, **outputs}
        provider = replace(provider, inputs=inputs, outputs=outputs)
        if provider != old:
            provider = replace(provider, modified=time)
            self._executor.record(provider)
        return provider


def _canonical(value: Any) -> Any:  # noqa: ANN401  a property
    """Write a list or mapping that is JSON text as the provider does: sorted, without spaces."""
    if is_secret(value):
        return secret(_canonical(value["value"]))
    if not isinstance(value, str) or value[:1] not in ("[", "{"):
        return value
    try:
        parsed = json.loads(value)
    except json.JSONDecodeError:
        return value
    return json.dumps(parsed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
