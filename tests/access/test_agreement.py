"""Small generated worlds: the graph answers what the local cloud answers on the wire.

Each world is built twice, as the states of two stacks and through the RAM API. Every user then asks for every
role, with and without the external id, and lists functions with the session.
"""

from __future__ import annotations

import itertools
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossaccount.access import Asking, Outcome, explain_access, find_principal, graph_of, state_of
from crossaccount.engine import Target
from crossaccount.engine.ram_api import RamApi
from crossaccount.localcloud import Cloud
from tests.access.states import FUNCTIONS, OWNER, PARTNER, StackState, allow, document, root, trust
from tests.localcloud import raw

ROLES, USERS = ("Reader", "runner"), ("ann", "bob")
ROLE = f"acs:ram::{OWNER}:role"
EXTERNAL_ID = "contract-7"

CONDITIONS = [
    {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}},
    {"StringNotEquals": {"sts:ExternalId": EXTERNAL_ID}},
    {"IpAddress": {"acs:SourceIp": ["127.0.0.0/8"]}},
    {"NotIpAddress": {"acs:SourceIp": ["127.0.0.0/8"]}},
    {"Bool": {"acs:MFAPresent": "true"}},
    {"DateLessThan": {"acs:CurrentTime": "2020-01-01T00:00:00Z"}},
    {"StringLike": {"acs:PrincipalARN": "acs:ram:*:*:user/a*"}},
    {"StringLike": {"acs:PrincipalARN": "acs:ram:*:*:role/r*"}},
]
NAMED = [root(PARTNER), f"acs:ram::{PARTNER}:user/ann", f"acs:ram::{PARTNER}:user/Ann", root(OWNER)]
ASKED = ["sts:AssumeRole", "sts:*", "*", "fc:*"]
TARGETS = ["*", f"{ROLE}/reader", f"acs:ram:*:{OWNER}:role/RUNNER", f"{ROLE}/r*", f"{ROLE}/other"]
CALLS = ["fc:List*", "fc:ListFunctions", "FC:*", "fc:GetFunction"]
ON = ["*", FUNCTIONS, f"acs:fc:*:{OWNER}:*", f"acs:fc:cn-shanghai:{OWNER}:*", f"acs:fc:*:{PARTNER}:*"]

# Most worlds shall open some door: refusals come by themselves.
effects = st.sampled_from(["Allow"] * 7 + ["Deny"])
conditions = st.sampled_from([{}] * 8 + CONDITIONS)


def statements(actions, resources):
    """One or two statements of an identity policy."""
    one = st.builds(
        lambda action, resource, effect, condition: allow(action, resource, effect, **condition),
        st.sampled_from(actions),
        st.sampled_from(resources),
        effects,
        conditions,
    )
    return st.lists(one, min_size=1, max_size=2)


trusts = st.lists(
    st.builds(
        lambda name, effect, condition: trust(name, effect=effect, **condition),
        st.sampled_from(NAMED),
        effects,
        conditions,
    ),
    min_size=1,
    max_size=2,
)
worlds = st.fixed_dictionaries(
    {
        "trusts": st.tuples(trusts, trusts),
        "grant": statements(ASKED, TARGETS),
        "calls": statements(CALLS, ON),
        "granted": st.sets(
            st.sampled_from([("user", "ann"), ("user", "bob"), ("group", "team")]), min_size=1
        ),
        "system": st.sets(st.sampled_from([("role", "Reader"), ("user", "bob")])),
        "custom": st.sets(st.sampled_from(ROLES), min_size=1),
        "members": st.sets(st.sampled_from(USERS)),
    }
)
SYSTEM = {"role": "AliyunFCReadOnlyAccess", "user": "AliyunSTSAssumeRoleAccess"}


def states_of(world):
    """The two stacks of a world."""
    owner, partner = StackState("owner", OWNER), StackState("partner", PARTNER)
    for name, trusting in zip(ROLES, world["trusts"], strict=True):
        owner.role(name, *trusting)
    owner.policy("calls", *world["calls"])
    partner.group("team")
    for name in USERS:
        partner.user(name)
    partner.policy("grant", *world["grant"])
    for kind, holder in sorted(world["granted"]):
        partner.attach(kind, holder, "grant")
    for kind, holder in sorted(world["system"]):
        (owner if kind == "role" else partner).attach(kind, holder, SYSTEM[kind], "System")
    for holder in sorted(world["custom"]):
        owner.attach("role", holder, "calls")
    for name in sorted(world["members"]):
        partner.join(name, "team")
    return owner, partner


