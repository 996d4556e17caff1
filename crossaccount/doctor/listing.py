"""The checks of Function Compute inside the session: opened, allowed, the right region (facts 5.4, 5.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.access import Outcome
from crossaccount.doctor.calling import TROUBLES, network_mends
from crossaccount.doctor.check import Check, failed, not_told, ok
from crossaccount.doctor.denial import denial_evidence, denial_mends
from crossaccount.doctor.diagnosis import Diagnosis
from crossaccount.doctor.observations import Answer, Observations, Reach, Trouble, plain
from crossaccount.session.errors import ErrorKind
from crossaccount.session.functions.regions import REGIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NAME_REGION = "name a region of Function Compute: --in cn-hangzhou"
_NOT_OPEN = "not enabled"
_DENIED = 403
_MOST = 4
_MOST_ANSWERS = 2


def function_compute(seen: Observations) -> Check | None:
    """Whether Function Compute answers, and is opened."""
    name, asked = "function compute", _asked(seen)
    if not asked:
        return None
    unopened = [each for each in asked.values() if _NOT_OPEN in each.message]
    good = [each for each in asked.values() if each.is_good]
    if unopened and not good:
        account = seen.request.account
        mend = (f"account `{account}` opens it once, in the console of Function Compute",)
        text = f"account `{account}` has not opened Function Compute"
        return failed(name, Diagnosis.NOT_OPEN, text, _lines(unopened), mend)
    answered = [each for each in asked.values() if each.is_good or each.status == _DENIED]
    if answered:
        silent = [region for region, each in asked.items() if each not in answered]
        more = f"; no answer in {', '.join(silent)}" if silent else ""
        return ok(name, f"it answers in {len(answered)} of {len(asked)} regions{more}")
    return _silent(name, asked)


def _silent(name: str, asked: Mapping[str, Answer]) -> Check:
    region, answer = next(iter(asked.items()))
    failure = answer.failure
    text = f"{plain(failure.text)}" if failure else "it does not answer"
    trouble = answer.trouble
    if region not in REGIONS and trouble is Trouble.NAME:
        told = f"there is no Function Compute in `{region}`: {text}"
        return failed(name, Diagnosis.WRONG_REGION, told, _lines(asked.values()), (_NAME_REGION,))
    if trouble is not None:
        mend = network_mends(Reach(answer.where), trouble)
        return failed(name, TROUBLES[trouble], text, _lines(asked.values()), mend)
    kind = failure.kind if failure else ErrorKind.FAILED
    by_kind = {ErrorKind.UNREACHABLE: Diagnosis.BUSY, ErrorKind.CLOCK: Diagnosis.CLOCK}
    advice = (plain(failure.advice),) if failure and failure.advice else ()
    return failed(name, by_kind.get(kind, Diagnosis.FAILED), text, _lines(asked.values()), advice)


def role_policies(seen: Observations) -> Check | None:
    """Gate 3: whether the role's policies allow listing functions."""
    name, asked = "gate 3, role policies", _asked(seen)
    if any(_NOT_OPEN in each.message for each in asked.values()):
        asked = {}
    allowed = [region for region, each in seen.regions.items() if each.is_good]
    denied = {region: each for region, each in asked.items() if each.status == _DENIED}
    if allowed:
        more = f"; not in {_named(denied)}" if denied else ""
        return ok(name, f"they allow fc:ListFunctions in {_named(allowed)}{more}", *_viewed(seen))
    if not denied:
        return _viewed_policies(name, seen)
    answer = next(iter(denied.values()))
    failure = answer.failure
    evidence = (*_lines(denied.values()), *denial_evidence(answer), *_viewed(seen))
    mend = (*((plain(failure.advice, 2000),) if failure else ()), *denial_mends(answer))
    text = plain(failure.text) if failure else "refused"
    return failed(name, Diagnosis.ROLE_POLICIES, text, evidence, mend)


def _viewed_policies(name: str, seen: Observations) -> Check | None:
    """Gate 3 where no call got there."""
    views = seen.call_gates
    if not views:
        if seen.for_principal is None or (seen.role is not None and seen.role.declared is False):
            return None
        return not_told(name, "the role's policies were not read")
    is_open = [region for region, view in views.items() if view.outcome in (Outcome.OPEN, Outcome.IF)]
    if is_open:
        return ok(name, f"they allow fc:ListFunctions in {_named(is_open)}", *_viewed(seen))
    if any(view.outcome is Outcome.UNKNOWN for view in views.values()):
        return not_told(name, "a policy of the role cannot be told", _viewed(seen))
    resource = f"acs:fc:*:{seen.request.account}:functions/*"
    text = f"role `{seen.request.role_name}` may not `fc:ListFunctions` on `{resource}`"
    statement = f'{{"Effect": "Allow", "Action": "fc:ListFunctions", "Resource": "{resource}"}}'
    mend = (f"account `{seen.request.account}` has to allow the role: {statement}",)
    return failed(name, Diagnosis.ROLE_POLICIES, text, _viewed(seen), mend)


def region(seen: Observations) -> Check | None:
    """Whether functions are looked for where they are."""
    name, asked = "region", _asked(seen)
    good = {region: each for region, each in seen.regions.items() if each.is_good}
    if not good:
        return None
    with_functions = [region for region, each in good.items() if each.value.get("functions")]
    here = [region for region in asked if region in good]
    if not here:
        text = f"the role may list functions in {_named(good)}, not in {_named(asked)}"
        return failed(name, Diagnosis.WRONG_REGION, text, _lines(asked.values()), (_in(good),))
    elsewhere = [region for region in with_functions if region not in asked]
    if elsewhere and not any(region in with_functions for region in here):
        text = f"there are no functions in {_named(here)}, but in {_named(elsewhere)}"
        evidence = _lines(good[region] for region in (*here, *elsewhere))
        return failed(name, Diagnosis.WRONG_REGION, text, evidence, (_in(elsewhere),))
    if not with_functions:
        return ok(name, f"no function in {_named(here)}")
    return ok(name, f"functions in {_named(with_functions)}")


def _asked(seen: Observations) -> Mapping[str, Answer]:
    if not seen.asked_regions:
        return seen.regions
    return {region: seen.regions[region] for region in seen.asked_regions if region in seen.regions}


def _viewed(seen: Observations) -> tuple[str, ...]:
    view = next(iter(seen.call_gates.values()), None)
    return () if view is None else view.evidence


def _in(regions: Iterable[str]) -> str:
    return f"--in {','.join(list(regions)[:_MOST])}"


def _named(regions: Iterable[str]) -> str:
    listed = list(regions)
    more = f" and {len(listed) - _MOST} more regions" if len(listed) > _MOST else ""
    return ", ".join(f"`{each}`" for each in listed[:_MOST]) + more


def _lines(answers: Iterable[Answer]) -> tuple[str, ...]:
    listed = list(answers)
    more = (f"and {len(listed) - _MOST_ANSWERS} more answers",) if len(listed) > _MOST_ANSWERS else ()
    return (*(each.line for each in listed[:_MOST_ANSWERS]), *more)
