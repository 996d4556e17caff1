"""Facts of a stack of which not every policy parses: one that does not is left out by name, not the stack."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crossaccount.access import PolicyTextError
from crossaccount.access.stack_facts import facts_of
from crossaccount.audit.model import LeftOut

if TYPE_CHECKING:
    from crossaccount.access import Facts, StackRecords
    from crossaccount.access.records import Record

_ANY_ACCOUNT = "0" * 16


def facts_that_parse(stack: StackRecords, account: str | None = None) -> tuple[Facts, list[LeftOut]]:
    """What a stack says about access, and the roles and policies of it that are left out.

    What is attached to a role, or refers to a policy, that was left out counts as not known: it may give
    everything.

    Args:
        stack: its resources.
        account: its account's id, where the caller says it.

    Raises:
        UnknownAccountError: its account cannot be told.
    """
    try:
        return facts_of(stack, account), []
    except PolicyTextError:
        problems = [_problem(stack, record) for record in stack.records]
    kept = [record for record, problem in zip(stack.records, problems, strict=True) if not problem]
    left_out = [
        LeftOut(f"{stack.where}: {record.urn}", f"{problem}; the rest of the state is reported")
        for record, problem in zip(stack.records, problems, strict=True)
        if problem
    ]
    return facts_of(replace(stack, records=tuple(kept)), account), left_out


def _problem(stack: StackRecords, record: Record) -> str:
    try:
        facts_of(replace(stack, records=(record,)), _ANY_ACCOUNT)
    except PolicyTextError as error:
        return str(error)
    return ""
