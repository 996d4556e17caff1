"""The decisions, on observations made by hand: what the local cloud cannot be brought to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crossaccount.access import Outcome
from crossaccount.doctor import Answer, Diagnosis, Handed, Observations, Reach, Trouble, examine, verdict
from crossaccount.doctor.gates import GateView, RoleView
from crossaccount.session import ErrorKind, SessionError, SessionRequest
from crossaccount.session.refusals import refusal
from crossaccount.session.sts_call import Caller
from tests.clients.scene import ROLE, A, B

REQUEST = SessionRequest(ROLE)
NOW = "2026-11-24T10:00:00Z"
DEV = Caller(f"acs:ram::{B}:user/dev", B, "RAMUser")
GOOD = Answer("GetCallerIdentity", "sts.aliyuncs.com", 200, request_id="R-1")
DENIED = Answer(
    "AssumeRole",
    "sts.aliyuncs.com",
    403,
    "NoPermission",
    "You are not authorized.",
    "R-2",
    refusal(REQUEST, 403, {"Code": "NoPermission"}),
)
ASSUMED = Answer("AssumeRole", "sts.aliyuncs.com", 200, value={"arn": f"{ROLE}/dev", "until": NOW})
REACHED = Reach("sts.aliyuncs.com", server_time=1000.0, local_time=1000.0)
SEEN = Observations(REQUEST, NOW, source="the key", reach=REACHED, identity=GOOD, caller=DEV)


def _decided(seen: Observations) -> Diagnosis:
    return verdict(examine(seen))


def _silent(region: str, text: str) -> Answer:
    error = SessionError(ErrorKind.UNREACHABLE, f"`x` cannot be used: {text}")
    return Answer("ListFunctions", f"fcv3.{region}.aliyuncs.com", failure=error)


@pytest.mark.parametrize(
    ("handed", "diagnosis"),
    [
        (Handed(expires="2026-11-24T09:59:59Z"), Diagnosis.EXPIRED),
        (Handed(expires="2026-11-24T10:00:01Z"), Diagnosis.ONE_OF_TWO_GATES),
        (Handed(users=("anna",)), Diagnosis.TRUST_POLICY),
        (Handed(users=("Dev",)), Diagnosis.ONE_OF_TWO_GATES),
        (Handed(roles=("dev",)), Diagnosis.TRUST_POLICY),
        (Handed(external_id_required=True), Diagnosis.EXTERNAL_ID),
        (Handed(conditions=("MFA is asked for",)), Diagnosis.MFA),
        (Handed(partner=A), Diagnosis.WRONG_ACCOUNT),
        (None, Diagnosis.ONE_OF_TWO_GATES),
    ],
)
def test_a_handover_explains_a_refusal(handed: Handed | None, diagnosis: Diagnosis) -> None:
    """Where STS does not say which gate refused, what the owner told decides, if it does."""
    assert _decided(replace(SEEN, assume=DENIED, handed=handed)) is diagnosis


def test_a_handover_that_is_wrong_is_no_fault_where_the_call_works() -> None:
    """What works is well, whatever the file says."""
    listed = {"cn-hangzhou": Answer("ListFunctions", "fc", 200, value={"functions": 1})}
    handed = Handed(partner=A, expires="2020-01-01T00:00:00Z", external_id_required=True)

    assert _decided(replace(SEEN, assume=ASSUMED, regions=listed, handed=handed)) is Diagnosis.HEALTHY


@pytest.mark.parametrize(
    ("region", "text", "diagnosis"),
    [
        ("cn-nowhere", "its name is unknown", Diagnosis.WRONG_REGION),
        ("cn-nowhere", "it did not answer in time", Diagnosis.NO_ANSWER),
        ("cn-hangzhou", "its name is unknown", Diagnosis.UNREACHABLE),
        ("cn-hangzhou", "the connection was reset", Diagnosis.RESET),
        ("cn-hangzhou", "it answered something that is no JSON", Diagnosis.NO_SERVICE),
        ("cn-hangzhou", "something new", Diagnosis.UNREACHABLE),
    ],
)
def test_function_compute_without_an_answer(region: str, text: str, diagnosis: Diagnosis) -> None:
    """A region that does not exist is told from one that cannot be reached."""
    seen = replace(SEEN, assume=ASSUMED, asked_regions=(region,), regions={region: _silent(region, text)})

    assert _decided(seen) is diagnosis


def test_one_region_of_many_that_is_silent_is_told() -> None:
    """It is no failure where others answer."""
    listed = {
        "cn-hangzhou": Answer("ListFunctions", "fc", 200, value={"functions": 1}),
        "us-west-1": _silent("us-west-1", "it did not answer in time"),
    }
    checks = examine(replace(SEEN, assume=ASSUMED, regions=listed))

    assert verdict(checks) is Diagnosis.HEALTHY
    assert any("no answer in us-west-1" in each.text for each in checks)


def test_an_account_without_functions_is_well() -> None:
    """Nothing to list anywhere is no fault of the region."""
    listed = {"cn-hangzhou": Answer("ListFunctions", "fc", 200, value={"functions": 0})}
    checks = examine(replace(SEEN, assume=ASSUMED, asked_regions=("cn-hangzhou",), regions=listed))

    assert verdict(checks) is Diagnosis.HEALTHY
    assert checks[-1].text == "no function in `cn-hangzhou`"


def test_an_unknown_name_of_a_regions_sts() -> None:
    """Where the central STS answers, the region is wrong; where it does not either, the network is."""
    unknown = Reach("sts.cn-nowhere.aliyuncs.com", Trouble.NAME, ("gaierror: its name is unknown",))
    seen = Observations(REQUEST, NOW, source="the key", reach=unknown)

    assert _decided(replace(seen, central=REACHED)) is Diagnosis.WRONG_REGION
    assert _decided(replace(seen, central=replace(unknown, host="sts.aliyuncs.com"))) is Diagnosis.UNREACHABLE


@pytest.mark.parametrize(
    ("apart", "told"),
    [
        (0, "the clocks agree"),
        (-59, "the clocks agree"),
        (-300, "5 minutes behind"),
        (899, "15 minutes ahead"),
    ],
)
def test_a_clock_that_is_near_enough(apart: float, told: str) -> None:
    """Up to 15 minutes a signature holds; more than a minute is told."""
    near = replace(REACHED, local_time=REACHED.local_time + apart)
    (clock,) = (each for each in examine(replace(SEEN, reach=near)) if each.name == "clock")

    assert clock.diagnosis is None
    assert told in clock.text


@pytest.mark.parametrize(
    ("server_time", "diagnosis"), [(0.0, "UNREACHABLE"), (9e8, "CLOCK"), (None, "UNREACHABLE")]
)
def test_a_clock_that_tls_stumbles_over(server_time: float | None, diagnosis: str) -> None:
    """A certificate that is not valid yet or any more is the clock's fault where the clock is off."""
    local = 0.0 if server_time == 0.0 else 9e8 + 10 * 365 * 86400
    bad = Reach("sts.aliyuncs.com", Trouble.TLS, ("TLS: certificate has expired",), server_time, local)
    seen = Observations(REQUEST, NOW, source="the key", reach=bad)

    assert _decided(seen) is Diagnosis[diagnosis]


