"""Reports of states made by hand."""

from __future__ import annotations

from datetime import datetime, timezone

from crossaccount.access import graph_of, state_of
from crossaccount.audit.report import report_of
from tests.access.states import OWNER, PARTNER, StackState, allow, root, trust

NOW = datetime(2026, 3, 1, tzinfo=timezone.utc)
ROLE = f"acs:ram::{OWNER}:role/worker"
HOSTILE = '=cmd|"/c calc"!A1 <script>alert(1)</script> |`x`\x1b[2J\r\n\u202e@everyone'


def report(*stacks, now=NOW):
    """The report of stacks."""
    read = [state_of(each.export(), f"{each.name}.json") for each in stacks]
    return report_of(graph_of(read, strict=False), now, stacks=read)


def owner(*statements, policies=(), system=()):
    """A's stack with a role `worker`: its trust, custom policies, system policies."""
    stack = StackState("owner", OWNER)
    stack.role("worker", *(statements or [trust(root(PARTNER))]))
    for number, each in enumerate(policies):
        stack.policy(f"work-{number}", each)
        stack.attach("role", "worker", f"work-{number}")
    for each in system:
        stack.attach("role", "worker", each, "System")
    return stack


def partner(*grants, user="dev"):
    """B's stack with one user, who may assume the roles of these ARNs, each by a policy of its own."""
    stack = StackState("partner", PARTNER)
    stack.user(user)
    for number, each in enumerate(grants):
        stack.policy(f"assume-{number}", allow("sts:AssumeRole", each))
        stack.attach("user", user, f"assume-{number}")
    return stack


def codes(found):
    """The codes of the only delegation's findings and of those that belong to none."""
    (delegation,) = found.delegations
    return {each.code: each for each in (*delegation.findings, *found.findings)}
