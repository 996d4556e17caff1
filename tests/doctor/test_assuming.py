"""The checks of AssumeRole, each made to fail by the real condition on the local cloud."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_sts20150401 import models as sts
from alibabacloud_sts20150401.client import Client as StsClient

from components import handover
from crossaccount.doctor import Diagnosis
from crossaccount.localcloud import sdk_seam
from crossaccount.localcloud.clock import Clock
from crossaccount.localcloud.cloud import Cloud
from crossaccount.session import Key
from crossaccount.session.sdk_call import connection
from tests.access.states import SECRET, StackState, allow, trust
from tests.clients.scene import ROLE, A, B, furnish
from tests.doctor.conftest import Doctor, give, ram_of, retrust

if TYPE_CHECKING:
    from pathlib import Path

DEV = f"acs:ram::{B}:user/dev"
READS = ("AssumeRole", "GetCallerIdentity", "DecodeDiagnosticMessage", "ListFunctions")


def _without_permission(cloud: Cloud) -> None:
    ram_of(cloud, B).detach_policy_from_user(
        ram.DetachPolicyFromUserRequest(
            user_name="dev", policy_name="AliyunSTSAssumeRoleAccess", policy_type="System"
        )
    )


def _state(folder: Path, *statements: dict[str, object]) -> str:
    """A's state, whose role has this trust policy."""
    stack = StackState("account-a", A)
    stack.role("fc-reader", *statements)
    stack.policy("read", allow("fc:*"))
    stack.attach("role", "fc-reader", "read")
    path = folder / "a.json"
    path.write_text(json.dumps(stack.export()))
    return str(path)


def test_what_works_is_well(doctor: Doctor) -> None:
    """Every check is ok, with the answers as evidence and code 0."""
    report = doctor.run()

    assert report.code == 0, report.text
    assert {each["status"] for each in report.document["checks"]} == {"ok"}
    assert [each["status"] for each in report.document["answers"]] == [200, 200, 200]
    assert all(each["requestId"] for each in report.document["answers"])


