"""The seam between the engine and the RAM resource types.

The engine plans and orders steps without knowing what a role or a policy is; a `ResourceType` knows one
Pulumi resource type: which inputs it understands, which of them force a replacement, and the API calls that
create, read, update and delete it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.ram_api import RamApi

JsonObject = dict[str, Any]


class ResourceType(Protocol):
    """One Pulumi resource type that the engine can manage.

    Inputs and outputs are plain JSON values under Pulumi's camelCase names; secrets arrive unwrapped and are
    wrapped again by the engine. `__defaults`, `__meta` and `id` are the engine's to write.
    """

    @property
    def token(self) -> str:
        """The Pulumi type token, e.g. `alicloud:ram/role:Role`."""
        ...

    @property
    def inputs(self) -> frozenset[str]:
        """The input names understood; any other is refused by name before anything changes."""
        ...

    @property
    def required(self) -> frozenset[str]:
        """The inputs without which nothing can be created."""
        ...

    @property
    def replace_on(self) -> frozenset[str]:
        """The inputs whose change means replacement."""
        ...

    @property
    def renames(self) -> frozenset[str]:
        """The inputs whose change in place renames the thing, and with it what is tied to it by name."""
        ...

    @property
    def secret_outputs(self) -> frozenset[str]:
        """The outputs that are always secret (Pulumi's `additionalSecretOutputs`)."""
        ...

    @property
    def timeouts_meta(self) -> str:
        """The text of the `__meta` output that the real provider writes."""
        ...

    def check(self, inputs: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the problems of known `inputs`, in the user's words; fills nothing in."""
        ...

    def diff_ignores(self, name: str, old: object, new: object) -> bool:
        """Say whether two values of input `name` mean the same (facts 7.4: policy documents)."""
        ...

    def create(self, api: RamApi, inputs: Mapping[str, Any]) -> tuple[str, JsonObject]:
        """Create the resource; return its id and outputs as the real provider's state holds them."""
        ...

    def read(
        self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]
    ) -> tuple[JsonObject, JsonObject] | None:
        """Return the live inputs and outputs, or None when the resource is gone.

        `outputs` are the last known ones, empty for a lookup by id.
        """
        ...

    def own_id(self, api: RamApi, resource_id: str) -> str:
        """Return the id that the state holds for a live resource, which a lookup may know by another one."""
        ...

    def update(
        self,
        api: RamApi,
        resource_id: str,
        old_outputs: Mapping[str, Any],
        old_inputs: Mapping[str, Any],
        new_inputs: Mapping[str, Any],
    ) -> JsonObject:
        """Change the resource in place; return its new outputs."""
        ...

    def delete(self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]) -> None:
        """Delete the resource; one that is gone already is fine.

        Raises:
            EngineError: something else still holds it; names what and the command that mends it.
        """
        ...
