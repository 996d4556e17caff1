"""The Function Compute resources of one account: 3.0 functions, 2.0 services and their functions.

Both live in regions, and a name is unique inside its region (3.0) or its service (2.0). Configuration is
kept as the JSON that was sent; only what the service itself makes (ids, times, code size and checksum) has
fields. Times are UTC texts.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Code:
    """A function's code package.

    Attributes:
        size: bytes.
        checksum: CRC-64/ECMA as a decimal string.
    """

    size: int = 0
    checksum: str = "0"


@dataclass(slots=True)
class Function:
    """A function of either generation.

    Attributes:
        name: 1 to 64 letters, digits, `_`, `-`, beginning with a letter or `_`.
        function_id: UUID.
        settings: the configuration, by the API's field names.
        code: size and checksum of the code package.
        created: when it was made.
        modified: when it was last changed.
    """

    name: str
    function_id: str
    settings: dict[str, Any]
    code: Code
    created: str
    modified: str


@dataclass(slots=True)
class Service:
    """A 2.0 service.

    Attributes:
        name: as a function's name.
        service_id: UUID.
        settings: the configuration, by the API's field names.
        created: when it was made.
        modified: when it was last changed.
        functions: its functions by name.
    """

    name: str
    service_id: str
    settings: dict[str, Any]
    created: str
    modified: str
    functions: dict[str, Function] = field(default_factory=dict)


@dataclass(slots=True)
class Region:
    """What one account has in one region.

    Attributes:
        functions: 3.0 functions by name.
        services: 2.0 services by name.
    """

    functions: dict[str, Function] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)


class FcState:
    """The Function Compute resources of one account, in all regions."""

    def __init__(self) -> None:
        self.regions: dict[str, Region] = {}

    def region(self, name: str) -> Region:
        """What the account has in a region; the region is there from the first time it is asked for."""
        return self.regions.setdefault(name, Region())

    def is_empty(self) -> bool:
        """Whether no region holds a function or a service."""
        return not any(region.functions or region.services for region in self.regions.values())

    def uses_role(self, arn: str) -> bool:
        """Whether a function or a service of any region has a role, in any letter case of its ARN."""
        settings = (
            item.settings
            for region in self.regions.values()
            for items in (region.functions, region.services)
            for item in items.values()
        )
        return any(each.get("role", "").lower() == arn.lower() for each in settings)

    def to_json(self) -> dict[str, Any]:
        """The state as plain JSON, everything sorted by name."""
        return {
            "regions": {
                name: {
                    "functions": [asdict(item) for _, item in sorted(region.functions.items())],
                    "services": [_dump_service(item) for _, item in sorted(region.services.items())],
                }
                for name, region in sorted(self.regions.items())
                if region.functions or region.services
            }
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FcState:
        """The state that `to_json` wrote.

        Raises:
            KeyError, TypeError: when `data` is not such a state.
        """
        state = cls()
        for name, stored in data["regions"].items():
            region = state.region(name)
            region.functions = _load_functions(stored["functions"])
            for item in stored["services"]:
                service = Service(**{**item, "functions": _load_functions(item["functions"])})
                region.services[service.name] = service
        return state


def _dump_service(service: Service) -> dict[str, Any]:
    functions = [asdict(item) for _, item in sorted(service.functions.items())]
    return asdict(service) | {"functions": functions}


def _load_functions(items: list[Mapping[str, Any]]) -> dict[str, Function]:
    return {item["name"]: Function(**{**item, "code": Code(**item["code"])}) for item in items}
