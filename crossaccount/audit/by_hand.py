"""Policies that somebody attached by hand: the account has them attached, and no stack says so."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from crossaccount.access.origin import origin_of
from crossaccount.access.records import logical_name
from crossaccount.access.values import read_text
from crossaccount.audit.model import Finding, Grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crossaccount.access import AccessGraph, Grant, Group, Origin, Role, StackRecords, User

_POLICY = "alicloud:ram/policy:Policy"


def attached_by_hand(graph: AccessGraph, stacks: Iterable[StackRecords] = ()) -> Iterator[Finding]:
    """What a live account has attached and no stack knows; and what the provider counted when it last looked.

    Args:
        graph: of all stacks and accounts together.
        stacks: the stacks that it was made from: a policy's `attachmentCount` is of the last refresh.
    """
    attached: Counter[str] = Counter()
    holders: Iterable[User | Group | Role] = chain(
        graph.users.values(), graph.groups.values(), graph.roles.values()
    )
    for holder in holders:
        own = [grant for grant in holder.grants if not grant.group]
        attached.update(grant.document.origin.urn for grant in own if grant.document.origin is not None)
        if holder.origin is not None and holder.origin.urn:
            yield from _unknown_to_stacks(holder, own)
    for stack in stacks:
        yield from _counted(stack, attached)


def _unknown_to_stacks(holder: User | Group | Role, grants: Iterable[Grant]) -> Iterator[Finding]:
    declared = {(each.document.kind, each.document.name) for each in grants if each.origin.urn}
    for grant in grants:
        if not grant.origin.urn and (grant.document.kind, grant.document.name) not in declared:
            who = f"{holder.label} of `{holder.account}`"
            words = f"{grant.document.label} is attached to {who}, and no given stack says so"
            yield _finding(words, (grant.origin,))


def _counted(stack: StackRecords, attached: Counter[str]) -> Iterator[Finding]:
    for record in stack.records:
        if record.type != _POLICY:
            continue
        counted = record.outputs.get("attachmentCount")
        known = attached[record.urn]
        if isinstance(counted, int) and counted > known:
            text = read_text(record.outputs, "policyName")
            name = text if isinstance(text, str) else logical_name(record.urn)
            words = (
                f"custom policy `{name}` had {counted} attachments when its stack was last refreshed, and "
                f"the given stacks declare {known}"
            )
            yield _finding(words, (origin_of(record.resource, stack.where, stack.name),))


def _finding(words: str, origins: tuple[Origin, ...]) -> Finding:
    return Finding(
        "attached-by-hand",
        Grade.MEDIUM,
        "A policy was attached by hand",
        words,
        "detach it, or declare the attachment in the stack and import it (`pulumi import`)",
        origins,
    )