def test_a_clock_far_off_is_a_fault_where_nothing_was_taken() -> None:
    """What STS took is well; the clock is blamed before a call that it refused for another reason."""
    far = replace(SEEN, reach=replace(REACHED, local_time=REACHED.local_time + 3600))
    refused = replace(GOOD, status=400, code="Novel", failure=SessionError(ErrorKind.FAILED, "new"))
    listed = {"cn-hangzhou": Answer("ListFunctions", "fc", 200, value={"functions": 1})}

    assert _decided(replace(far, assume=ASSUMED, regions=listed)) is Diagnosis.HEALTHY
    assert _decided(replace(far, identity=refused, caller=None)) is Diagnosis.CLOCK


def test_a_clock_without_a_date() -> None:
    """Without a `Date`, STS's refusal tells of the clock."""
    error = refusal(REQUEST, 400, {"Code": "InvalidTimeStamp.Expired"})
    late = Answer("GetCallerIdentity", "sts", 400, "InvalidTimeStamp.Expired", failure=error)
    seen = replace(SEEN, reach=Reach("sts"), identity=late, caller=None)

    assert _decided(seen) is Diagnosis.CLOCK


def test_policies_that_disagree_with_the_service() -> None:
    """A service's refusal holds against a state that lets it pass, and the state is said to be old."""
    view = GateView(Outcome.OPEN, ("statement 1 allows",))
    detail = {"PolicyType": "AssumeRolePolicy", "NoPermissionType": "ImplicitDeny"}
    seen = replace(
        SEEN, assume=replace(DENIED, detail=detail), trust_gate=view, role=RoleView(True, accounts=(B,))
    )
    checks = examine(seen)

    assert verdict(checks) is Diagnosis.TRUST_POLICY
    assert any("pulumi up --refresh" in line for each in checks for line in each.mend)


def test_two_faults_show_at_once() -> None:
    """Policies tell of gate 3 though the call got no further than gate 2."""
    shut = GateView(Outcome.CLOSED, ("no policy is attached",))
    detail = {"PolicyType": "AssumeRolePolicy"}
    seen = replace(
        SEEN,
        assume=replace(DENIED, detail=detail),
        trust_gate=replace(shut, blockers=("acs:CurrentTime",)),
        call_gates={"cn-hangzhou": shut},
        role=RoleView(True, accounts=(B,)),
    )

    assert [each.diagnosis for each in examine(seen) if each.diagnosis] == [
        Diagnosis.EXPIRED,
        Diagnosis.ROLE_POLICIES,
    ]
