"""AssumeRole: two gates, the caller's policies and the role's trust; a session bound to the role's id.

The order of checks is the working choice of section 4.3 of the facts: parameters, root, the role's existence,
the caller's identity policies, the trust policy; the role's own duration limit comes last, so that only who
may assume a role learns it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.authorize import Ruling, rule
from crossaccount.localcloud.clock import iso
from crossaccount.localcloud.conditions import base_context
from crossaccount.localcloud.denial import refuse
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.products import STS
from crossaccount.localcloud.session import Session
from crossaccount.localcloud.sts.parameters import AssumeRoleParameters, duration_error, read_parameters
from crossaccount.policy import Request, decide_trust

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.ram.entities import Role

ACTION = "sts:AssumeRole"


def assume_role(call: Call) -> dict[str, Any]:
    """Opens a session of a role.

    Raises:
        ApiError: as section 4.3 of the facts lists them.
    """
    wanted = read_parameters(call.params)
    if call.caller.kind == "root":
        raise ApiError(403, "NoPermission", "Roles may not be assumed by root accounts.")
    role = find_role(call, wanted)
    _pass_identity_gate(call, role, wanted)
    _pass_trust_gate(call, role, wanted)
    check_role_duration(role, wanted)
    return answer_session(role, open_session(call, role, wanted))


def check_role_duration(role: Role, wanted: AssumeRoleParameters) -> None:
    """Refuses a session longer than the role allows.

    Raises:
        ApiError: 400 `InvalidParameter.DurationSeconds`.
    """
    if wanted.duration > role.max_session_duration:
        raise duration_error(role.max_session_duration)


def find_role(call: Call, wanted: AssumeRoleParameters) -> Role:
    """The role that is to be assumed, in whichever account.

    Raises:
        ApiError: 404 `EntityNotExist.Role`.
    """
    account = call.cloud.accounts.get(wanted.account_id)
    role = (
        account.ram.role(wanted.role_name) if account is not None and wanted.role_name is not None else None
    )
    if role is None:
        raise ApiError(404, "EntityNotExist.Role", f"The role not exists: {wanted.role_arn.lower()}")
    return role


def _context(call: Call, wanted: AssumeRoleParameters) -> dict[str, str]:
    context = base_context(call)
    if wanted.source_identity is not None:
        context["sts:SourceIdentity"] = wanted.source_identity
    return context


def _pass_identity_gate(call: Call, role: Role, wanted: AssumeRoleParameters) -> None:
    ruling = rule(call, ACTION, role.arn, _context(call, wanted))
    if not ruling.allowed:
        refuse(STS, call, ruling)


def _pass_trust_gate(call: Call, role: Role, wanted: AssumeRoleParameters) -> None:
    context = _context(call, wanted)
    if wanted.external_id is not None:
        context["sts:ExternalId"] = wanted.external_id
    decision = decide_trust(role.trust, call.caller.principal, Request(ACTION, role.arn, context))
    ruling = Ruling(ACTION, role.arn, "AssumeRolePolicy", decision)
    call.cloud.decisions.note(call, ruling)
    if not ruling.allowed:
        refuse(STS, call, ruling)


def open_session(call: Call, role: Role, wanted: AssumeRoleParameters) -> Session:
    """Makes the credentials of a session and notes it."""
    ids, now = call.cloud.ids, call.cloud.clock.epoch()
    session = Session(
        key_id=ids.sts_key_id(),
        secret=ids.sts_secret(),
        token=ids.sts_token(),
        account_id=role.account_id,
        role_id=role.role_id,
        role_name=role.name,
        name=wanted.session_name,
        created=now,
        expires=now + wanted.duration,
        policy_document=wanted.policy_document,
        policy=wanted.policy,
        source_identity=wanted.source_identity,
    )
    call.cloud.sessions.add(session)
    return session


def answer_session(role: Role, session: Session) -> dict[str, Any]:
    """What is answered about a new session."""
    answer: dict[str, Any] = {
        "AssumedRoleUser": {
            "Arn": f"{role.arn}/{session.name}",
            "AssumedRoleId": f"{role.role_id}:{session.name}",
        },
        "Credentials": {
            "AccessKeyId": session.key_id,
            "AccessKeySecret": session.secret,
            "SecurityToken": session.token,
            "Expiration": iso(session.expires),
        },
    }
    if session.source_identity is not None:
        answer["SourceIdentity"] = session.source_identity
    return answer
