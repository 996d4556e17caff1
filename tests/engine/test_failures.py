"""A failure or a kill at every API call of the committed stacks: the state is exact, the next run ends it.

Every fault at every call of `up` from nothing, of an `up` that changes things, and of `destroy`.
"""

from __future__ import annotations

import itertools
import re
import shutil
from pathlib import Path

import pytest

from crossaccount.engine import EngineError, Stack, Target, integrity
from crossaccount.engine import stack as stack_module
from crossaccount.engine.secrets import PassphraseSecrets
from crossaccount.engine.state_file import StateFile
from crossaccount.localcloud import Cloud
from tests.engine.faults import KINDS, Fault, FaultyApi, Killed, account_content, content_of, state_content

ROOT = Path(__file__).parents[2]
OWNER, PARTNER = "1234567890120000", "1345678901230000"
STACKS = {"account-a": OWNER, "account-b": PARTNER}
PASSPHRASE = "of a test"
CHANGES = {
    "account-a": (
        ("Enterprise B reads", "B reads"),
        ("- AliyunFCReadOnlyAccess", "- AliyunFCInvocationAccess"),
    ),
    "account-b": (("Function Compute operator", "Operator"), ("role/fc-partner-b", "role/fc-partner-c")),
}


class Committed:
    """A committed stack in a directory of its own, on a local cloud that can be put back to a moment."""

    def __init__(self, directory, name, salt, monkeypatch):
        self.name, self._directory, self._patch = name, directory, monkeypatch
        for each in ("Pulumi.yaml", "__main__.py", "components"):
            (directory / each).symlink_to(ROOT / each)
        self.states, self._kept = directory / "states", directory / "kept"
        self.text = f"{(ROOT / f'Pulumi.{name}.yaml').read_text()}\nencryptionsalt: {salt}\n"
        self.cloud = Cloud([OWNER, PARTNER], seed=1)
        self.cloud.start()
        self.write(self.text)

    def changed_text(self):
        text = self.text
        for old, new in CHANGES[self.name]:
            assert old in text
            text = text.replace(old, new)
        return text

    def write(self, text):
        (self._directory / f"Pulumi.{self.name}.yaml").write_text(text)

    def keep(self):
        """Keep this moment, of the cloud and of the state."""
        if self.states.exists():
            shutil.copytree(self.states, self._kept)
        return self.cloud.to_json()

    def put_back(self, moment):
        self.cloud.stop()
        self.cloud = Cloud.from_json(moment)
        self.cloud.start()
        shutil.rmtree(self.states, ignore_errors=True)
        if self._kept.exists():
            shutil.copytree(self._kept, self.states)

    @property
    def ram(self):
        return self.cloud.accounts[STACKS[self.name]].ram

    def run(self, verb, fault=None):
        """Run a verb with a fault; return whether it ended well, and what was told."""
        fault = fault or Fault("", 0, self.states)
        self._patch.setattr(stack_module, "RamApi", lambda target: FaultyApi(target, fault))
        key = self.cloud.accounts[STACKS[self.name]].root_key
        target = Target(self.cloud.endpoint, key.key_id, key.secret)
        stack = Stack.open(
            self._directory,
            self.name,
            target=target,
            state_dir=self.states,
            passphrase=PASSPHRASE,
            parallel=1,
        )
        events = []
        try:
            getattr(stack, verb)(events.append)
        except (EngineError, Killed) as error:
            return False, f"{events} {error}"
        finally:
            fault.bury()
        return True, str(events)

    def state(self):
        file = StateFile(self.states, "crossaccount", self.name, passphrase=PASSPHRASE)
        return file.load(), file


@pytest.fixture(scope="module")
def salt():
    """One salt for every run, so that its key is derived once."""
    return PassphraseSecrets.new(PASSPHRASE).salt


@pytest.fixture(params=STACKS)
def committed(request, tmp_path, salt, monkeypatch):
    """A committed stack, nothing of it up yet; a kill is no power failure, so nothing waits for the disk."""
    monkeypatch.setattr("os.fsync", lambda _: None)
    made = Committed(tmp_path, request.param, salt, monkeypatch)
    yield made
    made.cloud.stop()
    assert not made.cloud.faults


def assert_exact(stack, *, in_doubt):
    """The state is whole and says what the account holds, but for operations that it lists as pending."""
    state, file = stack.state()
    document = file.document(state)["deployment"]
    pending = document.get("pending_operations", [])
    assert list(integrity.problems(state.ordered())) == []
    assert in_doubt or pending == []
    doubtful = {content_of(each["resource"]) for each in pending if each["type"] != "updating"}
    holds, says = account_content(stack.ram), state_content(document.get("resources", ()))
    lost_key = any("AccessKey" in each["resource"]["type"] for each in pending)
    unknown = {each for each in holds ^ says if not (lost_key and each[0] == "key")}
    assert unknown <= doubtful, (unknown, doubtful)


def assert_ended(stack, told):
    """The account is what the state says; a key whose secret was lost was told, and is deleted by hand."""
    state, file = stack.state()
    document = file.document(state)["deployment"]
    assert "pending_operations" not in document
    strays = account_content(stack.ram) ^ state_content(document.get("resources", ()))
    if strays:
        assert {kind for kind, _ in strays} == {"key"}
        assert "look for one too many" in told
    for _, key_id in strays:
        user, _ = stack.ram.find_access_key(key_id)
        stack.ram.remove_key(user, key_id)


def sweep(stack, verb, moment):
    """Run a verb with each fault at each call, and then again without; return how many faults there were."""
    count = 0
    for kind in KINDS:
        for at in itertools.count(1):
            stack.put_back(moment)
            fault = Fault(kind, at, stack.states)
            stack.run(verb, fault)
            if fault.calls < at:
                break
            count += 1
            assert_exact(stack, in_doubt=kind != "refused")
            again, told = stack.run(verb)
            if not again:  # the user cannot be deleted while it has a key that no state knows
                assert verb == "destroy"
                assert "aliyun ram DeleteAccessKey" in told
            assert_ended(stack, told)
            if not again:
                assert stack.run(verb)[0]
            assert_converged(stack, verb)
    return count


def assert_converged(stack, verb):
    if verb == "up":
        ended_well, told = stack.run("preview")
        assert ended_well
        assert re.search(r"Summary\(changes={'same': \d+}", told), told[-500:]
        assert stack.run("destroy")[0]
    assert "resources" not in stack.state()[1].document(stack.state()[0])["deployment"]
    assert account_content(stack.ram) == set()


@pytest.mark.parametrize("scenario", ["create", "change", "destroy"])
def test_a_fault_at_any_call_leaves_an_exact_state_and_the_next_run_ends_it(committed, scenario):
    """Six faults at every call; `pytest -rP` shows how many that were."""
    if scenario != "create":
        assert committed.run("up")[0]
    moment = committed.keep()
    if scenario == "change":
        committed.write(committed.changed_text())

    count = sweep(committed, "destroy" if scenario == "destroy" else "up", moment)

    figure = f"{committed.name}, {scenario}: {count} faults, each followed by a run that converged"
    print(figure)  # noqa: T201  the figure is asked for
    assert count >= 3 * len(KINDS)
