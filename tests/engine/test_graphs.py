"""Generated programs, edited between runs, with a fault at any call: the promises under failure.

After every run the state is whole and says exactly what the account holds, but for what it lists as pending;
a run without a fault ends what was begun, finds nothing more to do, and `destroy` leaves nothing.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from crossaccount.engine import EngineError, Stack, Target, integrity
from crossaccount.engine import stack as stack_module
from crossaccount.engine.secrets import PassphraseSecrets
from crossaccount.engine.state_file import StateFile
from crossaccount.localcloud import Cloud
from tests.engine.faults import KINDS, Fault, FaultyApi, Killed, account_content, content_of, state_content

ACCOUNT, PARTNER = "1234567890120000", "1345678901230000"
PASSPHRASE = "of a test"
PROGRAM = """
import json
from pathlib import Path
import pulumi
import pulumi_alicloud as alicloud
from pulumi import Alias, Output, ResourceOptions

ram, made = alicloud.ram, {}
for declared in json.loads((Path(__file__).parent / "graph.json").read_text()):
    inputs = dict(declared["inputs"])
    for name, value in inputs.items():
        if isinstance(value, dict) and "of" in value:
            inputs[name] = getattr(made[value["of"]], value["output"])
    if "password" in inputs:
        inputs["password"] = Output.secret(inputs["password"])
    options = dict(declared["options"])
    if options.get("aliases"):
        options["aliases"] = [Alias(name=name) for name in options["aliases"]]
    options["depends_on"] = [made[name] for name in options.get("depends_on", ()) if name in made]
    kind = getattr(ram, declared["kind"])
    made[declared["key"]] = kind(declared["name"], opts=ResourceOptions(**options), **inputs)
