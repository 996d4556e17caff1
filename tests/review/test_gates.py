"""What CI stops on, what a reviewed list lets pass, and what an approval binds."""

from __future__ import annotations

from datetime import date

import pytest

from crossaccount.access import state_of
from crossaccount.review import Kind
from crossaccount.review.allow_list import AllowList, AllowListError, read_allow_list
from crossaccount.review.approval import digest_of, refusal
from crossaccount.review.risk import GATE_NAMES, fired
from tests.access.states import FUNCTIONS, OWNER, PARTNER, allow, delegation, root, trust
from tests.review.pairs import DEV, READER, a_grant_that_opens_a_door, diff, with_policy

TODAY = date(2026, 11, 24)


def nothing(row):
    """A list that covers no row."""
    return False


def gates(found, allowed=nothing):
    """The names of the gates that fire."""
    return set(fired(found, GATE_NAMES, allowed))


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow("fc:GetFunction", FUNCTIONS), {"gain", "no-expiry", "unbounded-trust"}),
        (allow("fc:Get*", FUNCTIONS), {"gain", "no-expiry", "unbounded-trust"}),
        (allow("fc:UpdateFunction", FUNCTIONS), {"gain", "write", "no-expiry", "unbounded-trust"}),
        (allow("fc:InvokeFunction", FUNCTIONS), {"gain", "invoke", "no-expiry", "unbounded-trust"}),
        (allow("oss:PutObject", "acs:oss:*:*:x/y"), {"gain", "write", "no-expiry", "unbounded-trust"}),
        (
            allow("fc:*", FUNCTIONS),
            {"gain", "write", "invoke", "wildcard", "no-expiry", "unbounded-trust"},
        ),
        (allow("fc:GetFunction"), {"gain", "wildcard", "no-expiry", "unbounded-trust"}),
    ],
)
def test_each_gate_fires_for_what_it_is_named_after(statement, expected) -> None:
    """A role that a whole account may assume gains a statement: exactly these gates fire."""
    assert gates(diff(with_policy(), with_policy(statement))) == expected


@pytest.mark.parametrize(
    ("action", "resource", "wide"),
    [
        ("fc:?*", FUNCTIONS, True),
        ("fc:**", FUNCTIONS, True),
        ("*:*", FUNCTIONS, True),
        ("fc:*t*", FUNCTIONS, False),
        ("fc:GetFunction", "acs:*", True),
        ("fc:GetFunction", "acs:fc:*", True),
        ("fc:GetFunction", "acs:fc:*:*:*", True),
        ("fc:GetFunction", "acs:fc:?*", True),
        ("ram:GetRole", "acs:ram::*:*", True),
        ("ram:GetRole", "acs:ram:*:*:*", True),
        ("fc:GetFunction", f"acs:fc:*:{OWNER}:*", False),
        ("fc:GetFunction", "acs:fc:cn-hangzhou:*:*", False),
        ("fc:GetFunction", "acs:fc:*:*:functions/*", False),
    ],
)
def test_a_wildcard_is_one_however_it_is_written(action, resource, wide) -> None:
    """A whole service, every resource, or every one of a service in whatever account."""
    assert ("wildcard" in gates(diff(with_policy(), with_policy(allow(action, resource))))) is wide


