"""A refusal of Function Compute, with the gate that is closed and what would open it (facts 5.4, 5.5).

Who is inside a session has passed gates 1 and 2; what is refused here is refused by gate 3: the role's own
policies, narrowed by the session policy, the owner's directory or an explicit denial.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from crossaccount.session.errors import ErrorKind, SessionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.session.role_session import RoleSession

_REFUSED = re.compile(r"not authorized to perform '([^']+)' on resource '([^']+)'")
_SESSION_ENDED = ("InvalidSecurityToken", "InvalidAccessKeyId", "InvalidAccessKeyID")
_BUSY = ("Throttling", "ResourceExhausted", "ServiceUnavailable")


def refusal(session: RoleSession, status: int, answer: Mapping[str, Any]) -> SessionError:
    """What Function Compute refused, in the user's words.

    Args:
        session: who called.
        status: the HTTP status.
        answer: the body: `Code`, `Message`, `RequestId`, perhaps `AccessDeniedDetail`.
    """
    code, message = str(answer.get("Code") or ""), " ".join(str(answer.get("Message") or "").split())[:300]
    kind, text, advice = _meaning(session, status, code, message, answer.get("AccessDeniedDetail"))
    return SessionError(
        kind,
        text,
        advice,
        code=code,
        request_id=str(answer.get("RequestId") or ""),
        retryable=kind is ErrorKind.UNREACHABLE,
    )


def _meaning(
    session: RoleSession, status: int, code: str, message: str, detail: object
) -> tuple[ErrorKind, str, str]:
    if code == "AccessDenied" or status == 403:  # noqa: PLR2004  HTTP's own code
        return _denied(session, message, detail)
    if code.startswith(_SESSION_ENDED):
        return (
            ErrorKind.CREDENTIALS,
            "the session is over: it ended, or the role's owner deleted the role",
            "run it again with `--renew`; if that is refused, the access was revoked",
        )
    if code.startswith("InvalidTimeStamp"):
        return (
            ErrorKind.CLOCK,
            "this machine's clock is more than 15 minutes away from the service's",
            "set it (for example `timedatectl set-ntp true`) and try again",
        )
    if code.endswith("NotFound"):
        return ErrorKind.MISSING, message, "list what is there with `crossaccount functions ROLE`"
    if code.startswith(_BUSY) or status >= 500:  # noqa: PLR2004  HTTP's own class
        return ErrorKind.UNREACHABLE, f"Function Compute fails now: {message}", "wait a moment and try again"
    return ErrorKind.FAILED, f"Function Compute refuses the call: {message or f'HTTP {status}'}", ""


def _denied(session: RoleSession, message: str, detail: object) -> tuple[ErrorKind, str, str]:
    account, role = session.role_arn.split(":")[3], session.role_arn.partition("/")[2]
    if "not enabled" in message:
        return (
            ErrorKind.REFUSED,
            f"account `{account}` has not opened Function Compute",
            "its owner opens it once in the console",
        )
    told = _REFUSED.search(message)
    action, resource = told.groups() if told else ("what was asked", "it")
    facts: Mapping[str, Any] = detail if isinstance(detail, dict) else {}
    policy_type = str(facts.get("PolicyType") or "")
    explicit = facts.get("NoPermissionType") == "ExplicitDeny"
    text = f"gate 3 of 3 is closed: role `{role}` may not `{action}` on `{resource}`"
    if policy_type == "SessionPolicy":
        return ErrorKind.REFUSED, f"{text}: the session policy leaves it out", "widen `--session-policy`"
    if policy_type == "ControlPolicy":
        return (
            ErrorKind.REFUSED,
            f"{text}: the owner's resource directory forbids it",
            f"only account `{account}` can change that",
        )
    if explicit:
        return (
            ErrorKind.REFUSED,
            f"{text}: a policy denies it explicitly",
            f"account `{account}` has to take that statement out",
        )
    statement = json.dumps({"Effect": "Allow", "Action": action, "Resource": resource})
    advice = f"account `{account}` has to allow the role: {statement}" if told else "ask the role's owner"
    return ErrorKind.REFUSED, text, advice
