"""An account's Function Compute resources as plain JSON, and back; everything sorted by name."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.fc.entities import (
    Alias,
    Code,
    Function,
    Published,
    Service,
    Trigger,
    Version,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.fc.state import FcState

Json = dict[str, Any]


def dump(state: FcState) -> Json:
    """The whole state; regions that hold nothing are left out."""
    return {
        "regions": {
            name: {
                "functions": [_function(item) for _, item in sorted(region.functions.items())],
                "services": [_service(item) for _, item in sorted(region.services.items())],
            }
            for name, region in sorted(state.regions.items())
            if region.functions or region.services
        }
    }


def _function(function: Function) -> Json:
    return {
        "name": function.name,
        "function_id": function.function_id,
        "settings": function.settings,
        "code": asdict(function.code),
        "created": function.created,
        "modified": function.modified,
        "published": _published(function.published, _function),
        "triggers": [asdict(item) for _, item in sorted(function.triggers.items())],
        "configs": function.configs,
    }


def _service(service: Service) -> Json:
    return {
        "name": service.name,
        "service_id": service.service_id,
        "settings": service.settings,
        "created": service.created,
        "modified": service.modified,
        "functions": [_function(item) for _, item in sorted(service.functions.items())],
        "published": _published(service.published, _service),
    }


def _published(published: Published, dump_content: Any) -> Json:  # noqa: ANN401  of the versions' own kind
    return {
        "versions": [
            {
                "version_id": version.version_id,
                "description": version.description,
                "created": version.created,
                "content": dump_content(version.content),
            }
            for version in published.versions.values()
        ],
        "aliases": [asdict(item) for _, item in sorted(published.aliases.items())],
        "next_version": published.next_version,
    }


def load(state: FcState, data: Mapping[str, Any]) -> None:
    """Fills an empty state with what `dump` wrote."""
    for name, stored in data["regions"].items():
        region = state.region(name)
        for item in stored["functions"]:
            region.functions[item["name"]] = _load_function(item)
        for item in stored["services"]:
            region.services[item["name"]] = _load_service(item)


def _load_function(item: Mapping[str, Any]) -> Function:
    triggers = {stored["name"]: Trigger(**stored) for stored in item["triggers"]}
    changed = {
        "code": Code(**item["code"]),
        "published": _load_published(item["published"], _load_function),
        "triggers": triggers,
    }
    return Function(**{**item, **changed})


def _load_service(item: Mapping[str, Any]) -> Service:
    functions = {stored["name"]: _load_function(stored) for stored in item["functions"]}
    published = _load_published(item["published"], _load_service)
    return Service(**{**item, "functions": functions, "published": published})


def _load_published(item: Mapping[str, Any], load_content: Any) -> Published:  # noqa: ANN401  of their own kind
    versions = {
        stored["version_id"]: Version(**{**stored, "content": load_content(stored["content"])})
        for stored in item["versions"]
    }
    aliases = {stored["name"]: Alias(**stored) for stored in item["aliases"]}
    return Published(versions, aliases, item["next_version"])
