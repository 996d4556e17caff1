"""Every refusal of STS and of its gateway, as one line that says what to do (facts 3.5 and 4.3).

STS answers the same `NoPermission` where the caller's policies and where the role's trust are the closed
gate; `AccessDeniedDetail` tells them apart where it is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.session.errors import ErrorKind, SessionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.session.request import SessionRequest

_KEY_ADVICE = "use another access key, or look at it in the RAM console of the caller's account"
_CLOCK = "set this machine's clock (for example `timedatectl set-ntp true`) and try again"
_LATER = "wait a moment and try again"
_REPORT = "report this with the request id"

_GATEWAY: dict[str, tuple[ErrorKind, str, str]] = {
    "InvalidAccessKeyId.NotFound": (
        ErrorKind.CREDENTIALS,
        "the caller's access key does not exist any more",
        _KEY_ADVICE,
    ),
    "InvalidAccessKeyId.Inactive": (
        ErrorKind.CREDENTIALS,
        "the caller's access key is disabled",
        _KEY_ADVICE,
    ),
    "SignatureDoesNotMatch": (
        ErrorKind.CREDENTIALS,
        "the secret does not belong to the caller's access key id",
        "set both again, from the same access key",
    ),
    "IncompleteSignature": (ErrorKind.FAILED, "the service did not understand the signature", _REPORT),
    "SignatureNonceUsed": (ErrorKind.FAILED, "the call reached the service twice", "try again"),
    "InvalidTimeStamp.Expired": (
        ErrorKind.CLOCK,
        "this machine's clock is more than 15 minutes away from the service's",
        _CLOCK,
    ),
    "InvalidTimeStamp.Format": (ErrorKind.FAILED, "the service did not understand the call's time", _REPORT),
    "InvalidSecurityToken.Expired": (
        ErrorKind.CREDENTIALS,
        "the caller's own session has ended, or its role was deleted",
        "sign in again, or use a lasting access key",
    ),
    "InvalidSecurityToken.Malformed": (
        ErrorKind.CREDENTIALS,
        "the caller's security token is damaged",
        "set `ALIBABA_CLOUD_SECURITY_TOKEN` again, or unset it where the key is a lasting one",
    ),
    "InvalidSecurityToken.MismatchWithAccessKey": (
        ErrorKind.CREDENTIALS,
        "the caller's security token belongs to another access key",
        "set key id, secret and token from the same session, or unset the token of another one",
    ),
    "MissingSecurityToken": (
        ErrorKind.CREDENTIALS,
        "the caller's key is a session's and lacks its token",
        "set `ALIBABA_CLOUD_SECURITY_TOKEN` too",
    ),
    "ServiceUnavailable": (ErrorKind.UNREACHABLE, "the service is not available now", _LATER),
    "InternalError": (ErrorKind.UNREACHABLE, "the service failed inside", _LATER),
    "Inactive": (ErrorKind.CREDENTIALS, "the caller's account or user is disabled", _KEY_ADVICE),
}
_PARAMETERS: dict[str, tuple[str, str]] = {
    "InvalidParameter.RoleArn": ("STS takes `{role}` for no role", "give `acs:ram::<16 digits>:role/<name>`"),
    "InvalidParameter.RoleSessionName": (
        "STS refuses the session name",
        "give `--session-name` 2 to 64 letters, digits and `.@_-`",
    ),
    "InvalidParameter.DurationSeconds": (
        "the role does not allow sessions of {duration} seconds: {message}",
        "give a shorter `--duration`, or ask the role's owner for a longer maximum",
    ),
    "InvalidParameter.PolicyGrammar": (
        "STS does not understand the session policy",
        "check the document of `--session-policy`",
    ),
    "InvalidParameter.PolicySize": (
        "the session policy is too long: {message}",
        "name fewer actions and resources",
    ),
    "InvalidParameter.ExternalId": (
        "STS refuses the external id's form",
        "give 2 to 1224 letters, digits and `_+=,.@:/-`",
    ),
    "MissingRoleArn": ("STS was given no role", _REPORT),
    "MissingParameter": ("STS was given too little: {message}", _REPORT),
    "InvalidParameter": ("STS refuses a parameter: {message}", "look at the options given"),
}
_ROOT = "root accounts"
_TRUST_GATE = "AssumeRolePolicy"


def refusal(request: SessionRequest, status: int, answer: Mapping[str, Any]) -> SessionError:
    """What STS refused, in the user's words.

    Args:
        request: what was asked for.
        status: the HTTP status.
        answer: the body: `Code`, `Message`, `RequestId`, perhaps `AccessDeniedDetail`.
    """
    code, message = str(answer.get("Code") or ""), _one_line(str(answer.get("Message") or ""))
    kind, text, advice, retryable = _meaning(request, status, code, message, answer)
    request_id = str(answer.get("RequestId") or "")
    return SessionError(kind, text, advice, code=code, request_id=request_id, retryable=retryable)


def _meaning(
    request: SessionRequest, status: int, code: str, message: str, answer: Mapping[str, Any]
) -> tuple[ErrorKind, str, str, bool]:
    if code == "NoPermission":
        return ErrorKind.REFUSED, *_closed_gate(request, message, answer.get("AccessDeniedDetail")), False
    if code.startswith("EntityNotExist.Role"):
        return (
            ErrorKind.MISSING,
            f"account `{request.account}` has no role `{request.role_name}`",
            "compare the ARN with the owner's hand-over; the role may have been deleted to revoke the access",
            False,
        )
    if code.startswith(("Throttling", "Rejected.Throttling")):
        return ErrorKind.UNREACHABLE, "STS takes no more calls of this account now", _LATER, True
    known = next((each for each in _PARAMETERS if code == each or code.startswith(f"{each}.")), None)
    if known is not None:
        text, advice = _PARAMETERS[known]
        shown = text.format(role=request.role_arn, duration=request.duration, message=message)
        return ErrorKind.USAGE, shown, advice, False
    if code in _GATEWAY:
        kind, text, advice = _GATEWAY[code]
        return kind, text, advice, kind is ErrorKind.UNREACHABLE
    failed_inside = status >= 500  # noqa: PLR2004  HTTP's own class
    kind = ErrorKind.UNREACHABLE if failed_inside else ErrorKind.FAILED
    return kind, f"STS refuses the call: {message or f'HTTP {status}'}", _REPORT, failed_inside


def _closed_gate(request: SessionRequest, message: str, detail: object) -> tuple[str, str]:
    policy_type = str(detail.get("PolicyType") or "") if isinstance(detail, dict) else ""
    if _ROOT in message:
        return (
            "the caller is the root of its account, and no root may assume a role",
            "call with the access key of a RAM user or with a role's session",
        )
    statement = (
        '{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": '
        f'"acs:ram:*:{request.account}:role/{request.role_name}"}}'
    )
    mine = f"the caller's account has to allow it: {statement}"
    theirs = f"account `{request.account}` has to name the caller in the role's trust policy"
    if policy_type == _TRUST_GATE:
        asked = "; an external id, MFA, a source address or a date may be asked for there too"
        return f"gate 2 of 3 is closed: role `{request.role_name}` does not trust the caller", theirs + asked
    if policy_type:
        return f"gate 1 of 3 is closed: the caller may not assume `{request.role_arn}`", mine
    return (
        f"gate 1 or 2 of 3 is closed, and STS does not say which, for `{request.role_arn}`",
        f"gate 1: {mine}; gate 2: {theirs}",
    )


def _one_line(message: str) -> str:
    # A wrong signature comes with the whole string that was signed.
    return " ".join(message.partition("server string to sign is")[0].split())[:300]
