"""Who asks to assume a role, and whom a trust policy names.

Source: RAM, "Edit the trust policy of a RAM role" (facts 1.7); names: facts 1.6.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, get_args

from crossaccount.policy.arn import Arn, folded
from crossaccount.policy.problems import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

PrincipalType = Literal["root", "user", "role", "service", "federated"]

_ACCOUNT = re.compile(r"[0-9]{16}")
_NAMED = re.compile(r"(user|role)/([A-Za-z0-9._-]{1,64})")
_PROVIDER = re.compile(r"(saml|oidc)-provider/[A-Za-z0-9._-]{1,128}")
_SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.aliyuncs\.com")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who makes a request.

    Attributes:
        account_id: 16 digits; the account of the user, role or provider. Not looked at for a service.
        kind: `root`, `user`, `role` (a session of it), `service`, or `federated` (vouched for by an identity
            provider).
        name: the user's or role's name, the service, e.g. `fc.aliyuncs.com`, or the provider, e.g.
            `oidc-provider/ci`; not looked at for the root.

    Raises:
        ValueError: another kind.
    """

    account_id: str
    kind: PrincipalType
    name: str = ""

    def __post_init__(self) -> None:
        if self.kind not in get_args(PrincipalType):
            raise ValueError(
                f"principal kind {shown(self.kind)} is none of `root`, `user`, `role`, `service`, `federated`"
            )

    @property
    def arn(self) -> str:
        """The ARN as RAM prints it, role names in lower case (facts 1.6); a service gives its name."""
        if self.kind == "service":
            return self.name
        relative = {
            "root": "root",
            "user": f"user/{self.name}",
            "role": f"role/{folded(self.name)}",
            "federated": self.name,
        }[self.kind]
        return f"acs:ram::{self.account_id}:{relative}"


class TrustedNames:
    """The principals of a trust statement, ready to be asked.

    An account's `root` names every user and role of the account, not the root itself. User names are
    compared exactly, role names without regard to letter case (facts 1.6). Who is vouched for by an
    identity provider is named only through that provider.
    """

    __slots__ = ("_names",)

    def __init__(self, ram: Iterable[str], services: Iterable[str], federated: Iterable[str] = ()) -> None:
        names: set[tuple[str, str, str]] = {("", "service", service) for service in services}
        names.update(
            (arn.account, "federated", arn.relative) for arn in (Arn.parse(each) for each in federated)
        )
        for value in ram:
            account_id, kind, name = read_ram_principal(value)
            names.add((account_id, kind, folded(name) if kind == "role" else name))
        self._names = frozenset(names)

    def hold(self, principal: Principal) -> bool:
        """Whether the statement names this principal."""
        kind = principal.kind
        if kind == "root":
            return False
        if kind == "service":
            return ("", kind, principal.name) in self._names
        account_id = principal.account_id
        if kind == "federated":
            return (account_id, kind, principal.name) in self._names
        name = folded(principal.name) if kind == "role" else principal.name
        return (account_id, "root", "") in self._names or (account_id, kind, name) in self._names


@lru_cache(maxsize=16384)
def read_ram_principal(value: str) -> tuple[str, str, str]:
    """Account id, kind (`root`, `user`, `role`) and name of a `Principal.RAM` value.

    Raises:
        ValueError: not such an ARN, an account id that is not 16 digits, a wildcard, or another kind of name.
    """
    if "*" in value.removeprefix("acs:ram:*:") or "?" in value:
        raise ValueError(f"{shown(value)} would trust more than one account or name: name each one")
    arn = _ram_arn(value)
    if arn.relative == "root":
        return arn.account, "root", ""
    named = _NAMED.fullmatch(arn.relative)
    if named is None:
        raise ValueError(
            f"{shown(value)} is not a principal: write `...:root`, `...:user/<name>` or `...:role/<name>`"
        )
    return arn.account, named[1], named[2]


def check_service_principal(value: str) -> None:
    """Accepts the name of a service.

    Raises:
        ValueError: not `<service>.aliyuncs.com`; `<account id>@<service>` is not documented, hence neither.
    """
    if _SERVICE.fullmatch(value) is None:
        raise ValueError(
            f"{shown(value)} is not a service: write `<service>.aliyuncs.com`, such as `fc.aliyuncs.com`"
        )


def check_federated_principal(value: str) -> None:
    """Accepts the ARN of an identity provider.

    Raises:
        ValueError: not `acs:ram::<account id>:saml-provider/<name>` or `...:oidc-provider/<name>`.
    """
    if _PROVIDER.fullmatch(_ram_arn(value).relative) is None:
        raise ValueError(
            f"{shown(value)} is not an identity provider: write `...:saml-provider/<name>` or `oidc-`"
        )


def _ram_arn(value: str) -> Arn:
    arn = Arn.parse(value)
    if arn.service != "ram" or arn.region not in ("", "*"):
        raise ValueError(f"{shown(value)} is not a RAM name: it begins `acs:ram::`")
    if _ACCOUNT.fullmatch(arn.account) is None:
        raise ValueError(f"{shown(value)}: account id {shown(arn.account)} is not 16 digits")
    return arn
