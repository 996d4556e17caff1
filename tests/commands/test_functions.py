"""`crossaccount functions` from a terminal: listing, calling, reading."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client as RamClient
from click.testing import CliRunner

from crossaccount import cli
from crossaccount.session import ErrorKind, Key
from crossaccount.session.functions.regions import REGIONS
from crossaccount.session.sdk_call import connection
from tests.clients.scene import ROLE, A
from tests.session.functions_scene import put_function, put_service

if TYPE_CHECKING:
    from tests.session.conftest import Terminal


def _allow(terminal: Terminal, policy: str) -> None:
    """Attach a system policy to A's role."""
    root = terminal.cloud.accounts[A].root_key
    client = RamClient(connection(Key(root.key_id, root.secret), terminal.cloud.endpoint))
    client.attach_policy_to_role(
        ram.AttachPolicyToRoleRequest(role_name="fc-reader", policy_name=policy, policy_type="System")
    )


def test_all_regions_are_listed_in_a_table(terminal: Terminal) -> None:
    """`functions ROLE` finds functions and services in every region; off a terminal there is no progress."""
    put_function(terminal.cloud, "us-west-1", "west[bold]")
    put_service(terminal.cloud, "cn-beijing", "old")
    done = terminal.run("functions", ROLE)

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["region", "kind", "name", "runtime", "memory", "changed", "description"]
    assert [line.split()[:3] for line in lines[1:]] == [
        ["cn-beijing", "service", "old"],
        ["cn-hangzhou", "function", "report"],
        ["cn-hangzhou", "service", "jobs"],
        ["us-west-1", "function", "west[bold]"],
    ]
    assert "\x1b" not in done.stdout
    asked = {
        entry["resource"].split(":")[2]
        for entry in terminal.cloud.decisions.to_json()
        if "fc:" in entry["action"]
    }
    assert asked == set(REGIONS)


def test_json_holds_everything(terminal: Terminal) -> None:
    """`--json` prints what was found and what failed, `--in` and `--only` narrow it."""
    answer = terminal.answer(
        "functions", "list", ROLE, "--json", "--in", "cn-hangzhou,cn-beijing", "--only", "functions"
    )

    assert answer["failed"] == {}
    (report,) = answer["found"]
    assert (report["name"], report["region"], report["kind"]) == ("report", "cn-hangzhou", "function")
    assert report["arn"] == f"acs:fc:cn-hangzhou:{A}:functions/report"


def test_csv_is_safe_to_open(terminal: Terminal) -> None:
    """`--csv` is CSV, and no text of A's can be a formula in B's spreadsheet."""
    put_function(terminal.cloud, "cn-hangzhou", "evil", description='=HYPERLINK("http://x")')
    done = terminal.run("functions", ROLE, "--csv", "--in", "cn-hangzhou")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))

    assert [row["name"] for row in rows] == ["evil", "report", "jobs"]
    assert rows[0]["description"] == '\'=HYPERLINK("http://x")'


def test_nothing_there_is_said(terminal: Terminal) -> None:
    """An empty region is an answer, not an empty screen."""
    assert terminal.run("functions", ROLE, "--in", "eu-west-1").stdout == "no functions and no services\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--json", "--csv"], "exclude each other"),
        (["--in", "nowhere!"], "is no region"),
        (["--duration", "soon"], "is no duration"),
    ],
)
def test_wrong_options_are_told(terminal: Terminal, arguments: list[str], told: str) -> None:
    """A usage error has code 2 and names what is wrong."""
    done = terminal.run("functions", ROLE, *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_a_role_that_may_nothing_names_gate_3_once(terminal: Terminal) -> None:
    """Where every region refuses, that is told in one line a kind, with the gate and the code 4."""
    policy = '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "oss:*", "Resource": "*"}]}'
    done = terminal.run("functions", ROLE, "--session-policy", policy, "--only", "functions")

    assert done.returncode == ErrorKind.REFUSED.value
    assert "gate 3 of 3 is closed" in done.stderr
    listed = terminal.run("functions", ROLE, "--session-policy", policy, "--json", "--in", "cn-hangzhou")
    assert json.loads(listed.stdout)["failed"]["cn-hangzhou"]["kind"] == "refused"


def test_invoking_needs_the_roles_permission(terminal: Terminal) -> None:
    """A reading role is refused with what would open the gate; a role that may gets the function's answer."""
    arguments = ["functions", "invoke", ROLE, "report", "--in", "cn-hangzhou", "--payload", '{"id": 7}']
    refused = terminal.run(*arguments)
    assert (refused.returncode, refused.stdout) == (ErrorKind.REFUSED.value, "")
    assert "fc:InvokeFunction" in refused.stderr

    _allow(terminal, "AliyunFCFullAccess")
    done = terminal.run(*arguments, "--logs")
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert done.stderr
    answer = terminal.answer(*arguments, "--json")
    assert answer["statusCode"] == 200
    assert answer["body"] == done.stdout
    queued = terminal.answer(*arguments, "--json", "--async")
    assert (queued["statusCode"], queued["body"]) == (202, "")


def test_what_is_not_there_is_told(terminal: Terminal) -> None:
    """A function that does not exist has a code of its own, and so has a log that is not kept."""
    _allow(terminal, "AliyunFCFullAccess")
    gone = terminal.run("functions", "invoke", ROLE, "gone", "--in", "cn-hangzhou")
    unlogged = terminal.run("functions", "logs", ROLE, "report", "--in", "cn-hangzhou", "--json")

    assert gone.returncode == unlogged.returncode == ErrorKind.MISSING.value
    assert "gone" in gone.stderr
    assert json.loads(unlogged.stderr)["error"]["message"] == "function `report` keeps no log"


def test_a_payload_comes_from_a_file(terminal: Terminal) -> None:
    """`@FILE` is read; a file that is not there is told."""
    _allow(terminal, "AliyunFCFullAccess")
    (terminal.folder / "payload.json").write_text('{"id": 8}')
    start = ["functions", "invoke", ROLE, "report", "--in", "cn-hangzhou", "--payload"]

    assert terminal.run(*start, "@payload.json").returncode == 0
    assert "`gone.json` cannot be read" in terminal.run(*start, "@gone.json").stderr


def test_help_tells_the_commands_examples_and_codes() -> None:
    """The group's page and each command's show examples and exit codes."""
    for arguments in (["functions"], ["functions", "list"], ["functions", "invoke"], ["functions", "logs"]):
        shown = CliRunner().invoke(cli.main, [*arguments, "--help"]).output
        assert "Examples:" in shown
        assert "9 some regions failed" in shown


@pytest.mark.parametrize("form", [[], ["--json"], ["--csv"]])
def test_a_reader_that_went_away_ends_it_quietly(terminal: Terminal, form: list[str]) -> None:
    """`functions ROLE | head -1` ends with the shell's code for a closed pipe, and says nothing."""
    done = terminal.unread("functions", ROLE, "--in", "cn-hangzhou", *form)

    assert (done.returncode, done.stderr) == (141, "")


def test_where_every_region_refuses_nothing_is_said_of_functions(terminal: Terminal) -> None:
    """A refused listing does not claim that there are no functions."""
    policy = '{"Version": "1", "Statement": [{"Effect": "Deny", "Action": "fc:*", "Resource": "*"}]}'
    done = terminal.run("functions", ROLE, "--in", "cn-hangzhou", "--session-policy", policy)

    assert (done.returncode, done.stdout) == (ErrorKind.REFUSED.value, "")
