"""Why a trust policy does not let a caller in: as it is read, or as the owner's hand-over tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.access import Outcome
from crossaccount.access.asking import EXTERNAL_ID, TIME
from crossaccount.doctor.diagnosis import Diagnosis
from crossaccount.doctor.gates import MFA
from crossaccount.doctor.observations import plain

if TYPE_CHECKING:
    from crossaccount.doctor.observations import Observations

_BLOCKED = {TIME: Diagnosis.EXPIRED, EXTERNAL_ID: Diagnosis.EXTERNAL_ID, MFA: Diagnosis.MFA}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why gate 2 is closed."""

    diagnosis: Diagnosis
    text: str
    evidence: tuple[str, ...] = ()
    mend: tuple[str, ...] = ()


def viewed_reason(seen: Observations) -> Reason | None:
    """The reason that the trust policy itself gives, where a state or live account has it; None else."""
    view = seen.trust_gate
    if view is None or view.outcome is not Outcome.CLOSED:
        return None
    wanted = tuple(f"it asks for: {plain(each)}" for each in view.wanted)
    evidence = (*view.evidence, *wanted)
    if not view.could_open:
        return _not_named(seen, evidence)
    diagnosis = next((_BLOCKED[key] for key in view.blockers if key in _BLOCKED), Diagnosis.TRUST_POLICY)
    return _of_diagnosis(diagnosis, seen, evidence)


def handed_reason(seen: Observations) -> Reason | None:
    """The reason that follows from the hand-over file; None where nothing does."""
    handed = seen.handed
    if handed is None:
        return None
    if handed.expires is not None and handed.expires <= seen.now:
        over = (f"the hand-over ends at {handed.expires}; now it is {seen.now}",)
        return _of_diagnosis(Diagnosis.EXPIRED, seen, over)
    kind, _, name = seen.principal.rpartition(":")[2].partition("/")
    trusted = handed.users if kind == "user" else handed.roles
    everybody = not handed.users and not handed.roles
    if not everybody and name.partition("/")[0].lower() not in {each.lower() for each in trusted}:
        named = ", ".join(f"`{each}`" for each in (*handed.users, *handed.roles))
        return _not_named(seen, (f"the hand-over names {named}",))
    if handed.external_id_required and seen.request.external_id is None:
        where = f": {plain(handed.external_id_from)}" if handed.external_id_from else ""
        asked = (f"the hand-over says that an external id is asked for{where}",)
        return _of_diagnosis(Diagnosis.EXTERNAL_ID, seen, asked)
    if any("MFA" in each for each in handed.conditions) and not seen.is_session:
        evidence = tuple(f"the hand-over says: {plain(each)}" for each in handed.conditions)
        return _of_diagnosis(Diagnosis.MFA, seen, evidence)
    return None


def _not_named(seen: Observations, evidence: tuple[str, ...]) -> Reason:
    kind, _, name = seen.principal.rpartition(":")[2].partition("/")
    is_role = kind in ("assumed-role", "role")
    account = seen.principal.split(":")[3]
    arn = f"acs:ram::{account}:role/{name.partition('/')[0]}" if is_role else seen.principal
    statement = f'{{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {{"RAM": ["{plain(arn)}"]}}}}'
    owner = f"account `{seen.request.account}`"
    if seen.assume is not None and seen.assume.is_explicit:
        return Reason(
            Diagnosis.TRUST_POLICY,
            f"the trust policy of role `{seen.request.role_name}` denies `{plain(seen.principal)}`",
            evidence,
            (f"{owner} takes the Deny out; a suspended delegation goes on with `suspended: false`",),
        )
    return Reason(
        Diagnosis.TRUST_POLICY,
        f"role `{seen.request.role_name}` does not trust `{plain(seen.principal)}`, whatever it asks for",
        evidence,
        (
            f"{owner} names it in `trust` of the delegation's settings and runs `pulumi up`",
            f"or adds to the trust policy, with `aliyun ram UpdateRole`: {statement}",
        ),
    )


def _of_diagnosis(diagnosis: Diagnosis, seen: Observations, evidence: tuple[str, ...]) -> Reason:
    owner, role = f"account `{seen.request.account}`", f"role `{seen.request.role_name}`"
    given = seen.request.external_id is not None
    external = "is another one than the role asks for" if given else "is missing, and the role asks for one"
    switch = f"crossaccount assume {seen.request.role_arn} --switch-role"
    texts = {
        Diagnosis.EXPIRED: f"the time for which {role} trusts anybody is over",
        Diagnosis.EXTERNAL_ID: f"the external id {external}",
        Diagnosis.MFA: f"{role} asks for MFA, and a call with a lasting access key comes without",
    }
    mends = {
        Diagnosis.EXPIRED: (f"{owner} sets a later `expires` for the role and runs `pulumi up`",),
        Diagnosis.EXTERNAL_ID: (
            f"get it from {owner}, keep it in a file, and pass it: --external-id @external-id.txt",
            "or set `CROSSACCOUNT_EXTERNAL_ID`",
        ),
        Diagnosis.MFA: (
            f"sign in to the console with MFA and switch: {switch}",
            f"for programs, {owner} trusts a role of yours without `mfa`",
        ),
    }
    text = texts.get(diagnosis, f"{role} trusts `{plain(seen.principal)}` under conditions that do not hold")
    default = (f"{owner} looks: aliyun ram GetRole --RoleName {seen.request.role_name}",)
    return Reason(diagnosis, text, evidence, mends.get(diagnosis, default))
