"""A process killed while a creation is unanswered: the next run takes its own, and nobody else's."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crossaccount.engine import Diagnostic, StepError, Target
from crossaccount.engine.ram_api import RamApi

TRUST = (
    '{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":'
    '{"RAM":["acs:ram::1345678901230000:root"]}}],"Version":"1"}'
)
DOCUMENT = '{"Statement":[{"Action":"fc:ListFunctions","Effect":"Allow","Resource":"*"}],"Version":"1"}'
PROGRAMS = {
    "CreateUser": "alicloud.ram.User('it', name='op')\n",
    "CreateGroup": "alicloud.ram.Group('it', group_name='op')\n",
    "CreateRole": f"alicloud.ram.Role('it', role_name='op', assume_role_policy_document='{TRUST}')\n",
    "CreatePolicy": f"alicloud.ram.Policy('it', policy_name='op', policy_document='{DOCUMENT}')\n",
    "AttachPolicyToUser": "alicloud.ram.UserPolicyAttachment('it', user_name='them', policy_type='System',\n"
    "    policy_name='AliyunFCReadOnlyAccess')\n",
    "CreateLoginProfile": "alicloud.ram.LoginProfile('it', user_name='them',\n"
    "    password=hidden('Hidden-Passw0rd1'))\n",
    "AddUserToGroup": "alicloud.ram.UserGroupAttachment('it', user_name='them', group_name='theirs')\n",
}
FOREIGN = {
    "CreateUser": {"user_name": "op"},
    "CreateGroup": {"group_name": "op"},
    "CreateRole": {"role_name": "op", "assume_role_policy_document": TRUST},
    "CreatePolicy": {"policy_name": "op", "policy_document": DOCUMENT},
    "AttachPolicyToUser": {
        "user_name": "them",
        "policy_type": "System",
        "policy_name": "AliyunFCReadOnlyAccess",
    },
    "CreateLoginProfile": {"user_name": "them", "password": "Hidden-Passw0rd1"},
}
KEY = "alicloud.ram.AccessKey('key', user_name='them')\n"
RUN = """
import pathlib, sys
from crossaccount.engine import Stack, Target
directory, endpoint, key, secret = sys.argv[1:]
target = Target(endpoint, key, secret)
Stack.open(pathlib.Path(directory), "dev", target=target, passphrase="correct horse").up()
"""


@contextmanager
def killing_relay(endpoint, action, *, delivers):
    """Pass calls on to an endpoint; at `action`, kill the caller in `victim` before it has its answer."""
    victim = []

    class Relay(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            is_last = self.headers.get("x-acs-action") == action
            if delivers or not is_last:
                upstream = http.client.HTTPConnection(endpoint)
                upstream.request("POST", self.path, body, dict(self.headers))
                answer = upstream.getresponse()
                content = answer.read()
                upstream.close()
            if is_last:
                victim[0].kill()
                victim[0].wait()
                self.close_connection = True
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Relay) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}", victim
        finally:
            server.shutdown()
            thread.join()


def killed_up(bench, target, action, *, delivers):
    with killing_relay(target.endpoint, action, delivers=delivers) as (endpoint, victim):
        script = [sys.executable, "-c", RUN, bench.directory, endpoint, target.access_key_id]
        victim.append(
            subprocess.Popen([*script, target.access_key_secret], stderr=subprocess.PIPE, text=True)
        )
        _, told = victim[0].communicate(timeout=60)
    assert victim[0].returncode == -9, told
    assert len(bench.stack().export()["deployment"]["pending_operations"]) == 1


@pytest.fixture
def api(target):
    """Somebody else's hands in the account, where `them` and `theirs` exist."""
    with RamApi(target) as api:
        api.call("CreateUser", user_name="them")
        api.call("CreateGroup", group_name="theirs")
        yield api


def up(bench, target):
    """Run `up`; return what was told, and the error that ended it, if any."""
    events = []
    try:
        bench.stack(target=target).up(events.append)
    except StepError as error:
        return events, str(error)
    return events, None


def told(events):
    return [each.message for each in events if isinstance(each, Diagnostic) and "cut off" in each.message]


def key_ids(api):
    keys = api.call("ListAccessKeys", user_name="them")["AccessKeys"]["AccessKey"]
    return [key["AccessKeyId"] for key in keys]


