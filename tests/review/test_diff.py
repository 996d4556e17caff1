"""Who gains and loses what between two access graphs, through what, because of which resource."""

from __future__ import annotations

import json

import pytest

from crossaccount.access import graph_of, preview_of, state_of
from crossaccount.policy.comparison import Change
from crossaccount.review import Kind, permission_diff
from crossaccount.review.json_form import to_json
from crossaccount.review.markdown import to_markdown
from crossaccount.review.risk import fired
from crossaccount.review.sarif import to_sarif
from crossaccount.review.terminal import terminal_lines
from tests.access.states import (
    FUNCTIONS,
    OWNER,
    PARTNER,
    SECRET,
    UNKNOWN,
    StackState,
    allow,
    delegation,
    root,
    trust,
)
from tests.review.pairs import DEV, READER, a_grant_that_opens_a_door, diff, of, with_policy


def test_equal_stacks_are_no_change() -> None:
    """Two graphs of the same stacks have no row, and every principal is unchanged."""
    found = diff(delegation(), delegation())

    assert found.rows == found.principals == ()
    assert found.unchanged == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            [allow(["fc:GetFunction", "fc:ListFunctions"])],
            [allow("fc:ListFunctions"), allow("fc:GetFunction")],
        ),
        ([allow("fc:Get*")], [allow(["fc:Get*", "fc:GetFunction"])]),
        (
            [allow("fc:*"), allow("fc:Delete*", effect="Deny")],
            [allow("fc:Delete*", effect="Deny"), allow("fc:*")],
        ),
    ],
)
def test_another_spelling_is_no_change(before, after) -> None:
    """Order, a split statement and a redundant name change nobody's permissions."""
    assert diff(with_policy(*before), with_policy(*after)).rows == ()


def test_a_grant_in_one_stack_is_a_line_about_a_person() -> None:
    """B's grant alone gives what A's role may do: one row with role, path and the changed attachment."""
    found = diff(*a_grant_that_opens_a_door())

    (row,) = found.rows
    assert (row.kind, row.principal, row.role, row.path) == (Kind.GAINED, "user `eve`", READER, (READER,))
    assert row.actions == ("fc:Get*", "fc:List*")
    assert [cause.resource for cause in row.causes] == ["UserPolicyAttachment user-eve-assume"]
    assert row.causes[0].position == "__main__.py:15"
    assert [each.verdict for each in found.principals] == [Change.MORE]


def chain(third):
    """The delegation whose role leads on to `second` and `third`; `third` statements on the last."""
    owner, partner = delegation()
    for caller, role in (("fc-reader", "second"), ("second", "third")):
        owner.role(role, trust(f"acs:ram::{OWNER}:role/{caller}"))
        owner.policy(f"to-{role}", allow("sts:AssumeRole", f"acs:ram:*:{OWNER}:role/{role}"))
        owner.attach("role", caller, f"to-{role}")
    owner.policy("far", *third)
    owner.attach("role", "third", "far")
    return owner, partner


def test_a_change_three_hops_away_is_attributed() -> None:
    """What a policy of the third role adds is a gain of the user, who has no part in the change."""
    found = diff(chain([allow("oss:GetObject")]), chain([allow("oss:*Object")]))

    (row,) = of(found)
    assert [role.rpartition("/")[2] for role in row.path] == ["fc-reader", "second", "third"]
    assert [(cause.resource, cause.what) for cause in row.causes] == [("Policy far", "document changed")]


def test_a_loss_says_when_the_last_session_has_ended() -> None:
    """A loss lasts as long as open sessions do; over several roles, their sum from the closed gate on."""
    far = diff(chain([allow("oss:*")]), chain([allow("oss:Get*")]))
    before, after = chain([allow("oss:*")]), chain([allow("oss:*")])
    after[1].resources.pop()  # the user's grant
    near = diff(before, after)

    assert [row.ends_after for row in of(far)] == [3600]
    assert {row.role.rpartition("/")[2]: row.ends_after for row in of(near)} == {
        "fc-reader": 3600,
        "third": 10800,
    }


def test_the_longest_session_is_the_roles_own() -> None:
    """The bound of a loss is what the state before says."""
    before, after = delegation(), delegation()
    before[0].resources[1]["outputs"]["maxSessionDuration"] = 43200
    after[0].resources.pop()

    assert {row.ends_after for row in diff(before, after).rows} == {43200}


def test_what_somebody_does_as_oneself_is_lost_at_once() -> None:
    """No session outlives a user's own policy."""
    before, after = delegation(), delegation()
    before[1].policy("own", allow("fc:ListFunctions"))
    before[1].attach("user", "dev", "own")

    (row,) = diff(before, after).rows
    assert (row.kind, row.path, row.ends_after) == (Kind.LOST, (), 0)


