"""The account's alias: set, get, clear. An account without one goes by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.parameters import required
from crossaccount.localcloud.ram import authorized, faults, names, views
from crossaccount.localcloud.ram.authorized import operation

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call


def set_account_alias(call: Call) -> views.Wire:
    """SetAccountAlias: no two accounts of the cloud have the same."""
    alias = names.check_alias(required(call.params, "AccountAlias"))
    others = (account for account in call.cloud.accounts.values() if account is not call.account)
    if any(alias in (account.alias, account.id) for account in others):
        raise faults.exists_already("AccountAlias")
    call.account.alias = alias
    return {}


def get_account_alias(call: Call) -> views.Wire:
    """GetAccountAlias."""
    return {"AccountAlias": call.account.alias or call.account.id}


def clear_account_alias(call: Call) -> views.Wire:
    """ClearAccountAlias."""
    call.account.alias = None
    return {}


OPERATIONS = (
    operation("SetAccountAlias", set_account_alias, authorized.every("")),
    operation("GetAccountAlias", get_account_alias, authorized.every("")),
    operation("ClearAccountAlias", clear_account_alias, authorized.every("")),
)
