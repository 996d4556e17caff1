"""What IMS operations have in common: what they ask to be allowed, lists with commas, pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.call import Call, Operation
from crossaccount.localcloud.parameters import integer, invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def operation(
    name: str, answer: Callable[[Call], Mapping[str, Any]], kind: str, parameter: str | None = None
) -> Operation:
    """An IMS operation that needs `ims:<name>` on a provider, or on all of its kind.

    Args:
        name: the API's name.
        answer: does the work.
        kind: `oidc-provider` or `saml-provider`.
        parameter: the parameter that names the provider; None for creating and listing.
    """

    def resources(call: Call) -> Sequence[str]:
        named = "*" if parameter is None else call.params.get(parameter, "")
        return [f"acs:ram:*:{call.account.id}:{kind}/{named}"]

    return Operation(name, answer, f"ims:{name}", resources, source=f"IMS 2019-08-15, {name}")


def split_list(text: str) -> list[str]:
    """The values of a list with commas between."""
    return [part.strip() for part in text.split(",") if part.strip()]


def listing(params: Mapping[str, str], name: str, views: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One page of a list, wrapped as IMS wraps it.

    Raises:
        ApiError: 400 `InvalidParameter.MaxItems` or `InvalidParameter.Marker`.
    """
    size = integer(params, "MaxItems", 100, low=1, high=1000)
    marker = params.get("Marker") or "0"
    if not (marker.isascii() and marker.isdigit() and int(marker) <= len(views)):
        raise invalid("Marker", "The parameter Marker is none that was answered.")
    begin = int(marker)
    page = views[begin : begin + size]
    answer: dict[str, Any] = {f"{name}s": {name: list(page)}, "IsTruncated": begin + size < len(views)}
    if answer["IsTruncated"]:
        answer["Marker"] = str(begin + size)
    return answer
