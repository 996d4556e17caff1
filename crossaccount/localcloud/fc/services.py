"""Services of generation 2.0: create, get, list, update, delete (facts 5.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.call import RestAnswer, Route
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.fc import authorized, faults, views
from crossaccount.localcloud.fc.authorized import operation
from crossaccount.localcloud.fc.configuration import SERVICE_FIELDS, configured, json_body, new_name
from crossaccount.localcloud.fc.invocation import check_qualifier
from crossaccount.localcloud.fc.paging import page
from crossaccount.localcloud.fc.state import Service

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call

LONGEST_NAME = 128


def find_service(call: Call) -> Service:
    """The service that the path names, `service` or `service.LATEST`.

    Raises:
        ApiError: 404 `ServiceNotFound`, `VersionNotFound`, `AliasNotFound`.
    """
    name, _, qualifier = call.path["serviceName"].partition(".")
    service = call.account.fc.region(call.region).services.get(name)
    if service is None:
        raise faults.no_service(name)
    check_qualifier(qualifier or call.params.get("qualifier"))
    return service


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
    service = find_service(call)
    service.settings = service.settings | configured(call, json_body(call), SERVICE_FIELDS)
    service.modified = call.cloud.clock.iso()
    return views.service(service)


def delete_service(call: Call) -> RestAnswer:
    """DeleteService: refused while it has functions."""
    service = find_service(call)
    if service.functions:
        raise ApiError(
            412, "PreconditionFailed", f"service '{service.name}' still has functions; delete them first"
        )
    del call.account.fc.region(call.region).services[service.name]
    return RestAnswer(204)


_ONE = "/services/{serviceName}"

ROUTES = (
    Route("GET", "/services", operation("ListServices", list_services, authorized.every_service)),
    Route(
        "POST",
        "/services",
        operation("CreateService", create_service, authorized.every_service, passes_role=True),
    ),
    Route("GET", _ONE, operation("GetService", get_service, authorized.service)),
    Route("PUT", _ONE, operation("UpdateService", update_service, authorized.service, passes_role=True)),
    Route("DELETE", _ONE, operation("DeleteService", delete_service, authorized.service)),
)
