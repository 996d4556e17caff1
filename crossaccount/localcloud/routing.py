"""Which operation a request asks for: by path for Function Compute, by Action and Version else.

A table, never a guess: what is in no table is refused by name (section 5.1 of the facts).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.localcloud import fc, ims, ram, sts
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.products import BSS, FC_2, FC_3, FC_OPEN, IMS, RAM, STS, Product
from crossaccount.localcloud.wire import decode_segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from crossaccount.localcloud.call import Operation, Route
    from crossaccount.localcloud.wire import Wire


@dataclass(frozen=True, slots=True)
class Target:
    """What a request asks for.

    Attributes:
        product: the product and version.
        operation: the operation.
        path: the named parts of a REST path, decoded; empty for RPC.
    """

    product: Product
    operation: Operation
    path: Mapping[str, str]


class NotImplementedHereError(ApiError):
    """A refusal by name of what the local cloud does not have: HTTP 501.

    The real gateway answers an unknown action with 404 `InvalidAction.NotFound`; to the alicloud provider a
    404 means that the resource is gone (section 7.6), so an action missing here is a 501 `NotImplemented`,
    which nobody can take for an answer.

    Args:
        product: the product and version.
        what: the action, or method and path.
    """

    def __init__(self, product: Product, what: str) -> None:
        super().__init__(
            501,
            "NotImplemented",
            f"The local cloud does not implement `{what}` of {product.name} {product.version}.",
        )
        self.product = product
        self.what = what


_Template = tuple[tuple[str, ...], "Operation"]


class RouteTable:
    """The REST operations of one product, found by method and path.

    Args:
        routes: the routes; a literal segment wins over a named one because it is looked at first.
    """

    def __init__(self, routes: Sequence[Route]) -> None:
        self._templates: dict[tuple[str, int], list[_Template]] = {}
        for route in sorted(routes, key=lambda route: route.template.count("{")):
            segments = tuple(route.template.strip("/").split("/"))
            self._templates.setdefault((route.method, len(segments)), []).append((segments, route.operation))

    def operations(self) -> Iterator[Operation]:
        """The operations of all routes."""
        for templates in self._templates.values():
            for _, operation in templates:
                yield operation

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation and the named parts of the path, or None.

        Args:
            method: in upper case.
            path: below the version prefix, as sent.
        """
        segments = path.strip("/").split("/")
        for template, operation in self._templates.get((method, len(segments)), ()):
            parts = _match(template, segments)
            if parts is not None:
                return operation, parts
        return None


def _match(template: tuple[str, ...], segments: Sequence[str]) -> dict[str, str] | None:
    parts: dict[str, str] = {}
    for expected, segment in zip(template, segments, strict=True):
        if expected.startswith("{"):
            parts[expected[1:-1]] = decode_segment(segment)
        elif expected != segment:
            return None
    return parts


_RPC: Mapping[str, tuple[Product, Mapping[str, Operation]]] = {
    RAM.version: (RAM, ram.OPERATIONS),
    STS.version: (STS, sts.OPERATIONS),
    IMS.version: (IMS, ims.OPERATIONS),
    BSS.version: (BSS, sts.BSS_OPERATIONS),
}
_REST: Mapping[str, tuple[Product, RouteTable]] = {
    FC_3.version: (FC_3, RouteTable(fc.ROUTES_3)),
    FC_OPEN.version: (FC_OPEN, RouteTable(fc.ROUTES_2)),
    FC_2.version: (FC_2, RouteTable(fc.ROUTES_2)),
}


def operations() -> Iterator[Operation]:
    """Every operation that is here, of every product; one that two products share comes twice."""
    for _, table in _RPC.values():
        yield from table.values()
    for _, routes in _REST.values():
        yield from routes.operations()


def product_of(wire: Wire) -> Product:
    """The product a request is for, by its path or its Version.

    Raises:
        ApiError: 400 `InvalidVersion` or `MissingVersion`; 404 `InvalidApi.NotFound` for a path that is no
            product's.
    """
    prefix = wire.path[1:].partition("/")[0]
    if prefix in _REST:
        return _REST[prefix][0]
    if wire.path != "/":
        raise ApiError(
            404,
            "InvalidApi.NotFound",
            f"Specified api is not found: no product has the path `{wire.path[:200]}`.",
        )
    version = _named(wire, "Version", "x-acs-version")
    if version not in _RPC:
        raise ApiError(
            400,
            "InvalidVersion",
            f"Specified parameter Version is not valid: `{version[:64]}` is not served here.",
        )
    return _RPC[version][0]


def find_target(wire: Wire, product: Product) -> Target:
    """The operation a request asks for.

    Raises:
        NotImplementedHereError: when the product has no such operation here.
        ApiError: 400 `MissingAction`, or `UnsupportedHTTPMethod` for an RPC call that is neither GET nor
            POST.
    """
    if product.version in _REST:
        found = _REST[product.version][1].find(wire.method, wire.path[len(product.version) + 1 :])
        if found is None:
            action = wire.headers.get("x-acs-action", "")
            raise NotImplementedHereError(product, f"{action} {wire.method} {wire.path}".strip()[:200])
        return Target(product, *found)
    if wire.method not in {"GET", "POST"}:
        raise ApiError(
            400, "UnsupportedHTTPMethod", f"The HTTP method {wire.method} is not supported; use GET or POST."
        )
    action = _named(wire, "Action", "x-acs-action")
    operation = _RPC[product.version][1].get(action)
    if operation is None:
        raise NotImplementedHereError(product, action[:200])
    return Target(product, operation, {})


def _named(wire: Wire, parameter: str, header: str) -> str:
    sent = wire.params.get(parameter) or wire.headers.get(header)
    if not sent:
        raise ApiError(400, f"Missing{parameter}", f"{parameter} is mandatory for this action.")
    if wire.headers.get(header, sent) != sent:
        raise ApiError(
            400, "InvalidParameter.Format", f"The parameter {parameter} and the header {header} differ."
        )
    return sent
