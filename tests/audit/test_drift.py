"""Drift as a pure comparison of facts: policies by meaning, the committed stacks and what they made."""

from __future__ import annotations

import pytest

from crossaccount.access import Origin, read_account, state_of
from crossaccount.access.build import merge
from crossaccount.access.documents import read_document
from crossaccount.access.stack_facts import facts_of
from crossaccount.access.values import Unknown
from crossaccount.audit.drift import drift_of
from crossaccount.audit.drift_policies import difference
from crossaccount.engine.ram_api import RamApi
from tests.access.conftest import committed
from tests.access.states import OWNER, PARTNER, allow, document, root, trust

__all__ = ["committed"]

HERE = Origin("here")
DEV, OPS = f"acs:ram::{PARTNER}:user/dev", f"acs:ram::{PARTNER}:user/ops"
IDP = {
    "Effect": "Allow", "Action": "sts:AssumeRole",
    "Principal": {"Federated": [f"acs:ram::{OWNER}:saml-provider/idp"]},
    "Condition": {"StringEquals": {"saml:recipient": "https://signin.aliyun.com/saml-role/sso"}},
}  # fmt: skip
SERVICE = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["fc.aliyuncs.com"]}}


def differ(declared, live, kind="Trust"):
    """How two policies of some statements differ."""
    sides = (declared, live)
    return difference(*(read_document(kind, "p", OWNER, document(*each), HERE) for each in sides))


@pytest.mark.parametrize(
    ("declared", "live"),
    [
        ([trust(DEV, OPS)], [trust(OPS), trust(DEV)]),
        ([trust(root(PARTNER))], [trust(root(PARTNER)), trust(DEV)]),
        ([trust(DEV), trust(OPS, effect="Deny")], [trust(DEV)]),
        ([IDP, SERVICE], [SERVICE, IDP]),
        ([trust(DEV, StringEquals={"sts:ExternalId": ["a1", "b1"]})],
         [trust(DEV, StringEquals={"sts:ExternalId": each}) for each in ("b1", "a1")]),
    ],
)  # fmt: skip
def test_trust_in_other_words_is_the_same(declared, live):
    """Order, several statements for one, what another statement holds already."""
    assert not differ(declared, live)


@pytest.mark.parametrize(
    ("declared", "live", "more", "less"),
    [
        ([trust(DEV)], [trust(DEV, OPS)], [f"user `ops` of `{PARTNER}`"], []),
        ([trust(DEV)], [trust(DEV, Bool={"acs:MFAPresent": "true"})], [], ["user `dev`"]),
        ([trust(DEV)], [trust(root(PARTNER))], [f"whoever account `{PARTNER}` lets"], []),
        ([trust(DEV), IDP], [trust(DEV)], [], ["whoever `saml-provider/idp` vouches for"]),
        ([trust(DEV)], [trust(DEV), SERVICE], ["service `fc.aliyuncs.com`"], []),
        ([trust(root(PARTNER)), trust(DEV, effect="Deny")], [trust(root(PARTNER))], ["user `dev`"], []),
    ],
)
def test_trust_that_means_something_else_is_told(declared, live, more, less):
    """Who gains, and who loses."""
    found = differ(declared, live)

    for said, wanted in ((found.more, more), (found.less, less)):
        assert bool(said) is bool(wanted)
        assert all(any(each.startswith(words) for each in said) for words in wanted)


def test_an_external_id_that_changed_is_told_without_its_value():
    """It is between the two companies."""
    found = differ(
        [trust(DEV, StringEquals={"sts:ExternalId": "first-secret"})],
        [trust(DEV, StringEquals={"sts:ExternalId": "second-secret"})],
    )

    assert found.more
    assert found.less
    assert "`sts:ExternalId` is a certain one" in str(found)
    assert "secret" not in str(found)


def test_a_policy_is_compared_by_its_requests():
    """Wildcards that hold the same actions are the same; more of them are told, the first three."""
    one, many = [allow("log:List*")], [allow(["log:List*", "log:ListProject"])]
    assert not differ(one, many, "Custom")

    wide = [allow(f"{name}:*") for name in ("fc", "oss", "ecs", "rds", "log")]
    found = differ(one, wide, "Custom")
    assert found.more
    assert not found.less


def test_a_policy_that_is_not_known_cannot_be_told():
    """A secret is not decrypted to compare it."""
    secret = read_document("Custom", "p", OWNER, Unknown.SECRET, HERE)
    live = read_document("Custom", "p", OWNER, document(allow("fc:*")), HERE)

    assert "at most every action" in str(difference(secret, live))


def test_the_committed_stacks_have_no_drift_from_what_they_made(committed):
    """What the components declare and what the accounts hold mean the same."""
    live = []
    for target in committed.targets.values():
        with RamApi(target) as api:
            live.append(read_account(api))
    stacks = [facts_of(state_of(state, name)) for name, state in committed.states.items()]

    assert list(drift_of(merge(stacks), merge(live))) == []
