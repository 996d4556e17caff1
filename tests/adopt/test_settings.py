"""What settings say for a role made by hand, and why they cannot."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import permission_documents, trust_policy
from components.declarations import Permissions, Trust
from crossaccount.access.documents import read_document
from crossaccount.access.facts import AttachmentFact, RoleFact
from crossaccount.access.origin import Origin
from crossaccount.adopt.adopting import adopted
from crossaccount.adopt.import_file import import_file, urns
from crossaccount.adopt.model import Adoption, CannotSayError, CustomPolicy, LeftOut, LiveRole
from crossaccount.adopt.permission_settings import own_policy
from crossaccount.adopt.trust_settings import foreign_accounts, trust_settings
from crossaccount.policy import PolicyKind, canonical, normalized, parse
from tests.adopt.by_hand import OWNER, PARTNER, THIRD, document, root, trust

ANY = {"Effect": "Allow", "Action": "a:B", "Resource": "*"}
HERE = Origin("live account")
SOME = st.lists(st.sampled_from(("a", "b.c", "d-e")), min_size=1, unique=True)
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "externalIds": SOME.map(lambda names: [f"id-{each}" for each in names]),
        "mfa": st.just(True),
        "sourceIps": st.lists(st.sampled_from(("203.0.113.0/24", "198.51.100.7")), min_size=1, unique=True),
        "expires": st.just("2030-03-31T23:59:59Z"),
    },
)
WHO = st.one_of(
    st.just({"wholeAccount": True}),
    st.fixed_dictionaries({"users": SOME}, optional={"roles": SOME}),
)


def said(*statements):
    """The settings of a trust policy."""
    return trust_settings(parse(document(*statements), PolicyKind.TRUST), OWNER)


def live(name="worker", statements=None, attached=(), description="", tags=None, seconds=3600):
    """A role in the account; `attached` are pairs of type and policy."""
    text = document(*(statements or [trust(root(PARTNER))]))
    fact = RoleFact(OWNER, name, False, read_document("Trust", name, OWNER, text, HERE), seconds, HERE)
    on = tuple(AttachmentFact(OWNER, "role", name, kind, policy, HERE) for kind, policy in attached)
    return LiveRole(fact, description, tags or {}, on)


def custom(*statements, **fields):
    """A custom policy in the account."""
    return CustomPolicy(parse(document(*statements), PolicyKind.IDENTITY), **fields)


@given(who=WHO, conditions=CONDITIONS)
def test_what_the_component_writes_is_said_again(who, conditions):
    """Settings to trust policy and back: the same policy, whatever the settings."""
    settings = {"account": PARTNER, **who, **conditions}
    text = trust_policy.document(OWNER, Trust.model_validate(settings), suspended=False)
    again = trust_settings(parse(text, PolicyKind.TRUST), OWNER)

    assert trust_policy.document(OWNER, Trust.model_validate(again), suspended=False) == text


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        ([trust(root(PARTNER)), trust(root(THIRD))], "2 statements"),
        ([trust(root(PARTNER), effect="Deny")], "denies"),
        ([trust(root(PARTNER), root(THIRD))], "several accounts"),
        ([trust(root(PARTNER), root(OWNER))], "several accounts"),
        ([trust(root(OWNER))], "its own account alone"),
        ([trust(root(PARTNER), f"acs:ram::{PARTNER}:user/dev")], "names some of it"),
        ([{**trust(), "Principal": {"RAM": [root(PARTNER)], "Service": ["fc.aliyuncs.com"]}}], "a service"),
        ([{**trust(), "Principal": {"Federated": [f"acs:ram::{PARTNER}:saml-provider/idp"]}}], "Federated"),
        ([{**trust(root(PARTNER)), "Action": "sts:*"}], "`sts:*`"),
        ([trust(root(PARTNER), StringLike={"sts:ExternalId": "secret-*"})], "`StringLike` of `sts:E"),
        ([trust(root(PARTNER), Bool={"acs:MFAPresent": "false"})], "`Bool` of `acs:MFAPresent`"),
        ([trust(root(PARTNER), StringEquals={"acs:SourceVpc": "vpc-1"})], "`acs:SourceVpc`"),
    ],
)  # fmt: skip
def test_what_settings_cannot_say_is_named(statements, words):
    """Never bent: the reason names the element, and no value that may be a secret."""
    with pytest.raises(CannotSayError) as found:
        said(*statements)

    assert words in str(found.value)
    assert "secret" not in str(found.value)


def test_only_who_is_let_in_from_elsewhere_counts():
    """A denial, a service and the role's own account make no cross-account role."""
    policy = parse(
        document(
            trust(root(OWNER)),
            trust(root(THIRD), effect="Deny"),
            {**trust(), "Principal": {"Service": ["fc.aliyuncs.com"]}},
            {**trust(), "Principal": {"Federated": [f"acs:ram::{PARTNER}:oidc-provider/ci"]}},
        ),
        PolicyKind.TRUST,
    )

    assert foreign_accounts(policy, OWNER) == (PARTNER,)


