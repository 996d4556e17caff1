"""`crossaccount audit --revoked`: proven, a path is left, or it cannot be told."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta, timezone

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from crossaccount.audit.revoked_forms import schema
from crossaccount.cli import main
from tests.access.states import OTHER, OWNER, PARTNER, StackState, allow, document, root, trust
from tests.audit.accounts import opened
from tests.audit.reports import ROLE

BRIDGE = f"acs:ram::{OWNER}:role/bridge"
NOBODY = trust(root(PARTNER), effect="Deny")


@pytest.fixture
def accounts(monkeypatch):
    """Two accounts of a local cloud."""
    yield from opened(monkeypatch)


class Revocation:
    """A's role `worker`, which B's `dev` could assume: the state of before, and states of after."""

    def __init__(self, accounts, folder, *trusted, seconds=7200):
        self.accounts, self.folder = accounts, folder
        self.partner = StackState("partner", PARTNER)
        self.partner.user("dev")
        self.partner.policy("assume", allow("sts:AssumeRole", ROLE))
        self.partner.attach("user", "dev", "assume")
        accounts.make(self.partner)
        self.partner.write(folder)
        self.owner = self.state(*(trusted or [trust(root(PARTNER))]), seconds=seconds)
        accounts.make(self.owner)
        self.owner.write(folder).rename(folder / "before.json")

    def state(self, *statements, seconds=7200):
        """A's stack with the role and this trust; without it where there is none."""
        owner = StackState("owner", OWNER)
        owner.user("auditor")
        if statements:
            owner.role("worker", *statements, outputs={"maxSessionDuration": seconds})
            owner.attach("role", "worker", "AliyunFCReadOnlyAccess", "System")
        owner.write(self.folder)
        return owner

    def delete(self, name="worker"):
        """Delete the role in the account."""
        self.accounts.attach(OWNER, "role", name, "AliyunFCReadOnlyAccess", "System", verb="Detach")
        self.accounts.api[OWNER].call("DeleteRole", role_name=name)

    def ask(self, *arguments, role="worker", before=True, **options):
        """The command's result, and the proof as plain values."""
        given = ("--before", "before.json") if before else ()
        done = self.accounts.audit(
            "owner.json", "partner.json", "--revoked", role, *given, "--json", "-", *arguments, **options
        )
        assert done.exit_code in (0, 1, 3), done.output
        found = json.loads(done.stdout)
        Draft202012Validator(schema()).validate(found)
        return done.exit_code, found


@pytest.fixture
def revocation(accounts, tmp_path, monkeypatch):
    """A function: the role, made with this trust."""
    monkeypatch.chdir(tmp_path)
    return lambda *trusted, **options: Revocation(accounts, tmp_path, *trusted, **options)


def test_a_role_that_is_deleted_is_proven_revoked(revocation, tmp_path):
    """With the versions of state, the time of reading, who had access; its sessions have ended."""
    made = revocation()
    made.state()
    made.delete()
    code, proof = made.ask()

    assert (code, proof["verdict"]) == (0, "revoked")
    assert proof["there"] == {"state": "the role is not there", "live": "the role is not there"}
    assert proof["hadAccess"] == [f"whoever account `{PARTNER}` lets"]
    assert proof["sessions"]["until"] == ""
    assert "deleted" in proof["sessions"]["why"]
    digest = hashlib.sha256((tmp_path / "owner.json").read_bytes()).hexdigest()
    assert digest in [each["sha256"] for each in proof["sources"]]
    live = next(each for each in proof["sources"] if each["where"] == f"live account {OWNER}")
    assert datetime.fromisoformat(live["written"].replace("Z", "+00:00")) <= datetime.now(timezone.utc)


def test_a_suspended_role_is_revoked_and_its_sessions_last_on(revocation):
    """From the change of its trust at most as long as the state of before let them."""
    made = revocation()
    made.state(NOBODY)
    made.accounts.trust(OWNER, "worker", NOBODY, seconds=3600)
    code, proof = made.ask()
    updated = made.accounts.api[OWNER].call("GetRole", role_name="worker")["Role"]["UpdateDate"]
    end = datetime.fromisoformat(updated.replace("Z", "+00:00")) + timedelta(hours=2)

    assert (code, proof["verdict"]) == (0, "revoked")
    assert proof["sessions"]["until"] == end.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert proof["sessions"]["powerless"] is False
    code, longer = made.ask(before=False)
    assert code == 0
    assert "no state of before" in longer["sessions"]["why"]
    assert longer["sessions"]["until"] > proof["sessions"]["until"]


