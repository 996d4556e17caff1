"""pytest fixtures: a fresh local cloud, and every Alibaba Cloud SDK client of the tested code pointed at it.

Nothing is imported before a test asks for it. The fixture `cloud` needs pytest-mock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_mock import MockerFixture

    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.localcloud.pulumi_env import PulumiEnv

ACCOUNT_A = ("1234567890120000", "company-a")
ACCOUNT_B = ("1345678901230000", "company-b")


@pytest.fixture
def cloud(mocker: MockerFixture) -> Iterator[Cloud]:
    """A served cloud with account A (alias `company-a`) and account B (alias `company-b`).

    Whatever SDK client the test or the code under test makes, synchronous or not, with any endpoint, region
    and protocol, talks to it. A fault inside the cloud fails the test.
    """
    from crossaccount.localcloud import sdk_seam  # noqa: PLC0415  only for tests that ask for it
    from crossaccount.localcloud.cloud import Cloud  # noqa: PLC0415

    made = Cloud()
    for account_id, alias in (ACCOUNT_A, ACCOUNT_B):
        made.add_account(account_id, alias)
    with made:
        sdk_seam.redirect(made.url, mocker)
        yield made
        sdk_seam.close_connections()
    if made.faults:
        pytest.fail("the local cloud failed inside:\n" + "\n".join(made.faults))


@pytest.fixture
def account_a(cloud: Cloud) -> Account:
    """The owner's account of the fixture `cloud`."""
    return cloud.accounts[ACCOUNT_A[0]]


@pytest.fixture
def account_b(cloud: Cloud) -> Account:
    """The partner's account of the fixture `cloud`."""
    return cloud.accounts[ACCOUNT_B[0]]


@pytest.fixture
def pulumi_env(cloud: Cloud, tmp_path: Path) -> PulumiEnv:
    """The real Pulumi CLI and provider pointed at the fixture `cloud`, with a state of this test's own.

    `pulumi_env.env` is the environment to run `pulumi` with; `pulumi_env.project(folder, {stack: account})`
    is a copy of a project to run it in. No file of the user's is touched.
    """
    from crossaccount.localcloud import pulumi_env as module  # noqa: PLC0415  only for tests that ask for it

    folder = tmp_path / "pulumi-env"
    folder.mkdir()
    return module.make(cloud, folder)


@pytest.fixture
def assume(cloud: Cloud) -> Callable[..., Any]:
    """A function that opens a role session through the real STS SDK.

    `assume(key, role_arn, session_name="test", **fields)`: `key` is an access key with `key_id` and `secret`,
    `fields` are those of the SDK's AssumeRoleRequest, e.g. `external_id`. It answers the SDK's credentials
    (`access_key_id`, `access_key_secret`, `security_token`, `expiration`) and raises the SDK's exceptions.
    """
    from alibabacloud_sts20150401 import client, models  # noqa: PLC0415  slow to import
    from alibabacloud_tea_openapi.models import Config  # noqa: PLC0415

    def opened(key: Any, role_arn: str, session_name: str = "test", **fields: Any) -> Any:  # noqa: ANN401
        config = Config(access_key_id=key.key_id, access_key_secret=key.secret, region_id=cloud.region)
        request = models.AssumeRoleRequest(role_arn=role_arn, role_session_name=session_name, **fields)
        return client.Client(config).assume_role(request).body.credentials

    return opened
