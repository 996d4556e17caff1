"""GetCallerIdentity and AssumeRole through the STS SDK (facts 4.1 to 4.4)."""

from __future__ import annotations

import calendar
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crossaccount.session.errors import ErrorKind, SessionError
from crossaccount.session.refusals import refusal
from crossaccount.session.role_session import RoleSession
from crossaccount.session.sdk_call import answered, connection

if TYPE_CHECKING:
    from crossaccount.session.key import Key
    from crossaccount.session.request import SessionRequest

_NAME_CHARACTERS = re.compile(r"[^A-Za-z0-9.@_-]")
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls.

    Attributes:
        arn: as STS spells it.
        account: the account's id.
        kind: `Account` (its root), `RAMUser` or `AssumedRoleUser`.
    """

    arn: str
    account: str
    kind: str

    @property
    def name(self) -> str:
        """The user's or the session's own name, made fit for a session name."""
        own = _NAME_CHARACTERS.sub("-", self.arn.rpartition("/")[2])[:_LONGEST_NAME]
        return own if len(own) > 1 else f"{own}-"


def identify(key: Key, request: SessionRequest) -> Caller:
    """Ask STS who the key belongs to; needs no permission.

    Raises:
        SessionError: the key is refused, or there is no answer.
    """
    client = _client(key, request)
    body = answered(
        request.endpoint,
        lambda: client.get_caller_identity().body,
        lambda status, answer: refusal(request, status, answer),
    )
    arn, account, kind = (
        str(getattr(body, name, None) or "") for name in ("arn", "account_id", "identity_type")
    )
    if not (arn and account and kind):
        raise _no_sts(request, "it does not say who the caller is")
    return Caller(arn, account, kind)


def assume_role(key: Key, request: SessionRequest) -> RoleSession:
    """Open a session.

    Raises:
        SessionError: STS refused, there was no answer, or this machine's clock makes the session useless.
    """
    from alibabacloud_sts20150401.models import AssumeRoleRequest  # noqa: PLC0415  slow to load

    caller = identify(key, request)
    if caller.kind == "Account":
        raise refusal(request, 403, {"Code": "NoPermission", "Message": "no root accounts"})
    wanted = AssumeRoleRequest(
        role_arn=request.role_arn,
        role_session_name=request.session_name or caller.name,
        duration_seconds=request.duration,
        external_id=request.external_id,
        policy=request.policy,
        source_identity=request.source_identity,
    )
    client = _client(key, request)
    body = answered(
        request.endpoint,
        lambda: client.assume_role(wanted).body,
        lambda status, answer: refusal(request, status, answer),
    )
    return _session(body, request, caller)


def _client(key: Key, request: SessionRequest) -> Any:  # noqa: ANN401  the SDK has no types
    from alibabacloud_sts20150401.client import Client  # noqa: PLC0415  slow to load

    return Client(connection(key, request.endpoint))


def _session(body: Any, request: SessionRequest, caller: Caller) -> RoleSession:  # noqa: ANN401  the SDK has no types
    try:
        expires = calendar.timegm(time.strptime(body.credentials.expiration, "%Y-%m-%dT%H:%M:%SZ"))
        session = RoleSession(
            access_key_id=str(body.credentials.access_key_id),
            access_key_secret=str(body.credentials.access_key_secret),
            security_token=str(body.credentials.security_token),
            expires=expires,
            length=request.duration,
            role_arn=request.role_arn,
            assumed_role_arn=str(body.assumed_role_user.arn),
            assumed_role_id=str(body.assumed_role_user.assumed_role_id),
            caller=caller.arn,
            request_id=str(body.request_id),
            source_identity=str(body.source_identity or ""),
        )
    except (AttributeError, TypeError, ValueError):
        raise _no_sts(request, "it gives no session") from None
    if not session.is_fresh(time.time()):
        raise SessionError(
            ErrorKind.CLOCK,
            f"the new session ends at {session.expiration}, which this machine's clock "
            f"({time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}) does not fit",
            "set this machine's clock and try again",
        )
    return session


def _no_sts(request: SessionRequest, why: str) -> SessionError:
    return SessionError(
        ErrorKind.UNREACHABLE,
        f"`{request.endpoint}` answers, but not as STS does: {why}",
        "look at the endpoint",
    )
