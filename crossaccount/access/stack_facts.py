"""From the resources of a stack to facts: one reader for each RAM resource type.

A name that is known only after `up` is taken from the resource it was made from, where there is exactly one
that fits; that is never certain. Source: the alicloud provider's schema (facts 7.3).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, cast

from crossaccount.access.accounts import accounts_of, provider_name
from crossaccount.access.documents import NOT_NAMED, read_document
from crossaccount.access.facts import (
    AttachmentFact,
    CredentialFact,
    Facts,
    HolderKind,
    MembershipFact,
    NotAnalysed,
    PrincipalFact,
    RoleFact,
)
from crossaccount.access.origin import Origin, origin_of
from crossaccount.access.values import Unknown, read_text, read_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crossaccount.access.records import Record, StackRecords

_RAM = "alicloud:ram/"
_NAMES = {
    f"{_RAM}role:Role": ("roleName", "name"),
    f"{_RAM}policy:Policy": ("policyName", "name"),
    f"{_RAM}user:User": ("name",),
    f"{_RAM}group:Group": ("groupName", "name"),
}
_GIVES_NOTHING = frozenset(
    {
        f"{_RAM}accountPasswordPolicy:AccountPasswordPolicy",
        f"{_RAM}passwordPolicy:PasswordPolicy",
        f"{_RAM}securityPreference:SecurityPreference",
        f"{_RAM}samlProvider:SamlProvider",
        "alicloud:ims/oidcProvider:OidcProvider",
    }
)
_MAY_GIVE = (
    _RAM,
    "alicloud:resourcemanager/",
    "alicloud:ims/",
    "alicloud:cloudsso/",
    "alicloud:kms/policy:",
    "alicloud:oss/bucketAcl:",
    "alicloud:oss/bucketPolicy:",
)


def facts_of(stack: StackRecords, account: str | None = None) -> Facts:
    """What a stack says about access.

    Args:
        stack: its resources.
        account: its account's id, where the caller says it.

    Raises:
        UnknownAccountError: its account cannot be told.
        PolicyTextError: a policy does not parse.
    """
    return _Reader(stack, accounts_of(stack, account)).read()


class _Reader:
    def __init__(self, stack: StackRecords, accounts: Mapping[str, str]) -> None:
        self._stack = stack
        self._accounts = accounts
        self._by_urn = {record.urn: record for record in stack.records if record.type in _NAMES}
        self._facts = Facts()
        self._readers: dict[str, Callable[[Record, str, Origin], None]] = {
            f"{_RAM}role:Role": self._role,
            f"{_RAM}policy:Policy": self._policy,
            f"{_RAM}user:User": self._principal,
            f"{_RAM}group:Group": self._principal,
            f"{_RAM}rolePolicyAttachment:RolePolicyAttachment": self._attachment,
            f"{_RAM}userPolicyAttachment:UserPolicyAttachment": self._attachment,
            f"{_RAM}groupPolicyAttachment:GroupPolicyAttachment": self._attachment,
            f"{_RAM}userGroupAttachment:UserGroupAttachment": self._membership,
            f"{_RAM}groupMembership:GroupMembership": self._memberships,
            f"{_RAM}accessKey:AccessKey": self._access_key,
            f"{_RAM}loginProfile:LoginProfile": self._login,
            f"{_RAM}accountAlias:AccountAlias": self._alias,
        }

    def read(self) -> Facts:
        for name in self._accounts:
            self._facts.add_account(self._accounts[name], self._stack.name)
        for record in self._stack.records:
            read = self._readers.get(record.type)
            if read is not None and not record.resource.get("external"):
                account = self._accounts[provider_name(record.resource.get("provider"))]
                read(record, account, origin_of(record.resource, self._stack.where, self._stack.name))
            elif read is None and record.type.startswith(_MAY_GIVE) and record.type not in _GIVES_NOTHING:
                origin = origin_of(record.resource, self._stack.where, self._stack.name)
                what = f"resources of type `{record.type}` are not read: what it gives cannot be told"
                self._facts.not_analysed.append(NotAnalysed(what, origin))
        return self._facts

    def _role(self, record: Record, account: str, origin: Origin) -> None:
        name, _ = self._own_name(record)
        document = _setting(record, "assumeRolePolicyDocument", "document")
        trust = read_document("Trust", name or _shown(record), account, document, origin, _bound(record))
        session = _plain(record, "maxSessionDuration")
        self._facts.roles.append(
            RoleFact(
                account,
                name,
                not isinstance(read_text(record.outputs, "arn"), str),
                trust,
                int(session) if isinstance(session, (int, float)) else None,
                origin,
                record.certain,
                record.retired,
            )
        )

    def _policy(self, record: Record, account: str, origin: Origin) -> None:
        name, _ = self._own_name(record)
        text = _setting(record, "policyDocument", "document")
        document = read_document("Custom", name or _shown(record), account, text, origin)
        if not record.certain:
            document = replace(document, compiled=None, missing="an operation on it was cut off")
        self._facts.policies.append(replace(document, retired=True) if record.retired else document)

    def _principal(self, record: Record, account: str, origin: Origin) -> None:
        kind: Literal["user", "group"] = "user" if record.type.endswith(":User") else "group"
        name, _ = self._own_name(record)
        if name is None:
            self._note(f"the {kind}'s name is known only after `up`", origin)
            return
        self._facts.principals.append(
            PrincipalFact(account, kind, name, origin, record.certain, record.retired)
        )

    def _attachment(self, record: Record, account: str, origin: Origin) -> None:
        kind = cast("HolderKind", record.type.rpartition(":")[2].removesuffix("PolicyAttachment").lower())
        holder, holder_sure = self._name(record, f"{kind}Name", f"{_RAM}{kind}:{kind.capitalize()}")
        policy, policy_sure = self._name(record, "policyName", f"{_RAM}policy:Policy")
        policy_type, type_sure = self._policy_type(record)
        if holder is None:
            self._note(_at_most(kind, policy), origin)
            return
        if policy is None:
            policy_type, policy = "Custom", NOT_NAMED
        certain = record.certain and holder_sure and policy_sure and type_sure
        self._facts.attachments.append(
            AttachmentFact(account, kind, holder, policy_type, policy, origin, certain)
        )

    def _policy_type(self, record: Record) -> tuple[Literal["System", "Custom"], bool]:
        text = _setting(record, "policyType")
        if text in ("System", "Custom"):
            return cast("Literal['System', 'Custom']", text), True
        made_here = any(urn in self._by_urn for urn in record.depends_on("policyType"))
        return ("Custom" if made_here else "System"), made_here

    def _membership(self, record: Record, account: str, origin: Origin) -> None:
        user, user_sure = self._name(record, "userName", f"{_RAM}user:User")
        group, group_sure = self._name(record, "groupName", f"{_RAM}group:Group")
        if user is None or group is None:
            self._note("which user joins which group is known only after `up`", origin)
            return
        certain = record.certain and user_sure and group_sure
        self._facts.memberships.append(MembershipFact(account, user, group, origin, certain))

    def _memberships(self, record: Record, account: str, origin: Origin) -> None:
        group, sure = self._name(record, "groupName", f"{_RAM}group:Group")
        users = next((found for each in record.settings if (found := read_texts(each, "userNames"))), None)
        if group is None or users is None:
            self._note("which users join which group is known only after `up`", origin)
            return
        self._facts.memberships += [
            MembershipFact(account, user, group, origin, record.certain and sure) for user in users
        ]

    def _access_key(self, record: Record, account: str, origin: Origin) -> None:
        user, _ = self._name(record, "userName", f"{_RAM}user:User")
        if user is not None:
            status = _setting(record, "status")
            detail = status if isinstance(status, str) else "Active"
            self._facts.credentials.append(CredentialFact(account, user, "access key", detail, origin))

    def _login(self, record: Record, account: str, origin: Origin) -> None:
        user, _ = self._name(record, "userName", f"{_RAM}user:User")
        if user is not None:
            asks = _plain(record, "mfaBindRequired") is not False
            detail = "asks for a second factor" if asks else "asks for no second factor"
            self._facts.credentials.append(CredentialFact(account, user, "console login", detail, origin))

    def _alias(self, record: Record, account: str, _origin: Origin) -> None:
        alias = _setting(record, "accountAlias")
        if isinstance(alias, str):
            self._facts.aliases[account] = alias

    def _own_name(self, record: Record) -> tuple[str | None, bool]:
        text = _setting(record, *_NAMES[record.type])
        return (text, True) if isinstance(text, str) else (None, False)

    def _name(self, record: Record, key: str, type_: str) -> tuple[str | None, bool]:
        """A name and whether it is certain: given, or else that of the one resource it was made from."""
        text = _setting(record, key)
        if isinstance(text, str):
            return text, True
        made_from = [self._by_urn[urn] for urn in record.depends_on(key) if urn in self._by_urn]
        fitting = [each for each in made_from if each.type == type_]
        if len(fitting) != 1:
            return None, False
        own = self._own_name(fitting[0])[0]
        return (fitting[0].urn if own is None and key == "roleName" else own), False

    def _note(self, what: str, origin: Origin) -> None:
        self._facts.not_analysed.append(NotAnalysed(what, origin))


def _setting(record: Record, *names: str) -> str | Unknown | None:
    for properties in record.settings:
        text = read_text(properties, *names)
        if text is not None:
            return text
    return Unknown.COMPUTED if record.planned else None


def _plain(record: Record, name: str) -> Any:  # noqa: ANN401  JSON
    return next((each[name] for each in record.settings if name in each), None)


def _bound(record: Record) -> tuple[str, ...] | None:
    """The principals that a trust policy names at most: what the provider read from it, if it is of now."""
    if record.planned:
        return None
    users, services = read_texts(record.outputs, "ramUsers"), read_texts(record.outputs, "services")
    return None if users is None or services is None else (*users, *services)


def _at_most(kind: str, policy: str | None) -> str:
    which = f"`{policy}`" if policy else "a policy known only after `up`, at most every action"
    return f"attaches {which} to a {kind} whose name is known only after `up`"


def _shown(record: Record) -> str:
    return record.urn.rpartition("::")[2]