def test_without_policies_a_session_may_do_nothing(revocation):
    """It lasts on all the same."""
    made = revocation()
    made.state(NOBODY)
    made.accounts.trust(OWNER, "worker", NOBODY)
    made.accounts.attach(OWNER, "role", "worker", "AliyunFCReadOnlyAccess", "System", verb="Detach")
    code, proof = made.ask()

    assert code == 0
    assert proof["sessions"]["powerless"] is True


@pytest.mark.parametrize("in_state", [True, False])
def test_a_role_that_is_only_half_gone_is_not_revoked(revocation, in_state):
    """Still there live, or still declared in the state: the side is named."""
    made = revocation()
    if in_state:
        made.state(trust(root(PARTNER)))
        made.delete()
    else:
        made.state()
    code, proof = made.ask()

    assert (code, proof["verdict"]) == (1, "path left")
    assert {each["side"] for each in proof["pathsLeft"]} == {"state" if in_state else "live"}
    assert proof["sessions"] is None


def test_a_grant_that_is_gone_is_not_enough(revocation):
    """The partner alone decides whether somebody is granted it again."""
    made = revocation(trust(f"acs:ram::{PARTNER}:user/dev"))
    made.accounts.attach(PARTNER, "user", "dev", "assume", verb="Detach")
    code, proof = made.ask()
    live = next(each for each in proof["pathsLeft"] if each["side"] == "live")

    assert code == 1
    assert live["steps"] == [f"user `dev` of {PARTNER}", f"role `worker` of {OWNER}"]
    assert "which it alone decides" in live["conditions"][-1]


def test_the_record_tells_no_name_where_names_are_marked(revocation):
    """The paths and who had access are told by marks, the role by its name."""
    made = revocation(trust(f"acs:ram::{PARTNER}:user/dev"))
    made.state(trust(f"acs:ram::{PARTNER}:user/dev"))
    code, proof = made.ask("--redact")

    assert code == 1
    assert proof["role"] == ROLE
    assert "dev" not in json.dumps(proof)
    assert proof["hadAccess"][0].startswith("user `p-")


def test_a_way_through_another_role_of_the_owner_is_found(revocation):
    """The role trusts only that role, which trusts the partner."""
    made = revocation()
    bridge = StackState("bridge", OWNER)
    bridge.role("bridge", trust(f"acs:ram::{PARTNER}:user/dev"))
    bridge.policy("cross", allow("sts:AssumeRole", ROLE))
    bridge.attach("role", "bridge", "cross")
    made.accounts.make(bridge)
    bridge.write(made.folder)
    made.state(trust(BRIDGE))
    made.accounts.trust(OWNER, "worker", trust(BRIDGE))
    code, proof = made.ask("bridge.json")

    assert code == 1
    assert [f"user `dev` of {PARTNER}", f"role `bridge` of {OWNER}", f"role `worker` of {OWNER}"] in [
        each["steps"] for each in proof["pathsLeft"]
    ]


def test_sessions_of_a_role_on_the_way_count(revocation):
    """One that is still open can open another one of the role that is revoked."""
    made = revocation()
    bridge = StackState("bridge", OWNER)
    bridge.role("bridge", NOBODY, outputs={"maxSessionDuration": 3600})
    bridge.policy("cross", allow("sts:AssumeRole", ROLE))
    bridge.attach("role", "bridge", "cross")
    made.accounts.make(bridge)
    bridge.write(made.folder)
    made.state(trust(BRIDGE))
    made.accounts.trust(OWNER, "worker", trust(BRIDGE))
    code, proof = made.ask("bridge.json", before=False)

    assert code == 0
    assert "a session of role `bridge`, open until" in proof["sessions"]["why"]


def test_a_role_of_the_same_name_is_another_one(revocation):
    """It is said, and its trust counts."""
    made = revocation()
    state = json.loads((made.folder / "before.json").read_text())
    for each in state["deployment"]["resources"]:
        each["created"] = "2020-01-01T00:00:00Z"
    (made.folder / "before.json").write_text(json.dumps(state))
    made.delete()
    made.state()
    made.accounts.api[OWNER].call(
        "CreateRole", role_name="Worker",
        assume_role_policy_document=json.dumps({"Version": "1", "Statement": [trust(root(PARTNER))]}),
    )  # fmt: skip
    code, proof = made.ask()

    assert code == 1
    assert proof["there"]["live"].startswith("the role is there again under the same name, made 20")