def test_a_condition_of_the_trust_policy_is_folded_in() -> None:
    """A trust policy that starts to ask for a second factor takes away what is asked without one."""

    def asking(**condition):
        owner, partner = StackState("owner", OWNER), delegation()[1]
        owner.role("fc-reader", trust(root(PARTNER), **condition))
        owner.attach("role", "fc-reader", "AliyunFCReadOnlyAccess", "System")
        return owner, partner

    (row,) = of(diff(asking(), asking(Bool={"acs:MFAPresent": "true"})))

    assert row.kind is Kind.LOST
    assert row.conditions == (f"acs:MFAPresent is false or is missing when assuming {READER}",)
    assert [cause.what for cause in row.causes] == ["trust policy changed"]


def test_a_new_account_is_told() -> None:
    """A trust in an account that had no way in before is marked, and whoever it lets is unbounded."""
    owner, partner = delegation()
    owner.role("other", trust(root("1456789012340000")))
    owner.attach("role", "other", "AliyunFCReadOnlyAccess", "System")

    (row,) = diff(delegation(), (owner, partner)).rows
    assert row.account == "1456789012340000"
    assert row.new_account
    assert not row.bounded


def test_an_external_id_bounds_a_trust() -> None:
    """A whole account is bounded where assuming takes a condition that must be met."""
    owner, partner = delegation()
    owner.role("other", trust(root("1456789012340000"), StringEquals={"sts:ExternalId": "contract-7"}))
    owner.attach("role", "other", "AliyunFCReadOnlyAccess", "System")

    (row,) = diff(delegation(), (owner, partner)).rows
    assert row.bounded
    assert not row.expires


def test_a_date_is_an_expiry() -> None:
    """Access that its trust policy ends at a date says so."""
    owner, partner = delegation()
    until = {"DateLessThan": {"acs:CurrentTime": "2027-03-31T00:00:00Z"}}
    owner.role("other", trust(root("1456789012340000"), **until))
    owner.attach("role", "other", "AliyunFCReadOnlyAccess", "System")

    (row,) = diff(delegation(), (owner, partner)).rows
    assert row.expires


@pytest.mark.parametrize("condition", [{}, {"StringEquals": {"oidc:sub": "repo:main"}}])
def test_an_identity_provider_is_a_principal(condition) -> None:
    """Whoever a provider vouches for gains what the trusting role may do, under the token's conditions."""
    owner, partner = delegation()
    provider = f"acs:ram::{OWNER}:oidc-provider/ci"
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Federated": [provider]}}
    owner.role("deploy", statement | ({"Condition": condition} if condition else {}))
    owner.attach("role", "deploy", "AliyunFCReadOnlyAccess", "System")

    (row,) = diff(delegation(), (owner, partner)).rows
    assert row.principal_arn == provider
    assert ["oidc:sub is `repo:main`" in each for each in row.conditions] == [True] * len(condition)


@pytest.mark.parametrize("text", [UNKNOWN, SECRET])
def test_what_is_not_known_is_maybe(text) -> None:
    """A document that is unknown until `up`, or secret, may give and may take: rows of their own."""
    before = with_policy(allow("fc:GetFunction", FUNCTIONS))
    after = with_policy(allow("fc:GetFunction", FUNCTIONS))
    policy = next(each for each in after[0].resources if each["type"].endswith("Policy"))
    policy["inputs"]["policyDocument"] = policy["outputs"]["policyDocument"] = text

    found = diff(before, after)
    kinds = {row.kind for row in of(found)}
    assert Kind.MAYBE_GAINED in kinds
    assert kinds & {Kind.LOST, Kind.MAYBE_LOST}
    assert all(row.why for row in of(found) if not row.kind.sure)


def test_an_unknown_system_policy_compares_with_itself() -> None:
    """A system policy whose document is not known changes nothing where both sides have it."""
    before, after = delegation(), delegation()
    for owner, _ in (before, after):
        owner.attach("role", "fc-reader", "AliyunNobodyKnowsFullAccess", "System")

    assert diff(before, after).rows == ()
    assert {row.kind for row in diff(delegation(), after).rows} == {Kind.MAYBE_GAINED}


def test_a_preview_on_its_state_is_one_side() -> None:
    """A state and the preview on it give the same rows as the two states."""
    before, after = a_grant_that_opens_a_door()
    urn = after[1].resources[-1]["urn"]
    step = {"op": "create", "urn": urn, "newState": {**after[1].resources[-1], "outputs": {}}}
    old = [state_of(each.export(), each.name) for each in before]
    planned = [old[0], preview_of(before[1].preview(step), "preview", old[1])]

    found = permission_diff(graph_of(old), graph_of(planned))
    assert [(row.principal, row.actions) for row in found.rows] == [("user `eve`", ("fc:Get*", "fc:List*"))]