def test_policies_come_in_or_stay_with_their_reason():
    """System policies by name, known or not; a custom one where the component would make the same."""
    own = {"Effect": "Allow", "NotAction": "ram:*", "Resource": "*",
           "Condition": {"IpAddress": {"acs:SourceIp": "203.0.113.0/24"}}}  # fmt: skip
    attached = [("System", "AliyunFCReadOnlyAccess"), ("System", "AliyunNewAccess"),
                ("Custom", "fc-ops-custom"), ("Custom", "other")]  # fmt: skip
    found = adopted(live("fc.ops", attached=attached), {"fc-ops-custom": custom(own), "other": custom(own)})

    assert isinstance(found, Adoption)
    permissions = found.delegation["permissions"]
    assert permissions["systemPolicies"] == ["AliyunFCReadOnlyAccess"]
    assert permissions["otherSystemPolicies"] == ["AliyunNewAccess"]
    assert (found.custom, [each.policy for each in found.left]) == ("fc-ops-custom", ["other"])
    written = permission_documents.document(
        OWNER, "fc.ops", "custom", Permissions.model_validate(permissions)
    )
    assert written == canonical(normalized(parse(document(own), PolicyKind.IDENTITY)))


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (None, "could not be read"),
        (CustomPolicy(None), "what it says"),
        (custom(ANY, others=("user `x`",)), "shared with user `x`"),
        (custom(ANY, tags={"a": "b"}), "has tags"),
        (custom(ANY, tags=None), "tags could not be read"),
        (custom(ANY, surely=False), "who else holds it"),
    ],
)  # fmt: skip
def test_a_custom_policy_stays_attached_by_hand(policy, words):
    """The role is adopted without it, and the reason told."""
    found = adopted(
        live(attached=[("Custom", "worker-custom")]), {} if policy is None else {"worker-custom": policy}
    )

    assert isinstance(found, Adoption)
    assert "permissions" not in found.delegation
    assert found.taken() == ()
    assert words in found.left[0].why


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (live("under_score"), "letters, digits"),
        (live(description="a\x1b[2J"), "`\\x1b`"),
        (live(tags={"a\u202eb": ""}), "`\\u202e`"),
    ],
)
def test_a_role_that_no_setting_holds_is_left_out(role, words):
    """Names, descriptions and tags that nobody could review."""
    found = adopted(role, {})

    assert isinstance(found, LeftOut)
    assert words in found.why


@pytest.mark.parametrize("role", ["worker", "fc.ops", "a.b.c"])
def test_the_names_are_the_components(role):
    """The custom policy's name is the one that the component makes."""
    assert own_policy(role) == permission_documents.policy_name(role, "custom")


def test_the_import_file_names_each_resource_once():
    """Names are the file's own, parents come first, and ids are the provider's."""
    attached = [("System", "AliyunFCReadOnlyAccess"), ("Custom", "worker-custom")]
    policies = {"worker-custom": custom({"Effect": "Allow", "Action": "fc:GetFunction", "Resource": "*"})}
    found = [adopted(live(attached=attached), policies), adopted(live("worker-custom"), {})]
    file = import_file(found, "4.0.0")
    names = [each["name"] for each in file["resources"]]

    assert len(set(names)) == len(names)
    for number, each in enumerate(file["resources"]):
        assert each.get("parent") in (None, *names[:number])
        assert ("id" in each) is not bool(each.get("component"))
    assert {each["id"] for each in file["resources"] if "id" in each} == {
        "worker", "worker-custom",
        "role:AliyunFCReadOnlyAccess:System:worker", "role:worker-custom:Custom:worker",
    }  # fmt: skip
    assert (
        "urn:pulumi:a::p::crossaccount:index:CrossAccountRole$crossaccount:index:RolePermissions"
        "$alicloud:ram/policy:Policy::worker-custom"
    ) in urns(file, "p", "a")
    assert json.loads(json.dumps(file)) == file
