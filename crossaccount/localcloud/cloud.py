"""One local cloud: accounts, sessions, clock and identifiers, served on one loopback port.

`Cloud` owns all state; nothing of it lives in a module, so two clouds in one process share nothing.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.account import Account, RootKey, check_account_id
from crossaccount.localcloud.clock import Clock
from crossaccount.localcloud.decisions import Decisions
from crossaccount.localcloud.ids import Ids
from crossaccount.localcloud.keyring import Keyring
from crossaccount.localcloud.request_time import Nonces
from crossaccount.localcloud.session import Sessions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from typing_extensions import Self

    from crossaccount.localcloud.products import Product
    from crossaccount.localcloud.server import Server

DEFAULT_REGION = "cn-hangzhou"
SNAPSHOT_VERSION = 1
_MOST_UNIMPLEMENTED = 1000
_MOST_FAULTS = 20


class Cloud:
    """A local Alibaba Cloud for any number of accounts.

    Use it as a context manager to serve it: `with Cloud(accounts=[A, B]) as cloud: cloud.endpoint`.

    Args:
        accounts: ids of accounts to begin with, 16 digits each.
        seed: makes identifiers and secrets repeatable.
        clock: the cloud's clock; real time when None.
        region: the region of calls whose host names none.

    Attributes:
        clock: can be moved.
        ids: makes identifiers and secrets.
        region: the default region.
        accounts: by id.
        sessions: role sessions.
        keyring: finds access keys.
        nonces: the signature nonces used lately.
        decisions: the last thousand decisions, with reasons.
        unimplemented: how often what was asked for that is not here, by (product, version, action).
        faults: tracebacks of what went wrong inside the local cloud itself, the last twenty; a test may
            demand that there is none.
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
        self.sessions = Sessions()
        self.keyring = Keyring(self.accounts, self.sessions)
        self.nonces = Nonces()
        self.decisions = Decisions()
        self.unimplemented: dict[tuple[str, str, str], int] = {}
        self.faults: deque[str] = deque(maxlen=_MOST_FAULTS)
        self._server: Server | None = None
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
        if alias is not None and any(account.alias == alias for account in self.accounts.values()):
            raise ValueError(f"the alias `{alias}` is another account's")
        key = RootKey(self.ids.access_key_id(), self.ids.access_key_secret())
        account = Account(self, account_id, key, alias)
        self.accounts[account_id] = account
        return account

    def register_access_key(self, key_id: str, account: Account) -> None:
        """Notes whose a new access key is, so that the first call signed with it looks nowhere else."""
        self.keyring.note(key_id, account)

    def forget_access_key(self, key_id: str) -> None:
        """Forgets whose a deleted access key was."""
        self.keyring.forget(key_id)

    def note_unimplemented(self, product: Product, action: str) -> None:
        """Counts a call for something that is not here; only the first thousand different ones are kept."""
        entry = (product.name, product.version, action)
        if entry in self.unimplemented or len(self.unimplemented) < _MOST_UNIMPLEMENTED:
            self.unimplemented[entry] = self.unimplemented.get(entry, 0) + 1

    # Serving.

    @property
    def endpoint(self) -> str:
        """Where it is served, `127.0.0.1:PORT`, as SDK and provider settings take it: without a scheme.

        Raises:
            RuntimeError: when it is not served.
        """
        if self._server is None:
            raise RuntimeError("the cloud is not served; use `with cloud:` or call `cloud.start()`")
        return f"127.0.0.1:{self._server.port}"

    @property
    def url(self) -> str:
        """The same with its scheme, e.g. for an SDK's `http_proxy`."""
        return f"http://{self.endpoint}"

    def start(self, port: int = 0) -> None:
        """Serves it on a loopback port; returns when it answers.

        Args:
            port: 0 takes a free one.

        Raises:
            OSError: when the port is taken.
            RuntimeError: when it is served already, or does not come up within 10 seconds.
        """
        from crossaccount.localcloud.asgi import Application  # noqa: PLC0415  a cloud that is not served needs no server
        from crossaccount.localcloud.server import Server  # noqa: PLC0415

        if self._server is not None:
            raise RuntimeError(f"the cloud is served already, on {self.endpoint}")
        self._server = Server(Application(self), port)

    def stop(self) -> None:
        """Stops serving; the state stays. Does nothing when it is not served.

        Raises:
            RuntimeError: when a call in progress keeps it from stopping for more than 5 seconds.
        """
        server, self._server = self._server, None
        if server is not None:
            server.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # Snapshots.

    def to_json(self) -> dict[str, Any]:
        """The whole state as plain JSON, sorted, with its version; secrets are in it.

        The nonces, the decisions and the counts are not: a cloud that is restored begins with empty logs.
        A cloud that is served takes it between two calls.
        """
        return self._snapshot() if self._server is None else self._server.run(self._snapshot)

    def _snapshot(self) -> dict[str, Any]:
        return {
            "version": SNAPSHOT_VERSION,
            "region": self.region,
            "clockOffset": self.clock.offset,
            "ids": self.ids.to_json(),
            "accounts": [account.to_json() for _, account in sorted(self.accounts.items())],
            "sessions": self.sessions.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any], *, clock: Clock | None = None) -> Cloud:
        """The cloud that `to_json` wrote, not yet served.

        Args:
            data: what `to_json` answered.
            clock: the clock to go on with; real time, moved as it was, when None.

        Raises:
            ValueError: when it was written by another version.
            KeyError, TypeError: when it is no such state.
        """
        if data.get("version") != SNAPSHOT_VERSION:
            raise ValueError(
                f"the snapshot has version `{data.get('version')}`; this local cloud reads {SNAPSHOT_VERSION}"
            )
        cloud = cls(clock=clock or Clock(offset=data["clockOffset"]), region=data["region"])
        cloud.ids = Ids.from_json(data["ids"])
        for item in data["accounts"]:
            account = Account.from_json(cloud, item)
            cloud.accounts[account.id] = account
        cloud.sessions = Sessions.from_json(data["sessions"])
        cloud.keyring = Keyring(cloud.accounts, cloud.sessions)
        return cloud
