"""The side door's logs: decisions, coverage, what is not here, what went wrong inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.routing import operations

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.localcloud.render import Response
    from crossaccount.localcloud.wire import Wire


def _decisions(cloud: Cloud, _wire: Wire) -> dict[str, Any]:
    return {"decisions": cloud.decisions.to_json()}


def _coverage(cloud: Cloud, _wire: Wire) -> dict[str, Any]:
    seen = cloud.decisions.coverage()
    decided = {entry["action"] for entry in seen}
    every = {operation.permission for operation in operations() if operation.permission is not None}
    return {"actions": seen, "never": sorted((every | {"sts:AssumeRole"}) - decided)}


def _unimplemented(cloud: Cloud, _wire: Wire) -> dict[str, Any]:
    asked = cloud.unimplemented.items()
    return {
        "unimplemented": [
            {"product": product, "version": version, "action": action, "count": count}
            for (product, version, action), count in sorted(asked)
        ]
    }


def _errors(cloud: Cloud, _wire: Wire) -> dict[str, Any]:
    return {"errors": list(cloud.faults)}


ACTIONS: dict[tuple[str, str], Callable[[Cloud, Wire], dict[str, Any] | Response]] = {
    ("GET", "decisions"): _decisions,
    ("GET", "coverage"): _coverage,
    ("GET", "unimplemented"): _unimplemented,
    ("GET", "errors"): _errors,
}
