"""Runs that were killed: the next one finds out what exists, and ends what was begun."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from crossaccount.engine import Diagnostic, StepError


def names(bench):
    resources = bench.stack().export()["deployment"].get("resources", ())
    return sorted(
        resource["urn"].rpartition("::")[2]
        for resource in resources
        if "providers" not in resource["type"] and resource["custom"]
    )


KILLED = """
    import os, pathlib, sys
    from crossaccount.engine import Stack, Target
    from crossaccount.engine.resources import RESOURCE_TYPES
    directory, endpoint, key, secret, type_, verb, when = sys.argv[1:]
    kind = RESOURCE_TYPES[type_]
    real = getattr(type(kind), verb)

    class Cut(type(kind)):
        pass

    def cut(self, api, *arguments):
        if when == "after":
            real(self, api, *arguments)
        os._exit(9)

    setattr(Cut, verb, cut)
    made = Cut.__new__(Cut)
    made.__dict__.update(vars(kind))
    types = {**RESOURCE_TYPES, type_: made}
    Stack.open(pathlib.Path(directory), "dev", target=Target(endpoint, key, secret),
               passphrase="correct horse", resource_types=types).up()
"""
WHOLE = """
trust = json.dumps({"Version": "1", "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow",
    "Principal": {"RAM": ["acs:ram::1345678901230000:root"]}}]})
role = alicloud.ram.Role("role", role_name="reader" + suffix, description=suffix,
    assume_role_policy_document=trust)
alicloud.ram.RolePolicyAttachment("att", role_name=role.role_name, policy_name="AliyunFCReadOnlyAccess",
    policy_type="System")
user = alicloud.ram.User("user", name="dev", comments=suffix)
alicloud.ram.LoginProfile("login", user_name=user.name, password=hidden("Hidden-Passw0rd1"))
alicloud.ram.AccountAlias("alias", account_alias="company-a")
"""
TYPES = {
    "role": "alicloud:ram/role:Role",
    "att": "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment",
    "user": "alicloud:ram/user:User",
    "login": "alicloud:ram/loginProfile:LoginProfile",
    "alias": "alicloud:ram/accountAlias:AccountAlias",
}


def killed_up(bench, target, name, verb, when):
    arguments = [bench.directory, target.endpoint, target.access_key_id, target.access_key_secret]
    script = [sys.executable, "-c", textwrap.dedent(KILLED), *map(str, arguments), TYPES[name], verb, when]
    ended = subprocess.run(script, check=False, capture_output=True, text=True)
    assert ended.returncode == 9, ended.stderr


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("name", TYPES)
def test_a_kill_around_a_creation_is_recovered(bench, target, name, when):
    """Whether the account had made it or not, the next run ends with everything there once."""
    bench.program(f"suffix = ''\n{WHOLE}")
    killed_up(bench, target, name, "create", when)
    assert name in [
        each["resource"]["urn"].rpartition("::")[2]
        for each in bench.stack().export()["deployment"]["pending_operations"]
    ]
    events = []

    bench.stack(target=target).up(events.append)

    assert names(bench) == sorted(TYPES)
    assert bench.stack(target=target).preview().changes == {"same": 6}
    assert "pending_operations" not in bench.stack().export()["deployment"]
    kept = [
        event.message for event in events if isinstance(event, Diagnostic) and f"`{name}`" in event.message
    ]
    assert all("exists and is kept" in message for message in kept)
    assert len(kept) == (when == "after" and name != "alias")  # an alias is only set again


@pytest.mark.parametrize(
    ("name", "verb"), [("role", "update"), ("att", "delete"), ("role", "create"), ("role", "delete")]
)
def test_a_kill_within_an_update_or_a_replacement_is_recovered(bench, target, name, verb):
    """The next run ends what was begun; nothing is left over in the account."""
    bench.program(f"suffix = ''\n{WHOLE}")
    bench.stack(target=target).up()
    renamed = WHOLE if verb != "update" else WHOLE.replace('"reader" + suffix', '"reader"')
    bench.program(f"suffix = '-2'\n{renamed}")
    killed_up(bench, target, name, verb, "after")

    bench.stack(target=target).up()

    assert bench.stack(target=target).preview().changes == {"same": 6}
    assert names(bench) == sorted(TYPES)
    bench.stack(target=target).destroy()
    assert names(bench) == []


@pytest.mark.parametrize(("name", "verb"), [("role", "update"), ("att", "delete")])
def test_after_a_kill_the_program_may_want_something_else(bench, target, local_cloud, name, verb):
    """What the cut-off change left is read first, so that going back to the old program goes back."""
    bench.program(f"suffix = ''\n{WHOLE}")
    bench.stack(target=target).up()
    changed = WHOLE.replace('"reader" + suffix', '"reader"')
    if verb == "delete":
        changed = WHOLE.replace("alicloud.ram.RolePolicyAttachment(", "str.format(")
    bench.program(f"suffix = '{'-2' if verb == 'update' else ''}'\n{changed}")
    killed_up(bench, target, name, verb, "after")
    bench.program(f"suffix = ''\n{WHOLE}")

    bench.stack(target=target).up()

    role = local_cloud.accounts["1234567890120000"].ram.roles["reader"]
    assert (role.description, len(role.attachments)) == ("", 1)
    assert bench.stack(target=target).preview().changes == {"same": 6}


def test_what_somebody_else_made_meanwhile_is_left_alone(bench, target):
    """A role of the name that was being created, with other settings, is told, not taken over."""
    bench.program(f"suffix = ''\n{WHOLE}")
    killed_up(bench, target, "role", "create", "before")
    bench.configure("other")
    other = f"suffix = ''\n{WHOLE}".replace("description=suffix", "description='another'")
    bench.program(
        other.split("user = ", maxsplit=1)[0].split("alicloud.ram.RolePolicyAttachment", maxsplit=1)[0]
    )
    bench.stack("other", target=target).up()
    bench.program(f"suffix = ''\n{WHOLE}")
    events = []

    with pytest.raises(StepError, match="`role`"):
        bench.stack(target=target).up(events.append)

    assert any(
        "has other settings: it is left alone" in event.message
        for event in events
        if isinstance(event, Diagnostic)
    )
    assert "role" not in names(bench)
