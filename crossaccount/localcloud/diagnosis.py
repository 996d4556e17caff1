"""EncodedDiagnosticMessage, and DecodeDiagnosticMessage that explains it (facts 3.2, 3.3).

A message carries all it says, sealed with the cloud's key, so that it outlives the log of decisions and is
believed only when this cloud wrote it. Only the account of the refused caller may have it explained.
"""

from __future__ import annotations

import base64
import hmac
import re
import zlib
from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.localcloud.call import Call, Operation
from crossaccount.localcloud.parameters import invalid, required
from crossaccount.policy.explanation import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crossaccount.localcloud.authorize import Ruling
    from crossaccount.localcloud.ids import Ids

_HEAD = b"\x01\x01\x00\x00\x00\x00"
_SEAL = 16
_LONGEST = 16 * 1024
_PARAMETER = "EncodedDiagnosticMessage"
_ATTACHED = re.compile(r"(system|custom) policy `([^`]+)`(?: \((v\d+)\))? of (role|user|group) ")
_ENTITY_TYPES = {"role": "IMSRole", "user": "IMSUser", "group": "IMSGroup"}


def encode(ids: Ids, principal: Mapping[str, str], ruling: Ruling) -> str:
    """The message that goes with a refusal.

    Args:
        ids: the cloud's, which hold the key that seals.
        principal: type, owner and display name of the caller, as AccessDeniedDetail names them.
        ruling: the refusal.
    """
    told = orjson.dumps(_told(principal, ruling), option=orjson.OPT_SORT_KEYS)
    packed = _HEAD + zlib.compress(told)
    return base64.b64encode(packed + ids.seal(packed)[:_SEAL]).decode()


def _told(principal: Mapping[str, str], ruling: Ruling) -> dict[str, Any]:
    decision = ruling.decision
    context = decision.request.context if decision is not None else {}
    return {
        "AuthAction": ruling.action,
        "AuthResource": ruling.resource,
        "AuthPrincipal": dict(principal),
        "AuthConditions": [
            {"ConditionKey": key, "ConditionValues": [value] if isinstance(value, str) else list(value)}
            for key, value in sorted(context.items())
        ],
        "ExplicitDeny": ruling.explicit,
        "MatchedPolicies": _matched(ruling),
        "NoPermissionPolicyType": ruling.gate,
    }


def _matched(ruling: Ruling) -> list[dict[str, str]]:
    """The policies with a statement that applied, one entry each and effect."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    reasons = ruling.decision.reasons if ruling.decision is not None else ()
    for reason in reasons:
        if reason.outcome is not Outcome.SILENT:
            effect = "Deny" if reason.outcome is Outcome.DENY else "Allow"
            found.setdefault((reason.source, effect), _policy(reason.source, effect, ruling))
    return list(found.values())


def _policy(label: str, effect: str, ruling: Ruling) -> dict[str, str]:
    attached = _ATTACHED.match(label)
    if attached is None:
        return {"PolicyIdentifier": label, "PolicyType": ruling.gate, "Effect": effect}
    kind, name, version, entity = attached.groups()
    return {
        "PolicyIdentifier": name,
        "PolicyType": kind.title(),
        "PolicyVersion": version or "v1",
        "Effect": effect,
        "AttachedScope": "Account",
        "AttachedEntityType": _ENTITY_TYPES[entity],
    }


def decode_diagnostic_message(call: Call) -> dict[str, Any]:
    """DecodeDiagnosticMessage.

    Raises:
        ApiError: 400 `InvalidParameter.EncodedDiagnosticMessage` when this cloud did not write it, or wrote
            it for another account.
    """
    message = _opened(call.cloud.ids, required(call.params, _PARAMETER))
    if message is None or message["AuthPrincipal"]["AuthPrincipalOwnerId"] != call.account.id:
        raise invalid(_PARAMETER, f'The parameter - "{_PARAMETER}" is incorrect.')
    return {"DecodedDiagnosticMessage": message}


def _opened(ids: Ids, text: str) -> dict[str, Any] | None:
    try:
        packed = base64.b64decode(text, validate=True) if len(text) <= _LONGEST else b""
    except ValueError:  # binascii.Error is one, and text beyond ASCII raises the plain one
        return None
    body, seal = packed[:-_SEAL], packed[-_SEAL:]
    if not body.startswith(_HEAD) or not hmac.compare_digest(seal, ids.seal(body)[:_SEAL]):
        return None
    told: dict[str, Any] = orjson.loads(zlib.decompress(body[len(_HEAD) :]))
    return told


def _whole_account(call: Call) -> Sequence[str]:
    return [f"acs:ram:*:{call.account.id}:*"]


OPERATIONS = (
    Operation(
        "DecodeDiagnosticMessage",
        decode_diagnostic_message,
        "ram:DecodeDiagnosticMessage",
        _whole_account,
        source="3.2, 3.3",
    ),
)
