"""Planting a seed: one operation after the other, as each account's root would call it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.localcloud import fc, ram
from crossaccount.localcloud.account import RootKey
from crossaccount.localcloud.call import Call
from crossaccount.localcloud.caller import Caller
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.ims.providers import add_oidc_provider, add_saml_provider
from crossaccount.localcloud.ram.entities import AccessKey
from crossaccount.localcloud.seeding.document import SeedError
from crossaccount.policy import SYSTEM_POLICIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.localcloud.seeding.document import (
        Seed,
        SeedAccount,
        SeedFunction,
        SeedKey,
        SeedRole,
        SeedUser,
    )

Task = tuple[str, "Callable[[], object]"]


def plant(cloud: Cloud, seed: Seed) -> None:
    """Fills a cloud; tried on a copy first, so that a seed that does not fit changes nothing.

    Raises:
        SeedError: names each place that does not fit, and the service's own error.
    """
    _Planting(type(cloud).from_json(cloud.to_json(), clock=cloud.clock)).carry_out(seed)
    _Planting(cloud).carry_out(seed)


class _Planting:
    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def carry_out(self, seed: Seed) -> None:
        places = [(f"accounts[{number}]", each) for number, each in enumerate(seed.accounts)]
        _all_once([(place, partial(self._account, each)) for place, each in places])
        accounts = [(place, self._cloud.accounts[each.id], each) for place, each in places]
        for tasks in (self._policies, self._groups, self._users):
            _all_once([task for place, account, each in accounts for task in tasks(place, account, each)])
        _as_long_as_it_goes(
            [
                (f"{place}.roles[{number}]", partial(self._role, account, role))
                for place, account, each in accounts
                for number, role in enumerate(each.roles)
            ]
        )
        _all_once([task for place, account, each in accounts for task in self._rest(place, account, each)])

    def _account(self, wanted: SeedAccount) -> None:
        account = self._cloud.accounts.get(wanted.id)
        if account is None:
            account = self._cloud.add_account(wanted.id, wanted.alias)
        elif wanted.alias is not None and wanted.alias != account.alias:
            self._do(account, "SetAccountAlias", AccountAlias=wanted.alias)
        if wanted.rootKey is not None:
            key_id, secret = self._key(wanted.rootKey)
            account.root_key = RootKey(key_id, secret)

    def _policies(self, place: str, account: Account, wanted: SeedAccount) -> Iterable[Task]:
        for number, policy in enumerate(wanted.policies):
            made = partial(
                self._do,
                account,
                "CreatePolicy",
                PolicyName=policy.name,
                PolicyDocument=_text(policy.document),
                Description=policy.description,
            )
            yield f"{place}.policies[{number}]", made

    def _groups(self, place: str, account: Account, wanted: SeedAccount) -> Iterable[Task]:
        for number, group in enumerate(wanted.groups):
            here = f"{place}.groups[{number}]"
            fields = {"GroupName": group.name, "Comments": group.comments}
            yield here, partial(self._do, account, "CreateGroup", **fields)
            yield from self._attachments(here, account, "Group", group.name, group.policies)

    def _users(self, place: str, account: Account, wanted: SeedAccount) -> Iterable[Task]:
        for number, user in enumerate(wanted.users):
            here = f"{place}.users[{number}]"
            yield here, partial(self._user, account, user)
            yield from self._attachments(here, account, "User", user.name, user.policies)

    def _user(self, account: Account, user: SeedUser) -> None:
        self._do(
            account,
            "CreateUser",
            UserName=user.name,
            DisplayName=user.displayName,
            Comments=user.comments,
        )
        for group in user.groups:
            self._do(account, "AddUserToGroup", UserName=user.name, GroupName=group)
        for wanted in user.accessKeys:
            key_id, secret = self._key(wanted)
            key = AccessKey(key_id, secret, self._cloud.clock.iso())
            account.ram.add_key(account.ram.users[user.name], key)
            self._cloud.register_access_key(key_id, account)

    def _role(self, account: Account, role: SeedRole) -> None:
        duration = role.maxSessionDuration
        self._do(
            account,
            "CreateRole",
            RoleName=role.name,
            AssumeRolePolicyDocument=_text(role.trust),
            Description=role.description,
            MaxSessionDuration=None if duration is None else str(duration),
            Tag=orjson.dumps([{"Key": key, "Value": value} for key, value in role.tags.items()]).decode()
            if role.tags
            else None,
        )

    def _rest(self, place: str, account: Account, wanted: SeedAccount) -> Iterable[Task]:
        for number, role in enumerate(wanted.roles):
            yield from self._attachments(
                f"{place}.roles[{number}]", account, "Role", role.name, role.policies
            )
        for number, function in enumerate(wanted.functions):
            yield f"{place}.functions[{number}]", partial(self._function, account, function)
        now = self._cloud.clock.iso()
        for number, oidc in enumerate(wanted.oidcProviders):
            made: Callable[[], object] = partial(
                add_oidc_provider, account, oidc.name, oidc.issuerUrl, oidc.clientIds, now, jwks=oidc.jwks
            )
            yield f"{place}.oidcProviders[{number}]", made
        for number, saml in enumerate(wanted.samlProviders):
            made = partial(add_saml_provider, account, saml.name, saml.metadata, now)
            yield f"{place}.samlProviders[{number}]", made

    def _attachments(
        self, place: str, account: Account, kind: str, name: str, policies: Iterable[str]
    ) -> Iterable[Task]:
        for number, policy in enumerate(policies):
            fields = {
                "PolicyType": "System" if policy in SYSTEM_POLICIES else "Custom",
                "PolicyName": policy,
                f"{kind}Name": name,
            }
            attached = partial(self._do, account, f"AttachPolicyTo{kind}", **fields)
            yield f"{place}.policies[{number}]", attached

    def _function(self, account: Account, wanted: SeedFunction) -> None:
        create = next(route.operation for route in fc.ROUTES_3 if route.operation.name == "CreateFunction")
        body = orjson.dumps(wanted.model_dump(exclude={"region"}))
        create.answer(self._call(account, {}, region=wanted.region, body=body))

    def _key(self, wanted: SeedKey) -> tuple[str, str]:
        if wanted.id is not None and self._cloud.keyring.find(wanted.id) is not None:
            raise ValueError(f"the access key `{wanted.id}` exists already")
        ids = self._cloud.ids
        return wanted.id or ids.access_key_id(), wanted.secret or ids.access_key_secret()

    def _do(self, account: Account, action: str, **parameters: str | None) -> None:
        params = {name: value for name, value in parameters.items() if value is not None}
        ram.OPERATIONS[action].answer(self._call(account, params))

    def _call(
        self, account: Account, params: Mapping[str, str], *, region: str | None = None, body: bytes = b""
    ) -> Call:
        return Call(
            cloud=self._cloud,
            account=account,
            caller=Caller("root", account, account.root_key.key_id),
            params=params,
            region=region or self._cloud.region,
            source_ip="127.0.0.1",
            request_id=self._cloud.ids.request_id(),
            body=body,
            headers={"content-type": "application/json"},
        )


def _text(document: dict[str, Any] | str) -> str:
    return document if isinstance(document, str) else orjson.dumps(document).decode()


def _problem(task: Task) -> str | None:
    place, work = task
    try:
        work()
    except ApiError as error:
        return f"{place}: {error.code}: {error.message}"
    except ValueError as error:
        return f"{place}: {error}"
    return None


def _all_once(tasks: list[Task]) -> None:
    problems = [problem for problem in map(_problem, tasks) if problem is not None]
    if problems:
        raise SeedError(problems)


def _as_long_as_it_goes(tasks: list[Task]) -> None:
    """Roles may trust each other in any order: those that cannot be made yet are tried again."""
    problems: list[str] = []
    while tasks:
        tried = [(task, _problem(task)) for task in tasks]
        left = [task for task, problem in tried if problem is not None]
        problems = [problem for _, problem in tried if problem is not None]
        if len(left) == len(tasks):
            raise SeedError(problems)
        tasks = left
