"""A function's or service's configuration as it is sent: known fields of the right types, or a named error.

Every field of the API's body is kept and answered as it was sent; what it would do in a real function is not
acted out here, except that `code` gives size and checksum, and `role` is checked and needs `ram:PassRole`.
"""

from __future__ import annotations

import base64
import binascii
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.localcloud.fc import faults
from crossaccount.localcloud.fc.checksum import crc64
from crossaccount.localcloud.fc.entities import Code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.call import Call

_TEXT = ("a text", str)
_WHOLE = ("a whole number", int)
_NUMBER = ("a number", (int, float))
_BOOLEAN = ("true or false", bool)
_OBJECT = ("an object", dict)
_LIST = ("a list", list)

Kind = tuple[str, type | tuple[type, ...]]

SERVICE_FIELDS: Mapping[str, Kind] = MappingProxyType(
    {
        "description": _TEXT,
        "internetAccess": _BOOLEAN,
        "logConfig": _OBJECT,
        "nasConfig": _OBJECT,
        "ossMountConfig": _OBJECT,
        "role": _TEXT,
        "tracingConfig": _OBJECT,
        "vpcConfig": _OBJECT,
    }
)

_SHARED_FIELDS: Mapping[str, Kind] = MappingProxyType(
    {
        "code": _OBJECT,
        "cpu": _NUMBER,
        "customContainerConfig": _OBJECT,
        "customDNS": _OBJECT,
        "customRuntimeConfig": _OBJECT,
        "description": _TEXT,
        "diskSize": _WHOLE,
        "environmentVariables": _OBJECT,
        "handler": _TEXT,
        "instanceConcurrency": _WHOLE,
        "instanceLifecycleConfig": _OBJECT,
        "layers": _LIST,
        "memorySize": _WHOLE,
        "runtime": _TEXT,
        "timeout": _WHOLE,
    }
)

FUNCTION_3_FIELDS: Mapping[str, Kind] = MappingProxyType(
    {
        **_SHARED_FIELDS,
        **SERVICE_FIELDS,
        "disableInjectCredentials": _TEXT,
        "disableOndemand": _BOOLEAN,
        "enableLongLiving": _BOOLEAN,
        "gpuConfig": _OBJECT,
        "idleTimeout": _WHOLE,
        "instanceIsolationMode": _TEXT,
        "juiceFsConfig": _OBJECT,
        "microSandboxConfig": _OBJECT,
        "polarFsConfig": _OBJECT,
        "sessionAffinity": _TEXT,
        "sessionAffinityConfig": _TEXT,
    }
)

FUNCTION_3_ONCE: Mapping[str, Kind] = MappingProxyType({"resourceGroupId": _TEXT, "tags": _LIST})
"""What CreateFunction of 3.0 takes and UpdateFunction does not."""

FUNCTION_2_FIELDS: Mapping[str, Kind] = MappingProxyType(
    {
        **_SHARED_FIELDS,
        "caPort": _WHOLE,
        "customHealthCheckConfig": _OBJECT,
        "gpuMemorySize": _WHOLE,
        "initializationTimeout": _WHOLE,
        "initializer": _TEXT,
        "instanceSoftConcurrency": _WHOLE,
        "instanceType": _TEXT,
    }
)

_BOUNDS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "timeout": (1, 86400),
        "memorySize": (128, 32768),
        "instanceConcurrency": (1, 200),
        "target": (0, 10000),
        "defaultTarget": (0, 10000),
    }
)
ALIAS_FIELDS: Mapping[str, Kind] = MappingProxyType(
    {
        "additionalVersionWeight": _OBJECT,
        "description": _TEXT,
        "resolvePolicy": _TEXT,
        "routePolicy": _OBJECT,
        "versionId": _TEXT,
    }
)

TRIGGER_FIELDS: Mapping[str, Kind] = MappingProxyType(
    {
        "description": _TEXT,
        "invocationRole": _TEXT,
        "qualifier": _TEXT,
        "triggerConfig": _TEXT,
    }
)

TRIGGER_ONCE: Mapping[str, Kind] = MappingProxyType({"sourceArn": _TEXT, "triggerType": _TEXT})
"""What CreateTrigger takes and UpdateTrigger does not."""

CONCURRENCY_FIELDS: Mapping[str, Kind] = MappingProxyType({"reservedConcurrency": _WHOLE})

PROVISION_FIELDS: Mapping[str, Kind] = MappingProxyType(
    {
        "alwaysAllocateCPU": _BOOLEAN,
        "alwaysAllocateGPU": _BOOLEAN,
        "defaultTarget": _WHOLE,
        "scheduledActions": _LIST,
        "target": _WHOLE,
        "targetTrackingPolicies": _LIST,
    }
)

ASYNC_FIELDS: Mapping[str, Kind] = MappingProxyType(
    {
        "asyncTask": _BOOLEAN,
        "destinationConfig": _OBJECT,
        "maxAsyncEventAgeInSeconds": _WHOLE,
        "maxAsyncRetryAttempts": _WHOLE,
    }
)

