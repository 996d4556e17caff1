"""The checks of Function Compute: opened, allowed, the right region."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from alibabacloud_ram20150501 import models as ram

from crossaccount.doctor import Diagnosis
from crossaccount.session import Key
from tests.clients.scene import A
from tests.doctor.conftest import Doctor, ram_of

if TYPE_CHECKING:
    from crossaccount.localcloud.cloud import Cloud


def _narrow(cloud: Cloud, *resources: str) -> None:
    """Let the role list functions on these resources only."""
    client = ram_of(cloud, A)
    client.detach_policy_from_role(
        ram.DetachPolicyFromRoleRequest(
            role_name="fc-reader", policy_name="AliyunFCReadOnlyAccess", policy_type="System"
        )
    )
    if resources:
        statement = {"Effect": "Allow", "Action": "fc:ListFunctions", "Resource": resources}
        document = json.dumps({"Version": "1", "Statement": [statement]})
        client.create_policy(ram.CreatePolicyRequest(policy_name="one", policy_document=document))
        client.attach_policy_to_role(
            ram.AttachPolicyToRoleRequest(role_name="fc-reader", policy_name="one", policy_type="Custom")
        )


def test_gate_3(doctor: Doctor, served: Cloud) -> None:
    """A role without the permission is the owner's to mend, and the owner's to decode."""
    _narrow(served)
    report = doctor.run()
    found = report.failed(Diagnosis.ROLE_POLICIES)

    assert f"acs:fc:cn-hangzhou:{A}:functions/*" in found["text"]
    assert f"account `{A}` has to allow the role" in found["mend"][0]
    assert f"an administrator of account `{A}` can read why" in found["mend"][1]
    assert report.status("function compute") == "ok"


def test_the_owner_sees_gate_3_without_calling(doctor: Doctor, served: Cloud) -> None:
    """`--live --as` tells gate 3 from A's own policies."""
    _narrow(served)
    root = served.accounts[A].root_key
    doctor.sign_with(Key(root.key_id, root.secret))
    report = doctor.run("--as", "acs:ram::1345678901230000:user/dev", "--live")

    assert "no policy is attached" in report.failed(Diagnosis.ROLE_POLICIES)["evidence"][0]


def test_function_compute_that_is_not_opened(doctor: Doctor, served: Cloud) -> None:
    """The refusal of an account that never opened the service is no matter of policies."""
    message = "FC service is not enabled for current user."
    served.inject(
        "refuse", product="FC", action="ListFunctions", times=None, code="AccessDenied", message=message
    )
    report = doctor.run()

    assert message in report.failed(Diagnosis.NOT_OPEN)["evidence"][0]
    assert report.status("gate 3") == "not reached"


def test_functions_are_elsewhere(doctor: Doctor) -> None:
    """A region without functions is told, with the one that has them."""
    found = doctor.run("--in", "eu-west-1").failed(Diagnosis.WRONG_REGION)

    assert found["text"] == "there are no functions in `eu-west-1`, but in `cn-hangzhou`"
    assert found["mend"] == ["--in cn-hangzhou"]
    assert "fcv3.cn-hangzhou.aliyuncs.com: HTTP 200" in found["evidence"][1]


def test_the_role_is_for_another_region(doctor: Doctor, served: Cloud) -> None:
    """A role that may list in one region only is told of in another."""
    _narrow(served, f"acs:fc:cn-hangzhou:{A}:functions/*")
    found = doctor.run("--in", "cn-shanghai").failed(Diagnosis.WRONG_REGION)

    assert found["mend"] == ["--in cn-hangzhou"]
    assert "HTTP 403 AccessDenied" in found["evidence"][0]


@pytest.mark.parametrize(
    "arguments", [("--in", "nowhere!"), ("--as", "acs:ram::1:user/x"), ("--timeout", "0")]
)
def test_wrong_options(doctor: Doctor, arguments: tuple[str, str]) -> None:
    """A wrong option calls nothing."""
    assert doctor.run(*arguments).code == Diagnosis.USAGE.value


def test_as_somebody_needs_something_to_read(doctor: Doctor) -> None:
    """`--as` alone could tell nothing."""
    report = doctor.run("--as", "acs:ram::1345678901230000:user/dev")

    assert report.code == Diagnosis.USAGE.value
    assert "--live" in report.text
