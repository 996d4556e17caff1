"""The cross-account roles of a live account, with all that settings say of a role; by reading alone.

What a refused call kept from being read is left out by name. Source: RAM API 2015-05-01 (facts 3.2).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.access import read_account
from crossaccount.access.words import visible
from crossaccount.adopt.model import CustomPolicy, LeftOut, LiveRole
from crossaccount.adopt.trust_settings import foreign_accounts
from crossaccount.engine.api_errors import ApiCallError
from crossaccount.engine.resources.tags import read_tags

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from crossaccount.access import Facts
    from crossaccount.access.facts import RoleFact, Unread

_SIDE_BY_SIDE = 8
_OF_A_ROLE = {"trust": "trust policy", "attachments of role": "attachments"}
_LISTS = ("groups", "users", "attachments of user", "attachments of group", "attachments of role")


@dataclass(frozen=True, slots=True)
class Account:
    """What was read of an account.

    Attributes:
        id: its id.
        facts: all that was read about access.
        roles: its cross-account roles, by name.
        policies: the custom policies on them, by name.
        left_out: what could not be read.
    """

    id: str
    facts: Facts
    roles: tuple[LiveRole, ...]
    policies: Mapping[str, CustomPolicy]
    left_out: tuple[LeftOut, ...]


def read(api: Any) -> Account:  # noqa: ANN401  a RamApi, or what tells of its calls
    """Read an account.

    Raises:
        ApiCallError: not even whose account it is could be read.
    """
    facts = read_account(api, tolerated=ApiCallError)
    account = str(api.account_id())
    unread = {each.name for each in facts.unread if each.part in _OF_A_ROLE}
    foreign = [
        each for each in facts.roles if each.trust.policy and foreign_accounts(each.trust.policy, account)
    ]
    names = {each.name for each in foreign}
    left = [
        _left_out(each) for each in facts.unread if each.part != "attachments of role" or each.name in names
    ]
    foreign = [each for each in foreign if each.name not in unread]
    foreign.sort(key=lambda each: each.name or "")
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        found = list(pool.map(lambda fact: _unless_refused(api, fact, facts), foreign))
        roles = [each for each in found if isinstance(each, LiveRole)]
        policies = _policies(api, pool, roles, facts)
    left += [each for each in found if isinstance(each, LeftOut)]
    return Account(account, facts, tuple(roles), policies, tuple(left))


def _left_out(unread: Unread) -> LeftOut:
    what = _OF_A_ROLE.get(unread.part)
    if what is None:
        return LeftOut("", "", visible(f"{unread} could not be read: {unread.why}"))
    return LeftOut(unread.name, "", visible(f"its {what} could not be read: {unread.why}"))


def _unless_refused(api: Any, fact: RoleFact, facts: Facts) -> LiveRole | LeftOut:  # noqa: ANN401  a RamApi
    try:
        return _role(api, fact, facts)
    except ApiCallError as error:
        return LeftOut(fact.name or "", "", visible(f"it could not be read: {error}"))


def _role(api: Any, fact: RoleFact, facts: Facts) -> LiveRole:  # noqa: ANN401  a RamApi
    name = fact.name or ""
    described = api.call("GetRole", role_name=name)["Role"]
    attachments = tuple(
        each for each in facts.attachments if (each.holder_kind, each.holder) == ("role", name)
    )
    return LiveRole(fact, described.get("Description") or "", read_tags(api, "role", name), attachments)


def _policies(
    api: Any,  # noqa: ANN401  a RamApi
    pool: ThreadPoolExecutor,
    roles: list[LiveRole],
    facts: Facts,
) -> dict[str, CustomPolicy]:
    surely = not any(each.part in _LISTS for each in facts.unread)
    documents = {each.name: each.policy for each in facts.policies if each.kind == "Custom"}
    holders: dict[str, list[tuple[str, str]]] = {}
    for each in facts.attachments:
        if each.policy_kind == "Custom":
            holders.setdefault(each.policy, []).append((each.holder_kind, each.holder))
    held = [
        (each.policy, role.name)
        for role in roles
        for each in role.attachments
        if each.policy_kind == "Custom"
    ]
    tags = pool.map(lambda each: _policy_tags(api, each[0]), held)
    return {
        name: CustomPolicy(
            documents.get(name),
            own_tags,
            tuple(f"{kind} `{who}`" for kind, who in holders[name] if (kind, who) != ("role", role)),
            surely,
        )
        for (name, role), own_tags in zip(held, tags, strict=True)
    }


def _policy_tags(api: Any, name: str) -> dict[str, str] | None:  # noqa: ANN401  a RamApi
    try:
        return read_tags(api, "policy", name)
    except ApiCallError:
        return None