@pytest.mark.parametrize(
    ("condition", "bounds"),
    [
        ({"StringEquals": {"sts:ExternalId": "contract-7"}}, True),
        ({"Bool": {"acs:MFAPresent": "true"}}, True),
        ({"IpAddress": {"acs:SourceIp": "203.0.113.0/24"}}, True),
        ({"StringLike": {"sts:ExternalId": "*"}}, False),
        ({"StringNotEquals": {"sts:ExternalId": "x"}}, False),
        ({"Bool": {"acs:MFAPresent": ["true", "false"]}}, False),
        ({"Bool": {"acs:SecureTransport": "true"}}, False),
        ({"IpAddress": {"acs:SourceIp": "0.0.0.0/0"}}, False),
        ({"IpAddress": {"acs:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}, False),
        ({"DateLessThan": {"acs:CurrentTime": "2030-01-01T00:00:00Z"}}, False),
        ({"StringLike": {"acs:UserAgent": "aliyun-cli/*"}}, False),
    ],
)
def test_a_condition_that_anybody_meets_bounds_nobody(condition, bounds) -> None:
    """A trust in a whole account is bounded only by what not just anybody of it meets."""
    owner, partner = delegation()
    owner.role("other", trust(root(PARTNER), **condition))
    owner.attach("role", "other", "AliyunFCReadOnlyAccess", "System")

    assert ("unbounded-trust" not in gates(diff(delegation(), (owner, partner)))) is bounds


@pytest.mark.parametrize(
    ("condition", "bounds"),
    [
        ({}, False),
        ({"StringEquals": {"oidc:aud": "sts.aliyuncs.com"}}, False),
        ({"StringLike": {"oidc:sub": "*"}}, False),
        ({"StringLike": {"oidc:sub": "repo:company-a/*"}}, True),
    ],
)
def test_an_oidc_provider_is_bounded_by_the_subject(condition, bounds) -> None:
    """A public issuer vouches for everybody: only a condition on the subject tells who may come."""
    owner, partner = delegation()
    named = {"Federated": [f"acs:ram::{OWNER}:oidc-provider/ci"]}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": named}
    owner.role("other", statement | ({"Condition": condition} if condition else {}))
    owner.attach("role", "other", "AliyunFCReadOnlyAccess", "System")

    assert ("unbounded-trust" not in gates(diff(delegation(), (owner, partner)))) is bounds


def test_a_loss_fires_no_gate() -> None:
    """Taking away never stops a change."""
    assert gates(diff(with_policy(allow("fc:*")), with_policy())) == set()


def test_a_bounded_trust_with_an_end_fires_less() -> None:
    """One named user, until a date: a gain by a new account, with an end and a bound."""
    owner, partner = delegation()
    until = {"DateLessThan": {"acs:CurrentTime": "2027-03-31T00:00:00Z"}}
    owner.role("other", trust("acs:ram::1456789012340000:user/ann", **until))
    owner.policy("one", allow("fc:GetFunction", FUNCTIONS))
    owner.attach("role", "other", "one")

    assert gates(diff(delegation(), (owner, partner))) == {"gain", "new-account"}


def test_what_cannot_be_told_fires_every_gate_of_a_gain() -> None:
    """A policy that is not known may be a gain of any kind, and the gate of its own fires."""
    before, after = delegation(), delegation()
    after[0].attach("role", "fc-reader", "AliyunNobodyKnowsFullAccess", "System")
    found = diff(before, after)

    assert {row.kind for row in found.rows} == {Kind.MAYBE_GAINED}
    assert {"cannot-tell", "gain", "write", "invoke", "wildcard"} <= gates(found)


ENTRY = f"""\
allow:
  - principal: {DEV}
    role: "{READER}"
    actions: [fc:Get*]
    resources: ["{FUNCTIONS}"]
    owner: platform
    reason: operators read
    expires: 2026-11-24
  - principal: acs:ram::{PARTNER}:root
    role: "acs:ram::{OWNER}:role/*"
    actions: fc:Get*
    resources: "*"
    owner: platform
    reason: the partner decides
    expires: 2027-01-01
"""


def test_the_list_lets_pass_what_it_covers_whole(tmp_path) -> None:
    """A row passes while its day is not over, and only if each of its requests is covered."""
    path = tmp_path / "allow.yaml"
    path.write_text(ENTRY)
    listed = read_allow_list(path)
    narrow = diff(with_policy(), with_policy(allow("fc:GetFunction", FUNCTIONS)))
    wide = diff(with_policy(), with_policy(allow("fc:GetFunction")))

    def passing(found, today=TODAY):
        return {row.principal_arn for row in found.rows if listed.covers(row, today)}

    assert passing(narrow) == {DEV, root(PARTNER)}
    assert passing(wide) == {root(PARTNER)}
    assert passing(narrow, date(2026, 11, 25)) == {root(PARTNER)}
    assert passing(diff(with_policy(), with_policy(allow("fc:*", FUNCTIONS)))) == set()
    assert [each.owner for each in listed.expired(date(2026, 11, 25))] == ["platform"]
    assert gates(narrow, lambda row: listed.covers(row, TODAY)) == set()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("allow: [", "is no plain YAML: line 1"),
        ("allow: " + "[" * 2000, "nested deeper"),
        ("allow: [&a x, *a]", "anchors and aliases"),
        (ENTRY.replace("    owner:", "    role: '*'\n    owner:"), "line [0-9]+: key 'role' is given twice"),
        ("allow: !!python/object/apply:os.system [id]", "tags are not read"),
        ("deny: []", "one list under `allow`"),
        ("allow: [3]", "entry 1 is no mapping"),
        (ENTRY.replace("    owner: platform\n", ""), "entry 1 has no `owner`"),
        (ENTRY.replace("    reason: operators read\n", ""), "entry 1 has no `reason`"),
        (ENTRY.replace("    expires: 2026-11-24\n", ""), "entry 1 has no `expires`"),
        (ENTRY.replace("2026-11-24", "soon"), "entry 1: `expires` is `soon`"),
        (ENTRY.replace("    owner:", "    until: 1\n    owner:", 1), "entry 1: `until` is not known"),
    ],
)
def test_a_list_that_is_not_whole_is_refused(tmp_path, text, message) -> None:
    """Every entry needs an owner, a reason and an expiry; each error names file and entry."""
    path = tmp_path / "allow.yaml"
    path.write_text(text)

    with pytest.raises(AllowListError, match=message) as error:
        read_allow_list(path)
    assert "allow.yaml" in str(error.value)


def test_an_empty_list_covers_nothing() -> None:
    """Without a file nothing passes."""
    found = diff(*a_grant_that_opens_a_door())

    assert not any(AllowList().covers(row, TODAY) for row in found.rows)


def approval(before, after):
    """The digest of two tuples of `StackState`s."""
    sides = [[state_of(each.export(), each.name) for each in side] for side in (before, after)]
    return digest_of(*sides, diff(before, after))


def test_an_approval_binds_all_three_parts() -> None:
    """The digest changes with the state before, with what would be applied, and with the diff."""
    before, after = a_grant_that_opens_a_door()
    approved = approval(before, after)
    assert refusal(approved, approval(*a_grant_that_opens_a_door())) == ""

    start = a_grant_that_opens_a_door()
    start[0][0].user("late")
    start[1][0].user("late")
    assert "the state before" in refusal(approved, approval(*start))

    other = a_grant_that_opens_a_door()
    other[1][0].policy("extra", allow("fc:*"))
    said = refusal(approved, approval(*other))
    assert said.startswith("what would be applied differs from what was approved")

    wider = a_grant_that_opens_a_door()
    wider[1][0].attach("role", "fc-reader", "AliyunFCFullAccess", "System")
    assert "what would be applied and the permission diff differ" in refusal(approved, approval(*wider))
    assert "is no digest" in refusal("abc", approved)


def test_lines_that_move_do_not_undo_an_approval() -> None:
    """Where in the program a resource is declared is no part of what is approved."""
    before, after = a_grant_that_opens_a_door()
    moved = a_grant_that_opens_a_door()
    for each in moved[1][1].resources:
        each["sourcePosition"] = "project:///elsewhere.py#1"

    assert approval(before, after) == approval(*moved)


def test_the_order_of_stacks_does_not_matter() -> None:
    """The same stacks given in another order are the same approval."""
    before, after = a_grant_that_opens_a_door()

    assert approval(before, after) == approval(before[::-1], after[::-1])
