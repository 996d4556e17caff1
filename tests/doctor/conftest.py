"""`crossaccount doctor` in this process, as B's user `dev`, against a served cloud that tests then break."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client as RamClient
from click.testing import CliRunner

from crossaccount import cli
from crossaccount.session import Key
from crossaccount.session.sdk_call import connection
from tests.clients.scene import ROLE
from tests.session.conftest import clean_environment, key, served

if TYPE_CHECKING:
    from crossaccount.doctor import Diagnosis
    from crossaccount.localcloud.cloud import Cloud

__all__ = ["clean_environment", "key", "served"]


@dataclass(frozen=True)
class Report:
    """What `doctor --json` said."""

    code: int
    document: dict[str, Any]
    text: str

    def failed(self, diagnosis: Diagnosis) -> dict[str, Any]:
        """The check that decided, which has to be this diagnosis."""
        assert self.code == diagnosis.value, self.text
        assert self.document["exitCode"] == self.code
        return next(each for each in self.document["checks"] if each["exitCode"] == self.code)

    def status(self, check: str) -> str:
        """How a check stands."""
        return next(each["status"] for each in self.document["checks"] if check in each["check"])


class Doctor:
    """Runs the command."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
        self._environment = monkeypatch
        self.secrets: list[str] = []
        monkeypatch.setenv("CROSSACCOUNT_ENDPOINT", endpoint)

    def sign_with(self, key: Key) -> None:
        """Take a key into the environment."""
        self._environment.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", key.key_id)
        self._environment.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", key.secret)
        self._environment.setenv("ALIBABA_CLOUD_SECURITY_TOKEN", key.token or "")
        self.secrets += [text for text in (key.secret, key.token) if text]

    def run(self, *arguments: str, role: str = ROLE) -> Report:
        """`crossaccount doctor ROLE --json`, in one region unless it is told another."""
        regions = () if "--in" in arguments else ("--in", "cn-hangzhou")
        done = CliRunner().invoke(cli.main, ["doctor", role, "--json", *regions, *arguments])
        assert not [secret for secret in self.secrets if secret in done.output]
        return Report(done.exit_code, json.loads(done.stdout) if done.stdout else {}, done.output)


@pytest.fixture
def doctor(served: Cloud, key: Key, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """The command, with the key of B's user `dev`."""
    made = Doctor(monkeypatch, served.endpoint)
    made.sign_with(key)
    return made


def ram_of(cloud: Cloud, account: str) -> RamClient:
    """An account's RAM, called as its root."""
    root = cloud.accounts[account].root_key
    return RamClient(connection(Key(root.key_id, root.secret), cloud.endpoint))


def retrust(cloud: Cloud, account: str, statement: dict[str, Any]) -> None:
    """Give the role another trust policy."""
    document = json.dumps({"Version": "1", "Statement": [statement]})
    request = ram.UpdateRoleRequest(role_name="fc-reader", new_assume_role_policy_document=document)
    ram_of(cloud, account).update_role(request)


def give(cloud: Cloud, account: str, user: str, *actions: str) -> Key:
    """A user of an account who may do these actions on everything; its key. The user may exist already."""
    client = ram_of(cloud, account)
    if user not in str(client.list_users(ram.ListUsersRequest()).body.to_map()):
        client.create_user(ram.CreateUserRequest(user_name=user))
    document = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    name = f"{user}-may"
    client.create_policy(ram.CreatePolicyRequest(policy_name=name, policy_document=json.dumps(document)))
    client.attach_policy_to_user(
        ram.AttachPolicyToUserRequest(user_name=user, policy_name=name, policy_type="Custom")
    )
    made = client.create_access_key(ram.CreateAccessKeyRequest(user_name=user)).body.access_key
    return Key(made.access_key_id, made.access_key_secret)