def test_trust_that_begins_later_is_a_path(revocation):
    """And trust that is over is none."""
    later = trust(root(PARTNER), DateGreaterThan={"acs:CurrentTime": "2999-01-01T00:00:00Z"})
    over = trust(root(PARTNER), DateLessThan={"acs:CurrentTime": "2020-01-01T00:00:00Z"})
    made = revocation(later)
    made.state(later)
    assert made.ask()[0] == 1
    made.state(over)
    made.accounts.trust(OWNER, "worker", over)
    code, proof = made.ask()
    assert code == 0
    assert "trust ended at 20" in proof["sessions"]["why"]


def test_when_a_way_was_closed_is_the_time_of_reading_where_nothing_records_it(revocation):
    """A role on the way that is gone: the trust in it tells nothing of when."""
    made = revocation()
    made.state(trust(BRIDGE))
    made.accounts.api[OWNER].call(
        "CreateRole", role_name="bridge", assume_role_policy_document=document(trust(root(OWNER)))
    )
    made.accounts.trust(OWNER, "worker", trust(BRIDGE))
    code, proof = made.ask()

    assert code == 0
    assert "when the way was closed is not recorded" in proof["sessions"]["why"]
    assert proof["sessions"]["until"] > proof["asOf"]


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((), {"accounts": (PARTNER,)}, "was not read live"),
        (("missing.json",), {}, "`missing.json` could not be read"),
        ((), {"role": f"{OWNER}/role/wroker", "before": False}, "check its spelling"),
        ((), {"role": f"acs:ram::{OTHER}:role/worker", "before": False}, f"no state of account `{OTHER}`"),
    ],
)
def test_what_was_not_read_is_never_proof(revocation, arguments, options, words):
    """Exit code 3, and why."""
    made = revocation()
    made.state()
    made.delete()
    code, proof = made.ask(*arguments, **options)

    assert (code, proof["verdict"]) == (3, "cannot tell")
    assert any(words in each for each in proof["cannotTell"])


def test_a_refused_call_is_never_proof(revocation):
    """The role may be among what it kept from being read."""
    made = revocation()
    made.state()
    made.delete()
    made.accounts.cloud.inject("refuse", action="ListRoles", times=None)
    code, proof = made.ask()

    assert code == 3
    assert proof["cannotTell"] == [f"not all of account `{OWNER}` could be read live"]
    assert "ListRoles" in proof["leftOut"][0]["why"]


def test_the_record_is_written_to_hand_over(revocation, tmp_path):
    """Markdown and JSON at once; the terminal says the verdict first."""
    made = revocation()
    made.state()
    made.delete()
    done = made.accounts.audit(
        "owner.json", "--revoked", ROLE, "--before", "before.json", "--markdown", "r.md", accounts=(OWNER,)
    )
    page = (tmp_path / "r.md").read_text()

    assert done.exit_code == 0
    assert done.stdout.startswith(f"`{ROLE}` is revoked: no path is left, in state and live.")
    assert "## Read now" in page
    assert "SHA-256" in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--revoked", "nobody"), "no role is called `nobody`"),
        (("--revoked", ""), "no role is called ``"),
        (("--revoked", "worker", "--endpoint", "", "--credentials", "A_"), "endpoint `` is not `host:port`"),
        (("--revoked", f"acs:ram::{OWNER}:user/dev"), "is not one role"),
        (("--revoked", f"acs:ram::{OWNER}:role/*"), "is not one role"),
        (("--revoked", "worker", "--at", "2026-03-01"), "leave out --at"),
        (("--revoked", "worker", "--fail-on", "high"), "leave out --fail-on"),
        (("--revoked", "worker", "--csv", "-"), "there is no CSV of that"),
        (("--revoked", "worker", "--before", "partner.json"), "does not declare"),
        (("--revoked", "worker", "--before", "missing.json"), "`missing.json` cannot be read"),
        (("--before", "before.json"), "--before goes with --revoked"),
    ],
)
def test_wrong_questions_are_refused(revocation, arguments, words):
    """One line, exit code 2."""
    made = revocation()
    made.state(NOBODY)
    done = CliRunner().invoke(main, ["audit", "owner.json", "partner.json", *arguments])
    assert done.exit_code == 2
    assert words in done.stderr
