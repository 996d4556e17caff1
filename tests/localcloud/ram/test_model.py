"""RAM's attachments held against a model: any order of create, attach, detach, join, leave and delete."""

from __future__ import annotations

import json

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from crossaccount.localcloud.call import Call
from crossaccount.localcloud.caller import Caller
from crossaccount.localcloud.cloud import Cloud
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.ram import OPERATIONS
from crossaccount.localcloud.ram.state import RamState

A = "1234567890120000"
TRUST = json.dumps(
    {
        "Version": "1",
        "Statement": [
            {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": [f"acs:ram::{A}:root"]}}
        ],
    }
)
DOCUMENT = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"fc:*","Resource":"*"}]}'
KINDS = st.sampled_from(["Role", "User", "Group"])
NAMES = st.sampled_from(["x", "y"])
POLICIES = st.sampled_from(["p", "q"])


class Delegation(RuleBasedStateMachine):
    """The model: which entities and policies exist, and the pairs of them that are joined."""

    def __init__(self) -> None:
        super().__init__()
        self.cloud = Cloud([A], seed=1)
        self.entities: set[tuple[str, str]] = set()
        self.policies: set[str] = set()
        self.attached: set[tuple[str, str, str]] = set()
        self.members: set[tuple[str, str]] = set()

    def call(self, action, **params):
        """The code of the refusal, or None."""
        account = self.cloud.accounts[A]
        caller = Caller("root", account, account.root_key.key_id)
        call = Call(self.cloud, account, caller, params, "cn-hangzhou", "127.0.0.1", "R")
        try:
            OPERATIONS[action].answer(call)
        except ApiError as error:
            return error.code
        return None

    @rule(kind=KINDS, name=NAMES)
    def create(self, kind, name):
        """Creating works once."""
        extra = {"AssumeRolePolicyDocument": TRUST} if kind == "Role" else {}
        code = self.call(f"Create{kind}", **{f"{kind}Name": name}, **extra)
        assert code == (f"EntityAlreadyExists.{kind}" if (kind, name) in self.entities else None)
        self.entities.add((kind, name))

    @rule(policy=POLICIES)
    def create_policy(self, policy):
        """Creating a policy works once."""
        code = self.call("CreatePolicy", PolicyName=policy, PolicyDocument=DOCUMENT)
        assert code == ("EntityAlreadyExists.Policy" if policy in self.policies else None)
        self.policies.add(policy)

    def missing(self, kind, name, policy):
        """What an attach or detach misses first."""
        if (kind, name) not in self.entities:
            return f"EntityNotExist.{kind}"
        return None if policy in self.policies else "EntityNotExist.Policy"

    @rule(kind=KINDS, name=NAMES, policy=POLICIES)
    def attach(self, kind, name, policy):
        """Attaching works once."""
        link = (kind, name, policy)
        params = {f"{kind}Name": name, "PolicyType": "Custom", "PolicyName": policy}
        expected = self.missing(*link)
        if expected is None and link in self.attached:
            expected = f"EntityAlreadyExists.{kind}.Policy"
        assert self.call(f"AttachPolicyTo{kind}", **params) == expected
        if expected is None:
            self.attached.add(link)

    @rule(kind=KINDS, name=NAMES, policy=POLICIES)
    def detach(self, kind, name, policy):
        """Detaching works once after each attaching."""
        link = (kind, name, policy)
        params = {f"{kind}Name": name, "PolicyType": "Custom", "PolicyName": policy}
        expected = self.missing(*link)
        if expected is None and link not in self.attached:
            expected = f"EntityNotExist.{kind}.Policy"
        assert self.call(f"DetachPolicyFrom{kind}", **params) == expected
        self.attached.discard(link)

    @rule(user=NAMES, group=NAMES)
    def join_or_leave(self, user, group):
        """Joining works outside, leaving inside."""
        if ("User", user) not in self.entities or ("Group", group) not in self.entities:
            return
        inside = (user, group) in self.members
        joined = self.call("AddUserToGroup", UserName=user, GroupName=group)
        assert joined == ("EntityAlreadyExists.User.Group" if inside else None)
        if inside:
            assert self.call("RemoveUserFromGroup", UserName=user, GroupName=group) is None
        self.members ^= {(user, group)}

    @rule(kind=KINDS, name=NAMES)
    def delete(self, kind, name):
        """Deleting works only when nothing is joined to the entity."""
        if (kind, name) not in self.entities:
            expected = f"EntityNotExist.{kind}"
        elif kind == "User" and any(user == name for user, _ in self.members):
            expected = "DeleteConflict.User.Group"
        elif kind == "Group" and any(group == name for _, group in self.members):
            expected = "DeleteConflict.Group.User"
        elif any(link[:2] == (kind, name) for link in self.attached):
            expected = f"DeleteConflict.{kind}.Policy"
        else:
            expected = None
            self.entities.discard((kind, name))
        assert self.call(f"Delete{kind}", **{f"{kind}Name": name}) == expected

    @rule(policy=POLICIES)
    def delete_policy(self, policy):
        """Deleting a policy works only when nothing holds it."""
        code = self.call("DeletePolicy", PolicyName=policy)
        if any(link[2] == policy for link in self.attached):
            assert code is not None
            assert code.startswith("DeleteConflict.")
        else:
            assert code == (None if policy in self.policies else "EntityNotExist.Policy")
            self.policies.discard(policy)

    @invariant()
    def both_sides_agree(self):
        """Attachments seen from the holder, from the policy, and by the evaluator are the model's."""
        state = self.cloud.accounts[A].ram
        from_holders = {
            (type(holder).__name__, holder.name, name)
            for holder in state.all_holders()
            for _, name in holder.attachments
        }
        from_policies = {
            (type(holder).__name__, holder.name, policy)
            for policy in ("p", "q")
            for holder in state.holders(("Custom", policy))
        }
        assert from_holders == from_policies == self.attached
        for user in state.users.values():
            own = sum(link[:2] == ("User", user.name) for link in self.attached)
            through = sum(
                link[:2] == ("Group", group)
                for link in self.attached
                for name, group in self.members
                if name == user.name
            )
            assert len(state.identity_sources_for_user(user.name)) == own + through

    @invariant()
    def a_snapshot_loses_nothing(self):
        """Whatever happened, the state restored from its snapshot is the same."""
        snapshot = self.cloud.accounts[A].ram.to_json()
        assert RamState.from_json(snapshot).to_json() == snapshot


Delegation.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestDelegation = Delegation.TestCase
TestDelegation.__doc__ = "Every sequence of calls behaves as the model says."
