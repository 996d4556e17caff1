"""The local cloud, signed and authorized, against `moto_server`, unsigned."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.keepalive import KeepAlive
from benchmarks.report import Ratio, in_turn
from benchmarks.signed import signed_request

ACCOUNT = "1234567890120000"
PARTNER = "1345678901230000"
ROLE_ARN = f"acs:ram::{ACCOUNT}:role/reader"
RAM, STS = "2015-05-01", "2015-04-01"
REQUESTS, ROUNDS, STARTS = 600, 5, 5
BIN = Path(sys.executable).parent
MOTO = BIN.parent / "bench" / "bin" / "moto_server"
AWS_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}],
    }
)


def ratios() -> list[Ratio]:
    """GetRole and AssumeRole a second, at least 6 times moto's; peak memory and start, at most moto's."""
    with local_cloud() as ours, moto_server() as (moto, moto_process):
        found = [_throughput(action, ours, moto) for action in ("GetRole", "AssumeRole")]
        peaks = [peak_memory(ours.process_id)], [peak_memory(moto_process)]
        found.append(Ratio("peak memory after that", *peaks, "moto_server", "MiB", 1, at_least=False))
    starts = in_turn(_time_to_first_answer_ours, _time_to_first_answer_moto, STARTS)
    return [*found, Ratio("process start to first answer", *starts, "moto_server", "s", 1, at_least=False)]


def _throughput(action: str, ours: LocalCloud, moto: int) -> Ratio:
    with KeepAlive(ours.port) as first, KeepAlive(moto) as second:
        rates = in_turn(
            lambda: first.rate([ours.request(action) for _ in range(REQUESTS)]),
            lambda: second.rate([_moto_request(action)] * (REQUESTS // 4)),
            ROUNDS,
        )
    return Ratio(
        f"{action}: ours signed and authorized, moto's unsigned",
        *rates,
        "moto_server",
        "requests/s",
        6,
        at_least=True,
    )


class LocalCloud:
    """A running local cloud, set up so that each measured call is allowed."""

    def __init__(self, ready: str, process_id: int) -> None:
        self.process_id = process_id
        told = json.loads(ready)
        self.endpoint = told["endpoint"]
        self.port = int(self.endpoint.rpartition(":")[2])
        self._roots = {
            account: (key["accessKeyId"], key["accessKeySecret"]) for account, key in told["accounts"].items()
        }
        self._keys = {"GetRole": self._roots[ACCOUNT]}

    def request(self, action: str) -> bytes:
        if action == "GetRole":
            return signed_request(
                self.endpoint, self._keys["GetRole"], "GetRole", RAM, {"RoleName": "reader"}
            )
        parameters = {"RoleArn": ROLE_ARN, "RoleSessionName": "bench"}
        return signed_request(self.endpoint, self._keys["AssumeRole"], "AssumeRole", STS, parameters)

    def set_up(self) -> None:
        trust = {
            "Version": "1",
            "Statement": [
                {
                    "Action": ["sts:AssumeRole"],
                    "Effect": "Allow",
                    "Principal": {"RAM": [f"acs:ram::{PARTNER}:root"]},
                }
            ],
        }
        self._do(ACCOUNT, "CreateRole", RoleName="reader", AssumeRolePolicyDocument=json.dumps(trust))
        self._keys["GetRole"] = self._user(ACCOUNT, "auditor", "AliyunRAMReadOnlyAccess")
        self._keys["AssumeRole"] = self._user(PARTNER, "dev", "AliyunSTSAssumeRoleAccess")

    def _user(self, account: str, name: str, policy: str) -> tuple[str, str]:
        self._do(account, "CreateUser", UserName=name)
        self._do(account, "AttachPolicyToUser", UserName=name, PolicyType="System", PolicyName=policy)
        key = self._do(account, "CreateAccessKey", UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["AccessKeySecret"]

    def _do(self, account: str, action: str, **parameters: str) -> dict:
        with KeepAlive(self.port) as connection:
            status, body = connection.send(
                signed_request(self.endpoint, self._roots[account], action, RAM, parameters)
            )
        if status != 200:
            raise RuntimeError(f"{action}: {status} {body!r}")
        return json.loads(body)


@contextmanager
def local_cloud() -> Iterator[LocalCloud]:
    """A running local cloud with the role and the users."""
    with _process(
        [str(BIN / "crossaccount"), "local", "--port", "0", "--accounts", f"{ACCOUNT},{PARTNER}", "--json"]
    ) as process:
        assert process.stdout is not None
        cloud = LocalCloud(process.stdout.readline(), process.pid)
        cloud.set_up()
        yield cloud


@contextmanager
def moto_server() -> Iterator[tuple[int, int]]:
    """A running moto with the role; its port and its process id."""
    port = _free_port()
    with _process([str(MOTO), "-H", "127.0.0.1", "-p", str(port)]) as process:
        _wait_for(port)
        with KeepAlive(port) as connection:
            status, body = connection.send(
                _aws(
                    "iam",
                    {
                        "Action": "CreateRole",
                        "RoleName": "reader",
                        "AssumeRolePolicyDocument": AWS_TRUST,
                        "Version": "2010-05-08",
                    },
                )
            )
        if status != 200:
            raise RuntimeError(f"moto CreateRole: {status} {body!r}")
        yield port, process.pid


def peak_memory(process_id: int) -> float:
    """The most resident memory that a process has had, in MiB; Linux tells it."""
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"the system does not tell the memory of process {process_id}")


def _moto_request(action: str) -> bytes:
    if action == "GetRole":
        return _aws("iam", {"Action": "GetRole", "RoleName": "reader", "Version": "2010-05-08"})
    return _aws(
        "sts",
        {
            "Action": "AssumeRole",
            "RoleArn": "arn:aws:iam::123456789012:role/reader",
            "RoleSessionName": "bench",
            "Version": "2011-06-15",
        },
    )


def _aws(service: str, parameters: dict[str, str]) -> bytes:
    body = urlencode(parameters)
    return (
        f"POST / HTTP/1.1\r\nhost: {service}.amazonaws.com\r\n"
        "content-type: application/x-www-form-urlencoded\r\n"
        f"content-length: {len(body)}\r\n\r\n{body}"
    ).encode()


def _time_to_first_answer_ours() -> float:
    started = time.perf_counter()
    with _process(
        [str(BIN / "crossaccount"), "local", "--port", "0", "--accounts", ACCOUNT, "--json"]
    ) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        key = told["accounts"][ACCOUNT]
        request = signed_request(
            told["endpoint"], (key["accessKeyId"], key["accessKeySecret"]), "GetCallerIdentity", STS, {}
        )
        with KeepAlive(int(told["endpoint"].rpartition(":")[2])) as connection:
            connection.rate([request])
        return time.perf_counter() - started


def _time_to_first_answer_moto() -> float:
    port = _free_port()
    started = time.perf_counter()
    with _process([str(MOTO), "-H", "127.0.0.1", "-p", str(port)]):
        _wait_for(port)
        with KeepAlive(port) as connection:
            connection.rate([_aws("sts", {"Action": "GetCallerIdentity", "Version": "2011-06-15"})])
        return time.perf_counter() - started


@contextmanager
def _process(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port: int, limit: float = 20) -> None:
    deadline = time.perf_counter() + limit
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.perf_counter() > deadline:
                raise
            time.sleep(0.002)
        else:
            return
