"""Function Compute's refusals (facts 5.4); how a family writes them is the renderer's business."""

from __future__ import annotations

from crossaccount.localcloud.errors import ApiError


def invalid(message: str) -> ApiError:
    """400 `InvalidArgument`; the message names the field and what is allowed."""
    return ApiError(400, "InvalidArgument", message)


def no_function(name: str, service: str | None = None) -> ApiError:
    """404 `FunctionNotFound`; a 2.0 function is missing in its service."""
    place = f" in service '{service}'" if service is not None else ""
    return ApiError(404, "FunctionNotFound", f"function '{name}' does not exist{place}")


def no_service(name: str) -> ApiError:
    """404 `ServiceNotFound`."""
    return ApiError(404, "ServiceNotFound", f"service '{name}' does not exist")


def no_trigger(name: str, function: str) -> ApiError:
    """404 `TriggerNotFound`."""
    return ApiError(404, "TriggerNotFound", f"trigger '{name}' does not exist in function '{function}'")


def no_qualifier(qualifier: str) -> ApiError:
    """404 `VersionNotFound` for a number, `AliasNotFound` for anything else."""
    if qualifier.isdigit():
        return ApiError(404, "VersionNotFound", f"version '{qualifier}' does not exist")
    return no_alias(qualifier)


def no_alias(name: str) -> ApiError:
    """404 `AliasNotFound`."""
    return ApiError(404, "AliasNotFound", f"alias '{name}' does not exist")


def function_exists(name: str, service: str | None = None) -> ApiError:
    """409 `FunctionAlreadyExists`."""
    place = f" in service '{service}'" if service is not None else ""
    return ApiError(409, "FunctionAlreadyExists", f"function '{name}' already exists{place}")


def trigger_exists(name: str, function: str) -> ApiError:
    """409 `TriggerAlreadyExists`."""
    return ApiError(409, "TriggerAlreadyExists", f"trigger '{name}' already exists in function '{function}'")


def alias_exists(name: str) -> ApiError:
    """409 `AliasAlreadyExists`."""
    return ApiError(409, "AliasAlreadyExists", f"alias '{name}' already exists")


def still_used(message: str, code: str = "PreconditionFailed") -> ApiError:
    """412: something else must be deleted first; the status is inferred."""
    return ApiError(412, code, message)


def too_large(message: str) -> ApiError:
    """400 `EntityTooLarge`."""
    return ApiError(400, "EntityTooLarge", message)


def service_exists(name: str) -> ApiError:
    """409 `ServiceAlreadyExists`."""
    return ApiError(409, "ServiceAlreadyExists", f"service '{name}' already exists")
