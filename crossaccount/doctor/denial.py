"""What a denial says of itself: `AccessDeniedDetail` and its decoded message (facts 3.2 and 3.3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crossaccount.doctor.observations import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.doctor.observations import Answer

MESSAGE = "EncodedDiagnosticMessage"
_MESSAGE = re.compile(r"[A-Za-z0-9+/=_-]{1,16384}")
_ACCOUNT = re.compile(r"[0-9]{16}")
_MOST = 12
_EXTERNAL_ID = "sts:ExternalId"


def encoded_message(answer: Answer) -> str | None:
    """The message that may be decoded; None where there is none, or it is none."""
    text = str(answer.detail.get(MESSAGE) or "")
    return text if _MESSAGE.fullmatch(text) else None


def denial_evidence(answer: Answer) -> tuple[str, ...]:
    """Which kind of policy refused, and what the decoded message adds; an external id is not shown."""
    return tuple(_evidence(answer))


def denial_mends(answer: Answer) -> tuple[str, ...]:
    """Who has to run which command to have the message decoded; empty where it was, or there is none."""
    message = encoded_message(answer)
    if message is None or answer.decoded is not None:
        return ()
    owner = str(answer.detail.get("AuthPrincipalOwnerId") or "")
    who = f"account `{owner}`" if _ACCOUNT.fullmatch(owner) else "the caller's account"
    why = f" ({answer.undecoded})" if answer.undecoded else ""
    command = f"aliyun ram DecodeDiagnosticMessage --EncodedDiagnosticMessage '{message}'"
    return (f"an administrator of {who} can read why{why}: {command}",)


def _evidence(answer: Answer) -> Iterator[str]:
    if answer.detail.get("PolicyType"):
        kind = {"ExplicitDeny": "a statement denies it", "ImplicitDeny": "no statement allows it"}
        told = kind.get(str(answer.detail.get("NoPermissionType")), "it does not say how")
        yield f"refused by {plain(answer.detail['PolicyType'])}: {told}"
    decoded = answer.decoded
    if decoded is None:
        return
    for each in _listed(decoded.get("AuthConditions"))[:_MOST]:
        values = each.get("ConditionValues")
        shown = ", ".join(map(plain, values)) if isinstance(values, list) else plain(values)
        key = plain(each.get("ConditionKey"))
        yield f"decoded: the call had {key} = {'(not shown)' if key == _EXTERNAL_ID else shown}"
    for each in _listed(decoded.get("MatchedPolicies"))[:_MOST]:
        yield f"decoded: {plain(each.get('Effect'))} by policy `{plain(each.get('PolicyIdentifier'))}`"


def _listed(value: object) -> list[dict[str, object]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
