"""From an access key id to its secret and whose it is: an account's root, a RAM user, or a role session."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crossaccount.localcloud.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.caller import CallerKind
    from crossaccount.localcloud.ram.entities import AccessKey, User
    from crossaccount.localcloud.session import Session, Sessions

STS_PREFIX = "STS."


@dataclass(frozen=True, slots=True)
class Key:
    """An access key that exists, active or not.

    Attributes:
        kind: whose it is.
        key_id: its id.
        secret: its secret; no repr shows it.
        account: the account; for a session, the role's.
        user: the RAM user, for kind `user`.
        access_key: the user's key, for kind `user`.
        session: the session, for kind `session`.
    """

    kind: CallerKind
    key_id: str
    secret: str = field(repr=False)
    account: Account
    user: User | None = None
    access_key: AccessKey | None = None
    session: Session | None = None


class Keyring:
    """All access keys of a cloud, found in constant time.

    Args:
        accounts: the cloud's accounts by id; looked at on every search, so that keys made or deleted count at
            once.
        sessions: the cloud's sessions.
    """

    def __init__(self, accounts: dict[str, Account], sessions: Sessions) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._holder: dict[str, Account] = {}

    def note(self, key_id: str, account: Account) -> None:
        """Notes that an account holds a key; only a hint, `find` looks whether it still does."""
        self._holder[key_id] = account

    def forget(self, key_id: str) -> None:
        """Drops the hint."""
        self._holder.pop(key_id, None)

    def find(self, key_id: str) -> Key | None:
        """The key with this id, or None."""
        session = self._sessions.find(key_id)
        if session is not None:
            account = self._accounts[session.account_id]
            return Key("session", key_id, session.secret, account, session=session)
        known = self._holder.get(key_id)
        if known is not None and (key := self._in(known, key_id)) is not None:
            return key
        for account in tuple(self._accounts.values()):
            if (key := self._in(account, key_id)) is not None:
                self._holder[key_id] = account
                return key
        self._holder.pop(key_id, None)
        return None

    @staticmethod
    def _in(account: Account, key_id: str) -> Key | None:
        if account.root_key.key_id == key_id:
            return Key("root", key_id, account.root_key.secret, account)
        found = account.ram.find_access_key(key_id)
        if found is None:
            return None
        user, access_key = found
        return Key("user", key_id, access_key.secret, account, user=user, access_key=access_key)


def check_status(key: Key) -> None:
    """Refuses a RAM user's key that was disabled (section 3.5 of the facts).

    Raises:
        ApiError: 400 `InvalidAccessKeyId.Inactive`.
    """
    if key.access_key is not None and not key.access_key.active:
        raise ApiError(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.")


def check_token(key: Key, token: str | None, now: float, known: Callable[[str], bool]) -> None:
    """Refuses a session's key without its token, another's token, and a session that is over (facts 4.5).

    A session is over when it has expired, and when the role it is bound to by its id is gone.

    Args:
        key: the key that signed.
        token: the token sent, or None.
        now: the cloud's time, in seconds since 1970.
        known: whether a token is any session's; asked only when it is not this one's.

    Raises:
        ApiError: 400 `MissingSecurityToken` or `InvalidSecurityToken.*`.
    """
    session = key.session
    if session is None:
        if token:
            raise _token_error("MismatchWithAccessKey", "mismatch with the AccessKey")
        return
    if not token:
        raise ApiError(400, "MissingSecurityToken", "SecurityToken is mandatory for this action.")
    if token != session.token:
        if known(token):
            raise _token_error("MismatchWithAccessKey", "mismatch with the AccessKey")
        raise _token_error("Malformed", "is malformed")
    role = key.account.ram.role(session.role_name)
    if now >= session.expires or role is None or role.role_id != session.role_id:
        raise _token_error("Expired", "is expired")


def _token_error(kind: str, what: str) -> ApiError:
    return ApiError(400, f"InvalidSecurityToken.{kind}", f"Specified SecurityToken {what}.")