def test_a_role_that_nobody_reaches_speaks_for_itself() -> None:
    """What a role gains that no known principal may assume is a row about the role."""
    owner, partner = delegation()
    owner.role("idle", trust(root(OWNER), effect="Deny"))
    owner.attach("role", "idle", "AliyunFCReadOnlyAccess", "System")

    (row,) = diff(delegation(), (owner, partner)).rows
    assert (row.principal, row.path) == ("role `idle`", ())


def test_every_witness_holds() -> None:
    """The request of every sure row is allowed on one side and refused on the other, by the evaluator."""
    found = diff(chain([allow("oss:*")]), with_policy(allow("fc:*")))
    sets = {(each.principal_arn, each.role): each for each in found.compared}
    assert DEV in {row.principal_arn for row in found.rows}
    for row in found.rows:
        pair = sets[row.principal_arn, row.role if row.path else ""]
        gains = row.kind is Kind.GAINED
        assert pair.after.allows(row.witness) is gains
        assert pair.before.allows(row.witness) is not gains


def test_groups_and_memberships_are_causes() -> None:
    """Who joins a group gains what the group may do, because of the membership."""
    before, after = delegation(), delegation()
    for _, partner in (before, after):
        partner.user("eve")
        partner.group("ops")
        partner.attach("group", "ops", "assume")
        partner.join("dev", "ops")
    after[1].join("eve", "ops")

    (row,) = diff(before, after).rows
    assert row.principal == "user `eve`"
    assert [cause.what for cause in row.causes] == ["joined"]


def test_declaring_somebody_who_was_only_named_is_told() -> None:
    """What a user held whom a trust named and nobody declared is not known: it may lose it."""
    owner, _ = delegation()
    owner.role("other", trust(f"acs:ram::{PARTNER}:user/late"))
    owner.attach("role", "other", "AliyunFCReadOnlyAccess", "System")
    before, after = delegation()[1], delegation()[1]
    after.user("late")

    rows = diff((owner, before), (owner, after)).rows
    assert {(row.kind, row.principal) for row in rows} == {(Kind.MAYBE_LOST, "user `late`")}
    assert {cause.what for row in rows for cause in row.causes} == {"created"}


def test_a_custom_policy_that_says_the_same_is_no_change() -> None:
    """A custom policy of the same meaning in the place of a system policy changes nothing for anybody."""
    found = diff(delegation(), with_policy(allow(["fc:List*", "fc:Get*"]), name="fc-read"))

    assert found.rows == found.principals == ()
    assert found.unchanged == 2


def test_what_too_many_ways_lead_to_is_said_not_to_be_proven() -> None:
    """Beyond the bound of ways that differ in conditions every row is a maybe, in every output."""
    found = diff(layers(9, "fc:Get*"), layers(9, "fc:*"))
    mine = [row for row in of(found, f"acs:ram::{PARTNER}:user/ann") if row.role.endswith("role/end")]

    assert {row.kind for row in mine} == {Kind.MAYBE_GAINED, Kind.MAYBE_LOST}
    assert all("more than 64" in row.why for row in mine)
    assert ("fc:* except fc:Get*",) in {row.actions for row in mine}
    for text in (to_markdown(found), json.dumps(to_json(found)), json.dumps(to_sarif(found))):
        assert "the paths to the role" in text
    assert any("the paths to the role" in line for line in terminal_lines(found))
    assert fired(found, ["gain", "cannot-tell"], lambda _: False).keys() == {"gain", "cannot-tell"}


def layers(count, call):
    """Two layers of roles, each role under its own external id, before the last role."""
    owner, partner = StackState("owner", OWNER), StackState("partner", PARTNER)
    partner.user("ann")
    partner.policy("assume", allow("sts:AssumeRole"))
    partner.attach("user", "ann", "assume")
    owner.policy("chain", allow("sts:AssumeRole"))
    owner.policy("work", allow(call))
    trusted = [root(PARTNER)]
    for layer in range(2):
        names = [f"l{layer}-{number}" for number in range(count)]
        for name in names:
            owner.role(name, trust(*trusted, StringEquals={"sts:ExternalId": name}))
            owner.attach("role", name, "chain")
        trusted = [f"acs:ram::{OWNER}:role/{name}" for name in names]
    owner.role("end", trust(*trusted))
    owner.attach("role", "end", "work")
    return owner, partner


def test_nobody_is_proven_to_lose_to_a_trust_that_is_secret() -> None:
    """A trust policy that nobody may read can still name everybody it named: not even an account is lost."""
    before, after = delegation(), delegation()
    for each in after[0].resources:
        if each["type"].endswith("role:Role"):
            each["inputs"]["assumeRolePolicyDocument"] = SECRET
            each["outputs"]["assumeRolePolicyDocument"] = SECRET

    found = diff(before, after)

    assert {row.kind for row in found.rows} == {Kind.MAYBE_GAINED, Kind.MAYBE_LOST}
    assert root(PARTNER) in {row.principal_arn for row in found.of(Kind.MAYBE_LOST)}
