"""One Alibaba Cloud account: its id, its root access key, and the state of its services."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.fc.state import FcState
from crossaccount.localcloud.identity_providers import IdentityProviders
from crossaccount.localcloud.ram.state import RamState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.cloud import Cloud

_ACCOUNT_ID = re.compile(r"[0-9]{16}")


@dataclass(frozen=True, slots=True)
class RootKey:
    """The access key of an account's root.

    Attributes:
        key_id: the access key id.
        secret: its secret; no repr shows it.
    """

    key_id: str
    secret: str = field(repr=False)


def check_account_id(account_id: str) -> str:
    """The account id, when it is one: 16 digits (section 1.6 of the facts).

    Raises:
        ValueError: when it is not.
    """
    if not _ACCOUNT_ID.fullmatch(account_id):
        raise ValueError(f"`{account_id}` is no account id; an account id has 16 digits")
    return account_id


class Account:
    """One account of a cloud. Made by `Cloud.add_account`.

    Attributes:
        id: 16 digits.
        alias: the account's alias, or None while it has none (its id then stands for it).
        root_key: the root's access key.
        given_alias: the alias it was made with, which a reset gives back.
        ram: roles, users, groups and policies.
        fc: functions and services.
        providers: the SAML and OIDC identity providers it trusts.
        cloud: the cloud it belongs to.
    """

    def __init__(self, cloud: Cloud, account_id: str, root_key: RootKey, alias: str | None = None) -> None:
        self.cloud = cloud
        self.id = check_account_id(account_id)
        self.alias = self.given_alias = alias
        self.root_key = root_key
        self.ram = RamState(account_id)
        self.fc = FcState()
        self.providers = IdentityProviders()

    def clear(self) -> None:
        """Makes the account as it was made: empty, with its root key and the alias it was given."""
        self.alias = self.given_alias
        self.ram = RamState(self.id)
        self.fc = FcState()
        self.providers = IdentityProviders()

    def become(self, other: Account) -> None:
        """Takes over what another account holds; whoever knows this one sees it."""
        self.alias, self.given_alias, self.root_key = other.alias, other.given_alias, other.root_key
        self.ram, self.fc, self.providers = other.ram, other.fc, other.providers

    def to_json(self) -> dict[str, Any]:
        """The account as plain JSON; secrets are in it."""
        return {
            "id": self.id,
            "alias": self.alias,
            "givenAlias": self.given_alias,
            "rootKey": {"id": self.root_key.key_id, "secret": self.root_key.secret},
            "ram": self.ram.to_json(),
            "fc": self.fc.to_json(),
            "providers": self.providers.to_json(),
        }

    @classmethod
    def from_json(cls, cloud: Cloud, data: Mapping[str, Any]) -> Account:
        """The account that `to_json` wrote, as one of `cloud`.

        Raises:
            KeyError, TypeError, ValueError: when `data` is no such account.
        """
        key = RootKey(data["rootKey"]["id"], data["rootKey"]["secret"])
        account = cls(cloud, data["id"], key, data["givenAlias"])
        account.alias = data["alias"]
        account.ram = RamState.from_json(data["ram"])
        account.fc = FcState.from_json(data["fc"])
        account.providers = IdentityProviders.from_json(data["providers"])
        return account

    def __repr__(self) -> str:
        return f"Account(id={self.id!r}, alias={self.alias!r})"

    @property
    def root_arn(self) -> str:
        """The ARN that stands for the account in a trust policy."""
        return f"acs:ram::{self.id}:root"
