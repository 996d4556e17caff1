"""An account with cross-account roles made by hand, as the console and years of work leave them."""

from __future__ import annotations

import json

from crossaccount.policy import PolicyKind, normalized, parse

OWNER, PARTNER, THIRD = "1234567890120000", "1345678901230000", "1456789012340000"


def trust(*names, effect="Allow", **condition):
    """A statement of a trust policy as the console writes it."""
    statement = {"Action": "sts:AssumeRole", "Effect": effect, "Principal": {"RAM": list(names)}}
    return statement | ({"Condition": condition} if condition else {})


def document(*statements):
    """A policy document."""
    return json.dumps({"Statement": list(statements), "Version": "1"})


def root(account):
    """An account's ARN."""
    return f"acs:ram::{account}:root"


def role(api, name, *statements, policies=(), **fields):
    """Make a role, and attach policies to it, each as `(type, name)`."""
    api.call("CreateRole", role_name=name, assume_role_policy_document=document(*statements), **fields)
    for type_, policy in policies:
        api.call("AttachPolicyToRole", policy_type=type_, policy_name=policy, role_name=name)


def policy(api, name, *statements, **fields):
    """Make a custom policy."""
    api.call("CreatePolicy", policy_name=name, policy_document=document(*statements), **fields)


def make_by_hand(api):
    """The seed's role, one with a custom policy and an external id, some that settings cannot say."""
    role(api, "fc-from-console", trust(root(PARTNER)), policies=[("System", "AliyunFCReadOnlyAccess")],
         description="made in the console")  # fmt: skip
    invoke = {"Effect": "Allow", "Action": "fc:InvokeFunction", "Resource": [f"acs:fc:*:{OWNER}:functions/*"]}
    policy(api, "fc-ops-custom", invoke)
    policy(api, "logs-by-hand", {"Effect": "Allow", "Action": ["log:Get*"], "Resource": "*"})
    asked = {
        "StringEquals": {"sts:ExternalId": "Zq7-agreed"},
        "IpAddress": {"acs:SourceIp": ["203.0.113.0/24"]},
    }
    role(api, "fc.ops", trust(root(PARTNER), **asked),
         policies=[("Custom", "fc-ops-custom"), ("Custom", "logs-by-hand"),
                   ("System", "AliyunFCInvocationAccess")],
         max_session_duration=7200, tag={"team": "ops"})  # fmt: skip
    role(api, "two-partners", trust(root(PARTNER)), trust(root(THIRD)))
    role(api, "by-time", trust(root(PARTNER), DateGreaterThan={"acs:CurrentTime": "2026-01-01T00:00:00Z"}))
    role(api, "of-a-service", {"Action": "sts:AssumeRole", "Effect": "Allow",
                               "Principal": {"Service": ["fc.aliyuncs.com"]}})  # fmt: skip


def content(api):
    """What the account holds: roles, policies and attachments, documents by what they mean."""
    found = {"roles": {}, "policies": {}}
    for each in api.pages("ListRoles", "Roles", "Role"):
        name = each["RoleName"]
        one = api.call("GetRole", role_name=name)["Role"]
        held = api.call("ListPoliciesForRole", role_name=name)["Policies"]["Policy"]
        meant = normalized(parse(one["AssumeRolePolicyDocument"], PolicyKind.TRUST))
        found["roles"][name] = (
            meant, one.get("Description", ""), one["MaxSessionDuration"],
            sorted((held_["PolicyType"], held_["PolicyName"]) for held_ in held),
        )  # fmt: skip
    for each in api.pages("ListPolicies", "Policies", "Policy", policy_type="Custom"):
        name = each["PolicyName"]
        got = api.call("GetPolicy", policy_type="Custom", policy_name=name)["DefaultPolicyVersion"]
        found["policies"][name] = normalized(parse(got["PolicyDocument"], PolicyKind.IDENTITY))
    return found
