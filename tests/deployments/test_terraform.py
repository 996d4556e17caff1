"""Terraform with the alicloud provider on a local cloud: four steps, and what insists on HTTPS."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crossaccount.localcloud.cloud import Cloud
from tests.clients.scene import ROLE, furnish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crossaccount.localcloud.account import Account

pytestmark = pytest.mark.real_engine
A, B = "1234567890120000", "1345678901230000"
NEEDED = ("terraform", "terraform-provider-alicloud")
CLEAN, CHANGES = 0, 2

TRUST = f"""jsonencode({{ Version = "1", Statement = [{{ Action = "sts:AssumeRole", Effect = "Allow",
    Principal = {{ RAM = ["acs:ram::{B}:root"] }} }}] }})"""
READ = """policy_name = "AliyunFCReadOnlyAccess"
  policy_type = "System\""""

EVERYTHING = f"""
resource "alicloud_ram_role" "r" {{
  role_name                   = "Fc-Reader"
  assume_role_policy_document = {TRUST}
  max_session_duration        = 7200
  tags                        = {{ k = "v" }}
}}
resource "alicloud_ram_policy" "p" {{
  policy_name     = "own"
  policy_document = jsonencode({{ Version = "1", Statement = [{{ Action = ["fc:Get*"], Effect = "Allow",
    Resource = ["*"] }}] }})
}}
resource "alicloud_ram_role_policy_attachment" "r" {{
  role_name   = alicloud_ram_role.r.role_name
  policy_name = alicloud_ram_policy.p.policy_name
  policy_type = "Custom"
}}
resource "alicloud_ram_user" "u" {{
  name         = "dev"
  display_name = "Dev"
}}
resource "alicloud_ram_user_policy_attachment" "u" {{
  user_name   = alicloud_ram_user.u.name
  {READ}
}}
resource "alicloud_ram_access_key" "k" {{ user_name = alicloud_ram_user.u.name }}
resource "alicloud_ram_login_profile" "l" {{
  user_name = alicloud_ram_user.u.name
  password  = "Recorded-Passw0rd!"
}}
resource "alicloud_ram_group" "g" {{ group_name = "ops" }}
resource "alicloud_ram_group_policy_attachment" "g" {{
  group_name  = alicloud_ram_group.g.group_name
  {READ}
}}
resource "alicloud_ram_user_group_attachment" "m" {{
  group_name = alicloud_ram_group.g.group_name
  user_name  = alicloud_ram_user.u.name
}}
resource "alicloud_ram_account_alias" "a" {{ account_alias = "company-a" }}
resource "alicloud_ram_account_password_policy" "w" {{ minimum_password_length = 9 }}
data "alicloud_ram_roles" "all" {{
  name_regex = "Reader"
  depends_on = [alicloud_ram_role.r]
}}
output "roles" {{ value = data.alicloud_ram_roles.all.names }}
"""

AS_THE_PARTNER = """
data "alicloud_caller_identity" "me" {}
data "alicloud_fc_services" "old" {}
data "alicloud_fcv3_functions" "new" {}
output "arn" { value = data.alicloud_caller_identity.me.arn }
output "services" { value = data.alicloud_fc_services.old.names }
output "functions" { value = [for each in data.alicloud_fcv3_functions.new.functions : each.function_name] }
"""


