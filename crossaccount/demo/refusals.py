"""Calls that must be refused: the code that came is held against the code that must come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from Tea.exceptions import TeaException

from crossaccount.demo.scene import DemoError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crossaccount.demo.scene import Scene


def must_be_refused(scene: Scene, what: str, code: str, call: Callable[[], object]) -> None:
    """Make a call that must fail with `code`, and show the refusal with the cloud's own reason.

    Raises:
        DemoError: the call was answered, or refused with another code.
    """
    try:
        call()
    except TeaException as error:
        if error.code != code:
            raise DemoError(
                f"{what}: expected the refusal `{code}`, and got `{error.code}`: {error.message}"
            ) from error
        scene.screen.refused(what, code, _reason(scene, error))
    else:
        raise DemoError(f"{what}: expected the refusal `{code}`, and the call was answered")


_IDENTITY, _TRUST = "AccountLevelIdentityBasedPolicy", "AssumeRolePolicy"


def _reason(scene: Scene, error: TeaException) -> str:
    """The local cloud's decision on this very request; where it decided nothing, the service's message."""
    request_id = (error.data or {}).get("RequestId")
    decided = [entry for entry in scene.cloud.decisions.to_json() if entry["requestId"] == request_id]
    if decided and decided[-1]["verdict"] != "ALLOW":
        return f"{_closed_gate(decided[-1])}\n{decided[-1]['reason']}"
    return _message(error)


def _closed_gate(entry: Mapping[str, str]) -> str:
    if entry["gate"] == _TRUST:
        return "gate 2 is closed: the role's trust policy does not let the caller in"
    if entry["gate"] == _IDENTITY and entry["action"] == "sts:AssumeRole":
        return "gate 1 is closed: the caller's own account does not let it assume the role"
    return "gate 3 is closed: the role's own policies do not allow the call"


def _message(error: TeaException) -> str:
    """The service's own words, without what the SDK puts around them."""
    message = str(error.message)
    return message.partition(", ")[2].rpartition(" request id:")[0] or message
