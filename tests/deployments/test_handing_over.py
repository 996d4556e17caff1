"""A stack goes from one engine to the other and is taken as it is, secrets included."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.deployments.conftest import needs_the_real_engine
from tests.deployments.option_stacks import MADE, furnish
from tests.deployments.pulumi_project import STACKS, PulumiProject
from tests.deployments.walk import HANDOVER, changing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from crossaccount.localcloud.cloud import Cloud

pytestmark = pytest.mark.real_engine


@pytest.fixture
def options(tmp_path: Path, served_cloud: Cloud) -> PulumiProject:
    """The stacks that use every option, in both engines' hands, with nothing made yet."""
    needs_the_real_engine()
    furnish(served_cloud)
    project = PulumiProject(tmp_path, served_cloud, stacks=MADE.configs)
    for stack in STACKS:
        project.must("stack", "init", stack=stack)
    return project


def hand_over(project: PulumiProject, outputs: Mapping[str, object]) -> None:
    """Write the owner's hand-over file where the partner's stack reads it."""
    if "handover" in outputs:
        (project.folder / HANDOVER).write_text(json.dumps(outputs["handover"]))


def real_outputs(project: PulumiProject, stack: str) -> dict[str, object]:
    """The stack's outputs under the real engine, secrets shown."""
    outputs: dict[str, object] = json.loads(
        project.must("stack", "output", "--json", "--show-secrets", stack=stack)
    )
    return outputs


def test_the_real_engine_takes_over_what_the_embedded_one_made(options: PulumiProject) -> None:
    """`pulumi stack import` takes the state; the next preview shows no change; `pulumi destroy` ends it."""
    for stack in STACKS:
        embedded = options.embedded(stack)
        embedded.up()
        hand_over(options, embedded.outputs())
        options.must("stack", "import", "--file", str(options.embedded_state(stack)), stack=stack)

        assert options.changes("preview", stack=stack) == {}
        assert real_outputs(options, stack) == embedded.outputs(show_secrets=True)
    for stack in reversed(STACKS):
        options.must("destroy", "--yes", "--skip-preview", stack=stack)
    assert dict(options.cloud.accounts[STACKS["account-a"]].ram.roles) == {}


def test_the_embedded_engine_takes_over_what_the_real_one_made(options: PulumiProject) -> None:
    """The exported state, laid where the embedded engine keeps its own, is a plan without a change."""
    for stack in STACKS:
        options.must("up", "--yes", "--skip-preview", stack=stack)
        place = options.embedded_state(stack)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(options.must("stack", "export", stack=stack))
        outputs = real_outputs(options, stack)
        hand_over(options, outputs)
        embedded = options.embedded(stack)

        assert changing(embedded.preview().changes) == {}
        assert embedded.outputs(show_secrets=True) == outputs
    for stack in reversed(STACKS):
        options.embedded(stack).destroy()
    assert dict(options.cloud.accounts[STACKS["account-a"]].ram.roles) == {}


def test_a_setting_that_the_cli_encrypted_is_read_by_the_embedded_engine(
    project: PulumiProject, served_cloud: Cloud
) -> None:
    """`pulumi config set --secret` of a password, then the embedded engine makes the console login."""
    path = "crossaccount:users.fc-operator.console.password"
    project.must("config", "set", "--secret", "--path", path, "Correct-Horse-1", stack="account-b")
    stack = project.embedded("account-b")
    stack.up()
    (user,) = served_cloud.accounts[STACKS["account-b"]].ram.users.values()

    assert user.login_profile is not None
    assert "Correct-Horse-1" not in json.dumps([stack.export(), stack.preview().to_json()])
