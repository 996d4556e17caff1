"""Functions and services as the API answers them (facts 5.2, 5.3)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crossaccount.localcloud.fc.entities import Alias, Function, Service, Trigger, Version

Wire = dict[str, Any]

_DEFAULTS_3 = MappingProxyType(
    {
        "description": "",
        "cpu": 0.35,
        "memorySize": 512,
        "diskSize": 512,
        "timeout": 3,
        "instanceConcurrency": 1,
        "internetAccess": True,
        "environmentVariables": {},
        "role": "",
        "tags": [],
    }
)
_STATE = MappingProxyType(
    {
        "state": "Active",
        "stateReason": "",
        "stateReasonCode": "",
        "lastUpdateStatus": "Successful",
        "lastUpdateStatusReason": "",
        "lastUpdateStatusReasonCode": "",
    }
)
_DEFAULTS_2 = MappingProxyType(
    {
        "description": "",
        "memorySize": 128,
        "timeout": 3,
        "instanceType": "e1",
        "instanceConcurrency": 1,
        "environmentVariables": {},
    }
)
_DEFAULTS_SERVICE = MappingProxyType({"description": "", "role": "", "internetAccess": True})


def _function(function: Function, defaults: MappingProxyType[str, Any]) -> Wire:
    return {
        **defaults,
        **function.settings,
        "functionId": function.function_id,
        "functionName": function.name,
        "codeSize": function.code.size,
        "codeChecksum": function.code.checksum,
        "createdTime": function.created,
        "lastModifiedTime": function.modified,
    }


def listed_function(function: Function, arn: str) -> Wire:
    """A 3.0 function as ListFunctions answers it: without its state."""
    return _function(function, _DEFAULTS_3) | {"functionArn": arn}


def function(item: Function, arn: str) -> Wire:
    """A 3.0 function as Create-, Get- and UpdateFunction answer it."""
    return listed_function(item, arn) | _STATE


def service_function(item: Function) -> Wire:
    """A 2.0 function."""
    return _function(item, _DEFAULTS_2)


def service(item: Service) -> Wire:
    """A 2.0 service."""
    return {
        **_DEFAULTS_SERVICE,
        **item.settings,
        "serviceName": item.name,
        "serviceId": item.service_id,
        "createdTime": item.created,
        "lastModifiedTime": item.modified,
    }


def version(item: Version) -> Wire:
    """A version, of a function or of a service."""
    return {
        "versionId": item.version_id,
        "description": item.description,
        "createdTime": item.created,
        "lastModifiedTime": item.created,
    }


def alias(item: Alias) -> Wire:
    """An alias, of a function or of a service."""
    return {
        "description": "",
        "additionalVersionWeight": {},
        **item.settings,
        "aliasName": item.name,
        "createdTime": item.created,
        "lastModifiedTime": item.modified,
    }


def _trigger(item: Trigger) -> Wire:
    return {
        "description": "",
        "invocationRole": "",
        "qualifier": "",
        "sourceArn": "",
        "triggerConfig": "",
        **item.settings,
        "triggerName": item.name,
        "triggerId": item.trigger_id,
        "createdTime": item.created,
        "lastModifiedTime": item.modified,
    }


def _urls(item: Trigger, region: str) -> dict[str, str]:
    host = f"{item.trigger_id}.{region}"
    return {
        "urlInternet": f"https://{host}.fcapp.invalid",
        "urlIntranet": f"https://{host}-vpc.fcapp.invalid",
    }


def trigger(item: Trigger, region: str, function_arn: str) -> Wire:
    """A trigger of a 3.0 function."""
    shown = _trigger(item) | {"status": "Enabled", "targetArn": function_arn}
    if item.settings.get("triggerType") == "http":
        shown["httpTrigger"] = _urls(item, region)
    return shown


def service_trigger(item: Trigger, region: str) -> Wire:
    """A trigger of a 2.0 function."""
    http = item.settings.get("triggerType") == "http"
    return _trigger(item) | (_urls(item, region) if http else {})
