"""The committed stacks, the recorded program and generated ones under both engines, on identical clouds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml
from alibabacloud_ram20150501.models import CreateRoleRequest, CreateUserRequest

from crossaccount.demo.clients import Clients, Key
from tests.deployments.comparison import differences
from tests.deployments.conftest import needs_the_real_engine
from tests.deployments.engines import Embedded, Real
from tests.deployments.generated_programs import generated
from tests.deployments.pulumi_project import OWNER, PARTNER, ROOT, committed
from tests.deployments.transforming import TRANSFORMING
from tests.deployments.walk import Phase, Walk, walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crossaccount.localcloud.cloud import Cloud

pytestmark = pytest.mark.real_engine
RECORDED = (ROOT / "tests/data/recordings/program.txt").read_text()
REFERRING = """import pulumi
import pulumi_alicloud as alicloud

stack = pulumi.get_stack()
pulumi.export("account", pulumi.Config("crossaccount").require("account"))
alicloud.ram.Group("g", group_name=f"of-{{stack}}")
{read}
"""
READ = """if stack == "account-b":
    other = pulumi.StackReference("other", stack_name=f"organization/{pulumi.get_project()}/account-a")
    pulumi.export("theirs", other.get_output("account"))"""
SERVICE = {"Service": ["fc.aliyuncs.com"]}
CONFIG = {"crossaccount:account": OWNER}


def make_developer(cloud: Cloud) -> None:
    """B's user whom the recorded program trusts in its second phase."""
    key = cloud.accounts[PARTNER].root_key
    ram = Clients(cloud.endpoint).ram(Key(key.key_id, key.secret))
    ram.create_user(CreateUserRequest(user_name="dev"))


def make_execution_role(cloud: Cloud) -> None:
    """The role that B's functions run as in the example."""
    key = cloud.accounts[PARTNER].root_key
    ram = Clients(cloud.endpoint).ram(Key(key.key_id, key.secret))
    trust = {
        "Version": "1",
        "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": SERVICE}],
    }
    ram.create_role(
        CreateRoleRequest(role_name="fc-list-partner", assume_role_policy_document=json.dumps(trust))
    )


def both(
    folder: Path,
    phases: list[Phase],
    program: str | None = None,
    furnish: Callable[[Cloud], None] = make_developer,
) -> tuple[Walk, Walk]:
    """The same walk under the embedded and the real engine; skips where the real one is absent."""
    needs_the_real_engine()
    embedded, real = (
        walk(kind, folder / kind.__name__, phases, furnish, program=program) for kind in (Embedded, Real)
    )
    return embedded, real


def assert_same(embedded: Walk, real: Walk) -> None:
    """Demand that everything seen on the way is equal."""
    for step, seen in real.seen.items():
        for what in ("plan", "changes", "state", "outputs", "again"):
            found = differences(getattr(embedded.seen[step], what), getattr(seen, what), f"{step} {what}")
            assert found == []
    for what in ("accounts", "refreshed", "destroyed", "after"):
        assert differences(getattr(embedded, what), getattr(real, what), what) == []


def test_the_committed_stacks_are_the_same(tmp_path: Path) -> None:
    """Plans, states, outputs and accounts of the two committed stacks are equal, field by field."""
    configs = {stack: committed(stack) for stack in ("account-a", "account-b")}

    assert_same(*both(tmp_path, [Phase("committed", configs)]))


def test_the_examples_stack_is_the_same(tmp_path: Path) -> None:
    """The stack of the example function in B, whose execution role is looked up, beside A's own."""
    example = yaml.safe_load((ROOT / "examples/fc-python/Pulumi.account-b-functions.yaml").read_text())
    phase = Phase("example", {"account-a": committed("account-a"), "account-b-functions": example["config"]})

    assert_same(*both(tmp_path, [phase], furnish=make_execution_role))


def test_a_reference_to_a_stack_that_goes_is_the_same(tmp_path: Path) -> None:
    """B reads A's stack; later it does not: the reference is discarded, and nothing else changes."""
    both_config = {"account-a": CONFIG, "account-b": {"crossaccount:account": PARTNER}}
    phases = [
        Phase("read", both_config, program=REFERRING.format(read=READ)),
        Phase("dropped", both_config, program=REFERRING.format(read="")),
    ]

    embedded, real = both(tmp_path, phases, REFERRING.format(read=READ))

    assert_same(embedded, real)


def test_a_program_with_transforms_is_the_same(tmp_path: Path) -> None:
    """Its resources' own transforms, a component's and the stack's, on properties, options and secrets."""
    config = {"account-a": CONFIG}
    phases = [
        Phase("first", config, program=TRANSFORMING),
        Phase("edited", config, program=TRANSFORMING.replace("EDIT", "ignored").replace('"3"', '"4"')),
    ]

    assert_same(*both(tmp_path, phases, TRANSFORMING))


def test_the_recorded_program_is_the_same(tmp_path: Path) -> None:
    """Every handled type, through creation, change, replacement and removal."""
    phases = [
        Phase(f"phase {number}", {"account-a": {**CONFIG, "crossaccount:phase": str(number)}})
        for number in (1, 2, 3, 4)
    ]

    assert_same(*both(tmp_path, phases, RECORDED))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_generated_program_and_its_edit_are_the_same(tmp_path: Path, seed: int) -> None:
    """A graph of roles, users, groups, policies and attachments, and what an edit does to it."""
    first, second = generated(seed)
    phases = [
        Phase("first", {"account-a": CONFIG}, program=first),
        Phase("second", {"account-a": CONFIG}, program=second),
    ]

    assert_same(*both(tmp_path, phases, first))
