"""The two companies before the story begins, and what the steps hand on to each other."""

from __future__ import annotations

import base64
import io
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from alibabacloud_fc20230330.models import CreateFunctionInput, CreateFunctionRequest, InputCodeLocation
from alibabacloud_fc_open20210406.models import CreateServiceRequest

from crossaccount.demo.clients import Clients, Key

if TYPE_CHECKING:
    from pathlib import Path

    from crossaccount.demo.screen import Screen
    from crossaccount.engine import Target
    from crossaccount.engine.events import OnEvent
    from crossaccount.localcloud.cloud import Cloud

OWNER = "1234567890120000"
PARTNER = "1345678901230000"
STRANGER = "1456789012340000"
ALIASES = {OWNER: "company-a", PARTNER: "company-b", STRANGER: "company-c"}
FUNCTIONS = {"cn-hangzhou": ("orders", "invoices"), "ap-northeast-1": ("resize-images",)}
SERVICES = {"cn-hangzhou": ("legacy-reports",), "ap-northeast-1": ("legacy-thumbnails",)}


class DemoError(Exception):
    """A step did not behave; the message says what was expected and what happened."""


class Stack(Protocol):
    """What the story asks of a stack, whichever engine runs it."""

    def up(self, on_event: OnEvent) -> object:
        """Make the account what the program says."""

    def destroy(self, on_event: OnEvent) -> object:
        """Delete everything the stack made."""

    def outputs(self, *, show_secrets: bool = False) -> dict[str, Any]:
        """Return the stack's outputs."""


class Open(Protocol):
    """Opens a stack of a project under one engine."""

    def __call__(
        self, project_dir: Path, name: str, *, target: Target, state_dir: Path, passphrase: str
    ) -> Stack:
        """Open the stack `name`; its state goes below `state_dir`."""


@dataclass(slots=True)
class Scene:
    """What the steps share.

    Attributes:
        cloud: the local cloud.
        open_stack: the engine that runs the stacks.
        project: the folder of `Pulumi.yaml`.
        state: a throw-away folder for the stacks' states.
        passphrase: encrypts the secrets in the throw-away states.
        screen: where evidence is shown.
        stacks: the stacks that are up, by name.
        role_arn: A's role, once stack `account-a` is up.
        keys: what earlier steps obtained, by whose it is: B's user, its session in A, B's second user.
    """

    cloud: Cloud
    open_stack: Open
    project: Path
    state: Path
    passphrase: str
    screen: Screen
    stacks: dict[str, Stack]
    role_arn: str = ""
    keys: dict[str, Key] = field(default_factory=dict)

    @property
    def clients(self) -> Clients:
        """Clients of the local cloud."""
        return Clients(self.cloud.endpoint)

    def root(self, account_id: str) -> Key:
        """The root key of an account, made up by the local cloud."""
        key = self.cloud.accounts[account_id].root_key
        return Key(key.key_id, key.secret)


def furnish(scene: Scene) -> None:
    """Give A its functions (3.0) in two regions and its services (2.0), through the SDKs."""
    key = scene.root(OWNER)
    for region, names in FUNCTIONS.items():
        client = scene.clients.functions(key, region)
        for name in names:
            client.create_function(CreateFunctionRequest(body=_function(name)))
    for region, names in SERVICES.items():
        services = scene.clients.services(key, region)
        for name in names:
            services.create_service(CreateServiceRequest(service_name=name, description="made before 3.0"))


def _function(name: str) -> CreateFunctionInput:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as code:
        code.writestr("index.py", "def handler(event, context):\n    return event\n")
    return CreateFunctionInput(
        function_name=name,
        runtime="python3.10",
        handler="index.handler",
        code=InputCodeLocation(zip_file=base64.b64encode(archive.getvalue()).decode()),
    )
