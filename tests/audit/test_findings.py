"""What an audit finds, and what it does not."""

from __future__ import annotations

import pytest

from crossaccount.access import Origin, graph_of_facts, state_of
from crossaccount.access.facts import AttachmentFact
from crossaccount.access.stack_facts import facts_of
from crossaccount.audit.model import Grade
from crossaccount.audit.report import report_of
from tests.access.states import OTHER, OWNER, PARTNER, StackState, allow, root, trust
from tests.audit.reports import NOW, ROLE, codes, owner, partner, report

DEV = f"acs:ram::{PARTNER}:user/dev"
WHOLE = trust(root(PARTNER))
NAMED = trust(
    DEV,
    StringEquals={"sts:ExternalId": "agreed-on-9b1f"},
    DateLessThan={"acs:CurrentTime": "2026-12-31T23:59:59Z"},
)
LOGS = allow("log:GetLogStoreLogs", f"acs:log:*:{OWNER}:project/p/*")


def test_a_delegation_as_it_should_be_has_no_finding() -> None:
    """A named user, an external id, an end, named resources, and a grant for this role alone."""
    found = report(owner(NAMED, policies=[LOGS]), partner(ROLE))

    assert codes(found) == {}
    assert [each.label for each in found.delegations[0].assumers] == ["user `dev`"]


@pytest.mark.parametrize(
    ("code", "grade", "stacks"),
    [
        ("whole-account-trust-and-wildcard-grant", Grade.HIGH, (owner(WHOLE), partner("*"))),
        ("whole-account-trust", Grade.MEDIUM, (owner(WHOLE), partner(ROLE))),
        ("no-external-id", Grade.MEDIUM, (owner(trust(DEV)), partner(ROLE))),
        ("no-expiry", Grade.LOW, (owner(trust(DEV)), partner(ROLE))),
        (
            "expired",
            Grade.MEDIUM,
            (owner(trust(DEV, DateLessThan={"acs:CurrentTime": "2026-02-28T00:00:00Z"})), partner(ROLE)),
        ),
        ("nobody-can-assume", Grade.LOW, (owner(NAMED), partner())),
        ("suspended", Grade.NOTE, (owner(trust(DEV, effect="Deny")), partner(ROLE))),
        ("full-access", Grade.HIGH, (owner(NAMED, policies=[allow("*")]), partner(ROLE))),
        ("full-access", Grade.HIGH, (owner(NAMED, system=["AliyunFCFullAccess"]), partner(ROLE))),
        (
            "read-only-reads-code-and-environment",
            Grade.MEDIUM,
            (owner(NAMED, system=["AliyunFCReadOnlyAccess"]), partner(ROLE)),
        ),
        (
            "read-only-reads-code",
            Grade.MEDIUM,
            (owner(NAMED, policies=[allow("fc:GetFunctionCode")]), partner(ROLE)),
        ),
        (
            "read-only-reads-environment",
            Grade.LOW,
            (owner(NAMED, policies=[allow("fc:ListFunctions")]), partner(ROLE)),
        ),
        ("grant-for-every-role", Grade.MEDIUM, (owner(NAMED), partner("*"))),
        (
            "grant-for-a-missing-role",
            Grade.LOW,
            (owner(NAMED), partner(ROLE, f"acs:ram::{OWNER}:role/gone")),
        ),
        ("two-paths", Grade.LOW, (owner(NAMED, policies=[LOGS]), partner(ROLE, ROLE))),
        ("cannot-tell", Grade.MEDIUM, (owner(NAMED, system=["AliyunNotKnownAccess"]), partner(ROLE))),
    ],
)
def test_what_is_wrong_is_found_with_its_grade_and_the_way_to_mend_it(code, grade, stacks) -> None:
    """Each finding says why, what to do, and which resources show it."""
    finding = codes(report(*stacks))[code]

    assert finding.grade is grade
    assert finding.explanation
    assert finding.mend
    assert finding.origins


def test_the_system_policy_for_every_role_is_named() -> None:
    """`AliyunSTSAssumeRoleAccess`, as the console suggests it."""
    stack = partner()
    stack.attach("user", "dev", "AliyunSTSAssumeRoleAccess", "System")
    found = codes(report(owner(NAMED), stack))

    assert found["grant-for-every-role"].title == "`AliyunSTSAssumeRoleAccess` where a named role would do"


def test_a_policy_that_is_attached_more_often_than_stacks_say_was_attached_by_hand() -> None:
    """The provider counts the attachments at each refresh; those that all given stacks declare are known."""
    stack = owner(NAMED, policies=[LOGS])
    policy = next(each for each in stack.resources if each["type"].endswith(":Policy"))
    policy["outputs"]["attachmentCount"] = 1
    assert "attached-by-hand" not in codes(report(stack, partner(ROLE)))

    policy["outputs"]["attachmentCount"] = 2
    found = codes(report(stack, partner(ROLE)))["attached-by-hand"]
    assert "`work-0` had 2 attachments" in found.explanation
    assert found.origins[0].urn == policy["urn"]


