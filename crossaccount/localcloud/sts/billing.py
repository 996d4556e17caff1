"""QueryAvailableInstances of BssOpenApi 2017-12-14: the provider asks which site an account is on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call


def query_available_instances(_call: Call) -> dict[str, Any]:
    """An account with nothing bought, which the provider takes for the domestic site (facts 7.1, 10)."""
    return {"Code": "Success", "Success": True, "Data": {"InstanceList": []}}
