"""One local cloud: accounts, sessions, clock and identifiers, served on one port for HTTP and HTTPS.

`Cloud` owns all state; nothing of it lives in a module, so two clouds in one process share nothing.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar

from crossaccount.localcloud import snapshot
from crossaccount.localcloud.account import Account, RootKey, check_account_id
from crossaccount.localcloud.clock import Clock
from crossaccount.localcloud.decisions import Decisions
from crossaccount.localcloud.host import is_loopback
from crossaccount.localcloud.ids import Ids
from crossaccount.localcloud.keyring import Keyring
from crossaccount.localcloud.request_time import Nonces
from crossaccount.localcloud.session import Sessions
from crossaccount.localcloud.switches import Switches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Self

    from crossaccount.localcloud.authority import Authority
    from crossaccount.localcloud.products import Product
    from crossaccount.localcloud.server import Server

_Answer = TypeVar("_Answer")

DEFAULT_REGION = "cn-hangzhou"
_MOST_UNIMPLEMENTED = 1000
_MOST_FAULTS = 20


class Cloud(Switches):
    """A local Alibaba Cloud for any number of accounts.

    Use it as a context manager to serve it: `with Cloud(accounts=[A, B]) as cloud: cloud.endpoint`.

    Args:
        accounts: ids of accounts to begin with, 16 digits each.
        seed: makes identifiers and secrets repeatable.
        clock: the cloud's clock; real time when None.
        region: the region of calls whose host names none.
        observe: decide and record, but let pass what policies deny; every response then says so.

    Attributes:
        clock: can be moved.
        ids: makes identifiers and secrets.
        region: the default region.
        accounts: by id.
        sessions: role sessions.
        keyring: finds access keys.
        nonces: the signature nonces used lately.
        decisions: the last thousand decisions, with reasons.
        exposed: whether it was told to listen to other machines; a host it does not know then names it.
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
        observe: bool = False,
    ) -> None:
        self.clock = clock or Clock()
        self.ids = Ids(seed)
        self.region = region
        self.accounts: dict[str, Account] = {}
        super().__init__(self.accounts, self.clock, observe=observe)
        self.sessions = Sessions()
        self.keyring = Keyring(self.accounts, self.sessions)
        self.nonces = Nonces()
        self.decisions = Decisions()
        self.exposed = False
        self._authority: Authority | None = None
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

    def between_calls(self, function: Callable[[], _Answer]) -> _Answer:
        """Runs a function while no call is being answered, and gives what it returns."""
        return function() if self._server is None else self._server.run(function)

    # Serving.

    @property
    def endpoint(self) -> str:
        """Where it is served, `127.0.0.1:PORT`, as SDK and provider settings take it: without a scheme.

        Raises:
            RuntimeError: when it is not served.
        """
        if self._server is None:
            raise RuntimeError("the cloud is not served; use `with cloud:` or call `cloud.start()`")
        return self._server.address

    @property
    def url(self) -> str:
        """The same with its scheme, e.g. for an SDK's `http_proxy`; HTTPS clients go through it too."""
        return f"http://{self.endpoint}"

    @property
    def https_endpoint(self) -> str:
        """Where it is served over HTTPS: the same port. The client must trust `ca_file`."""
        return self.endpoint

    @property
    def ca_file(self) -> Path:
        """The certificate of this cloud's own authority, in PEM, made when it is first asked for.

        It is a throw-away: its key is nowhere but in this process, and it may vouch for loopback names and
        Alibaba Cloud's only. The file is gone when the cloud is stopped.
        """
        return self.authority.ca_file

    @property
    def authority(self) -> Authority:
        """What signs the certificates that clients over HTTPS are shown; made when it is first asked for."""
        return self._authority or self.between_calls(self._made_authority)

    def _made_authority(self) -> Authority:
        from crossaccount.localcloud.authority import Authority  # noqa: PLC0415  slow, and only HTTPS needs it

        if self._authority is None:
            self._authority = Authority()
        return self._authority

    def start(self, port: int = 0, host: str = "127.0.0.1", *, exposed: bool = False) -> None:
        """Serves it; returns when it answers.

        Args:
            port: 0 takes a free one.
            host: the address to listen on.
            exposed: must be True, too, for an address that is not a loopback one: whoever reaches it can read
                whatever the cloud holds.

        Raises:
            OSError: when the port is taken.
            ValueError: when the address is not a loopback one and `exposed` is not said.
            RuntimeError: when it is served already, or does not come up within 10 seconds.
        """
        if not exposed and not is_loopback(host):
            raise ValueError(
                f"`{host}` can be reached from other machines; to serve there, say so twice: `exposed=True`"
            )

        from crossaccount.localcloud.asgi import Application  # noqa: PLC0415  a cloud that is not served needs no server
        from crossaccount.localcloud.server import Server  # noqa: PLC0415

        if self._server is not None:
            raise RuntimeError(f"the cloud is served already, on {self.endpoint}")
        self.exposed = exposed
        self._server = Server(Application(self), port, host, secure=lambda: self.authority.context)

    def stop(self) -> None:
        """Stops serving; the state stays. Does nothing when it is not served.

        Raises:
            RuntimeError: when a call in progress keeps it from stopping for more than 5 seconds.
        """
        server, self._server = self._server, None
        if server is not None:
            server.stop()
        authority, self._authority = self._authority, None
        if authority is not None:
            authority.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # Whole states.

    def to_json(self) -> dict[str, Any]:
        """The whole state as plain JSON, sorted, with its version; secrets are in it.

        The nonces, the decisions and the counts are not: a cloud that is restored begins with empty logs.
        A cloud that is served takes it between two calls.
        """
        return self.between_calls(lambda: snapshot.dump(self))

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
        snapshot.check_version(data)
        cloud = cls(clock=clock or Clock(offset=data["clockOffset"]), region=data["region"])
        snapshot.load(cloud, data)
        return cloud

    def restore(self, data: dict[str, Any]) -> None:
        """Makes the state that `to_json` wrote this cloud's own, in place of what it holds; logs begin anew.

        Raises:
            ValueError, KeyError, TypeError: as `from_json`; nothing is changed then.
        """
        other = Cloud.from_json(data)
        self.between_calls(lambda: self._take_over(other))

    def _take_over(self, other: Cloud) -> None:
        kept = dict(self.accounts)
        self.accounts.clear()
        for account in other.accounts.values():
            mine = kept.get(account.id, account)
            mine.become(account)
            mine.cloud = self
            self.accounts[mine.id] = mine
        self.clock.offset, self.ids, self.region = other.clock.offset, other.ids, other.region
        self.begin_anew(other.sessions)

    def reset(self) -> None:
        """Makes it as it was at the start: its accounts empty, with their root keys; nothing switched on.

        What observes goes on observing. Identifiers are not repeated.
        """
        self.between_calls(self._reset)

    def _reset(self) -> None:
        for account in self.accounts.values():
            account.clear()
        self.clock.offset = 0.0
        self.begin_anew(Sessions())

    def begin_anew(self, sessions: Sessions) -> None:
        """Goes on with other sessions, empty logs and every switch off."""
        self.sessions = sessions
        self.keyring = Keyring(self.accounts, sessions)
        self.decisions = Decisions()
        self.unimplemented.clear()
        self.faults.clear()
        self.switch_off()

    def seed(self, document: str | Mapping[str, Any]) -> None:
        """Fills the cloud from a seed: a YAML text, or the mapping it stands for; see `docs/local-cloud.md`.

        Raises:
            crossaccount.localcloud.seeding.SeedError: names what is wrong and where; nothing is changed then.
        """
        from crossaccount.localcloud.seeding import plant, read_seed  # noqa: PLC0415  slow, and only seeds need it

        seed = read_seed(document)
        self.between_calls(lambda: plant(self, seed))
