"""From a hand-over to the partner's settings: the roles, and who may assume them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crossaccount.handover.errors import refused
from crossaccount.handover.telling import company
from crossaccount.handover.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crossaccount.handover.stack_settings import StackSettings
    from crossaccount.session.handover_file import HandedRole, HandoverFile

_KEY = re.compile(r"[A-Za-z0-9._-]{1,100}")
_KINDS = ("users", "groups", "roles")


@dataclass(frozen=True, slots=True)
class Who:
    """Who of the partner may assume what is handed over, by name.

    Attributes:
        users: RAM users.
        groups: groups of users.
        roles: roles, such as a function's execution role.
    """

    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.users or self.groups or self.roles)


@dataclass(frozen=True, slots=True)
class Taking:
    """How a hand-over is taken up.

    Attributes:
        roles: these roles of it; empty for all.
        name: what to call the role, where one is taken; None for the owner's own name.
        grant: what to call the grant; None for a name made from the role's.
        who: who may assume the roles; empty for whom the owner trusts by name.
        reference: the file as the stack file names it, to have it read at each run; None to write the ARN.
        replace: whether entries that say something else may be replaced.
        now: the time, in UTC.
    """

    roles: tuple[str, ...] = ()
    name: str | None = None
    grant: str | None = None
    who: Who = Who()
    reference: str | None = None
    replace: bool = False
    now: str = ""


def accept(handover: HandoverFile, taking: Taking, settings: StackSettings, where: str) -> list[str]:
    """Put a hand-over into a partner's settings; taking the same up again changes nothing.

    Args:
        handover: what is handed over.
        taking: how.
        settings: the stack's settings, which are edited.
        where: the file, as messages name it.

    Returns:
        The roles that were taken, by the owner's names.

    Raises:
        SessionError: of kind USAGE: the file holds no such role, one has ended, or the settings hold
            something else under that name.
    """
    chosen = _chosen(handover, taking, where)
    for name in chosen:
        role = handover.roles[name]
        _refuse_ended(role, name, taking.now)
        own = _take_role(handover, name, taking, settings)
        who = _who(role, name, taking.who)
        if who:
            _grant(own, who, taking, settings)
    return chosen


def _chosen(handover: HandoverFile, taking: Taking, where: str) -> list[str]:
    known = ", ".join(f"`{printable(each)}`" for each in handover.roles) or "none"
    for name in taking.roles:
        if name not in handover.roles:
            raise refused(f"`{where}` hands over no role `{printable(name)}`", f"it has {known}")
    chosen = [name for name in handover.roles if not taking.roles or name in taking.roles]
    if not chosen:
        raise refused(f"`{where}` hands over no role", "ask the owner to export it again")
    if len(chosen) > 1 and (taking.name or taking.grant):
        raise refused(
            "`--as` and `--grant` name one role, and several are taken", f"choose one: `--role`, of {known}"
        )
    for name in chosen:
        if not _KEY.fullmatch(taking.name or name):
            raise refused(
                f"`{printable(taking.name or name)}` is no key for a stack file", "choose one: `--as NAME`"
            )
    return chosen


def _refuse_ended(role: HandedRole, name: str, now: str) -> None:
    if role.expires is not None and role.expires <= now:
        raise refused(f"role `{name}` ended on {role.expires}", "ask its owner for a new hand-over")


def _take_role(handover: HandoverFile, name: str, taking: Taking, settings: StackSettings) -> str:
    """Declares the role, where it is not yet; the key that it has."""
    role, entries = handover.roles[name], settings.entries("roles")
    own = taking.name or name
    source: dict[str, str] = {"arn": role.arn}
    if taking.reference is not None:
        source = {"handover": taking.reference, **({"role": name} if own != name else {})}
    there = entries.get(own)
    if there is None and taking.name is None:
        own = next((key for key, each in entries.items() if _means(each, key, role, name, taking)), own)
        there = entries.get(own)
    if there is not None and _means(there, own, role, name, taking):
        return own
    if there is not None and not taking.replace:
        raise refused(
            f"`{settings.path.name}`: `crossaccount:roles.{own}` is there and means another role",
            "choose another name with `--as`, or replace it with `--replace`",
        )
    settings.set_entry("roles", own, source, f"Handed over by {company(handover.account, handover.alias)}.")
    return own


def _means(entry: Any, key: str, role: HandedRole, name: str, taking: Taking) -> bool:  # noqa: ANN401  YAML
    """Whether an entry of the settings already is the role."""
    if not isinstance(entry, dict):
        return False
    if "handover" in entry:
        return bool(taking.reference == entry["handover"] and entry.get("role", key) == name)
    return str(entry.get("arn", "")).replace("acs:ram:*:", "acs:ram::", 1).lower() == role.arn.lower()


def _who(role: HandedRole, name: str, asked: Who) -> Who:
    """Who is to assume the role: those that were asked for, if it trusts them, else those it names."""
    if role.whole_account is not False:
        return asked
    if not asked:
        return Who(users=role.users, roles=role.roles)
    if asked.groups:
        raise refused(f"role `{name}` trusts named users and roles, not groups", "leave `--group` out")
    for kind, named, trusted in (("user", asked.users, role.users), ("role", asked.roles, role.roles)):
        for each in named:
            if each.lower() not in {one.lower() for one in trusted}:
                known = ", ".join(f"`{one}`" for one in trusted) or "none"
                raise refused(
                    f"role `{name}` does not trust the {kind} `{each}`; of {kind}s it trusts {known}",
                    "ask its owner: `crossaccount handover request`",
                )
    return asked


def _grant(own: str, who: Who, taking: Taking, settings: StackSettings) -> None:
    grants = settings.entries("grants")
    wanted = {
        "users": [_user(each, settings) for each in who.users],
        "groups": list(who.groups),
        "roles": list(who.roles),
    }
    if any(_covers(each, own, wanted) for each in grants.values()):
        return
    name = taking.grant or f"assume-{re.sub('[._]', '-', own)}"
    there = grants.get(name)
    entry: dict[str, Any] = {key: value for key, value in wanted.items() if value}
    if isinstance(there, dict) and there.get("assume") == [own]:
        kept = {
            key: [*_listed(there, key), *(x for x in wanted[key] if x not in _listed(there, key))]
            for key in _KINDS
        }
        entry = {**there, **{key: value for key, value in kept.items() if value}}
        settings.set_entry("grants", name, entry)
        return
    if there is not None and not taking.replace:
        raise refused(
            f"`{settings.path.name}`: `crossaccount:grants.{name}` is there and grants something else",
            "choose another name with `--grant`, or replace it with `--replace`",
        )
    settings.set_entry("grants", name, {**entry, "assume": [own]})


def _user(name: str, settings: StackSettings) -> str:
    """The key of a RAM user in the settings; one that the stack does not have yet is adopted."""
    users = settings.entries("users")
    for key, each in users.items():
        called = each.get("userName", key) if isinstance(each, dict) else key
        if str(called).lower() == name.lower():
            return key
    settings.set_entry("users", name, {"adopt": True})
    return name


def _covers(grant: Any, own: str, wanted: Mapping[str, Iterable[str]]) -> bool:  # noqa: ANN401  YAML
    if not isinstance(grant, dict) or (own not in _listed(grant, "assume") and not grant.get("systemPolicy")):
        return False
    return all(set(names) <= set(_listed(grant, kind)) for kind, names in wanted.items())


def _listed(entry: Mapping[str, Any], key: str) -> list[str]:
    found = entry.get(key)
    return found if isinstance(found, list) else []