def test_no_credentials(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any source the variables to set are named; the network, which needs none, is looked at."""
    monkeypatch.delenv("ALIBABA_CLOUD_ACCESS_KEY_ID")
    monkeypatch.delenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
    monkeypatch.setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
    found = doctor.run()

    assert "ALIBABA_CLOUD_ACCESS_KEY_ID" in found.failed(Diagnosis.NO_CREDENTIALS)["mend"][0]
    assert (found.status("network"), found.status("clock")) == ("ok", "ok")
    assert found.status("access key") == "not reached"


@pytest.mark.parametrize(
    ("change", "code"),
    [({"key_id": "LTAIgone"}, "InvalidAccessKeyId.NotFound"), ({"secret": "wrong"}, "SignatureDoesNotMatch")],
)
def test_an_unknown_key(doctor: Doctor, key: Key, change: dict[str, str], code: str) -> None:
    """A key that STS does not know and a secret of another key are told with STS's code."""
    doctor.sign_with(Key(**{"key_id": key.key_id, "secret": key.secret} | change))

    report = doctor.run()
    found = report.failed(Diagnosis.KEY_UNKNOWN)
    assert "string to sign" not in report.text
    assert code in found["evidence"][0]
    assert any("environment's access key" in line for line in found["mend"])


def test_a_disabled_key(doctor: Doctor, served: Cloud, key: Key) -> None:
    """A key that was suspended is told apart from one that is gone."""
    request = ram.UpdateAccessKeyRequest(user_name="dev", user_access_key_id=key.key_id, status="Inactive")
    ram_of(served, B).update_access_key(request)

    assert "Inactive" in doctor.run().failed(Diagnosis.KEY_DISABLED)["evidence"][0]


def test_an_own_session_that_ended(doctor: Doctor, served: Cloud, key: Key) -> None:
    """A caller whose own session is over has to sign in again."""
    client = StsClient(connection(key, served.endpoint))
    wanted = sts.AssumeRoleRequest(role_arn=ROLE, role_session_name="dev", duration_seconds=900)
    made = client.assume_role(wanted).body.credentials
    doctor.sign_with(Key(made.access_key_id, made.access_key_secret, made.security_token))
    served.clock.advance(1000)

    found = doctor.run().failed(Diagnosis.SESSION_ENDED)
    assert "sign in again" in found["mend"][0]


def test_the_root(doctor: Doctor, served: Cloud) -> None:
    """A root key is told before the role is asked for."""
    root = served.accounts[B].root_key
    doctor.sign_with(Key(root.key_id, root.secret))

    assert f"acs:ram::{B}:root" in doctor.run().failed(Diagnosis.ROOT)["evidence"][0]


def test_credentials_of_the_owners_account(doctor: Doctor, served: Cloud) -> None:
    """A key of A, where B's was meant, is told by the two accounts."""
    doctor.sign_with(give(served, A, "anna", "sts:AssumeRole"))
    found = doctor.run().failed(Diagnosis.WRONG_ACCOUNT)

    assert found["text"].endswith("the role is meant for a partner's account")
    assert any(f"both of account `{A}`" in line for line in found["evidence"])
    assert "--profile" in found["mend"][0]
    assert "--as" in found["mend"][1]


def test_credentials_of_a_third_account(doctor: Doctor, served: Cloud, tmp_path: Path) -> None:
    """The trust policy in A's state tells whom the role is meant for."""
    third = "1456789012340000"
    served.add_account(third)
    doctor.sign_with(give(served, third, "carl", "sts:AssumeRole"))
    found = doctor.run("--state", _state(tmp_path, trust(DEV))).failed(Diagnosis.WRONG_ACCOUNT)

    assert f"the role is meant for account `{B}`" in found["text"]


def test_an_owner_with_a_third_accounts_key(doctor: Doctor, served: Cloud) -> None:
    """`--as --live` with a key of neither side would read an account that decides nothing."""
    third = "1456789012340000"
    root = served.add_account(third).root_key
    doctor.sign_with(Key(root.key_id, root.secret))
    found = doctor.run("--as", DEV, "--live").failed(Diagnosis.WRONG_ACCOUNT)

    assert "neither the owner's nor the partner's" in found["text"]
    assert A in found["mend"][0]


def test_a_role_of_b_that_calls(doctor: Doctor, served: Cloud, key: Key) -> None:
    """A session of B's own role, as a function has it, is told what its role lacks."""
    client = ram_of(served, B)
    document = json.dumps({"Version": "1", "Statement": [trust(f"acs:ram::{B}:root")]})
    client.create_role(ram.CreateRoleRequest(role_name="ci", assume_role_policy_document=document))
    wanted = sts.AssumeRoleRequest(role_arn=f"acs:ram::{B}:role/ci", role_session_name="run-7")
    made = StsClient(connection(key, served.endpoint)).assume_role(wanted).body.credentials
    doctor.sign_with(Key(made.access_key_id, made.access_key_secret, made.security_token))
    found = doctor.run().failed(Diagnosis.IDENTITY_POLICY)

    assert f"acs:ram::{B}:assumed-role/ci/run-7" in found["text"]
    assert (
        "AttachPolicyToRole --PolicyType Custom --PolicyName assume-fc-reader --RoleName 'ci'"
        in found["mend"][1]
    )


@pytest.mark.parametrize("ahead", [3600, -10 * 365 * 86400])
def test_a_clock_that_is_off(clean_environment: Path, monkeypatch: pytest.MonkeyPatch, ahead: int) -> None:
    """The service's own `Date` against this machine's clock says by how much."""
    with Cloud([A, B], clock=Clock(lambda: time.time() + ahead)) as cloud:
        doctor = Doctor(monkeypatch, cloud.endpoint)
        doctor.sign_with(Key(*furnish(cloud)))
        found = doctor.run().failed(Diagnosis.CLOCK)
        sdk_seam.close_connections()

    apart = "60 minutes behind" if ahead > 0 else "10 years ahead of"
    assert f"this machine's clock is {apart}" in found["text"]
    assert "InvalidTimeStamp.Expired" in found["evidence"][0]
    assert found["evidence"][1].startswith("server ")
    assert found["mend"] == ["timedatectl set-ntp true"]


def test_a_deleted_role(doctor: Doctor, served: Cloud) -> None:
    """A role that is gone is told with STS's answer, and how the owner looks."""
    client = ram_of(served, A)
    client.detach_policy_from_role(
        ram.DetachPolicyFromRoleRequest(
            role_name="fc-reader", policy_name="AliyunFCReadOnlyAccess", policy_type="System"
        )
    )
    client.delete_role(ram.DeleteRoleRequest(role_name="fc-reader"))

    found = doctor.run().failed(Diagnosis.ROLE_MISSING)
    assert "HTTP 404 EntityNotExist.Role" in found["evidence"][0]
    assert "aliyun ram GetRole --RoleName fc-reader" in found["mend"][1]


def test_gate_1_says_who_must_decode(doctor: Doctor, served: Cloud) -> None:
    """A developer who may read nothing gets the statement to ask for, and the decoding command to hand on."""
    _without_permission(served)
    report = doctor.run()
    found = report.failed(Diagnosis.IDENTITY_POLICY)

    assert "HTTP 403 NoPermission" in found["evidence"][0]
    assert f'"Resource": "acs:ram:*:{A}:role/fc-reader"' in found["mend"][0]
    assert "AttachPolicyToUser" in found["mend"][1]
    assert f"an administrator of account `{B}` can read why" in found["mend"][2]
    assert "aliyun ram DecodeDiagnosticMessage --EncodedDiagnosticMessage '" in found["mend"][2]
    assert report.status("gate 2") == "not reached"


def test_live_explains_gate_1(doctor: Doctor, served: Cloud) -> None:
    """Who may read B's account sees which statements were looked at, beside STS's answer."""
    _without_permission(served)
    doctor.sign_with(give(served, B, "dev", "ram:Get*", "ram:List*"))
    found = doctor.run("--live").failed(Diagnosis.IDENTITY_POLICY)

    told = f"custom policy `dev-may`, statement 1 does not apply, written by live account {B}"
    assert told in found["evidence"]


def test_a_denial_is_decoded_where_the_account_may(doctor: Doctor, served: Cloud) -> None:
    """With the permission, what the call had is shown, and nobody else has to be asked."""
    _without_permission(served)
    doctor.sign_with(give(served, B, "dev", "ram:DecodeDiagnosticMessage"))
    found = doctor.run().failed(Diagnosis.IDENTITY_POLICY)

    assert "decoded: the call had acs:MFAPresent = false" in found["evidence"]
    assert not any("DecodeDiagnosticMessage" in line for line in found["mend"])


def test_a_decoded_denial_shows_no_external_id(doctor: Doctor, served: Cloud) -> None:
    """The message holds the external id that was given; what is shown of it is that it was there."""
    retrust(served, A, trust(DEV, StringEquals={"sts:ExternalId": "between-a-and-b"}))
    doctor.sign_with(give(served, B, "dev", "ram:DecodeDiagnosticMessage"))
    doctor.secrets += ["between-a-and-b", "an-id-of-b-s-own"]
    found = doctor.run("--external-id", "an-id-of-b-s-own").failed(Diagnosis.TRUST_POLICY)

    assert "decoded: the call had sts:ExternalId = (not shown)" in found["evidence"]


def test_a_trust_policy_without_the_user(doctor: Doctor, served: Cloud) -> None:
    """From B's side alone gate 2 is told apart from gate 1, with what may be wrong in it."""
    give(served, B, "other", "oss:GetObject")
    retrust(served, A, trust(f"acs:ram::{B}:user/other"))
    report = doctor.run()
    found = report.failed(Diagnosis.TRUST_POLICY)

    assert any("AssumeRolePolicy" in line for line in found["evidence"])
    assert any(f"--as {DEV} --live" in line for line in found["mend"])
    assert report.status("gate 1") == "ok"


def test_a_trust_policy_that_denies(doctor: Doctor, served: Cloud, tmp_path: Path) -> None:
    """A suspended delegation is code 32 too, and the mend is to take the Deny out, not to add an Allow."""
    statement = {"Effect": "Deny", "Action": "sts:AssumeRole", "Principal": {"RAM": [f"acs:ram::{B}:root"]}}
    retrust(served, A, statement)
    found = doctor.run("--state", _state(tmp_path, statement)).failed(Diagnosis.TRUST_POLICY)

    assert "denies" in found["text"]
    assert "`suspended: false`" in found["mend"][0]
    assert "UpdateRole" not in json.dumps(found["mend"])


def test_the_owner_looks_for_the_user(doctor: Doctor, served: Cloud) -> None:
    """A's administrator reads A live: not named is told as such, and the account is not called wrong."""
    give(served, B, "other", "oss:GetObject")
    retrust(served, A, trust(f"acs:ram::{B}:user/other"))
    doctor.sign_with(give(served, A, "admin", "ram:Get*", "ram:List*"))
    report = doctor.run("--as", DEV, "--live")
    found = report.failed(Diagnosis.TRUST_POLICY)

    assert "whatever it asks for" in found["text"]
    assert f'"Principal": {{"RAM": ["{DEV}"]}}' in found["mend"][1]
    assert report.status("gate 1") == "cannot tell"
    assert report.status("gate 3") == "ok"


@pytest.mark.parametrize("given", [None, "another-one"])
def test_an_external_id(doctor: Doctor, served: Cloud, tmp_path: Path, given: str | None) -> None:
    """A missing and a wrong external id are told with A's state; the right one is never shown."""
    statement = trust(DEV, StringEquals={"sts:ExternalId": "between-a-and-b"})
    retrust(served, A, statement)
    doctor.secrets.append("between-a-and-b")
    arguments = () if given is None else ("--external-id", given)
    found = doctor.run("--state", _state(tmp_path, statement), *arguments).failed(Diagnosis.EXTERNAL_ID)

    assert ("is missing" in found["text"]) is (given is None)
    assert any("not shown" in line for line in found["evidence"])
    assert "--external-id @external-id.txt" in found["mend"][0]
    report = doctor.run("--external-id", "between-a-and-b", "--live")
    assert report.code == 0, report.text


def test_an_external_id_that_the_handover_asks_for(doctor: Doctor, served: Cloud, tmp_path: Path) -> None:
    """B knows from the hand-over alone that one is missing."""
    retrust(served, A, trust(DEV, StringEquals={"sts:ExternalId": "between-a-and-b"}))
    role = {"arn": ROLE, "maxSessionDuration": 3600, "externalIdRequired": True}
    file = tmp_path / "company-a.json"
    file.write_text(json.dumps(handover.write(A, "company-a", {"fc-reader": role})))

    found = doctor.run(role=str(file)).failed(Diagnosis.EXTERNAL_ID)
    assert any("the hand-over says" in line for line in found["evidence"])


def test_mfa(doctor: Doctor, served: Cloud, tmp_path: Path) -> None:
    """A trust policy that asks for MFA is closed to an access key; what MFA can do is told."""
    statement = trust(DEV, Bool={"acs:MFAPresent": "true"})
    retrust(served, A, statement)
    found = doctor.run("--state", _state(tmp_path, statement)).failed(Diagnosis.MFA)

    assert any("`acs:MFAPresent` is `true`" in line for line in found["evidence"])
    assert "--switch-role" in found["mend"][0]


def test_an_expired_trust(doctor: Doctor, served: Cloud) -> None:
    """A date that is over is told as A's administrator reads it, live."""
    retrust(served, A, trust(DEV, DateLessThan={"acs:CurrentTime": "2020-01-01T00:00:00Z"}))
    doctor.sign_with(give(served, A, "admin", "ram:Get*", "ram:List*"))
    found = doctor.run("--as", DEV, "--live").failed(Diagnosis.EXPIRED)

    assert any("is before `2020-01-01T00:00:00Z`" in line for line in found["evidence"])
    assert "later `expires`" in found["mend"][0]


def test_one_of_two_gates(doctor: Doctor, served: Cloud) -> None:
    """Where STS does not say which gate refused, both mends and how to know are told."""
    message = "You are not authorized to do this action. You should be authorized by RAM."
    served.inject("refuse", product="Sts", action="AssumeRole", code="NoPermission", message=message)
    found = doctor.run().failed(Diagnosis.ONE_OF_TWO_GATES)

    assert any("to know which" in line for line in found["mend"])


def test_a_setting_of_the_session(doctor: Doctor) -> None:
    """Too long a session has a code of its own, with STS's words."""
    found = doctor.run("--duration", "12h").failed(Diagnosis.SESSION_SETTINGS)

    assert "InvalidParameter.DurationSeconds" in found["evidence"][0]


def test_a_busy_service(doctor: Doctor, served: Cloud) -> None:
    """A service that fails inside is no fault of the caller's."""
    served.inject("5xx-before", product="Sts", action="AssumeRole", times=None)

    assert "HTTP 500 InternalError" in doctor.run().failed(Diagnosis.BUSY)["evidence"][0]


@pytest.mark.parametrize("account", [A, B])
def test_live_only_reads(doctor: Doctor, served: Cloud, account: str) -> None:
    """With `--live`, as an administrator who may do everything, no call writes anything."""
    doctor.sign_with(give(served, account, "admin", "*"))
    record = served.record()
    report = doctor.run(*(("--as", DEV) if account == A else ()), "--live")
    actions = {str(call["action"]) for call in record.to_json() if call["action"]}

    assert report.code == (0 if account == B else Diagnosis.UNTOLD.value), report.text
    assert {"ListRoles", "GetPolicy"} & actions
    assert [each for each in actions if not each.startswith(("Get", "List")) and each not in READS] == []


def test_states_alone_call_nothing(doctor: Doctor, served: Cloud, tmp_path: Path) -> None:
    """`--as` with states is answered without a call; what a partner's stack does not declare is told."""
    record = served.record()
    state = _state(tmp_path, trust(f"acs:ram::{B}:root", Bool={"acs:MFAPresent": "true"}))
    report = doctor.run("--as", DEV, "--state", state)

    assert len(record) == 0
    assert report.code == Diagnosis.UNTOLD.value
    assert report.status("gate 1") == "cannot tell"
    (gate,) = (each for each in report.document["checks"] if "gate 2" in each["check"])
    assert gate["text"].endswith("let it pass if `acs:MFAPresent` is `true`")


def test_a_secret_trust_policy_is_not_guessed(doctor: Doctor, tmp_path: Path) -> None:
    """A trust policy that is a Pulumi secret is neither decrypted nor shown, and decides nothing."""
    stack = StackState("account-a", A)
    stack.role("fc-reader", text=SECRET)
    path = tmp_path / "a.json"
    path.write_text(json.dumps(stack.export()))
    doctor.secrets += [SECRET["ciphertext"]]
    report = doctor.run("--as", DEV, "--state", str(path))
    (gate,) = (each for each in report.document["checks"] if "gate 2" in each["check"])

    assert gate["status"] == "cannot tell"
    assert "a secret, which is not decrypted" in gate["evidence"][0]
    assert len(gate["evidence"]) == 1


def test_somebody_who_is_not_there(doctor: Doctor, served: Cloud) -> None:
    """B's administrator hears that a user does not exist, with the nearest name."""
    doctor.sign_with(give(served, B, "admin", "ram:Get*", "ram:List*"))
    report = doctor.run("--as", f"{DEV}s", "--live")
    (gate,) = (each for each in report.document["checks"] if "gate 1" in each["check"])

    assert gate["status"] == "cannot tell"
    assert f"did you mean `{DEV}`?" in gate["evidence"][0]
