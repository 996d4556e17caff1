"""The checks of AssumeRole: the role, gate 1, gate 2, the session's settings (facts 4.3 and 4.6).

What STS answers decides; states, live accounts and the hand-over say why. STS has one `NoPermission` for both
gates: `AccessDeniedDetail`, or the decoded message, tells them apart.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crossaccount.access import Outcome
from crossaccount.doctor.calling import refused_key
from crossaccount.doctor.check import Check, failed, not_told, ok
from crossaccount.doctor.denial import denial_evidence, denial_mends
from crossaccount.doctor.diagnosis import Diagnosis
from crossaccount.doctor.observations import plain
from crossaccount.doctor.trust import Reason, handed_reason, viewed_reason
from crossaccount.session.errors import ErrorKind

if TYPE_CHECKING:
    from crossaccount.doctor.gates import GateView
    from crossaccount.doctor.observations import Answer, Observations

TRUST = "AssumeRolePolicy"
_DENIED = "NoPermission"
_MISSING = "EntityNotExist"


def role(seen: Observations) -> Check | None:
    """Whether the role is there."""
    name, answer, view = "role", seen.assume, seen.role
    arn, account = seen.request.role_arn, seen.request.account
    told = view.evidence if view is not None else ()
    if answer is not None and answer.code.startswith(_MISSING):
        return _missing(name, seen, (answer.line, *told))
    if answer is not None and (answer.is_good or answer.policy_type == TRUST):
        return ok(name, f"`{arn}` exists", *told)
    if view is not None and view.declared is not None:
        return ok(name, f"`{arn}` exists", *told) if view.declared else _missing(name, seen, told)
    if answer is not None and answer.code == _DENIED:
        text = f"STS refuses before it says whether `{arn}` exists"
        return not_told(name, text, (), (f"account `{account}` looks: {_get_role(seen)}",))
    return None


def _missing(name: str, seen: Observations, evidence: tuple[str, ...]) -> Check:
    text = f"account `{seen.request.account}` has no role `{seen.request.role_name}`"
    mend = (
        "compare the ARN with the owner's hand-over; the role may have been deleted to revoke the access",
        f"account `{seen.request.account}` looks: {_get_role(seen)}",
    )
    return failed(name, Diagnosis.ROLE_MISSING, text, evidence, mend)


def _get_role(seen: Observations) -> str:
    return f"aliyun ram GetRole --RoleName {seen.request.role_name}"


def identity_policy(seen: Observations) -> Check | None:
    """Gate 1: whether the caller's own account lets it assume the role."""
    name, answer, view = "gate 1, identity policy", seen.assume, seen.identity_gate
    if answer is None:
        return _viewed_identity(name, seen) if seen.for_principal else None
    if answer.is_good:
        return ok(name, "it allows sts:AssumeRole on the role", *_lines_of(view))
    if answer.code != _DENIED:
        return None
    closed = _closed_gate(seen, answer)
    if closed == 1:
        evidence = (answer.line, *denial_evidence(answer), *_lines_of(view), *_contradicted(view))
        return _closed_identity(name, seen, evidence)
    if closed == 2:  # noqa: PLR2004  the second gate
        return ok(name, "STS asked the trust policy after it", *_lines_of(view))
    return _either(name, seen, answer)


def _closed_gate(seen: Observations, answer: Answer) -> int | None:
    """Which gate refused: as the service says, else as states, live accounts or the hand-over have it."""
    if answer.policy_type:
        return 2 if answer.policy_type == TRUST else 1
    first, second = seen.identity_gate, seen.trust_gate
    if first is not None and first.outcome is Outcome.CLOSED:
        return 1
    if (second is not None and second.outcome is Outcome.CLOSED) or handed_reason(seen) is not None:
        return 2
    return None


def _viewed_identity(name: str, seen: Observations) -> Check:
    view, account = seen.identity_gate, seen.principal.split(":")[3]
    if view is None or view.outcome is Outcome.UNKNOWN:
        mend = (f"somebody of account `{account}` runs: crossaccount doctor {seen.request.role_arn}",)
        evidence = (*seen.notes, *_lines_of(view))
        return not_told(name, f"account `{account}` decides it, and was not read so far", evidence, mend)
    if view.outcome is Outcome.CLOSED:
        return _closed_identity(name, seen, view.evidence)
    return ok(name, _standing(view), *view.evidence)


def _closed_identity(name: str, seen: Observations, evidence: tuple[str, ...]) -> Check:
    text = f"`{plain(seen.principal)}` may not call sts:AssumeRole on `{seen.request.role_arn}`"
    if seen.assume is not None and seen.assume.is_explicit:
        text += ": a statement denies it"
    mend = (*_as_declared(seen.identity_gate), *_open_gate_1(seen), *_decode(seen))
    return failed(name, Diagnosis.IDENTITY_POLICY, text, evidence, mend)


