"""AssumeRoleGrant: exactly the named roles, for exactly the named users, groups and roles."""

from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import grant_policy
from components.assume_role_grant import AssumeRoleGrant
from components.problems import RefusedError
from crossaccount.policy import PolicyKind, Request, Source, decide, parse

A = "1234567890120000"
ARNS = [f"acs:ram::{A}:role/{name}" for name in ("fc-ops", "fc-ops-2", "fc", "other")]


def grant(**args: Any) -> AssumeRoleGrant:
    return AssumeRoleGrant("assume-fc", args)  # type: ignore[typeddict-item]


@given(st.sets(st.sampled_from(ARNS), min_size=1), st.randoms())
def test_exactly_the_named_roles_may_be_assumed(named: set[str], random: Any) -> None:
    """Of all roles those named are allowed, in both ARN spellings, and the order makes no difference."""
    text = grant_policy.document(sorted(named))
    assert grant_policy.document(random.sample(sorted(named) * 2, len(named) * 2)) == text
    sources = [Source("grant", parse(text, PolicyKind.IDENTITY))]
    for arn in ARNS:
        for spelled in (arn, arn.replace("acs:ram::", "acs:ram:*:")):
            assert decide(sources, Request("sts:AssumeRole", spelled, {})).allowed is (arn in named)
        assert not decide(sources, Request("sts:GetCallerIdentity", arn, {})).allowed


def test_users_groups_and_roles_get_one_custom_policy(deploy: Any) -> None:
    """Each grantee has an attachment of its own kind to the one policy, which waits for none of them."""
    deployment = deploy(
        lambda: grant(
            users={"dev": pulumi.Output.from_input("dev-1")},
            groups={"ops": "operators"},
            roles={"fn": "fn-runtime"},
            assume=[pulumi.Output.from_input(ARNS[1].replace("::", ":*:", 1)), ARNS[0]],
            description="for A",
        )
    )
    policy = deployment.one("Policy")
    assert policy.inputs["policyName"] == "assume-fc"
    assert policy.inputs["policyDocument"] == grant_policy.document(ARNS[:2])
    assert policy.depends_on == ()
    for kind, key, name in (("User", "userName", "dev-1"), ("Group", "groupName", "operators")):
        attachment = deployment.one(f"{kind}PolicyAttachment")
        assert attachment.inputs == {key: name, "policyName": "assume-fc", "policyType": "Custom"}
        assert policy.urn in attachment.depends_on
    role = deployment.one("RolePolicyAttachment")
    assert (role.name, role.inputs["roleName"]) == ("assume-fc-fn", "fn-runtime")
    assert {each.parent for each in deployment.resources if each.type.startswith("alicloud")} == {
        deployment.one("AssumeRoleGrant").urn
    }


def test_the_system_policy_is_attached_only_by_name(deploy: Any) -> None:
    """Asked for by name it is attached as a system policy, and no policy is made."""
    deployment = deploy(lambda: grant(users={"dev": "dev"}, system_policy="AliyunSTSAssumeRoleAccess"))
    assert deployment.of("Policy") == []
    assert deployment.one("UserPolicyAttachment").inputs == {
        "userName": "dev",
        "policyName": "AliyunSTSAssumeRoleAccess",
        "policyType": "System",
    }


@pytest.mark.parametrize(
    ("args", "keys"),
    [
        ({"users": {"a": "a"}, "assume": ["acs:ram::*:role/x"]}, {"assume[0]"}),
        ({"users": {"a": "a"}, "assume": []}, {"assume"}),
        ({"users": {}, "assume": ARNS[:1]}, {"users"}),
        ({"users": {"a": "*"}, "assume": ARNS[:1]}, {"users.a"}),
        ({"assume": ARNS[:1]}, {""}),
        ({"groups": {"a": "a"}, "assume": ARNS[:1], "system_policy": "AliyunSTSAssumeRoleAccess"}, {""}),
        ({"groups": {"a": "a"}, "system_policy": "AdministratorAccess"}, {"system_policy"}),
        ({"group": {"a": "a"}, "assume": ARNS[:1], "policy_name": "a b"}, {"", "group", "policy_name"}),
    ],
)
def test_wrong_arguments_are_refused(deploy: Any, args: Any, keys: set[str]) -> None:
    """Every wrong argument is named before anything is declared."""

    def program() -> None:
        with pytest.raises(RefusedError) as wrong:
            grant(**args)
        assert {each.key for each in wrong.value.problems} == keys

    assert [each.type for each in deploy(program).resources if "ram" in each.type] == []


def test_outputs_are_checked_once_they_are_known(deploy: Any) -> None:
    """A wrong ARN or name inside an Output ends the run."""
    with pytest.raises(RefusedError, match=r"`assume\[0\]`"):
        deploy(lambda: grant(users={"a": "a"}, assume=[pulumi.Output.from_input("acs:ram::1:role/x")]))
    with pytest.raises(RefusedError, match=r"`users.a`"):
        deploy(lambda: grant(users={"a": pulumi.Output.from_input("a b")}, assume=ARNS[:1]))


MANY = [f"acs:ram::{A}:role/a-role-with-a-long-name-{number:03}" for number in range(120)]


def test_an_oversized_policy_is_refused_by_its_argument(deploy: Any) -> None:
    """Too many roles are refused before anything is declared, or once the Outputs among them are known."""

    def program() -> None:
        with pytest.raises(RefusedError, match=r"`assume`: the grant's policy is \d{4} .* RAM takes 6144"):
            grant(users={"a": "a"}, assume=MANY)

    assert deploy(program).of("Policy") == []
    most = next(count for count in range(len(MANY)) if grant_policy.excess(MANY[: count + 1]))

    def known_later() -> None:
        grant(users={"a": "a"}, assume=[pulumi.Output.from_input(MANY[most]), *MANY[:most]])

    with pytest.raises(RefusedError, match=r"`assume`: .* RAM takes 6144: name fewer roles"):
        deploy(known_later)
