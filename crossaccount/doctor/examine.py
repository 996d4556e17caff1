"""The checks in the order a call passes them: observations in, checks out.

A check that nothing was observed for is not reached. States and live accounts answer for gates that the calls
did not get to, so that several faults show at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.doctor.assuming import identity_policy, role, session, trust_policy
from crossaccount.doctor.calling import account, clock, credentials, key, network
from crossaccount.doctor.check import Check, Status
from crossaccount.doctor.listing import function_compute, region, role_policies

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.doctor.observations import Observations

STAGES: dict[str, Callable[[Observations], Check | None]] = {
    "credentials": credentials,
    "network": network,
    "clock": clock,
    "access key": key,
    "account": account,
    "role": role,
    "gate 1, identity policy": identity_policy,
    "gate 2, trust policy": trust_policy,
    "session": session,
    "function compute": function_compute,
    "gate 3, role policies": role_policies,
    "region": region,
}


def examine(seen: Observations) -> tuple[Check, ...]:
    """Every check, in order."""
    return tuple(stage(seen) or _not_reached(name, seen) for name, stage in STAGES.items())


def _not_reached(name: str, seen: Observations) -> Check:
    offline = seen.for_principal is not None and (seen.reach is None or seen.caller is not None)
    return Check(name, Status.NOT_REACHED, "nothing is called" if offline else "an earlier check failed")
