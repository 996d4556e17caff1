"""`crossaccount audit --live`: what states and accounts disagree on, found by reading alone."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from crossaccount.cli import main
from tests.access.states import OTHER, OWNER, PARTNER, StackState, allow, root, trust
from tests.audit.accounts import opened
from tests.audit.reports import ROLE

ASKED = trust(f"acs:ram::{PARTNER}:user/dev", StringEquals={"sts:ExternalId": "agreed-secret"})


@pytest.fixture
def accounts(monkeypatch):
    """Two accounts as their stacks made them."""
    yield from opened(monkeypatch)


@pytest.fixture
def states(accounts, tmp_path, monkeypatch):
    """A folder, in which the command runs, with the states of both; the accounts are as they say."""
    monkeypatch.chdir(tmp_path)
    owner, partner = StackState("owner", OWNER), StackState("partner", PARTNER)
    owner.role("worker", ASKED)
    owner.policy("work", allow(["log:ListProject", "log:GetProject"]))
    owner.attach("role", "worker", "work")
    partner.user("dev")
    partner.group("staff")
    partner.join("dev", "staff")
    partner.policy("assume", allow("sts:AssumeRole", ROLE))
    partner.attach("group", "staff", "assume")
    for each in (partner, owner):
        accounts.make(each)
        each.write(tmp_path)
    return ("owner.json", "partner.json")


def found(report):
    """All findings of a report by code, but for those of the delegations themselves."""
    return {each["code"]: each for each in report["findings"]}


def test_accounts_that_agree_with_their_states_have_no_drift(accounts, states):
    """The delegation is told once, with who may really assume it, at the line that declares it."""
    report = accounts.report(*states)

    assert found(report) == {}
    (delegation,) = report["delegations"]
    assert [each["label"] for each in delegation["principals"]] == ["user `dev`"]
    assert delegation["origin"]["position"] == "__main__.py:11"
    assert [each["where"] for each in report["sources"][2:]] == [
        f"live account {OWNER}", f"live account {PARTNER}",
    ]  # fmt: skip
    assert report["complete"]


def test_only_calls_that_read_are_made(accounts, states):
    """The recorder of the cloud saw nothing else, and every page was asked for."""
    for number in range(101):
        accounts.api[OWNER].call("CreateUser", user_name=f"many-{number}")
    calls_made = accounts.cloud.record()
    accounts.report(*states)
    calls = calls_made.to_json()

    assert {each["action"] for each in calls if not each["action"].startswith(("Get", "List"))} == set()
    assert sum(each["action"] == "ListUsers" for each in calls) == 3


def test_a_policy_in_other_words_is_no_drift(accounts, states):
    """Compared is what it means."""
    accounts.trust(OWNER, "worker", {**ASKED, "Action": ["sts:AssumeRole"]})
    accounts.api[OWNER].call(
        "CreatePolicyVersion", policy_name="work", set_as_default=True,
        policy_document=json.dumps({"Version": "1", "Statement": [
            allow("log:GetProject"), allow(["log:ListProject"], ["*"]),
        ]}),
    )  # fmt: skip

    assert found(accounts.report(*states)) == {}


def test_what_was_changed_by_hand_is_found(accounts, states):
    """Trust, session length, policy: each with who gains what, and never the external id."""
    anybody = trust(root(PARTNER))
    accounts.trust(OWNER, "worker", ASKED, anybody, seconds=43200)
    accounts.api[OWNER].call(
        "CreatePolicyVersion", policy_name="work", set_as_default=True,
        policy_document=json.dumps({"Version": "1", "Statement": [allow("log:*")]}),
    )  # fmt: skip
    done = accounts.audit(*states, "--json", "-")
    codes = found(json.loads(done.stdout))

    assert set(codes) == {"drift-trust", "drift-session", "drift-policy"}
    assert codes["drift-trust"]["grade"] == "high"
    assert f"whoever account `{PARTNER}` lets" in codes["drift-trust"]["explanation"]
    assert "12 hours, the stack says sessions of at most 1 hour" in codes["drift-session"]["explanation"]
    assert "the account allows what the stack does not: `log:*" in codes["drift-policy"]["explanation"]
    assert codes["drift-policy"]["mend"].startswith("`pulumi up --refresh --stack owner`")
    assert "agreed-secret" not in done.output


def test_what_was_taken_away_by_hand_is_found(accounts, states):
    """A policy, a membership, a user."""
    accounts.attach(OWNER, "role", "worker", "work", verb="Detach")
    accounts.api[PARTNER].call("RemoveUserFromGroup", user_name="dev", group_name="staff")
    accounts.api[PARTNER].call("DeleteUser", user_name="dev")
    codes = found(accounts.report(*states))

    assert set(codes) == {"drift-detached", "drift-membership", "drift-gone"}
    assert codes["drift-gone"]["explanation"].startswith("user `dev`")


def test_a_lost_denial_is_graver_than_a_lost_right(accounts, states, tmp_path):
    """Without it somebody may do more."""
    stack = StackState("more", OTHER)
    stack.account = OWNER
    stack.resources[0]["outputs"]["account"] = OWNER
    stack.role("held", trust(root(PARTNER)))
    stack.policy("never", allow("log:*", effect="Deny"))
    stack.attach("role", "held", "never")
    accounts.make(stack)
    accounts.attach(OWNER, "role", "held", "never", verb="Detach")
    codes = found(accounts.report(*states, stack.write(tmp_path)))

    assert codes["drift-detached"]["grade"] == "high"


def test_what_was_added_by_hand_is_found(accounts, states):
    """A policy on the stack's role, a user in the stack's group."""
    accounts.attach(OWNER, "role", "worker", "AliyunFCFullAccess", "System")
    accounts.api[PARTNER].call("CreateUser", user_name="guest")
    accounts.api[PARTNER].call("AddUserToGroup", user_name="guest", group_name="staff")
    report = accounts.report(*states)
    codes = found(report)

    assert set(codes) == {"attached-by-hand", "joined-by-hand", "unknown-user"}
    assert "`AliyunFCFullAccess` is attached to role `worker`" in codes["attached-by-hand"]["explanation"]
    assert "through group `staff`" in codes["unknown-user"]["explanation"]


def test_what_no_stack_knows_is_a_class_of_its_own(accounts, states):
    """A role, a grant and a user across accounts; what stays within its account is none of it."""
    accounts.api[OWNER].call(
        "CreateRole", role_name="by-hand",
        assume_role_policy_document=json.dumps({"Version": "1", "Statement": [trust(root(PARTNER))]}),
    )  # fmt: skip
    accounts.attach(OWNER, "role", "by-hand", "AliyunFCReadOnlyAccess", "System")
    for name, target in (("out", OWNER), ("within", PARTNER)):
        text = json.dumps(
            {"Version": "1", "Statement": [allow("sts:AssumeRole", f"acs:ram::{target}:role/by-hand")]}
        )
        accounts.policy(PARTNER, name, text)
        accounts.api[PARTNER].call("CreateUser", user_name=f"user-{name}")
        accounts.attach(PARTNER, "user", f"user-{name}", name)
    report = accounts.report(*states)
    codes = found(report)

    unknown = {code: each for code, each in codes.items() if code.startswith("unknown")}
    assert set(unknown) == {"unknown-role", "unknown-grant", "unknown-user"}
    assert "DetachPolicyFromRole --RoleName by-hand" in unknown["unknown-role"]["mend"]
    assert "user `user-out`" in unknown["unknown-user"]["explanation"]
    assert "custom policy `out`" in unknown["unknown-grant"]["explanation"]
    by_hand = next(each for each in report["delegations"] if each["role"] == "by-hand")
    assert [each["label"] for each in by_hand["principals"]] == ["user `user-out`"]


def test_a_call_that_is_refused_is_left_out_by_name(accounts, states):
    """What it kept from being read cannot be told: no drift is claimed, and the exit code says so."""
    accounts.attach(OWNER, "role", "worker", "work", verb="Detach")
    accounts.cloud.inject("refuse", action="ListPoliciesForRole", times=None)
    accounts.cloud.inject("refuse", action="ListGroups", times=None)
    done = accounts.audit(*states, "--json", "-")
    report = json.loads(done.stdout)

    assert done.exit_code == 3
    assert "attachments of role `worker` of live account" in done.stderr
    assert found(report) == {}
    (delegation,) = report["delegations"]
    assert [each["policy"] for each in delegation["rights"]] == ["custom policy `work`"]


@pytest.mark.parametrize("allowed", [True, False])
def test_reading_ram_is_enough_and_needed(accounts, states, monkeypatch, allowed):
    """With `AliyunRAMReadOnlyAccess` all is read; without, what is refused is named with RAM's own code."""
    api = accounts.api[OWNER]
    api.call("CreateUser", user_name="auditor")
    key = api.call("CreateAccessKey", user_name="auditor")["AccessKey"]
    monkeypatch.setenv("A_ALIBABA_CLOUD_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("A_ALIBABA_CLOUD_ACCESS_KEY_SECRET", key["AccessKeySecret"])
    if allowed:
        accounts.attach(OWNER, "user", "auditor", "AliyunRAMReadOnlyAccess", "System")
    report = accounts.report(*states)

    assert report["complete"] is allowed
    assert found(report) == {}
    refused = [each["why"] for each in report["leftOut"]]
    assert len(refused) == (0 if allowed else 4)
    assert all("NoPermission" in each for each in refused)


def test_an_endpoint_that_does_not_answer_is_left_out(accounts, states):
    """The states are reported all the same, and what was not compared is said."""
    accounts.cloud.stop()
    done = accounts.audit(*states, "--json", "-", accounts=(OWNER,))
    report = json.loads(done.stdout)

    assert done.exit_code == 3
    assert "nothing listens at the endpoint" in done.stderr
    assert set(found(report)) == {"not-read-live"}
    assert len(report["delegations"]) == 1


def test_throttling_is_waited_for(accounts, states, monkeypatch):
    """The same call again, later; nothing is left out."""
    monkeypatch.setattr("crossaccount.engine.ram_api._FIRST_PAUSE", 0.001)
    for action in ("ListRoles", "GetRole", "ListPoliciesForUser"):
        accounts.cloud.inject("throttle", action=action, times=2)
    calls_made = accounts.cloud.record()
    report = accounts.report(*states)

    assert report["complete"]
    assert found(report) == {}
    asked = [each for each in calls_made.to_json() if each["action"] == "ListRoles"]
    assert [each["status"] for each in asked].count(400) == 2


def test_drift_tells_no_name_where_names_are_marked(accounts, states):
    """Neither of what is gone, nor of what no stack knows."""
    accounts.api[PARTNER].call("CreateUser", user_name="guest-user")
    accounts.api[PARTNER].call("AddUserToGroup", user_name="guest-user", group_name="staff")
    accounts.api[PARTNER].call("RemoveUserFromGroup", user_name="dev", group_name="staff")
    accounts.api[PARTNER].call("DeleteUser", user_name="dev")
    done = accounts.audit(*states, "--redact", "--json", "-")
    codes = found(json.loads(done.stdout))

    assert {"drift-gone", "joined-by-hand", "unknown-user"} <= set(codes)
    assert not re.search("guest|staff|\\bdev\\b", done.output)


def test_an_account_that_is_not_read_is_said(accounts, states):
    """Whether it is as its state says cannot be told."""
    report = accounts.report(*states, accounts=(OWNER,))

    assert set(found(report)) == {"not-read-live"}
    (delegation,) = report["delegations"]
    assert "dev" in delegation["principals"][0]["label"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--at", "2026-03-01"), "read as it is now"),
        (("--timeline",), "read as it is now"),
        (("--credentials", "A_"), "two keys are of account"),
        (("--credentials", "MISSING_"), "no credentials"),
    ],
)
def test_what_cannot_be_read_live_is_refused(accounts, states, arguments, words):
    """One line, and exit code 2."""
    done = accounts.audit(*states, *arguments)

    assert done.exit_code == 2
    assert words in done.stderr


def test_the_real_cloud_is_not_called_unless_asked(states):
    """An endpoint elsewhere needs `--live`."""
    done = CliRunner().invoke(
        main, ["audit", *states, "--endpoint", "198.51.100.1:80", "--credentials", "A_"]
    )

    assert done.exit_code == 2
    assert "--live" in done.stderr
