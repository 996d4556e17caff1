"""`crossaccount preview`, `up`, `refresh` and `destroy` on the committed stacks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from crossaccount.cli import main
from crossaccount.localcloud.cloud import Cloud

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.testing import Result

ROOT = Path(__file__).parent.parent.parent
OWNER, PARTNER = "1234567890120000", "1345678901230000"


class Terminal:
    """Runs commands against one local cloud, with the credentials of one account in the environment."""

    def __init__(self, cloud: Cloud, state: Path) -> None:
        self.cloud = cloud
        self._state = state

    def run(
        self, command: str, stack: str, account_id: str, *options: str, passphrase: str = "of a test"
    ) -> Result:
        key = self.cloud.accounts[account_id].root_key
        environment = {
            "CROSSACCOUNT_ENDPOINT": self.cloud.endpoint,
            "ALIBABA_CLOUD_ACCESS_KEY_ID": key.key_id,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": key.secret,
            "PULUMI_CONFIG_PASSPHRASE": passphrase,
        }
        arguments = [command, "--stack", stack, "--project", str(ROOT), "--state-dir", str(self._state)]
        return CliRunner().invoke(main, [*arguments, *options], env=environment)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal beside a local cloud with both accounts."""
    with Cloud([OWNER, PARTNER]) as cloud:
        yield Terminal(cloud, tmp_path)


def test_a_stack_goes_up_is_unchanged_and_comes_down(terminal: Terminal) -> None:
    """Up creates, a second preview and a refresh show no change, destroy removes all of it."""
    up = terminal.run("up", "account-a", OWNER)
    again = terminal.run("preview", "account-a", OWNER)
    refreshed = terminal.run("refresh", "account-a", OWNER)
    down = terminal.run("destroy", "account-a", OWNER)

    assert [result.exit_code for result in (up, again, refreshed, down)] == [0, 0, 0, 0]
    assert "5 created" in up.output
    assert "5 unchanged" in again.output
    assert "unchanged" in refreshed.output
    assert "5 deleted" in down.output
    assert dict(terminal.cloud.accounts[OWNER].ram.roles) == {}


def test_every_run_says_that_it_is_not_the_way_to_production(terminal: Terminal) -> None:
    """The embedded engine's notice stands at the top of each run."""
    for command in ("preview", "up", "destroy"):
        assert "use `pulumi up` for real accounts" in terminal.run(command, "account-a", OWNER).output


def test_credentials_of_another_account_stop_the_run(terminal: Terminal) -> None:
    """B's key under A's stack names both accounts, changes nothing and ends with 2."""
    done = terminal.run("up", "account-a", PARTNER)

    assert done.exit_code == 2
    assert OWNER in done.output
    assert PARTNER in done.output
    assert dict(terminal.cloud.accounts[PARTNER].ram.roles) == {}


def test_an_endpoint_elsewhere_is_refused_without_live(terminal: Terminal) -> None:
    """An endpoint that is not on this machine is named, with the way out."""
    done = terminal.run("up", "account-a", OWNER, "--endpoint", "ram.aliyuncs.com:443")

    assert done.exit_code == 2
    assert "`ram.aliyuncs.com:443`" in done.output
    assert "--live" in done.output


def test_live_asks_before_it_changes_a_real_account(terminal: Terminal) -> None:
    """With `--live` and without `--yes` the answer no changes nothing."""
    done = terminal.run("up", "account-a", OWNER, "--live")

    assert done.exit_code == 1
    assert "change the real account of stack account-a?" in done.output
    assert dict(terminal.cloud.accounts[OWNER].ram.roles) == {}


def test_preview_without_an_endpoint_calls_nothing() -> None:
    """A preview needs neither credentials nor a cloud, and says that the account was not verified."""
    done = CliRunner().invoke(main, ["preview", "--stack", "account-a", "--project", str(ROOT)])

    assert done.exit_code == 0
    assert "5 to create" in done.output
    assert "no credentials verified it" in done.output


def test_preview_json_has_the_shape_of_pulumis() -> None:
    """`--json` prints the plan alone, with Pulumi's field names."""
    done = CliRunner().invoke(main, ["preview", "--stack", "account-b", "--project", str(ROOT), "--json"])
    plan = json.loads(done.stdout)

    assert plan["changeSummary"]["create"] == len(plan["steps"])
    assert {step["op"] for step in plan["steps"]} == {"create"}