class Terraform:
    """A throw-away configuration against one local cloud.

    Args:
        folder: an empty folder.
        cloud: a served cloud.
        provider: the folder that holds the provider.
        key: the access key the provider is given: id and secret.
        text: the configuration without its provider.
        more: further settings of the provider.
    """

    def __init__(
        self, folder: Path, cloud: Cloud, provider: Path, key: tuple[str, str], text: str, more: str = ""
    ) -> None:
        self._folder = folder
        overrides = f'dev_overrides {{ "aliyun/alicloud" = "{provider}" }}'
        (folder / "cli.tfrc").write_text(f"provider_installation {{\n {overrides}\n direct {{}}\n}}\n")
        (folder / "main.tf").write_text(
            'terraform {\n  required_providers {\n    alicloud = { source = "aliyun/alicloud" }\n  }\n}\n'
            'provider "alicloud" {\n  region = "cn-hangzhou"\n  account_type = "Domestic"\n'
            f'  access_key = "{key[0]}"\n  secret_key = "{key[1]}"\n  protocol = "HTTP"\n'
            f'  endpoints {{\n    ram = "{cloud.endpoint}"\n    sts = "{cloud.endpoint}"\n'
            f'    fc = "{cloud.endpoint}"\n  }}\n{more}}}\n{text}'
        )
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.upper().startswith(("ALICLOUD_", "ALIBABA", "TF_", "HTTP_PROXY", "HTTPS_PROXY"))
        }
        self._environment = inherited | {
            "TF_CLI_CONFIG_FILE": str(folder / "cli.tfrc"),
            "CHECKPOINT_DISABLE": "1",
            "NO_PROXY": "127.0.0.1",
            "SSL_CERT_FILE": str(cloud.ca_file),
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs `terraform`; its output is text."""
        return subprocess.run(
            ["terraform", *arguments],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def must(self, *arguments: str, code: int = CLEAN) -> str:
        """Runs `terraform`, demands an exit code, and gives its standard output."""
        done = self.run(*arguments)

        assert done.returncode == code, f"terraform {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def outputs(self) -> dict[str, Any]:
        """The outputs by name."""
        return {name: each["value"] for name, each in json.loads(self.must("output", "-json")).items()}


@pytest.fixture
def account() -> Iterator[Account]:
    """Account A of a served cloud that has account B too."""
    with Cloud([A, B]) as cloud:
        yield cloud.accounts[A]
    assert not cloud.faults


@pytest.fixture
def terraform(tmp_path: Path, account: Account) -> Callable[..., Terraform]:
    """Makes a configuration; skips where Terraform or the provider is not on the PATH."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not on the PATH: {', '.join(missing)}")
    provider = Path(shutil.which(NEEDED[1]) or "").parent
    root = (account.root_key.key_id, account.root_key.secret)
    return lambda text, key=root, more="": Terraform(tmp_path, account.cloud, provider, key, text, more)


def test_apply_shows_nothing_more_and_comes_down(
    terraform: Callable[..., Terraform], account: Account
) -> None:
    """Apply, then a plan and a refresh that show nothing, then destroy, which leaves the account empty."""
    configuration = terraform(EVERYTHING)
    configuration.must("apply", "-auto-approve", "-no-color")

    assert configuration.outputs()["roles"] == ["Fc-Reader"]
    configuration.must("plan", "-detailed-exitcode", "-no-color")
    # The policy was read before it was attached: its count of attachments is taken in once.
    configuration.must("apply", "-refresh-only", "-auto-approve", "-no-color")
    read_again = configuration.must("plan", "-refresh-only", "-no-color")
    assert "No changes. Your infrastructure still matches the configuration." in read_again
    configuration.must("destroy", "-auto-approve", "-no-color")
    assert account.ram.is_empty()


def test_a_change_behind_its_back_is_seen(terraform: Callable[..., Terraform], account: Account) -> None:
    """A policy detached outside is planned to be attached again: the four steps can fail."""
    configuration = terraform(EVERYTHING)
    configuration.must("apply", "-auto-approve", "-no-color")
    role = account.ram.roles["fc-reader"]
    account.ram.detach(role, ("Custom", "own"))

    planned = configuration.must("plan", "-detailed-exitcode", "-no-color", code=CHANGES)
    assert "alicloud_ram_role_policy_attachment.r will be created" in planned


def test_the_provider_assumes_the_role_itself(terraform: Callable[..., Terraform], account: Account) -> None:
    """`assume_role` and the older data sources of Function Compute insist on HTTPS, and are served."""
    key = furnish(account.cloud)
    assume = f'  assume_role {{\n    role_arn = "{ROLE}"\n    session_name = "dev"\n  }}\n'
    configuration = terraform(AS_THE_PARTNER, key, assume)
    configuration.must("apply", "-auto-approve", "-no-color")

    outputs = configuration.outputs()
    assert outputs["arn"] == f"acs:ram::{A}:assumed-role/fc-reader/dev"
    assert (outputs["services"], outputs["functions"]) == (["jobs"], ["report"])
