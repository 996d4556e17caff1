"""The proof, before it is done, that adopting changes nothing: the account beside the program's plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.access import Facts, graph_of
from crossaccount.adopt.import_file import urns
from crossaccount.review import permission_diff

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from crossaccount.access import StackRecords
    from crossaccount.adopt.model import Adoption
    from crossaccount.review import PermissionDiff


def change(
    account: str,
    facts: Facts,
    adoptions: Iterable[Adoption],
    stacks: tuple[Sequence[StackRecords], StackRecords],
    accounts: Mapping[str, str],
) -> PermissionDiff:
    """What the program's plan would change for people, held against the account.

    Args:
        account: the account's id.
        facts: what was read of it.
        adoptions: the roles that are adopted; of the account only they count, with what is taken over.
        stacks: what the program makes of the settings before and after.
        accounts: the accounts of stacks, by name.
    """
    before, after = stacks
    graph = graph_of(before, live=[_part(account, facts, adoptions)], accounts=accounts, strict=False)
    return permission_diff(graph, graph_of([after], accounts=accounts))


def _part(account: str, facts: Facts, adoptions: Iterable[Adoption]) -> Facts:
    """What is taken over; system policies are known by their names, here as in the program."""
    part = Facts()
    part.add_account(account, f"live account {account}")
    custom = set()
    for each in adoptions:
        part.roles.append(each.role.fact)
        part.attachments += each.taken()
        custom.add(each.custom)
    part.policies += [each for each in facts.policies if each.kind == "Custom" and each.name in custom]
    return part


def not_matching(document: dict[str, Any], after: StackRecords) -> list[str]:
    """The resources of an import file that the program does not declare, or of its delegations the reverse.

    A program other than the committed one may give other names: what was imported would then be deleted by
    the next `up`, and made anew.
    """
    given = set(urns(document, after.project, after.stack))
    below = set(given)
    for each in after.records:
        if each.resource.get("parent") in below:
            below.add(each.urn)
    return sorted((given - {each.urn for each in after.records}) | (below - given))
