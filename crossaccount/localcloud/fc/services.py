"""Services of generation 2.0: create, get, list, update, delete (facts 5.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.call import RestAnswer, Route
from crossaccount.localcloud.fc import authorized, faults, published, views
from crossaccount.localcloud.fc.authorized import operation
from crossaccount.localcloud.fc.configuration import SERVICE_FIELDS, configured, json_body, new_name
from crossaccount.localcloud.fc.entities import Service
from crossaccount.localcloud.fc.paging import page

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call

LONGEST_NAME = 128


def plain_service(call: Call) -> Service:
    """The service that the path names, which must name no version or alias.

    Raises:
        ApiError: 404 `ServiceNotFound`; 400 `InvalidArgument` for `service.1`: what was published stays.
    """
    name, _, qualifier = call.path["serviceName"].partition(".")
    if qualifier not in ("", published.LATEST):
        raise faults.invalid(
            f"service '{name}' is changed without a version or alias; leave `.{qualifier}` out"
        )
    return _service(call, name)


def find_service(call: Call) -> Service:
    """The service that the path names as it is, or as its version or alias has it.

    The version or alias follows the name, `service.1`, or is the parameter `qualifier`.

    Raises:
        ApiError: 404 `ServiceNotFound`, `VersionNotFound`, `AliasNotFound`.
    """
    name, _, qualifier = call.path["serviceName"].partition(".")
    return published.resolve(_service(call, name), qualifier or call.params.get("qualifier"))


def _service(call: Call, name: str) -> Service:
    found = call.account.fc.region(call.region).services.get(name)
    if found is None:
        raise faults.no_service(name)
    return found


def create_service(call: Call) -> views.Wire:
    """CreateService."""
    body = json_body(call)
    name = new_name(body, "serviceName", LONGEST_NAME)
    settings = configured(call, body, SERVICE_FIELDS)
    services = call.account.fc.region(call.region).services
    if name in services:
        raise faults.service_exists(name)
    now = call.cloud.clock.iso()
    services[name] = Service(name, call.cloud.ids.uuid(), settings, now, now)
    return views.service(services[name])


def get_service(call: Call) -> views.Wire:
    """GetService."""
    return views.service(find_service(call))


def list_services(call: Call) -> views.Wire:
    """ListServices, in the order of names."""
    shown, more = page(call, "ListServices", call.account.fc.region(call.region).services)
    return {"services": [views.service(item) for item in shown]} | more


def update_service(call: Call) -> views.Wire:
    """UpdateService: changes only what is sent."""
    service = plain_service(call)
    service.settings = service.settings | configured(call, json_body(call), SERVICE_FIELDS)
    service.modified = call.cloud.clock.iso()
    return views.service(service)


def delete_service(call: Call) -> RestAnswer:
    """DeleteService: refused while it has functions; versions and aliases go with it."""
    service = plain_service(call)
    if service.functions:
        raise faults.still_used(f"service '{service.name}' still has functions; delete them first")
    del call.account.fc.region(call.region).services[service.name]
    return RestAnswer(204)


_ONE = "/services/{serviceName}"

ROUTES = (
    Route("GET", "/services", operation("ListServices", list_services, authorized.every_service)),
    Route(
        "POST",
        "/services",
        operation("CreateService", create_service, authorized.every_service, passes="role"),
    ),
    Route("GET", _ONE, operation("GetService", get_service, authorized.service)),
    Route("PUT", _ONE, operation("UpdateService", update_service, authorized.service, passes="role")),
    Route("DELETE", _ONE, operation("DeleteService", delete_service, authorized.service)),
    *published.routes(_ONE, "Service", plain_service, authorized.service),
)