def test_what_was_done_is_json_where_it_is_asked_for(terminal: Terminal) -> None:
    """`--json` prints changes and outputs alone, secrets masked; what an error says is JSON, too."""
    runs = [
        terminal.run("up", "account-b", PARTNER, "--json"),
        terminal.run("refresh", "account-b", PARTNER, "--json"),
        terminal.run("destroy", "account-b", PARTNER, "--json"),
    ]
    failed = terminal.run("up", "account-z", OWNER, "--json")
    done = [json.loads(each.stdout) for each in runs]

    assert [each["changes"] for each in done] == [{"create": 7}, {"same": 7}, {"delete": 7}]
    assert done[0]["outputs"]["accessKeys"] == {
        "fc-operator": {"accessKeyId": "[secret]", "accessKeySecret": "[secret]"}
    }
    assert all("not the way to production" in each.stderr for each in runs)
    assert (failed.exit_code, json.loads(failed.stderr)["error"]["exitCode"]) == (2, 2)


def test_an_unknown_stack_is_one_clear_line(terminal: Terminal) -> None:
    """A stack without a file is named, and the exit code is 2."""
    done = terminal.run("up", "account-z", OWNER)

    assert done.exit_code == 2
    assert "Pulumi.account-z.yaml" in done.output


def test_what_somebody_attached_by_hand_is_named_with_the_command_that_mends_it(terminal: Terminal) -> None:
    """Destroy fails on a policy attached by hand, names it, and goes through once it is detached."""
    terminal.run("up", "account-a", OWNER)
    ram = terminal.cloud.accounts[OWNER].ram
    before = ram.to_json()
    _attach(terminal, "AttachPolicyToRole")
    failed = terminal.run("destroy", "account-a", OWNER)

    assert ram.to_json() != before
    assert failed.exit_code == 1
    flat = " ".join(failed.output.split())
    assert "aliyun ram DetachPolicyFromRole --PolicyType System --PolicyName AliyunFCFullAccess" in flat
    assert "fc-partner-b" in ram.roles

    _attach(terminal, "DetachPolicyFromRole")

    assert terminal.run("destroy", "account-a", OWNER).exit_code == 0
    assert dict(ram.roles) == {}


def _attach(terminal: Terminal, action: str) -> None:
    """Attach or detach a policy by hand, as somebody at the console would."""
    from alibabacloud_ram20150501 import models  # noqa: PLC0415
    from alibabacloud_ram20150501.client import Client  # noqa: PLC0415
    from alibabacloud_tea_openapi.models import Config  # noqa: PLC0415

    key = terminal.cloud.accounts[OWNER].root_key
    client = Client(
        Config(
            endpoint=terminal.cloud.endpoint,
            protocol="HTTP",
            region_id="cn-hangzhou",
            access_key_id=key.key_id,
            access_key_secret=key.secret,
        )
    )
    fields = {"policy_type": "System", "policy_name": "AliyunFCFullAccess", "role_name": "fc-partner-b"}
    if action == "AttachPolicyToRole":
        client.attach_policy_to_role(models.AttachPolicyToRoleRequest(**fields))
    else:
        client.detach_policy_from_role(models.DetachPolicyFromRoleRequest(**fields))


def test_a_target_alone_is_touched(terminal: Terminal) -> None:
    """`--target` creates one resource and counts the others as they are; one that is nothing ends with 2."""
    role = "urn:pulumi:account-a::crossaccount::crossaccount:index:CrossAccountRole"
    parts = [f"{role}::fc-partner-b", f"{role}$alicloud:ram/role:Role::fc-partner-b"]
    options = [option for part in parts for option in ("--target", part)]

    assert "3 created, 2 unchanged" in terminal.run("up", "account-a", OWNER, *options).output
    assert "fc-partner-b" in terminal.cloud.accounts[OWNER].ram.roles
    assert "5 unchanged" not in terminal.run("preview", "account-a", OWNER).output
    missing = terminal.run("up", "account-a", OWNER, "--target", "**::nobody")
    assert missing.exit_code == 2
    assert "target `**::nobody`" in missing.output


