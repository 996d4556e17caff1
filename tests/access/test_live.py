"""A live account read through the RAM API says what its stack says."""

from __future__ import annotations

import pytest

from crossaccount.access import (
    Asking,
    ConflictError,
    explain_access,
    find_principal,
    graph_of,
    graph_of_facts,
    may_assume,
    read_account,
    state_of,
)
from crossaccount.engine.ram_api import RamApi
from tests.access.states import FUNCTIONS, OWNER, PARTNER
from tests.access.test_preview import facts


@pytest.fixture(scope="module")
def live(committed):
    """What both accounts say, read through their RAM APIs."""
    found = []
    for target in committed.targets.values():
        with RamApi(target) as api:
            found.append(read_account(api, credentials=True))
    return found


def test_the_live_accounts_agree_with_the_committed_stacks(committed, live):
    """Roles, users, groups, grants and trust are those of the states."""
    states = [state_of(state, name) for name, state in committed.states.items()]

    assert facts(graph_of(live=live)) == facts(graph_of(states))


def test_a_live_account_is_complete(live):
    """Everybody in it is known, so that nobody else stands for it."""
    principals = {edge.principal.arn for edge in may_assume(graph_of(live=live))}

    assert principals == {f"acs:ram::{PARTNER}:user/fc-operator"}


def test_a_question_is_answered_from_live_accounts(live):
    """The evidence is the live account and the time of attaching."""
    graph = graph_of(live=live)
    who = find_principal(graph, f"{PARTNER}/user/fc-operator")

    answer = explain_access(graph, who, "fc:ListFunctions", FUNCTIONS, Asking())
    origin = answer.paths[0].gates[2].ruling.said[0].grant.origin

    assert answer.outcome.value == "open"
    assert origin.where == f"live account {OWNER}"
    assert origin.created.endswith("Z")
    assert [each.kind for each in graph.users[who.arn].credentials] == ["access key"]


def test_one_account_both_live_and_from_its_stack_is_refused(committed, live):
    """The two may differ, which is a question of its own."""
    states = [state_of(state, name) for name, state in committed.states.items()]

    with pytest.raises(ConflictError, match="by its stacks and live"):
        graph_of(states, live=live)


class OneUnknownPolicy:
    """An account with one user and one system policy that is not known here."""

    def account_id(self):
        return PARTNER

    def call(self, action, **_parameters):
        if action == "ListPoliciesForUser":
            return {"Policies": {"Policy": [{"PolicyName": "AliyunNewAccess", "PolicyType": "System"}]}}
        document = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"new:*","Resource":"*"}]}'
        return {"Policy": {}, "DefaultPolicyVersion": {"PolicyDocument": document}}

    def pages(self, action, *_path, **_parameters):
        return [{"UserName": "dev"}] if action == "ListUsers" else []


def test_a_system_policy_that_is_not_known_here_is_read_live():
    """The account tells its document, so that it is no longer opaque."""
    graph = graph_of_facts(read_account(OneUnknownPolicy()))

    (grant,) = graph.users[f"acs:ram::{PARTNER}:user/dev"].grants
    assert grant.document.policy.statements[0].actions == ("new:*",)


def test_progress_is_told():
    """Each step says what is read next."""
    told = []
    read_account(OneUnknownPolicy(), on_progress=told.append)

    assert told == [
        "roles",
        "policies of 0 roles",
        "groups",
        "policies of 0 groups",
        "users",
        "policies of 1 users",
        "policies",
    ]


class Refused(Exception):  # noqa: N818  as the API's own error, which is not known here
    """What a call raises that is not allowed."""


class PartlyReadable:
    """An account with a role and a user, of which some calls are refused."""

    def __init__(self, *refused):
        self.refused = refused

    def account_id(self):
        return PARTNER

    def call(self, action, **_parameters):
        if action in self.refused:
            raise Refused(f"`{action}` failed")
        document = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"fc:*","Resource":"*"}]}'
        return {
            "Role": {"AssumeRolePolicyDocument": "{"},
            "Policy": {},
            "DefaultPolicyVersion": {"PolicyDocument": document},
        }

    def pages(self, action, *_path, **_parameters):
        if action in self.refused:
            raise Refused(f"`{action}` failed")
        return {"ListRoles": [{"RoleName": "r"}], "ListUsers": [{"UserName": "dev"}]}.get(action, [])


def test_what_is_refused_or_does_not_parse_can_be_tolerated():
    """It is named, what it is about is not known, and the account does not count as read whole."""
    found = read_account(
        PartlyReadable("ListGroups", "ListPoliciesForUser"), tolerated=Refused, credentials=True
    )

    assert sorted(str(each) for each in found.unread) == [
        "attachments of user `dev`", "groups", "trust `r`",
    ]  # fmt: skip
    assert found.roles[0].trust.policy is None
    assert found.complete == set()
    with pytest.raises(Refused):
        read_account(PartlyReadable("ListRoles"))
