"""One local cloud: accounts, sessions, clock and identifiers, served on one loopback port.

`Cloud` owns all state; nothing of it lives in a module, so two clouds in one process share nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.account import Account, RootKey, check_account_id
from crossaccount.localcloud.clock import Clock
from crossaccount.localcloud.ids import Ids

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from crossaccount.localcloud.session import Session

DEFAULT_REGION = "cn-hangzhou"


class Cloud:
    """A local Alibaba Cloud for any number of accounts.

    Args:
        accounts: ids of accounts to begin with, 16 digits each.
        seed: makes identifiers and secrets repeatable.
        clock: the cloud's clock; real time when None.
        region: the region of calls whose host names none.

    Attributes:
        accounts: by id.
        sessions: role sessions by access key id.
    """

    def __init__(
        self,
        accounts: Iterable[str] = (),
        *,
        seed: int | None = None,
        clock: Clock | None = None,
        region: str = DEFAULT_REGION,
    ) -> None:
        self.clock = clock or Clock()
        self.ids = Ids(seed)
        self.region = region
        self.accounts: dict[str, Account] = {}
        self.sessions: dict[str, Session] = {}
        for account_id in accounts:
            self.add_account(account_id)

    def add_account(self, account_id: str, alias: str | None = None) -> Account:
        """Adds an empty account with a root access key.

        Args:
            account_id: 16 digits.
            alias: the account's alias, unique in the cloud; None for none.

        Raises:
            ValueError: when the id is no account id, or the id or alias is taken.
        """
        check_account_id(account_id)
        if account_id in self.accounts:
            raise ValueError(f"account `{account_id}` exists already")
        key = RootKey(self.ids.access_key_id(), self.ids.access_key_secret())
        account = Account(self, account_id, key, alias)
        self.accounts[account_id] = account
        return account