def test_a_refresh_before_a_plan_finds_what_changed_by_hand(terminal: Terminal) -> None:
    """`preview --refresh` plans what is live; without it the state counts."""
    terminal.run("up", "account-a", OWNER)
    terminal.cloud.accounts[OWNER].ram.roles["fc-partner-b"].description = "by hand"

    assert "5 unchanged" in terminal.run("preview", "account-a", OWNER).output
    assert "1 to update" in terminal.run("preview", "account-a", OWNER, "--refresh").output
    assert "1 updated" in terminal.run("up", "account-a", OWNER, "--refresh").output


def _newer(document: dict) -> None:
    document["version"] = 4


def _other_project(document: dict) -> None:
    for resource in document["deployment"]["resources"]:
        resource["urn"] = resource["urn"].replace("::crossaccount::", "::another::")


def _newer_field(document: dict) -> None:
    document["deployment"]["resources"][-1]["viewOf"] = "urn:pulumi:x::y::z::a"


def _not_whole(document: dict) -> None:
    document["deployment"]["resources"].pop(0)


@pytest.mark.parametrize("command", ["preview", "up", "refresh", "destroy"])
@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_newer, "has version `4`; this engine reads version 3"),
        (_other_project, "which is not of `crossaccount`, stack `account-a`"),
        (_newer_field, "has `viewOf`, which this engine does not handle"),
        (_not_whole, "is not whole"),
        (None, "is truncated or not JSON"),
    ],
)
def test_a_state_that_is_not_ours_is_one_line_and_left_alone(
    terminal: Terminal, tmp_path: Path, command: str, damage: Callable[[dict], None] | None, message: str
) -> None:
    """Another version, project or schema, one not whole, one cut off: exit code 2, the file as it was."""
    terminal.run("up", "account-a", OWNER)
    path = tmp_path / "crossaccount" / "account-a.json"
    text = path.read_text()
    if damage is None:
        text = text[: len(text) // 2]
    else:
        document = json.loads(text)
        damage(document)
        text = json.dumps(document)
    path.write_text(text)

    done = terminal.run(command, "account-a", OWNER)

    assert done.exit_code == 2
    lines = [line for line in done.stderr.splitlines() if line]
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
    assert message in lines[0]
    assert path.read_text() == text
    assert "fc-partner-b" in terminal.cloud.accounts[OWNER].ram.roles


@pytest.mark.parametrize("command", ["preview", "up", "refresh", "destroy"])
def test_a_wrong_passphrase_is_one_line_and_changes_nothing(
    terminal: Terminal, tmp_path: Path, command: str
) -> None:
    """The state's secrets stay as they are, and so does the account."""
    terminal.run("up", "account-b", PARTNER)
    path = tmp_path / "crossaccount" / "account-b.json"
    before = path.read_text(), terminal.cloud.accounts[PARTNER].ram.to_json()

    done = terminal.run(command, "account-b", PARTNER, passphrase="another")

    assert done.exit_code == 2
    assert done.stderr.startswith("error: wrong passphrase")
    assert done.stderr.count("\n") == 1
    assert (path.read_text(), terminal.cloud.accounts[PARTNER].ram.to_json()) == before


MANY = """import pulumi
import pulumi_alicloud as alicloud

pulumi.export("account", "1234567890120000")
for number in range(45):
    alicloud.ram.Group(f"g{number}", group_name=f"g{number}")
"""


def test_an_interrupted_up_ends_and_the_next_one_goes_on(terminal: Terminal, tmp_path: Path) -> None:
    """Ctrl-C while resources are made: the run ends, the state says what exists, a second run converges."""
    (tmp_path / "Pulumi.yaml").write_text("name: many\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(f'config:\n  crossaccount:account: "{OWNER}"\n')
    (tmp_path / "__main__.py").write_text(MANY)
    key = terminal.cloud.accounts[OWNER].root_key
    groups = terminal.cloud.accounts[OWNER].ram.groups
    environment = {
        **os.environ,
        "ALIBABA_CLOUD_ACCESS_KEY_ID": key.key_id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": key.secret,
    }
    program = "from crossaccount.entry import main; main()"
    command = [sys.executable, "-c", program, "up", "--stack", "dev", "--endpoint", terminal.cloud.endpoint]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL) as process:
        while len(groups) < 3 and process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.01)
        process.send_signal(signal.SIGINT)
        try:
            code = process.wait(60)
        finally:
            process.kill()
    made = len(groups)

    again = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )

    assert code != 0
    assert made < 45
    assert again.returncode == 0, again.stdout + again.stderr
    assert len(groups) == 45
