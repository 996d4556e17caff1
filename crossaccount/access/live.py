"""A live account, read through the RAM API: every role, user, group, policy, attachment and membership.

Only calls that read are made, eight side by side. What the calls raise passes through, unless it is to be
tolerated. Source: RAM API 2015-05-01 (facts 3.2).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar, cast

from crossaccount.access.documents import Document, read_document
from crossaccount.access.errors import PolicyTextError
from crossaccount.access.facts import (
    AttachmentFact,
    CredentialFact,
    Facts,
    MembershipFact,
    PrincipalFact,
    RoleFact,
    Unread,
)
from crossaccount.access.origin import Origin
from crossaccount.policy import SYSTEM_POLICIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crossaccount.access.documents import DocumentKind
    from crossaccount.access.facts import HolderKind

_SIDE_BY_SIDE = 8
_PAGE = 100
_UNREAD = "it could not be read in the account"
Answer = TypeVar("Answer")


class RamCalls(Protocol):
    """The RAM API of one account, for any number of threads; `crossaccount.engine.ram_api.RamApi` is one."""

    def account_id(self) -> str:
        """The account that the credentials belong to."""

    def call(self, action: str, **parameters: object) -> dict[str, Any]:
        """One call's answer; parameters by the SDK's names."""

    def pages(self, action: str, *path: str, **parameters: object) -> list[dict[str, Any]]:
        """All pages of a list that lies at `path` of the answers."""


def read_account(
    api: RamCalls,
    *,
    credentials: bool = False,
    on_progress: Callable[[str], None] | None = None,
    tolerated: type[Exception] | None = None,
) -> Facts:
    """What an account says about access, now; it is complete, nobody else is in it, where all was read.

    Args:
        api: the account.
        credentials: whether access keys are listed, too: one more call for each user.
        on_progress: told before each step what is read next.
        tolerated: what a refused call raises. Where it is given, such a call, and a policy that does not
            parse, end nothing: they are in `unread`, and the account is not complete.

    Raises:
        PolicyTextError: a policy does not parse, and nothing is tolerated.
    """
    tolerable = () if tolerated is None else (tolerated, PolicyTextError)
    return _Reader(api, on_progress or _ignore, tolerable).read(credentials=credentials)


def _ignore(_what: str) -> None:
    return


class _Reader:
    def __init__(
        self, api: RamCalls, tell: Callable[[str], None], tolerable: tuple[type[Exception], ...]
    ) -> None:
        self._api = api
        self._tell = tell
        self._tolerable = tolerable
        self._account = api.account_id()
        self._facts = Facts()
        self._where = f"live account {self._account}"

    def read(self, *, credentials: bool) -> Facts:
        self._facts.add_account(self._account, self._where)
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
            self._roles(pool)
            self._groups(pool)
            users = self._users(pool)
            self._policies(pool)
            if credentials:
                self._tell(f"access keys of {len(users)} users")
                for keys in pool.map(self._access_keys, users):
                    self._facts.credentials += keys
        if not self._facts.unread:
            self._facts.complete.add(self._account)
        return self._facts

    def _asked(self, part: str, name: str, ask: Callable[[], Answer], otherwise: Answer) -> Answer:
        """What a call answers; where it is refused and that is tolerated, what counts then."""
        try:
            return ask()
        except self._tolerable as error:
            self._facts.unread.append(Unread(self._account, part, name, str(error)))
            return otherwise

    def _origin(self, created: object = "", modified: object = "") -> Origin:
        return Origin(self._where, created=str(created or ""), modified=str(modified or ""))

    def _roles(self, pool: ThreadPoolExecutor) -> None:
        self._tell("roles")
        names = [each["RoleName"] for each in self._list("roles", "", "ListRoles", "Roles", "Role")]
        self._facts.roles += pool.map(self._role, names)
        self._attachments(pool, "role", names)

    def _role(self, name: str) -> RoleFact:
        unread = RoleFact(
            self._account, name, False, self._unknown("Trust", name), None, self._origin(), certain=True
        )
        return self._asked("trust", name, lambda: self._role_itself(name), unread)

    def _unknown(self, kind: DocumentKind, name: str) -> Document:
        account = "system" if kind == "System" else self._account
        return Document(kind, name, account, None, _UNREAD, None, self._origin())

    def _role_itself(self, name: str) -> RoleFact:
        role = self._api.call("GetRole", role_name=name)["Role"]
        origin = self._origin(role.get("CreateDate"), role.get("UpdateDate"))
        trust = read_document("Trust", name, self._account, role.get("AssumeRolePolicyDocument"), origin)
        return RoleFact(self._account, name, False, trust, role.get("MaxSessionDuration"), origin)

    def _groups(self, pool: ThreadPoolExecutor) -> None:
        self._tell("groups")
        groups = self._list("groups", "", "ListGroups", "Groups", "Group")
        names = self._principals("group", groups, "GroupName")
        for members in pool.map(self._members, names):
            self._facts.memberships += members
        self._attachments(pool, "group", names)

    def _members(self, group: str) -> list[MembershipFact]:
        users = self._list("members", group, "ListUsersForGroup", "Users", "User", group_name=group)
        return [
            MembershipFact(self._account, each["UserName"], group, self._origin(each.get("JoinDate")))
            for each in users
        ]

    def _users(self, pool: ThreadPoolExecutor) -> list[str]:
        self._tell("users")
        users = self._list("users", "", "ListUsers", "Users", "User")
        names = self._principals("user", users, "UserName")
        self._attachments(pool, "user", names)
        return names

    def _principals(
        self, kind: Literal["user", "group"], found: Iterable[dict[str, Any]], key: str
    ) -> list[str]:
        names = []
        for each in found:
            origin = self._origin(each.get("CreateDate"), each.get("UpdateDate"))
            self._facts.principals.append(PrincipalFact(self._account, kind, each[key], origin))
            names.append(each[key])
        return names

    def _attachments(self, pool: ThreadPoolExecutor, kind: HolderKind, names: list[str]) -> None:
        self._tell(f"policies of {len(names)} {kind}s")
        for found in pool.map(lambda name: self._attached(kind, name), names):
            self._facts.attachments += found

    def _attached(self, kind: HolderKind, name: str) -> list[AttachmentFact]:
        call = f"ListPoliciesFor{kind.capitalize()}"
        answer: dict[str, Any] = self._asked(
            f"attachments of {kind}", name, lambda: self._api.call(call, **{f"{kind}_name": name}), {}
        )
        policies = (answer.get("Policies") or {}).get("Policy") or ()
        return [
            AttachmentFact(
                self._account,
                kind,
                name,
                cast("Literal['System', 'Custom']", each["PolicyType"]),
                each["PolicyName"],
                self._origin(each.get("AttachDate")),
            )
            for each in policies
        ]

    def _policies(self, pool: ThreadPoolExecutor) -> None:
        self._tell("policies")
        custom = self._list("policies", "", "ListPolicies", "Policies", "Policy", policy_type="Custom")
        wanted = {("Custom", each["PolicyName"]): None for each in custom}
        for each in self._facts.attachments:
            if each.policy_kind == "System" and each.policy not in SYSTEM_POLICIES:
                wanted["System", each.policy] = None
        self._facts.policies += pool.map(lambda key: self._policy(*key), wanted)

    def _policy(self, kind: Literal["System", "Custom"], name: str) -> Document:
        unread = self._unknown(kind, name)
        return self._asked("policy", name, lambda: self._policy_itself(kind, name), unread)

    def _policy_itself(self, kind: Literal["System", "Custom"], name: str) -> Document:
        answer = self._api.call("GetPolicy", policy_type=kind, policy_name=name)
        described, version = answer["Policy"], answer["DefaultPolicyVersion"]
        origin = self._origin(described.get("CreateDate"), described.get("UpdateDate"))
        account = "system" if kind == "System" else self._account
        return read_document(kind, name, account, version.get("PolicyDocument"), origin)

    def _access_keys(self, user: str) -> list[CredentialFact]:
        answer: dict[str, Any] = self._asked(
            "access keys", user, lambda: self._api.call("ListAccessKeys", user_name=user), {}
        )
        return [
            CredentialFact(
                self._account, user, "access key", each["Status"], self._origin(each.get("CreateDate"))
            )
            for each in (answer.get("AccessKeys") or {}).get("AccessKey") or ()
        ]

    def _list(
        self, part: str, name: str, action: str, *path: str, **parameters: object
    ) -> list[dict[str, Any]]:
        return self._asked(
            part, name, lambda: self._api.pages(action, *path, max_items=_PAGE, **parameters), []
        )
