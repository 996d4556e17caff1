"""`suspended: true` cuts the partner off, whatever the partner does to stand in the way."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from crossaccount.engine import Stack, Target
from crossaccount.localcloud.cloud import Cloud
from crossaccount.policy import Principal, Request, decide_trust

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from crossaccount.localcloud.call import Call

ROOT = Path(__file__).parent.parent.parent
OWNER, PARTNER = "1234567890120000", "1345678901230000"
ROLE = "fc-partner-b"


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    """A served cloud in which the partner has two users and a role."""
    with Cloud([OWNER, PARTNER]) as served:
        ram = served.accounts[PARTNER].ram
        before = ram.to_json()
        _partner(served, "CreateUser", UserName="stays")
        _partner(served, "CreateUser", UserName="leaves")
        _partner(served, "CreateRole", RoleName="leaves-too", AssumeRolePolicyDocument=_TRUSTS_FC)
        assert ram.to_json() != before
        yield served


_TRUSTS_FC = (
    '{"Version":"1","Statement":[{"Action":"sts:AssumeRole","Effect":"Allow",'
    '"Principal":{"Service":["fc.aliyuncs.com"]}}]}'
)


def _partner(cloud: Cloud, action: str, **parameters: str) -> None:
    """Make a RAM call as the partner's root, without the wire."""
    from crossaccount.localcloud.call import Call  # noqa: PLC0415
    from crossaccount.localcloud.caller import Caller  # noqa: PLC0415
    from crossaccount.localcloud.ram import OPERATIONS  # noqa: PLC0415

    account = cloud.accounts[PARTNER]
    call: Call = Call(
        cloud=cloud,
        account=account,
        caller=Caller("root", account, account.root_key.key_id),
        params=parameters,
        region="cn-hangzhou",
        source_ip="127.0.0.1",
        request_id="of-a-test",
    )
    OPERATIONS[action].answer(call)


def _up(project: Path, cloud: Cloud, **trust_and_more: Any) -> None:
    document: dict[str, Any] = yaml.safe_load((ROOT / "Pulumi.account-a.yaml").read_text())
    delegation = document["config"]["crossaccount:delegations"][ROLE]
    delegation |= trust_and_more
    (project / "Pulumi.account-a.yaml").write_text(yaml.safe_dump(document))
    key = cloud.accounts[OWNER].root_key
    Stack.open(project, "account-a", target=Target(cloud.endpoint, key.key_id, key.secret)).up()


@pytest.mark.parametrize(
    ("trust", "action", "gone"),
    [
        ({"users": ["leaves", "stays"]}, "DeleteUser", {"UserName": "leaves"}),
        ({"users": ["stays"], "roles": ["leaves-too"]}, "DeleteRole", {"RoleName": "leaves-too"}),
    ],
)
def test_a_trusted_name_that_is_gone_does_not_stop_the_suspension(
    tmp_path: Path, cloud: Cloud, trust: dict[str, Any], action: str, gone: dict[str, str]
) -> None:
    """After the partner deleted somebody whom the trust names, suspending still denies and detaches."""
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "components").symlink_to(ROOT / "components")
    _up(tmp_path, cloud, trust={"account": PARTNER, **trust})
    _partner(cloud, action, **gone)

    _up(tmp_path, cloud, trust={"account": PARTNER, **trust}, suspended=True)

    role = cloud.accounts[OWNER].ram.roles[ROLE]
    asked = Request("sts:AssumeRole", role.arn, {})
    decision = decide_trust(role.trust, Principal(PARTNER, "user", "stays"), asked)
    assert decision.verdict.name == "EXPLICIT_DENY"
    assert dict(role.attachments) == {}