LARGEST_PACKAGE = 50 * 1024 * 1024
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_ROLE = re.compile(r"acs:ram::([0-9]{16}):role/[A-Za-z0-9.-]{1,64}")


def json_body(call: Call) -> dict[str, Any]:
    """The call's body, a JSON object; an empty body is an empty object.

    Raises:
        ApiError: 400 `InvalidArgument`.
    """
    if not call.body:
        return {}
    try:
        body = orjson.loads(call.body)
    except orjson.JSONDecodeError:
        raise faults.invalid("the request body is not JSON") from None
    if not isinstance(body, dict):
        raise faults.invalid("the request body is not a JSON object")
    return body


def new_name(body: dict[str, Any], field: str, longest: int) -> str:
    """Takes the name out of a body: letters, digits, `_`, `-`, beginning with a letter or `_`.

    Raises:
        ApiError: 400 `InvalidArgument`.
    """
    name = body.pop(field, None)
    if not isinstance(name, str) or not name:
        raise faults.invalid(f"{field} is required")
    if len(name) > longest or not _NAME.fullmatch(name):
        raise faults.invalid(
            f"{field} `{name[:longest]}` is not valid: use 1 to {longest} letters, digits, _ and -, "
            "not beginning with a digit or -"
        )
    return name


def configured(call: Call, body: dict[str, Any], fields: Mapping[str, Kind]) -> dict[str, Any]:
    """The fields of a body that are set, each known and of its type; `null` means not set.

    A name that the path has may be in the body too, as the provider sends it; it is no setting.

    Raises:
        ApiError: 400 `InvalidArgument` for an unknown field, a wrong type, a number out of bounds, a role of
            another account, or another name than the path's.
    """
    for name in body.keys() & call.path.keys():
        if body[name] not in (None, call.path[name]):
            raise faults.invalid(f"{name} cannot be changed")
    settings = {name: value for name, value in body.items() if value is not None and name not in call.path}
    for name, value in settings.items():
        if name not in fields:
            raise faults.invalid(f"`{name[:64]}` is not a field of this request")
        wording, kind = fields[name]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise faults.invalid(f"{name} is not {wording}")
        if name in _BOUNDS:
            _check_bounds(name, value)
    _check_variables(settings.get("environmentVariables", {}))
    for field in ("role", "invocationRole"):
        _check_role(settings.get(field, ""), call.account.id)
    return settings


def checked_tags(tags: Any, field: str) -> list[dict[str, str]]:  # noqa: ANN401  whatever was sent
    """Tags as they are sent: a list of objects with Key and Value; nothing is an empty list.

    Raises:
        ApiError: 400 `InvalidArgument`, naming the field.
    """
    listed = tags or []
    texts = isinstance(listed, list) and all(
        isinstance(tag, dict) and all(isinstance(tag.get(part), str) for part in ("Key", "Value"))
        for tag in listed
    )
    if not texts:
        raise faults.invalid(f"{field} is not a list of objects with the texts Key and Value")
    found: list[dict[str, str]] = listed
    return found


def _check_bounds(name: str, value: Any) -> None:  # noqa: ANN401  its type was checked just before
    low, high = _BOUNDS[name]
    if not low <= value <= high:
        raise faults.invalid(f"{name} is {value}; use {low} to {high}")


def _check_variables(variables: Mapping[str, Any]) -> None:
    for name, value in variables.items():
        if not isinstance(value, str):
            raise faults.invalid(f"environmentVariables.{name[:64]} is not a text")


def _check_role(role: str, account_id: str) -> None:
    if not role:
        return
    match = _ROLE.fullmatch(role)
    if match is None:
        raise faults.invalid(f"role `{role[:128]}` is not like acs:ram::{account_id}:role/name")
    if match[1] != account_id:
        raise faults.invalid(f"role `{role}` belongs to another account")


def package(sent: Mapping[str, Any] | None) -> Code:
    """Size and checksum of the code in a body's `code`.

    A package in an OSS bucket is not fetched: its size is 0 and its checksum the one sent, if any.

    Raises:
        ApiError: 400 `InvalidArgument` when `zipFile` is not base64 or its checksum is another, or
            `EntityTooLarge` when it has more than 50 MiB.
    """
    if not sent:
        return Code()
    checksum = sent.get("checksum")
    if "zipFile" not in sent:
        if not sent.get("ossBucketName") or not sent.get("ossObjectName"):
            raise faults.invalid("code needs zipFile, or ossBucketName and ossObjectName")
        return Code(0, str(checksum or "0"))
    try:
        content = base64.b64decode(sent["zipFile"], validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise faults.invalid("code.zipFile is not base64") from None
    if len(content) > LARGEST_PACKAGE:
        raise faults.too_large(f"code.zipFile has {len(content)} bytes; at most {LARGEST_PACKAGE} are taken")
    computed = crc64(content)
    if checksum and checksum != computed:
        raise faults.invalid(f"code.checksum is `{str(checksum)[:32]}`, but zipFile has {computed}")
    return Code(len(content), computed)
