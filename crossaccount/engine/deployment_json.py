"""Pulumi's deployment JSON, version 3: what `pulumi stack export` writes and a stack's state file holds.

Fields, their order and the manifest's magic are those of the recordings of Pulumi 3.250.
Source: Pulumi SDK, `sdk/go/common/apitype/core.go`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from typing import Any

from crossaccount.engine import integrity
from crossaccount.engine import urn as urns
from crossaccount.engine.errors import StateError
from crossaccount.engine.state import PendingOperation, Resource, State
from crossaccount.engine.values import Properties

Encrypt = Callable[[Properties], Properties]

ENGINE_VERSION = "v3.250.0"  # the version whose format is written
_FORMAT = 3
_SECTIONS = frozenset({"manifest", "secrets_providers", "resources", "pending_operations", "metadata"})
_UNFINISHED = frozenset({"creating", "updating", "deleting", "reading", "importing"})
_ALWAYS = ("urn", "custom", "type")
_KEPT = frozenset({"sourcePosition", "stackTrace", "aliases", "ignoreChanges", "replaceOnChanges"})
_KNOWN = frozenset(
    {
        *("urn", "custom", "delete", "id", "type", "inputs", "outputs", "parent", "protect", "external"),
        *("dependencies", "provider", "propertyDependencies", "additionalSecretOutputs", "customTimeouts"),
        *("pendingReplacement", "importID", "retainOnDelete", "created", "modified"),
    }
)


def resource_to_json(resource: Resource, encrypt: Encrypt) -> dict[str, Any]:
    """Return one resource as the state file holds it."""
    has_defaults = resource.custom and not resource.external and not urns.is_provider(resource.type)
    inputs = {"__defaults": [], **resource.inputs} if has_defaults else resource.inputs
    document = {
        "urn": resource.urn,
        "custom": resource.custom,
        "delete": resource.delete,
        "id": resource.id,
        "type": resource.type,
        "inputs": encrypt(_sorted(inputs)),
        "outputs": encrypt(_sorted(resource.outputs)),
        "parent": resource.parent,
        "protect": resource.protect,
        "external": resource.external,
        "dependencies": list(resource.dependencies),
        "provider": resource.provider,
        "propertyDependencies": {key: list(urn) for key, urn in resource.property_dependencies.items()},
        "pendingReplacement": resource.pending_replacement,
        "additionalSecretOutputs": list(resource.additional_secret_outputs),
        "customTimeouts": dict(resource.custom_timeouts),
        "importID": resource.import_id,
        "retainOnDelete": resource.retain_on_delete,
        "created": resource.created,
        "modified": resource.modified,
        **resource.extra,
    }
    return {key: value for key, value in document.items() if value or key in _ALWAYS}


def to_json(state: State, encrypt: Encrypt, salt: Callable[[], str | None]) -> dict[str, Any]:
    """Return the deployment JSON.

    Args:
        state: the stack's state.
        encrypt: encrypts the secrets among properties.
        salt: gives the salt of the passphrase that did so, None when there was no secret.
    """
    resources = [resource_to_json(resource, encrypt) for resource in state.ordered()]
    pending = [
        {"resource": resource_to_json(operation.resource, encrypt), "type": operation.type}
        for operation in state.pending.values()
    ]
    deployment: dict[str, Any] = {
        "manifest": {"time": now(), "magic": _magic(ENGINE_VERSION), "version": ENGINE_VERSION}
    }
    if (text := salt()) is not None:
        deployment["secrets_providers"] = {"type": "passphrase", "state": {"salt": text}}
    if resources:
        deployment["resources"] = resources
    if pending:
        deployment["pending_operations"] = pending
    deployment["metadata"] = {}
    return {"version": _FORMAT, "deployment": deployment}


def salt_of(document: Mapping[str, Any], where: str) -> str | None:
    """Return the passphrase salt of a deployment JSON, None when it has no secrets provider.

    Raises:
        StateError: the secrets are kept by another provider than a passphrase.
    """
    provider = document["deployment"].get("secrets_providers") or {}
    if not isinstance(provider, dict) or not isinstance(provider.get("state", {}), dict):
        raise StateError(f"{where}: `secrets_providers` is malformed")
    if provider.get("type", "passphrase") != "passphrase":
        raise StateError(
            f"{where}: the secrets are kept by `{provider['type']}`; only `passphrase` is handled, "
            "see `pulumi stack change-secrets-provider`"
        )
    salt: str | None = provider.get("state", {}).get("salt")
    return salt


def check(document: object, where: str) -> Mapping[str, Any]:
    """Return the deployment JSON if it is one of version 3 and whole.

    Raises:
        StateError: it is not; `where` names the file.
    """
    if not isinstance(document, dict) or not isinstance(document.get("deployment"), dict):
        raise StateError(f"{where} is not a Pulumi deployment; restore it, or move it away to begin anew")
    if document.get("version") != _FORMAT:
        raise StateError(
            f"{where} has version `{document.get('version')}`; this engine reads version {_FORMAT}"
        )
    deployment = document["deployment"]
    newer = sorted(name for name in deployment.keys() - _SECTIONS if deployment[name])
    for name in (*(document.get("features") or ()), *newer):
        raise StateError(f"{where} has `{name}`, which is newer than this engine; it was left as it is")
    manifest = deployment.get("manifest") or {}
    version = manifest.get("version", "")
    if manifest.get("magic") not in (None, _magic(version)):
        raise StateError(f"{where}: the manifest's magic does not match its version `{version}`")
    return document


def from_json(document: Mapping[str, Any], project: str, stack: str, decrypt: Encrypt, where: str) -> State:
    """Read a checked deployment JSON.

    Raises:
        StateError: it is another project's or stack's, or holds what this engine does not handle.
    """
    state = State(project, stack)
    deployment = document["deployment"]
    for name in ("resources", "pending_operations"):
        if not isinstance(deployment.get(name) or [], list):
            raise StateError(f"{where}: `{name}` is not a list")
    resources = [resource_from_json(record, decrypt, where) for record in deployment.get("resources") or ()]
    for resource in resources:
        if urns.project_and_stack(resource.urn) != (project, stack):
            raise StateError(f"{where} holds `{resource.urn}`, which is not of `{project}`, stack `{stack}`")
        if resource.delete:
            state.retired.append(resource)
        else:
            state.live[resource.urn] = resource
    for record in deployment.get("pending_operations") or ():
        operation = pending_from_json(record, decrypt, where)
        state.pending[operation.resource.urn] = operation
    for problem in integrity.problems(resources):
        raise StateError(f"{where} is not whole: {problem}; restore it, or repair it with `pulumi state`")
    return state


def pending_from_json(record: Any, decrypt: Encrypt, where: str) -> PendingOperation:  # noqa: ANN401  JSON
    """Read one pending operation.

    Raises:
        StateError: it is malformed, or of what this engine does not handle.
    """
    if not isinstance(record, dict) or not isinstance(record.get("type"), str):
        raise StateError(f"{where}: a pending operation is malformed")
    if record["type"] not in _UNFINISHED:
        raise StateError(f"{where}: the pending operation `{record['type']}` is newer than this engine")
    return PendingOperation(record["type"], resource_from_json(record.get("resource"), decrypt, where))


def resource_from_json(record: Any, decrypt: Encrypt, where: str) -> Resource:  # noqa: ANN401  JSON
    """Read one resource of a deployment JSON.

    Raises:
        StateError: a field is missing, or set and not handled.
    """
    if not isinstance(record, dict) or not urns.is_urn(record.get("urn")):
        raise StateError(f"{where} is malformed: it holds a resource without a URN")
    strange = sorted(key for key in record.keys() - _KNOWN - _KEPT if record[key])
    if strange:
        raise StateError(
            f"{where}: `{record.get('urn')}` has `{strange[0]}`, which this engine does not handle"
        )
    try:
        return _resource(record, decrypt)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise StateError(f"{where}: the resource `{record.get('urn')}` is malformed") from None


def _resource(record: Mapping[str, Any], decrypt: Encrypt) -> Resource:
    inputs = dict(record.get("inputs") or {})
    for name in inputs.pop("__defaults", ()):
        inputs.pop(name, None)
    return Resource(
        urn=record["urn"],
        type=record["type"],
        custom=record["custom"],
        delete=record.get("delete", False),
        id=record.get("id", ""),
        inputs=decrypt(inputs),
        outputs=decrypt(record.get("outputs") or {}),
        parent=record.get("parent", ""),
        protect=record.get("protect", False),
        external=record.get("external", False),
        dependencies=tuple(record.get("dependencies") or ()),
        provider=record.get("provider", ""),
        property_dependencies={
            key: tuple(value or ()) for key, value in (record.get("propertyDependencies") or {}).items()
        },
        pending_replacement=record.get("pendingReplacement", False),
        additional_secret_outputs=tuple(record.get("additionalSecretOutputs") or ()),
        custom_timeouts=record.get("customTimeouts") or {},
        import_id=record.get("importID", ""),
        retain_on_delete=record.get("retainOnDelete", False),
        created=record.get("created", ""),
        modified=record.get("modified", ""),
        extra={key: record[key] for key in record.keys() & _KEPT},
    )


def now() -> str:
    """Return the time as Go writes it: RFC 3339 in UTC, with nanoseconds."""
    seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{nanoseconds:09d}Z"


def _magic(version: str) -> str:
    return hashlib.sha256(version.encode()).hexdigest()


def _sorted(properties: Mapping[str, Any]) -> Properties:
    return {key: properties[key] for key in sorted(properties)}