def build(world, cloud):
    """The same world through the RAM API; the users' access keys."""
    owner, partner = (api(cloud, account) for account in (OWNER, PARTNER))
    with owner, partner:
        for name in (*USERS, "Ann"):
            partner.call("CreateUser", user_name=name)
        for name, trusting in zip(ROLES, world["trusts"], strict=True):
            owner.call("CreateRole", role_name=name, assume_role_policy_document=document(*trusting))
        owner.call("CreatePolicy", policy_name="calls", policy_document=document(*world["calls"]))
        partner.call("CreatePolicy", policy_name="grant", policy_document=document(*world["grant"]))
        partner.call("CreateGroup", group_name="team")
        for kind, holder in world["granted"]:
            attach(partner, kind, holder, "grant", "Custom")
        for kind, holder in world["system"]:
            attach(owner if kind == "role" else partner, kind, holder, SYSTEM[kind], "System")
        for holder in world["custom"]:
            attach(owner, "role", holder, "calls", "Custom")
        for name in world["members"]:
            partner.call("AddUserToGroup", user_name=name, group_name="team")
        return {name: partner.call("CreateAccessKey", user_name=name)["AccessKey"] for name in USERS}


def api(cloud, account):
    key = cloud.accounts[account].root_key
    return RamApi(Target(cloud.endpoint, key.key_id, key.secret))


def attach(client, kind, holder, policy, policy_type):
    names = {f"{kind}_name": holder, "policy_name": policy, "policy_type": policy_type}
    client.call(f"AttachPolicyTo{kind.capitalize()}", **names)


class Key:
    """An access key as the raw client takes it."""

    def __init__(self, found):
        self.key_id, self.secret = found["AccessKeyId"], found["AccessKeySecret"]


def on_the_wire(cloud, key, role, external_id):
    """Whether the role was assumed, and whether functions were listed then."""
    params = {"RoleArn": f"{ROLE}/{role}", "RoleSessionName": "test"}
    if external_id:
        params["ExternalId"] = external_id
    assumed = raw.rpc1(Key(key), "AssumeRole", params).sent_to(cloud.endpoint)
    if assumed.status != 200:
        assert assumed.code == "NoPermission"
        return False, False
    session = assumed.json["Credentials"]
    listed = raw.acs3(
        Key(session),
        "ListFunctions",
        method="GET",
        path="/2023-03-30/functions",
        version="2023-03-30",
        token=session["SecurityToken"],
    ).sent_to(cloud.endpoint)
    assert listed.status in (200, 403), listed.body
    return True, listed.status == 200


def on_the_graph(graph, cloud, user, role, external_id):
    """The same two answers from the graph, for the request that was sent."""
    context = {
        "acs:SourceIp": "127.0.0.1",
        "acs:SecureTransport": "false",
        "acs:MFAPresent": "false",
        "acs:CurrentTime": cloud.clock.iso(),
        **({"sts:ExternalId": external_id} if external_id else {}),
    }
    who = find_principal(graph, f"{PARTNER}/user/{user}")
    wanted = graph.role(f"{ROLE}/{role}")
    assuming = explain_access(graph, who, "sts:AssumeRole", wanted.arn, Asking(context)).paths[0]
    calling = explain_access(graph, who, "fc:ListFunctions", FUNCTIONS, Asking(context)).paths
    through = [path.outcome for path in calling if path.roles == (wanted,)]
    for outcome in (assuming.outcome, *through):
        assert outcome in (Outcome.OPEN, Outcome.CLOSED)
    return assuming.outcome is Outcome.OPEN, Outcome.OPEN in through


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(world=worlds)
def test_the_graph_answers_what_the_cloud_answers(world):
    """Who may assume which role and list functions through it is the same from the states and on the wire."""
    graph = graph_of(
        [state_of(json.loads(json.dumps(each.export())), each.name) for each in states_of(world)]
    )
    with Cloud([OWNER, PARTNER]) as cloud:
        keys = build(world, cloud)
        for user, role, external_id in itertools.product(USERS, ROLES, (None, EXTERNAL_ID)):
            found = on_the_graph(graph, cloud, user, role, external_id)
            answered = on_the_wire(cloud, keys[user], role, external_id)
            assert found == answered, (user, role, external_id)
        assert not cloud.faults