@pytest.mark.parametrize("action", FOREIGN)
def test_a_namesake_that_was_there_before_is_left_alone(bench, target, api, local_cloud, action):
    """Its creation was cut off: it is not adopted, is named with the way out, and outlives `destroy`."""
    local_cloud.clock.advance(-3600)
    api.call(action, **FOREIGN[action])
    local_cloud.clock.advance(3600)
    bench.program(PROGRAMS[action])
    killed_up(bench, target, action, delivers=True)

    events, error = up(bench, target)

    assert "was there before: it is left alone" in told(events)[0]
    assert "import_=" in told(events)[0]
    assert f"`{action}` failed" in error
    assert "import_=" in error
    bench.stack(target=target).destroy()
    with pytest.raises(Exception, match="EntityAlreadyExists"):
        api.call(action, **FOREIGN[action])


@pytest.mark.parametrize("delivers", [True, False])
@pytest.mark.parametrize("action", PROGRAMS)
def test_what_was_made_is_kept_and_what_was_not_is_made(bench, target, api, action, delivers):
    """Whether the call arrived before the kill or not, the next run has it once, and `destroy` deletes it."""
    bench.program(PROGRAMS[action])
    killed_up(bench, target, action, delivers=delivers)

    events, error = up(bench, target)

    assert error is None
    assert ["exists and is kept" in each for each in told(events)] == [True] * delivers
    assert bench.stack(target=target).preview().changes == {"same": 2}
    bench.stack(target=target).destroy()
    assert action == "AddUserToGroup" or api.call(action, **FOREIGN.get(action, {}))


def test_a_user_that_exists_is_an_error_that_says_what_to_do(bench, target, api):
    """Without any kill: import it, adopt it, or take another name."""
    api.call("CreateUser", user_name="op")
    bench.program(PROGRAMS["CreateUser"])

    _, error = up(bench, target)

    assert "EntityAlreadyExists.User" in error
    assert '`import_="op"`' in error
    assert "`adopt: true`" in error


@pytest.mark.parametrize("delivers", [True, False])
def test_a_lost_key_is_deleted_and_another_made(bench, target, api, delivers):
    """Nobody has its secret; the user's other key stays, and the run ends with one key in the state."""
    other = api.call("CreateAccessKey", user_name="them")["AccessKey"]["AccessKeyId"]
    bench.program(KEY)
    killed_up(bench, target, "CreateAccessKey", delivers=delivers)
    lost = [key for key in key_ids(api) if key != other]
    assert len(lost) == delivers

    events, error = up(bench, target)

    assert error is None
    assert len(told(events)) == delivers
    assert all(f"its key `{lost[0]}`" in each for each in told(events))
    assert len(key_ids(api)) == 2
    assert other in key_ids(api)
    assert not set(lost) & set(key_ids(api))


@pytest.mark.parametrize("situation", ["two", "late"])
def test_a_key_that_may_be_somebody_elses_stops_the_run_until_it_is_gone(
    bench, target, api, local_cloud, situation
):
    """Two candidates, or one that is dated long after the call: each is named with its command."""
    bench.program(KEY)
    killed_up(bench, target, "CreateAccessKey", delivers=situation == "two")
    if situation == "late":
        local_cloud.clock.advance(3600)
    api.call("CreateAccessKey", user_name="them")
    suspects = key_ids(api)

    for _ in range(2):
        _, error = up(bench, target)
        for key_id in suspects:
            assert f"`aliyun ram DeleteAccessKey --UserName them --UserAccessKeyId {key_id}`" in error
        assert key_ids(api) == suspects

    for key_id in suspects:
        api.call("DeleteAccessKey", user_access_key_id=key_id, user_name="them")
    assert up(bench, target)[1] is None
    assert len(key_ids(api)) == 1


def test_a_key_that_was_used_is_somebody_elses(bench, target, api):
    """The lost key's secret reached nobody, so one in use is left alone."""
    bench.program(KEY)
    killed_up(bench, target, "CreateAccessKey", delivers=False)
    key = api.call("CreateAccessKey", user_name="them")["AccessKey"]
    with RamApi(Target(target.endpoint, key["AccessKeyId"], key["AccessKeySecret"])) as theirs:
        theirs.account_id()

    events, error = up(bench, target)

    assert error is None
    assert told(events) == []
    assert key["AccessKeyId"] in key_ids(api)
