"""Graphs of hand-made stacks, and the committed stacks brought up on a local cloud."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossaccount.access import Asking, explain_access, find_principal, graph_of, state_of
from crossaccount.engine import Stack, Target
from crossaccount.localcloud import Cloud
from tests.access.states import FUNCTIONS, OWNER, PARTNER

ROOT = Path(__file__).parents[2]


@pytest.fixture
def graph():
    """A function: the graph of `StackState`s."""

    def made(*states, **options):
        return graph_of([state_of(each.export(), f"{each.name}.json") for each in states], **options)

    return made


@pytest.fixture
def ask(graph):
    """A function: the answer whether somebody may list A's functions, or do another action."""

    def answered(who, *states, action="fc:ListFunctions", resource=FUNCTIONS, **context):
        found = graph(*states)
        asking = Asking({key.replace("_", ":", 1): value for key, value in context.items()})
        return explain_access(found, find_principal(found, who), action, resource, asking)

    return answered


class Committed:
    """The committed stacks, up on a local cloud: their plans before, their states, their targets."""

    def __init__(self, folder, cloud):
        self.cloud = cloud
        self.plans, self.states, self.targets = {}, {}, {}
        for name, account in (("account-a", OWNER), ("account-b", PARTNER)):
            key = cloud.accounts[account].root_key
            self.targets[name] = Target(cloud.endpoint, key.key_id, key.secret)
            stack = Stack.open(
                ROOT, name, target=self.targets[name], state_dir=folder, passphrase="of a test"
            )
            self.plans[name] = stack.preview().to_json()
            stack.up()
            self.states[name] = stack.export()


@pytest.fixture(scope="session")
def committed(tmp_path_factory):
    """Both committed stacks, up on a served cloud for as long as the tests run."""
    with Cloud([OWNER, PARTNER]) as cloud:
        yield Committed(tmp_path_factory.mktemp("committed"), cloud)
    assert not cloud.faults
