"""A project on disk, a local cloud to apply it to, and resource types that live in memory."""

# ruff: noqa: ARG002  the seam names its arguments

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import yaml

from crossaccount.engine import Stack, Target
from crossaccount.engine.api_errors import ApiCallError
from crossaccount.localcloud import Cloud

RECORDINGS = Path(__file__).parents[1] / "data" / "recordings"
ACCOUNT = "1234567890120000"
PARTNER = "1345678901230000"
PRELUDE = """\
import json
import pulumi; Opts, hidden = pulumi.ResourceOptions, pulumi.Output.secret
import pulumi_alicloud as alicloud
"""


class Bench:
    """A Pulumi project in a directory: write its program and configuration, open its stack."""

    def __init__(self, directory):
        self.directory = directory
        self.write("Pulumi.yaml", "name: trial\nruntime: python\n")
        self.configure()

    def write(self, name, text):
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def program(self, body):
        """Write `__main__.py`: `body` after three lines of imports."""
        self.write("__main__.py", PRELUDE + body)

    def configure(self, stack="dev", **config):
        self.write(f"Pulumi.{stack}.yaml", yaml.safe_dump({"config": config}))

    def stack(self, name="dev", **options):
        options.setdefault("passphrase", "correct horse")
        return Stack.open(self.directory, name, **options)

    @property
    def state_path(self):
        return self.directory / ".crossaccount" / "state" / "trial" / "dev.json"

    @property
    def journal_path(self):
        return self.state_path.with_name("dev.journal.jsonl")


@pytest.fixture
def bench(tmp_path):
    """An empty project `trial` with a stack `dev`."""
    return Bench(tmp_path)


@pytest.fixture
def local_cloud():
    """A served cloud with an account and its partner; a fault inside it fails the test."""
    with Cloud(accounts=[ACCOUNT, PARTNER]) as cloud:
        yield cloud
    assert not cloud.faults


@pytest.fixture
def target(local_cloud):
    """The account's root on the local cloud."""
    return target_of(local_cloud, ACCOUNT)


@pytest.fixture
def target_for(local_cloud):
    """A function: the target of an account's root on the local cloud."""
    return lambda account: target_of(local_cloud, account)


def target_of(cloud, account):
    key = cloud.accounts[account].root_key
    return Target(cloud.endpoint, key.key_id, key.secret)


class Shelf:
    """A resource type in memory: things by name, with what was called, in order.

    `fail` holds names whose creation, update or deletion is refused; `crash` names at whose creation the
    process is cut off after the thing was made.
    """

    token = "alicloud:ram/group:Group"
    inputs = frozenset({"groupName", "comments"})
    required = frozenset({"groupName"})
    replace_on = frozenset({"groupName"})
    renames = frozenset()
    secret_outputs = frozenset()
    timeouts_meta = "{}"

    def __init__(self):
        self.things = {}
        self.calls = []
        self.fail = set()
        self.crash = set()
        self.lock = threading.Lock()

    def check(self, inputs):
        return ("`comments` is silly",) if inputs.get("comments") == "silly" else ()

    def diff_ignores(self, name, old, new):
        return not old and not new

    def create(self, api, inputs):
        name = inputs["groupName"]
        self._call("create", name)
        with self.lock:
            if name in self.things:
                raise ApiCallError("CreateGroup", "EntityAlreadyExists.Group", 409, "it exists")
            self.things[name] = dict(inputs)
        if name in self.crash:
            raise KeyboardInterrupt
        return name, {"comments": "", **inputs}

    def read(self, api, resource_id, outputs):
        thing = self.things.get(resource_id)
        return None if thing is None else (dict(thing), {"comments": "", **thing})

    def own_id(self, api, resource_id):
        return resource_id

    def update(self, api, resource_id, old_outputs, old_inputs, new_inputs):
        self._call("update", resource_id)
        self.things[resource_id] = dict(new_inputs)
        return {"comments": "", **new_inputs}

    def delete(self, api, resource_id, outputs):
        self._call("delete", resource_id)
        self.things.pop(resource_id, None)

    def _call(self, verb, name):
        with self.lock:
            self.calls.append((verb, name))
        if name in self.fail:
            raise ApiCallError(f"{verb.capitalize()}Group", "LimitExceeded.Group", 409, "too many groups")


class Ties(Shelf):
    """A second type, whose things refer to those of the first: every input replaces."""

    token = "alicloud:ram/userGroupAttachment:UserGroupAttachment"
    inputs = frozenset({"groupName", "userName"})
    required = inputs
    replace_on = inputs

    def create(self, api, inputs):
        name = f"{inputs['groupName']}:{inputs['userName']}"
        self._call("create", name)
        self.things[name] = dict(inputs)
        return name, dict(inputs)


@pytest.fixture
def shelf():
    """Groups in memory."""
    return Shelf()


@pytest.fixture
def ties(shelf):
    """Memberships in memory, which share the groups' record of calls."""
    made = Ties()
    made.calls, made.fail = shelf.calls, shelf.fail
    return made


@pytest.fixture
def memory(shelf, ties):
    """The options that open a stack on the types in memory; no call leaves the process."""
    types = {shelf.token: shelf, ties.token: ties}
    return {"resource_types": types, "target": Target("127.0.0.1:1", "key", "secret")}
