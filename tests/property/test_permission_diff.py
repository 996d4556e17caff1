"""Generated pairs of stacks: what the permission diff reports holds, and nothing else changed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crossaccount.access import Asking, Outcome, explain_access
from crossaccount.policy.evaluation import Request
from crossaccount.policy.sets import Witness
from crossaccount.policy.sets.membership import region_holds
from crossaccount.review import Kind, permission_diff
from tests.access.states import OWNER, PARTNER, StackState, allow, root, trust
from tests.review.pairs import graph

ACTIONS = ("fc:GetFunction", "fc:Get*", "fc:InvokeFunction", "fc:*", "oss:PutObject", "*")
RESOURCES = (
    "*",
    f"acs:fc:*:{OWNER}:functions/*",
    f"acs:fc:cn-hangzhou:{OWNER}:functions/orders",
    f"acs:fc:*:{OWNER}:functions/o*",
)
CONDITIONS = ({}, {"Bool": {"acs:MFAPresent": "true"}}, {"IpAddress": {"acs:SourceIp": "10.0.0.0/8"}})
REQUESTS = [
    (action, f"acs:{action.partition(':')[0]}:cn-hangzhou:{OWNER}:functions/{name}")
    for action in ("fc:GetFunction", "fc:InvokeFunction", "fc:DeleteFunction", "oss:PutObject")
    for name in ("orders", "other", "zebra")
]

effects = st.sampled_from(["Allow", "Allow", "Allow", "Deny"])
conditions = st.sampled_from(CONDITIONS)


@st.composite
def work(draw):
    """A statement of the role's policy."""
    condition = draw(conditions)
    return allow(draw(st.sampled_from(ACTIONS)), draw(st.sampled_from(RESOURCES)), draw(effects), **condition)


sides = st.fixed_dictionaries(
    {
        "work": st.lists(work(), min_size=1, max_size=3),
        "trust": st.sampled_from([root(PARTNER), f"acs:ram::{PARTNER}:user/ann"]),
        "gate": conditions,
        "grants": st.sets(st.sampled_from(["ann", "ben"])),
        "wide": st.booleans(),
    }
)


def stacks(side):
    """The two stacks that a generated side describes."""
    owner, partner = StackState("owner", OWNER), StackState("partner", PARTNER)
    owner.role("reader", trust(side["trust"], **side["gate"]))
    owner.policy("work", *side["work"])
    owner.attach("role", "reader", "work")
    role = "*" if side["wide"] else f"acs:ram::{OWNER}:role/reader"
    partner.policy("assume", allow("sts:AssumeRole", role))
    for user in ("ann", "ben"):
        partner.user(user)
        if user in side["grants"]:
            partner.attach("user", user, "assume")
    return graph(owner, partner)


@settings(max_examples=250, deadline=None)
@given(sides, sides)
def test_witnesses_hold_and_the_rest_did_not_change(one, other) -> None:
    """Each witness is decided differently on both sides; whatever no row covers, the graph decides alike."""
    before, after = stacks(one), stacks(other)
    found = permission_diff(before, after)
    sets = {(each.principal_arn, each.role): each for each in found.compared}
    for row in found.rows:
        pair = sets[row.principal_arn, row.role if row.path else ""]
        assert row.kind.sure
        assert pair.after.allows(row.witness) is row.kind.gains
        assert pair.before.allows(row.witness) is not row.kind.gains

    context = {"acs:MFAPresent": "true", "acs:SourceIp": "10.1.2.3"}
    for user in ("ann", "ben"):
        arn = f"acs:ram::{PARTNER}:user/{user}"
        mine = [row for row in found.rows if row.principal_arn == arn and row.path]
        for given_context in (context, {"acs:MFAPresent": "false", "acs:SourceIp": "192.0.2.1"}):
            for action, resource in REQUESTS:
                asked = {**given_context, "acs:CurrentTime": "2026-11-24T00:00:00Z"}
                old, new = (_open(each, arn, action, resource, asked) for each in (before, after))
                step = {f"acs:ram::{OWNER}:role/reader": Request("sts:AssumeRole", "x", given_context)}
                witness = Witness(Request(action, resource, given_context), step)
                covered = [row for row in mine if _holds(row, witness)]
                assert (old != new) == bool(covered), (arn, action, resource)
                assert all((row.kind is Kind.GAINED) is new for row in covered)


def _open(found, arn, action, resource, context):
    answer = explain_access(found, found.users[arn], action, resource, Asking(context))
    return answer.outcome is Outcome.OPEN


def _holds(row, witness):
    return region_holds(row.region.boxes, witness) is True


@settings(max_examples=100, deadline=None)
@given(sides, sides)
def test_the_way_back_is_the_mirror(one, other) -> None:
    """What is gained one way is lost the other way, by the same people; a side against itself is equal."""
    before, after = stacks(one), stacks(other)
    there, back = permission_diff(before, after), permission_diff(after, before)

    def said(found, kind):
        rows = found.of(kind)
        return {(row.principal_arn, row.role, row.actions, row.resources, row.conditions) for row in rows}

    assert said(there, Kind.GAINED) == said(back, Kind.LOST)
    assert said(there, Kind.LOST) == said(back, Kind.GAINED)
    assert permission_diff(before, stacks(one)).rows == ()
