"""What holds between the entries of a partner's configuration.

The rules read what was written, so that a mistake in one key of an entry hides none in another.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from components import grant_policy, handover, limits
from components.conflicts import SECRET
from components.names import nearest, role_arn
from components.setting import Setting


def made_by(grants: Setting) -> Setting:
    """The grants that make a custom policy: those that name roles."""
    named = {
        name: each for name, each in grants.entries.items() if grants.written(name, "assume") is not None
    }
    return replace(grants, entries=named)


def refuse_twins(setting: Setting, called: Mapping[str, str], message: str) -> None:
    """Refuse two entries whose things have one name; RAM does not tell upper from lower case.

    Args:
        setting: the entries.
        called: how each entry's thing is called.
        message: the text, with a place for that name and one for the other entry's name.
    """
    first: dict[str, str] = {}
    for name, own in called.items():
        other = first.setdefault(own.lower(), name)
        if other != name:
            shown = setting.settings.shown(own, setting.key)
            setting.settings.at((setting.key, name), message.format(shown, other))


def refuse_open_passwords(users: Setting) -> None:
    """Refuse console passwords that the stack file does not keep encrypted."""
    if users.settings.is_secret(users.key):
        return
    for name in sorted(users.entries):
        console = users.written(name, "console")
        password = console.get("password") if isinstance(console, Mapping) else None
        if isinstance(password, (str, int, float)):
            command = f"pulumi config set --secret --path 'crossaccount:users.{name}.console.password'"
            users.settings.at(
                ("users", name, "console", "password"),
                f"{SECRET} stands open in the stack file: set it with `{command}`",
            )


def refuse_undeclared(grants: Setting, declared: Mapping[str, Setting]) -> None:
    """Refuse grants that name what the stack does not declare.

    Args:
        grants: the grants.
        declared: by a grant's key, the entries that it may name.
    """
    for name in sorted(grants.entries):
        for key, known in declared.items():
            for position, each in grants.listed(name, key):
                if each not in known.entries:
                    shown = grants.settings.shown(each, grants.key)
                    hint = "" if shown == SECRET else f"; {nearest(each, known.entries)}"
                    text = f"{shown} is not among `crossaccount:{known.key}`{hint}"
                    grants.settings.at(("grants", name, key, position), text)


def known_arns(roles: Setting, directory: Path) -> dict[str, str]:
    """The ARNs that need no other stack: those written, and those in hand-over files.

    Args:
        roles: the roles; a hand-over file that gives no ARN is noted.
        directory: where the paths of hand-over files start.
    """
    found = {}
    for name in sorted(roles.entries):
        file, role = roles.written(name, "handover"), roles.written(name, "role")
        try:
            if isinstance(file, str) and file:
                content = handover.read(directory / file)
                if role is None or (isinstance(role, str) and role):
                    found[name] = handover.role_arn(content, str(role or name))
            elif file is None:
                found[name] = role_arn(roles.written(name, "arn"))
        except ValueError as wrong:
            if file is not None:
                hidden = f"{SECRET} gives no ARN: see that the file is there, unchanged, and holds the role"
                secret = roles.settings.is_secret(roles.key)
                text = hidden if secret else f"`{file}` {wrong}"
                roles.settings.at(("roles", name, "handover"), text)
    return found


def refuse_oversized(grants: Setting, arns: Mapping[str, str]) -> None:
    """Refuse grants whose known ARNs alone are too many for one policy."""
    for name in sorted(grants.entries):
        text = grant_policy.excess([arns[each] for _, each in grants.listed(name, "assume") if each in arns])
        if text:
            grants.settings.at(("grants", name, "assume"), text)


def refuse_crowded(grants: Setting, users: Mapping[str, str]) -> None:
    """Refuse more custom policies for one user, group or role than RAM attaches.

    Args:
        grants: the grants that make a custom policy.
        users: the users' names by their keys.
    """
    policies: dict[tuple[str, str], set[str]] = {}
    for name in sorted(grants.entries):
        for kind, most in limits.CUSTOM_POLICIES.items():
            for position, each in grants.listed(name, kind):
                own = users.get(each, each) if kind == "users" else each
                found = policies.setdefault((kind, own.lower()), set())
                found.add(name)
                if len(found) > most:
                    shown = grants.settings.shown(each, grants.key)
                    text = f"{shown} would get {len(found)} custom policies from grants, RAM attaches {most}"
                    grants.settings.at(("grants", name, kind, position), f"{text}: put roles into one grant")