def test_a_policy_that_only_the_account_knows_was_attached_by_hand() -> None:
    """A live account's attachment to a role that a stack declares; not one that the stack declares too."""
    facts = facts_of(state_of(owner(NAMED, system=["AliyunLogReadOnlyAccess"]).export(), "owner.json"))
    live = [
        AttachmentFact(OWNER, "role", "worker", "System", name, Origin("account"))
        for name in ("AliyunLogReadOnlyAccess", "AliyunFCFullAccess")
    ]
    facts.attachments += live
    found = [
        each for each in report_of(graph_of_facts(facts), NOW).findings if each.code == "attached-by-hand"
    ]

    assert [each.explanation.partition("`")[2].partition("`")[0] for each in found] == ["AliyunFCFullAccess"]


def test_two_roles_that_give_the_same_right_are_two_paths() -> None:
    """Taking one away takes nothing away; another right through another role is none."""
    stack = owner(NAMED, policies=[LOGS])
    stack.role("other", NAMED)
    stack.attach("role", "other", "work-0")
    found = report(stack, partner(ROLE, f"acs:ram::{OWNER}:role/other"))

    assert [[each.code for each in one.findings] for one in found.delegations] == [["two-paths"]] * 2
    alone = report(owner(NAMED, policies=[LOGS]), partner(ROLE))
    assert alone.delegations[0].findings == ()


def test_states_that_contradict_each_other_are_a_finding() -> None:
    """Two stacks that claim one role: the first counts, and both are told."""
    second = StackState("second", OWNER)
    second.role("worker", trust(root(OTHER)))
    found = report(owner(NAMED), second, partner(ROLE))

    finding = next(each for each in found.findings if each.code == "rival-claims")
    assert finding.grade is Grade.HIGH
    assert "owner.json" in finding.explanation
    assert "second.json" in finding.explanation


def test_the_end_is_the_moment_it_is_asked_for() -> None:
    """What has ended is over from that moment on, and nobody may assume the role."""
    ended = trust(DEV, DateLessThan={"acs:CurrentTime": "2026-03-01T00:00:00Z"})
    found = report(owner(ended), partner(ROLE))

    assert found.delegations[0].expires == "2026-03-01T00:00:00Z"
    assert found.delegations[0].assumers == ()
    assert "nobody-can-assume" not in codes(found)


def test_the_time_settles_whether_somebody_may_today() -> None:
    """Before a trust begins nobody may; between beginning and end it is sure, no condition is left."""
    begins = {"DateGreaterThan": {"acs:CurrentTime": "2026-02-01T00:00:00Z"}}
    ends = {"DateLessThan": {"acs:CurrentTime": "2026-04-01T00:00:00Z"}}
    stacks = (owner(trust(DEV, **begins, **ends)), partner(ROLE))
    may = [
        [each.certainty for each in report(*stacks, now=NOW.replace(month=month)).delegations[0].assumers]
        for month in (1, 3, 4)
    ]

    assert may == [[], ["yes"], []]


def test_what_seems_harmless_is_told_by_the_actions_that_are_there() -> None:
    """No action is named that the role does not have."""
    found = codes(report(owner(NAMED, policies=[allow("fc:ListFunctions")]), partner(ROLE)))
    explanation = found["read-only-reads-environment"].explanation

    assert "(`fc:ListFunctions`)" in explanation
    assert "GetFunction`" not in explanation


def test_the_gravest_finding_is_first() -> None:
    """In each delegation, and among those that belong to none."""
    found = report(owner(WHOLE, system=["AliyunFCFullAccess", "AliyunFCReadOnlyAccess"]), partner("*"))
    for findings in (found.delegations[0].findings, found.findings):
        ranks = [each.grade.rank for each in findings]
        assert ranks == sorted(ranks)
        assert ranks


def test_a_role_within_the_account_is_no_delegation() -> None:
    """Nor is one that only a service assumes."""
    stack = owner(trust(root(OWNER)))

    assert report(stack).delegations == ()


def test_a_right_that_many_roles_give_is_told_once_a_role() -> None:
    """However many principals and roles there are: the time and the findings grow with the roles."""
    stack, users = StackState("owner", OWNER), StackState("partner", PARTNER)
    for number in range(30):
        stack.role(f"worker-{number}", WHOLE)
        stack.attach("role", f"worker-{number}", "AliyunFCReadOnlyAccess", "System")
    for number in range(5):
        users.user(f"dev-{number}")
        users.attach("user", f"dev-{number}", "AliyunSTSAssumeRoleAccess", "System")
    found = report(stack, users)
    paths = [[one for one in each.findings if one.code == "two-paths"] for each in found.delegations]

    assert [len(each) for each in paths] == [1] * 30
    explanation = paths[0][0].explanation
    assert "user `dev-0`, user `dev-1` and 3 more: fc:Get*, fc:List* on *" in explanation
    assert "role `worker-1` and 28 more" in explanation
