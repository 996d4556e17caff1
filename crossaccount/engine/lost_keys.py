"""An access key whose creation was cut off: nobody has its secret, so it is of no use and must go.

It is deleted when it is the only key that can be the lost one: not among those listed before the creation,
dated within two minutes of it, and never used. Otherwise it is named, with the command that deletes it, and
the run goes no further. A key that was used is somebody else's, for the lost one's secret reached nobody.
Source: RAM API, ListAccessKeys and GetAccessKeyLastUsed.
"""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from crossaccount.engine import creations
from crossaccount.engine.api_errors import ApiCallError
from crossaccount.engine.errors import StepError
from crossaccount.engine.values import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.ram_api import RamApi
    from crossaccount.engine.state import Resource

_LONGEST_CALL = 120.0  # seconds: six attempts, each 15 at most, and the pauses between them
_FORMAT = "%Y-%m-%dT%H:%M:%S"


def settle(api: RamApi, operation: Resource) -> str | None:
    """Delete the key that an unfinished creation left behind.

    Args:
        api: the account's.
        operation: the access key as the journal recorded it when its creation began.

    Returns:
        The id of the key that was deleted; None when the creation made none.

    Raises:
        StepError: a key may be the lost one and may be somebody else's; names it.
        ApiCallError: RAM could not tell.
    """
    inputs = plain(operation.inputs)
    candidates = _candidates(api, operation, inputs)
    if not candidates:
        return None
    (key_id, is_unused), *others = candidates.items()
    if others or not is_unused:
        raise StepError(_refusal(operation, inputs, candidates))
    api.call("DeleteAccessKey", user_access_key_id=key_id, user_name=inputs.get("userName"))
    return key_id


def _candidates(api: RamApi, operation: Resource, inputs: Mapping[str, Any]) -> dict[str, bool]:
    """Return the ids of keys that may be the lost one, each with whether nothing speaks against it."""
    try:
        found = creations.keys(api, inputs)
    except ApiCallError as error:
        if error.gone:
            return {}
        raise
    known = operation.outputs[creations.KEYS_BEFORE]
    candidates = {}
    for key_id, key in found.items():
        date = key.get("CreateDate") or ""
        if key_id in known or not creations.is_since(date, operation.created):
            continue
        is_used = _is_used(api, key_id, inputs)
        if not is_used:
            candidates[key_id] = is_used is False and _is_within(date, operation.created)
    return candidates


def _is_used(api: RamApi, key_id: str, inputs: Mapping[str, Any]) -> bool | None:
    """Whether a key was ever used; None when RAM does not say."""
    try:
        body = api.call("GetAccessKeyLastUsed", user_access_key_id=key_id, user_name=inputs.get("userName"))
    except ApiCallError:
        return None
    return bool((body.get("AccessKeyLastUsed") or {}).get("LastUsedDate"))


def _is_within(date: str, begun: str) -> bool:
    try:
        return _epoch(date) - _epoch(begun) <= _LONGEST_CALL
    except ValueError:
        return False


def _epoch(moment: str) -> float:
    length = len(time.strftime(_FORMAT, time.gmtime(0)))
    return datetime.strptime(moment[:length], _FORMAT).replace(tzinfo=timezone.utc).timestamp()


def _refusal(operation: Resource, inputs: Mapping[str, Any], candidates: Mapping[str, bool]) -> str:
    owner = f" --UserName {inputs['userName']}" if inputs.get("userName") else ""
    commands = " or ".join(
        f"`aliyun ram DeleteAccessKey{owner} --UserAccessKeyId {key_id}`" for key_id in candidates
    )
    return (
        f"`{operation.name}` ({operation.type}) was being created when the last run was cut off, and "
        f"{' and '.join(f'`{key_id}`' for key_id in candidates)} may be that key, whose secret is lost, or "
        f"somebody else's, never used yet; delete the lost one with {commands}, then run again"
    )