def _open_gate_1(seen: Observations) -> tuple[str, ...]:
    request, account = seen.request, seen.principal.split(":")[3]
    resource = f"acs:ram:*:{request.account}:role/{request.role_name}"
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": resource}
    document = json.dumps({"Version": "1", "Statement": [statement]})
    policy = f"assume-{request.role_name}".replace(".", "-")
    kind, _, holder = seen.principal.rpartition(":")[2].partition("/")
    of_user = kind == "user"
    attach, option = ("AttachPolicyToUser", "UserName") if of_user else ("AttachPolicyToRole", "RoleName")
    holder = plain(holder if of_user else holder.partition("/")[0])
    create = f"aliyun ram CreatePolicy --PolicyName {policy} --PolicyDocument '{document}'"
    return (
        f"an administrator of account `{account}` allows it: {create}",
        f"aliyun ram {attach} --PolicyType Custom --PolicyName {policy} --{option} '{holder}'",
    )


def _either(name: str, seen: Observations, answer: Answer) -> Check:
    text = "gate 1 or 2 is closed, and STS does not say which"
    mend = (
        *_open_gate_1(seen),
        f"or account `{seen.request.account}` names `{plain(seen.principal)}` in the role's trust policy",
        "to know which: `--state FILE` of the stacks, or `--live` as an administrator of either account",
    )
    return failed(
        name,
        Diagnosis.ONE_OF_TWO_GATES,
        text,
        (answer.line, *denial_evidence(answer)),
        (*mend, *_decode(seen)),
    )


def trust_policy(seen: Observations) -> Check | None:
    """Gate 2: whether the role's trust policy lets the caller in, and what in it does not."""
    name, answer, view = "gate 2, trust policy", seen.assume, seen.trust_gate
    if answer is not None and answer.is_good:
        return ok(name, "it lets the caller in", *_lines_of(view))
    refused = answer is not None and answer.code == _DENIED and _closed_gate(seen, answer) == 2  # noqa: PLR2004
    if answer is not None and refused:
        evidence = (answer.line, *denial_evidence(answer), *_contradicted(view))
        found = viewed_reason(seen) or handed_reason(seen) or _unexplained(seen)
        return failed(
            name,
            found.diagnosis,
            found.text,
            (*evidence, *found.evidence),
            (*_as_declared(view), *found.mend, *_decode(seen)),
        )
    return _viewed_trust(name, seen, view)


def _viewed_trust(name: str, seen: Observations, view: GateView | None) -> Check | None:
    """Gate 2 where no call got there."""
    reason = viewed_reason(seen)
    if reason is not None:
        return failed(name, reason.diagnosis, reason.text, reason.evidence, reason.mend)
    if view is None or view.outcome is Outcome.UNKNOWN:
        if seen.for_principal is None or (seen.role is not None and seen.role.declared is False):
            return None
        mend = (f"an administrator of account `{seen.request.account}` adds `--live`, or `--state FILE`",)
        text = "the role's trust policy was not read" if view is None else "the trust policy cannot be told"
        return not_told(name, text, _lines_of(view), mend)
    return ok(name, _standing(view), *view.evidence)


def _unexplained(seen: Observations) -> Reason:
    given = "an external id was given" if seen.request.external_id else "no external id was given"
    arn = plain(seen.principal)
    return Reason(
        Diagnosis.TRUST_POLICY,
        f"role `{seen.request.role_name}` does not trust `{arn}` in this call",
        (given,),
        (
            f"account `{seen.request.account}` looks: {_get_role(seen)}",
            f"or it runs: crossaccount doctor {seen.request.role_arn} --as {arn} --live",
            "the trust policy may not name the caller, or ask for an external id, MFA, an address or a date",
        ),
    )


def session(seen: Observations) -> Check | None:
    """Whether STS takes the settings of the session."""
    name, answer, request = "session", seen.assume, seen.request
    longest = seen.role.longest if seen.role is not None else None
    if answer is None or answer.code == _DENIED or answer.code.startswith(_MISSING):
        if longest is None or longest >= request.duration:
            return None
        text = f"the role allows sessions of at most {longest} seconds, not {request.duration}"
        return failed(name, Diagnosis.SESSION_SETTINGS, text, (), (f"--duration {longest}",))
    if answer.is_good:
        return ok(name, f"`{plain(answer.value.get('arn'))}` until {answer.value.get('until')}", answer.line)
    failure = answer.failure
    if failure is not None and failure.kind is ErrorKind.USAGE:
        mend = (plain(failure.advice, 2000),)
        return failed(name, Diagnosis.SESSION_SETTINGS, plain(failure.text), (answer.line,), mend)
    return refused_key(name, answer, seen)


def _decode(seen: Observations) -> tuple[str, ...]:
    return denial_mends(seen.assume) if seen.assume is not None else ()


def _lines_of(view: GateView | None) -> tuple[str, ...]:
    return view.evidence if view is not None else ()


def _contradicted(view: GateView | None) -> tuple[str, ...]:
    """What to make of policies that were read and let the call pass, which the service refused."""
    if view is None or view.outcome is not Outcome.OPEN:
        return ()
    return ("the policies that were read let it pass: the account's own may have been changed since",)


def _as_declared(view: GateView | None) -> tuple[str, ...]:
    return ("make the account as its stack declares it: pulumi up --refresh",) if _contradicted(view) else ()


def _standing(view: GateView) -> str:
    if view.outcome is Outcome.OPEN:
        return "the policies that were read let it pass"
    return f"the policies that were read let it pass if {view.evidence[0]}"
