"""Which roles are adopted: tried with the project's program, proven to change nothing for anybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from crossaccount.access.words import visible
from crossaccount.adopt.adopting import adopted
from crossaccount.adopt.import_file import import_file
from crossaccount.adopt.model import Adoption, LeftOut
from crossaccount.adopt.proof import change, not_matching
from crossaccount.adopt.trust_settings import foreign_accounts
from crossaccount.handover import trial
from crossaccount.handover.errors import refused
from crossaccount.handover.stack_settings import StackSettings
from crossaccount.session.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from crossaccount.access import StackRecords
    from crossaccount.adopt.model import LiveRole
    from crossaccount.adopt.reading import Account
    from crossaccount.handover.stack_file import StackFile
    from crossaccount.review import PermissionDiff

KEY = "delegations"
_COMMENT = "Made by hand, adopted as it was:"


@dataclass(slots=True)
class Plan:
    """What adopting would do.

    Attributes:
        adoptions: the roles that are adopted.
        left_out: what is not, with the reasons.
        there: the roles that the settings have already.
        change: what it would change for people: nothing; None where no role is adopted.
    """

    adoptions: list[Adoption] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    change: PermissionDiff | None = None

    @property
    def document(self) -> dict[str, Any]:
        """The import file."""
        return import_file(self.adoptions, _provider_version())


def chosen(
    account: Account, names: Sequence[str], partner: str | None, there: dict[str, str], others: dict[str, str]
) -> Plan:
    """The roles that settings can say, before any program has seen them.

    Args:
        account: what was read.
        names: only these roles; empty for all.
        partner: only roles for this account; None for all.
        there: what `roles_of` says of the settings.
        others: what `elsewhere` says of the project's other stacks.

    Raises:
        SessionError: of kind USAGE: there is no such cross-account role.
    """
    known = {each.name for each in account.roles} | {each.role for each in account.left_out} - {""}
    for name in names:
        if name not in known:
            raise refused(
                f"account `{account.id}` has no role `{visible(name)}` that trusts another account",
                "it has " + (", ".join(f"`{visible(each)}`" for each in sorted(known)) or "none"),
            )
    wanted = names or ("", *known)
    plan = Plan(left_out=[each for each in account.left_out if not each.role or each.role in wanted])
    for role in account.roles:
        if role.name not in wanted or not _is_for(role, partner):
            continue
        if there.get(role.name.lower()) == role.name:
            plan.there.append(role.name)
            continue
        found = _unless_taken(role.name, there, others) or adopted(role, account.policies)
        plan.adoptions += [found] if isinstance(found, Adoption) else []
        plan.left_out += [found] if isinstance(found, LeftOut) else found.left
    return plan


def _is_for(role: LiveRole, partner: str | None) -> bool:
    policy = role.fact.trust.policy
    return partner is None or policy is None or partner in foreign_accounts(policy, role.fact.account)


def _unless_taken(name: str, there: dict[str, str], others: dict[str, str]) -> LeftOut | None:
    taken, other = there.get(name.lower()), others.get(name.lower())
    if taken is not None:
        return LeftOut(name, "", f"the settings hold the name already: `{visible(taken)}`")
    return None if other is None else LeftOut(name, "", f"`{visible(other)}` has it already")


def roles_of(settings: StackSettings) -> dict[str, str]:
    """Which names are taken, in lower case, and by what: the roles of delegations, and their keys."""
    found: dict[str, str] = {}
    for key, each in settings.entries(KEY).items():
        role = each.get("roleName", key) if isinstance(each, dict) else key
        found[str(role).lower()] = str(role)
        found.setdefault(str(key).lower(), f"{key}, whose role is {role}")
    return found


def elsewhere(settings: StackSettings, account: str) -> dict[str, str]:
    """The roles that other stacks of the project make in the account, in lower case, with the stack file."""
    found: dict[str, str] = {}
    for path in sorted(settings.path.parent.glob("Pulumi.*.yaml")):
        stack = path.name.removeprefix("Pulumi.").removesuffix(".yaml")
        if path.name == settings.path.name or not stack:
            continue
        other = StackSettings(settings.project, stack, path)
        if other.value("side") == "owner" and str(other.value("account")) == account:
            found |= dict.fromkeys(roles_of(other), path.name)
    return found


def tried(plan: Plan, account: Account, settings: StackSettings) -> None:
    """Try the settings with the project's program; what it refuses is left out, the rest is proven.

    Raises:
        SessionError: of kind USAGE: the program refuses the settings as they are, or names its resources
            otherwise, so that an import would be none.
    """
    before = (
        [trial.tried(settings.project, settings.stack, settings.original, "the stack, before any change,")]
        if settings.exists
        else []
    )
    after = _understood(plan, settings)
    if after is None:
        return
    wrong = not_matching(plan.document, after)
    if wrong:
        raise refused(
            f"the project's program does not declare `{visible(wrong[0])}` as the components do",
            "an import would not be this program's; nothing was written",
        )
    accounts = {settings.stack: account.id}
    plan.change = change(account.id, account.facts, plan.adoptions, (before, after), accounts)
    if plan.change.rows:
        told = ", ".join(sorted({visible(row.role) for row in plan.change.rows}))
        raise refused(
            f"the settings would change what may be done through {told}",
            "leave it out: name others by `--role`",
        )


def _understood(plan: Plan, settings: StackSettings) -> StackRecords | None:
    """What the program makes of the roles that it takes; None where it takes none.

    Where it refuses them together, halves are tried, each with those that it has taken: two roles may be
    refused for the names that they share.
    """
    kept: list[Adoption] = []
    found: StackRecords | None = None
    waiting = [plan.adoptions] if plan.adoptions else []
    while waiting:
        some = waiting.pop()
        try:
            found = _try([*kept, *some], settings)
            kept += some
        except SessionError as error:
            if len(some) > 1:
                half = len(some) // 2
                waiting += [some[half:], some[:half]]
                continue
            name = some[0].role.name
            plan.left_out = [each for each in plan.left_out if each.role != name]
            plan.left_out.append(LeftOut(name, "", visible(f"the settings refuse it: {error.text}")))
    plan.adoptions = kept
    return found


def _try(adoptions: Iterable[Adoption], settings: StackSettings) -> StackRecords:
    before = settings.file
    try:
        put(adoptions, settings, lambda value: value)
        return trial.tried(settings.project, settings.stack, settings.file.text, "the stack with these roles")
    finally:
        settings.file = before


def put(adoptions: Iterable[Adoption], settings: StackSettings, sealed: Callable[[str], object]) -> StackFile:
    """Put the roles into the settings.

    Args:
        adoptions: the roles, at least one.
        settings: the stack's settings, which are edited.
        sealed: an external id as the file is to keep it.

    Raises:
        SessionError: of kind USAGE: the file cannot be edited there.
    """
    entries: dict[str, object] = {}
    for each in adoptions:
        trust = dict(each.delegation["trust"])
        if "externalIds" in trust:
            trust["externalIds"] = [sealed(value) for value in trust["externalIds"]]
        entries[each.role.name] = {**each.delegation, "trust": trust}
    settings.add_entries(KEY, entries, _COMMENT)
    return settings.file


def _provider_version() -> str:
    """The alicloud provider's that the program asks for, for an import under the same default provider."""
    try:
        return version("pulumi-alicloud")
    except PackageNotFoundError:
        return ""
