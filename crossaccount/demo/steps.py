"""The six steps of the story, in order. Each shows its evidence, or raises `DemoError`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from alibabacloud_fc20230330.models import InvokeFunctionRequest, ListFunctionsRequest
from alibabacloud_fc_open20210406.models import ListServicesRequest
from alibabacloud_ram20150501.models import (
    AttachPolicyToUserRequest,
    CreateAccessKeyRequest,
    CreateUserRequest,
    DeleteAccessKeyRequest,
    DeleteUserRequest,
    ListPoliciesRequest,
    ListRolesRequest,
    ListUsersRequest,
)
from alibabacloud_sts20150401.models import AssumeRoleRequest

from crossaccount.demo.clients import Key
from crossaccount.demo.refusals import must_be_refused
from crossaccount.demo.scene import (
    ALIASES,
    FUNCTIONS,
    OWNER,
    PARTNER,
    SERVICES,
    STRANGER,
    DemoError,
    Scene,
    furnish,
)
from crossaccount.engine import StepDone, Target

if TYPE_CHECKING:
    from crossaccount.engine import Event

Step = Callable[[Scene], None]
USER, BYSTANDER, SESSION = "fc-operator", "fc-bystander", "session of fc-operator"
STACKS = {"account-a": OWNER, "account-b": PARTNER}


def start(scene: Scene) -> None:
    """Start the local cloud: A with functions and services, B, and C who is a stranger to both."""
    scene.cloud.start()
    for account_id, alias in ALIASES.items():
        scene.cloud.add_account(account_id, alias=alias)
    furnish(scene)
    functions = ", ".join(f"{name} ({region})" for region, names in FUNCTIONS.items() for name in names)
    services = ", ".join(f"{name} ({region})" for region, names in SERVICES.items() for name in names)
    scene.screen.say(f"RAM, STS and Function Compute at {scene.cloud.endpoint}")
    scene.screen.say(f"A {OWNER} (company-a): functions {functions}; services {services}")
    scene.screen.say(f"B {PARTNER} (company-b) and C {STRANGER} (company-c): nothing yet")


def bring_up(scene: Scene) -> None:
    """Bring up stack `account-a`, then stack `account-b`, from the committed files."""
    for name, account_id in STACKS.items():
        root = scene.root(account_id)
        target = Target(scene.cloud.endpoint, root.key_id, root.secret)
        stack = scene.open_stack(
            scene.project, name, target=target, state_dir=scene.state, passphrase=scene.passphrase
        )
        made: list[StepDone] = []
        stack.up(on_event=_collector(made))
        scene.stacks[name] = stack
        scene.screen.say(f"stack {name}, from Pulumi.{name}.yaml and __main__.py:")
        scene.screen.table(
            ("", "created", "name"), [("+", step.type.rpartition(":")[2], step.name) for step in made]
        )
    scene.role_arn = _only(scene.stacks["account-a"].outputs()["roleArns"])
    secrets = scene.stacks["account-b"].outputs(show_secrets=True)["accessKeys"][USER]
    scene.keys[USER] = Key(secrets["accessKeyId"], secrets["accessKeySecret"])


def assume_and_list(scene: Scene) -> None:
    """As B's user: assume A's role, list A's functions and services, and be refused an invocation."""
    session = scene.keys[SESSION] = _assume(scene, scene.keys[USER])
    scene.screen.allowed(f"{USER} of B assumes {scene.role_arn}", f"session key {session.key_id[:8]}...")
    for region, expected in FUNCTIONS.items():
        answer = scene.clients.functions(session, region).list_functions(
            ListFunctionsRequest(fc_version="v3")
        )
        names = sorted(function.function_name for function in answer.body.functions)
        _expect(f"functions in {region}", sorted(expected), names)
        scene.screen.allowed(f"ListFunctions (3.0) in {region}", ", ".join(names))
    for region, expected in SERVICES.items():
        listed = scene.clients.services(session, region).list_services(ListServicesRequest())
        names = sorted(service.service_name for service in listed.body.services)
        _expect(f"services in {region}", sorted(expected), names)
        scene.screen.allowed(f"ListServices (2.0) in {region}", ", ".join(names))
    invoke = scene.clients.functions(session, "cn-hangzhou").invoke_function
    must_be_refused(
        scene, "InvokeFunction orders", "AccessDenied", lambda: invoke("orders", InvokeFunctionRequest())
    )


