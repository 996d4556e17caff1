"""The example of a function in B, with its stack settings, against the local cloud."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_tea_openapi.models import Config
from darabonba.exceptions import UnretryableException

from crossaccount.engine import Stack, Target
from crossaccount.localcloud.session import Session
from tests.session.conftest import assume_calls
from tests.session.functions_scene import put_function

if TYPE_CHECKING:
    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.cloud import Cloud

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "fc-python"
SETTINGS = "Pulumi.account-b-functions.yaml"
EXECUTION = "fc-list-partner"
TRUST = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": ["fc.aliyuncs.com"]}}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project with the example's stack file copied beside `Pulumi.yaml`, as its README says."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.account-a.yaml", "__main__.py", "components"):
        (folder / name).symlink_to(ROOT / name)
    (folder / SETTINGS).write_bytes((EXAMPLE / SETTINGS).read_bytes())
    return folder


@pytest.fixture
def context(cloud: Cloud, account_b: Account) -> SimpleNamespace:
    """What the runtime gives the handler: the credentials of the function's role in B."""
    root = account_b.root_key
    client = RamClient(
        Config(access_key_id=root.key_id, access_key_secret=root.secret, region_id="cn-hangzhou")
    )
    document = json.dumps({"Version": "1", "Statement": [TRUST]})
    made = client.create_role(
        ram.CreateRoleRequest(role_name=EXECUTION, assume_role_policy_document=document)
    )
    now = cloud.clock.epoch()
    session = Session(
        key_id="STS.ofTheFunction",
        secret="secret",
        token="token",
        account_id=account_b.id,
        role_id=made.body.role.role_id,
        role_name=EXECUTION,
        name="fc",
        created=now,
        expires=now + 3600,
    )
    cloud.sessions.add(session)
    return SimpleNamespace(
        credentials=SimpleNamespace(
            access_key_id=session.key_id, access_key_secret=session.secret, security_token=session.token
        )
    )


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The example's handler."""
    monkeypatch.setenv("ROLE_ARN", "acs:ram::1234567890120000:role/fc-partner-b")
    monkeypatch.setenv("SESSION_CACHE", str(tmp_path / "sessions"))
    spec = importlib.util.spec_from_file_location("fc_python_index", EXAMPLE / "index.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler


def _up(cloud: Cloud, project: Path, stack: str, account: Account, state: Path) -> None:
    target = Target(cloud.endpoint, account.root_key.key_id, account.root_key.secret)
    Stack.open(project, stack, target=target, state_dir=state, passphrase="of a test").up()


def test_the_function_lists_the_other_accounts_functions(
    cloud: Cloud,
    account_a: Account,
    account_b: Account,
    project: Path,
    context: SimpleNamespace,
    handler: Any,
    tmp_path: Path,
) -> None:
    """With A's stack and the example's stack up, B's function lists A's functions, in one session."""
    put_function(cloud, "cn-hangzhou", "orders")
    put_function(cloud, "cn-shanghai", "stock")
    _up(cloud, project, "account-a", account_a, tmp_path / "state")
    _up(cloud, project, "account-b-functions", account_b, tmp_path / "state")

    assert json.loads(handler(b"", context)) == ["orders"]
    assert json.loads(handler(b'{"region": "cn-shanghai"}', context)) == ["stock"]
    assert assume_calls(cloud) == 1


def test_without_the_stack_the_refusal_names_the_gate(
    cloud: Cloud, account_a: Account, project: Path, context: SimpleNamespace, handler: Any, tmp_path: Path
) -> None:
    """Before B's stack is up, the function's own account is what refuses, and the error says so."""
    _up(cloud, project, "account-a", account_a, tmp_path / "state")

    with pytest.raises(UnretryableException, match="gate 1 of 3 is closed"):
        handler(b"", context)


def test_using_the_role_takes_five_lines() -> None:
    """From the provider to the answer the handler is as short as the documentation promises."""
    lines = (EXAMPLE / "index.py").read_text().splitlines()
    first = next(number for number, line in enumerate(lines) if "cache = SessionCache" in line)

    assert [line.split(" ")[4] for line in lines[first:]] == [
        "cache",
        "provider",
        "functions",
        "listed",
        "return",
    ]