"""
TRUST = [
    json.dumps(
        {
            "Version": "1",
            "Statement": [
                {
                    "Action": "sts:AssumeRole",
                    "Effect": "Allow",
                    "Principal": {"RAM": [f"acs:ram::{account}:root"]},
                }
            ],
        }
    )
    for account in (ACCOUNT, PARTNER)
]
DOCUMENTS = [
    json.dumps({"Version": "1", "Statement": [{"Action": [action], "Effect": "Allow", "Resource": "*"}]})
    for action in ("fc:ListFunctions", "fc:GetFunction")
]
SYSTEM = ["AliyunFCReadOnlyAccess", "AliyunSTSAssumeRoleAccess"]
HOLDERS = {
    "Role": ("role_name", "role_name"),
    "User": ("user_name", "name"),
    "Group": ("group_name", "group_name"),
}


def of(key, output):
    return {"of": key, "output": output}


SUFFIX = st.sampled_from(["", "-2"])
TEXT = st.sampled_from(["", "some", "other"])


class Graph:
    """A program being drawn: what it declares, each under a key that edits keep."""

    def __init__(self, draw):
        self.draw = draw
        self.declared = []

    def add(self, kind, key, *, renamed=None, **inputs):
        """Declare a resource; without `renamed` it may have changed its logical name, with an alias."""
        options = {}
        if self.declared and self.draw(st.integers(0, 5)) == 0:
            options["depends_on"] = [self.draw(st.sampled_from(self.declared))["key"]]
        if kind in ("Role", "Group") and self.draw(st.integers(0, 3)) == 0:
            options["delete_before_replace"] = True
        if renamed is None:
            renamed = self.draw(st.integers(0, 4)) == 0
            options["aliases"] = [key if renamed else f"{key}-new"]
        name = f"{key}-new" if renamed else key
        self.declared.append({"kind": kind, "key": key, "name": name, "inputs": inputs, "options": options})

    def maybe(self):
        return self.draw(st.booleans())

    def role(self):
        self.add(
            "Role",
            "role",
            role_name="reader" + self.draw(SUFFIX),
            description=self.draw(TEXT),
            assume_role_policy_document=self.draw(st.sampled_from(TRUST)),
            tags=self.draw(st.sampled_from([{}, {"a": "1"}, {"a": "2", "b": "1"}])),
        )

    def user(self):
        another = self.maybe()  # a renamed user is another one: its keys could not follow
        self.add(
            "User", "user", renamed=another, name="dev-2" if another else "dev", comments=self.draw(TEXT)
        )
        if self.maybe():
            password = self.draw(st.sampled_from(["Hidden-Passw0rd1", "Hidden-Passw0rd2"]))
            self.add("LoginProfile", "login", user_name=of("user", "name"), password=password)
        if self.draw(st.integers(0, 2)) == 0:
            self.add("AccessKey", "key", user_name=of("user", "name"))

    def group(self):
        self.add("Group", "group", group_name="operators" + self.draw(SUFFIX), comments=self.draw(TEXT))

    def policy(self):
        document = self.draw(st.sampled_from(DOCUMENTS))
        self.add("Policy", "policy", policy_name="list" + self.draw(SUFFIX), policy_document=document)

    def ties(self):
        keys = {each["key"] for each in self.declared}
        if {"user", "group"} <= keys and self.maybe():
            names = {"group_name": of("group", "group_name"), "user_name": of("user", "name")}
            self.add("UserGroupAttachment", "member", **names)
        for holder in [holder for holder in HOLDERS if holder.lower() in keys]:
            argument, output = HOLDERS[holder]
            name = {argument: of(holder.lower(), output)}
            if "policy" in keys and self.maybe():
                custom = {"policy_name": of("policy", "policy_name"), "policy_type": of("policy", "type")}
                self.add(f"{holder}PolicyAttachment", f"{holder}-custom", **name, **custom)
            if self.maybe():
                system = {"policy_name": self.draw(st.sampled_from(SYSTEM)), "policy_type": "System"}
                self.add(f"{holder}PolicyAttachment", f"{holder}-system", **name, **system)


@st.composite
def graphs(draw):
    """A program: a role, a user with login and key, a group, a policy, each or not, and what ties them."""
    graph = Graph(draw)
    for part in (graph.role, graph.user, graph.group, graph.policy):
        if graph.maybe():
            part()
    graph.ties()
    return graph.declared


FAULTS = st.tuples(st.sampled_from(KINDS), st.integers(0, 14))
VERBS = st.sampled_from(["up", "up", "up", "refresh", "destroy"])


class Project:
    """A project whose program is a generated graph, on a fresh local cloud."""

    def __init__(self, directory, cloud, salt, monkeypatch):
        self._directory, self._cloud, self._patch = directory, cloud, monkeypatch
        (directory / "Pulumi.yaml").write_text("name: trial\nruntime: python\n")
        (directory / "Pulumi.dev.yaml").write_text(f"encryptionsalt: {salt}\n")
        (directory / "__main__.py").write_text(PROGRAM)
        self.states = directory / "states"
        self.told = ""

    def write(self, graph):
        (self._directory / "graph.json").write_text(json.dumps(graph))

    @property
    def ram(self):
        return self._cloud.accounts[ACCOUNT].ram

    def run(self, verb, fault=None):
        fault = fault or Fault("", 0, self.states)
        self._patch.setattr(stack_module, "RamApi", lambda target: FaultyApi(target, fault))
        key = self._cloud.accounts[ACCOUNT].root_key
        stack = Stack.open(
            self._directory,
            "dev",
            target=Target(self._cloud.endpoint, key.key_id, key.secret),
            state_dir=self.states,
            passphrase=PASSPHRASE,
            parallel=1,
        )
        events = []
        try:
            return getattr(stack, verb)(events.append)
        except (EngineError, Killed) as error:
            note(f"{verb}: {error!r}")
            return None
        finally:
            self.told += str(events)
            fault.bury()

    def check(self, *, in_doubt):
        """The state is whole, and exact but for what is pending."""
        file = StateFile(self.states, "trial", "dev", passphrase=PASSPHRASE)
        state = file.load()
        deployment = file.document(state)["deployment"]
        pending = deployment.get("pending_operations", [])
        assert list(integrity.problems(state.ordered())) == []
        assert in_doubt or not pending
        keys_in_doubt = any("AccessKey" in each["resource"]["type"] for each in pending)
        doubtful = {content_of(each["resource"]) for each in pending if each["type"] != "updating"}
        doubtful |= {
            content_of({**each["resource"], "inputs": self._old_inputs(state, each)}) for each in pending
        }
        different = account_content(self.ram) ^ state_content(deployment.get("resources", ()))
        stray = {
            each for each in different if each[0] == "key" and (keys_in_doubt or "one too many" in self.told)
        }
        assert different - stray <= doubtful

    def _old_inputs(self, state, operation):
        """A user that is being renamed goes by its old name, too."""
        live = state.live.get(operation["resource"]["urn"])
        return operation["resource"].get("inputs", {}) if live is None else live.inputs

    def delete_stray_keys(self):
        """Do what the run told to do by hand."""
        file = StateFile(self.states, "trial", "dev", passphrase=PASSPHRASE)
        known = {each.id for each in file.load().ordered()}
        for user in self.ram.users.values():
            for key_id in [key_id for key_id in user.access_keys if key_id not in known]:
                assert "one too many" in self.told
                self.ram.remove_key(user, key_id)


@pytest.fixture(scope="module")
def salt():
    """One salt for every run, so that its key is derived once."""
    return PassphraseSecrets.new(PASSPHRASE).salt


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(runs=st.lists(st.tuples(graphs(), VERBS, FAULTS), min_size=1, max_size=4), last=graphs())
def test_whatever_fails_the_state_is_exact_and_a_run_ends_it(tmp_path_factory, salt, monkeypatch, runs, last):
    """Edits, runs, faults; then one run without a fault, one that finds nothing to do, and the end."""
    monkeypatch.setattr("os.fsync", lambda _: None)
    with Cloud([ACCOUNT, PARTNER]) as cloud:
        project = Project(tmp_path_factory.mktemp("graph"), cloud, salt, monkeypatch)
        in_doubt = False
        for graph, verb, (kind, at) in runs:
            project.write(graph)
            project.run(verb, Fault(kind, at, project.states))
            in_doubt = in_doubt or kind != "refused"
            project.check(in_doubt=in_doubt)
        project.write(last)
        if project.run("up") is None:
            project.delete_stray_keys()
            assert project.run("up") is not None
        project.check(in_doubt=False)
        assert set(project.run("up").changes) <= {"same"}
        project.delete_stray_keys()
        assert project.run("destroy") is not None
        assert account_content(project.ram) == set()
        assert not cloud.faults