def outsiders(scene: Scene) -> None:
    """Everyone else is refused: B's user without the grant, a user of C, and B's root."""
    bystander = scene.keys[BYSTANDER] = _user_with_key(scene, PARTNER, BYSTANDER)
    stranger = _user_with_key(scene, STRANGER, "curious", policy="AliyunSTSAssumeRoleAccess")
    for who, key in (
        (f"{BYSTANDER} of B, who has no grant", bystander),
        ("curious of C, whom A does not trust", stranger),
        ("the root of B", scene.root(PARTNER)),
    ):
        must_be_refused(scene, f"AssumeRole by {who}", "NoPermission", partial(_assume, scene, key))


def revoke(scene: Scene) -> None:
    """Destroy stack `account-a`: policies first, then the role; then nothing of B's works any more."""
    _destroy(scene, "account-a")
    must_be_refused(
        scene, f"AssumeRole by {USER} of B", "EntityNotExist.Role", lambda: _assume(scene, scene.keys[USER])
    )
    functions = scene.clients.functions(scene.keys[SESSION], "cn-hangzhou")
    must_be_refused(
        scene,
        "ListFunctions with the session opened in step 3",
        "InvalidSecurityToken.Expired",
        lambda: functions.list_functions(ListFunctionsRequest()),
    )


def clear(scene: Scene) -> None:
    """Destroy stack `account-b`, and show that both accounts are empty again."""
    _destroy(scene, "account-b")
    _remove_user(scene, PARTNER, BYSTANDER, scene.keys[BYSTANDER])
    rows = [_contents(scene, account_id) for account_id in (OWNER, PARTNER)]
    scene.screen.table(("account", "roles", "users", "custom policies"), rows)
    for account_id, *counts in rows:
        _expect(f"what is left in {account_id}", ["0", "0", "0"], counts)


def _collector(done: list[StepDone]) -> Callable[[Event], None]:
    def on_event(event: Event) -> None:
        if (
            isinstance(event, StepDone)
            and event.op in {"create", "delete"}
            and event.type.startswith("alicloud:")
        ):
            done.append(event)

    return on_event


def _destroy(scene: Scene, name: str) -> None:
    removed: list[StepDone] = []
    scene.stacks.pop(name).destroy(on_event=_collector(removed))
    scene.screen.say(f"stack {name} destroyed, in this order:")
    scene.screen.table(
        ("", "deleted", "name"), [("-", step.type.rpartition(":")[2], step.name) for step in removed]
    )
    kinds = [step.type for step in removed]
    for kind, needs in (("ram/role:Role", "rolePolicyAttachment"), ("ram/user:User", "userPolicyAttachment")):
        last = max((place for place, token in enumerate(kinds) if needs in token), default=-1)
        first = min((place for place, token in enumerate(kinds) if token.endswith(kind)), default=len(kinds))
        if last > first:
            raise DemoError(
                f"stack {name}: a {kind.rpartition(':')[2]} was deleted before its policies were detached"
            )


def _assume(scene: Scene, key: Key) -> Key:
    request = AssumeRoleRequest(role_arn=scene.role_arn, role_session_name=USER, duration_seconds=900)
    credentials = scene.clients.sts(key).assume_role(request).body.credentials
    return Key(credentials.access_key_id, credentials.access_key_secret, credentials.security_token)


def _user_with_key(scene: Scene, account_id: str, name: str, *, policy: str | None = None) -> Key:
    ram = scene.clients.ram(scene.root(account_id))
    ram.create_user(CreateUserRequest(user_name=name))
    if policy is not None:
        ram.attach_policy_to_user(
            AttachPolicyToUserRequest(user_name=name, policy_type="System", policy_name=policy)
        )
    key = ram.create_access_key(CreateAccessKeyRequest(user_name=name)).body.access_key
    return Key(key.access_key_id, key.access_key_secret)


def _remove_user(scene: Scene, account_id: str, name: str, key: Key) -> None:
    ram = scene.clients.ram(scene.root(account_id))
    ram.delete_access_key(DeleteAccessKeyRequest(user_name=name, user_access_key_id=key.key_id))
    ram.delete_user(DeleteUserRequest(user_name=name))


def _contents(scene: Scene, account_id: str) -> tuple[str, str, str, str]:
    ram = scene.clients.ram(scene.root(account_id))
    roles = ram.list_roles(ListRolesRequest()).body.roles.role
    users = ram.list_users(ListUsersRequest()).body.users.user
    policies = ram.list_policies(ListPoliciesRequest(policy_type="Custom")).body.policies.policy
    return account_id, str(len(roles)), str(len(users)), str(len(policies))


def _expect(what: str, expected: object, found: object) -> None:
    if expected != found:
        raise DemoError(f"{what}: expected {expected}, found {found}")


def _only(values: dict[str, str]) -> str:
    if len(values) != 1:
        raise DemoError(f"expected stack account-a to make one role, found {sorted(values)}")
    return next(iter(values.values()))
