"""The local cloud with a hundred thousand roles against itself with one, and how fast it stops."""

from __future__ import annotations

import http.client
import json
import statistics
import time

from benchmarks.keepalive import KeepAlive
from benchmarks.localcloud import ACCOUNT, LocalCloud, local_cloud
from benchmarks.report import Ratio, in_turn
from benchmarks.signed import signed_request
from crossaccount.localcloud import Cloud

ROLES, REQUESTS, ROUNDS, STOPS = 100_000, 600, 7, 20
STOP_LIMIT = 50.0


def ratios() -> list[Ratio]:
    """GetRole and AssumeRole lose less than a fifth to 100,000 roles; a stop takes at most 50 ms."""
    with local_cloud() as large, local_cloud() as small:
        _fill(large)
        found = [_slowed(action, large, small) for action in ("GetRole", "AssumeRole")]
    stops = [_stop_time() for _ in range(STOPS)]
    return [*found, Ratio("stop", stops, [STOP_LIMIT], "promise", "ms", 1, at_least=False)]


def _slowed(action: str, large: LocalCloud, small: LocalCloud) -> Ratio:
    with KeepAlive(large.port) as first, KeepAlive(small.port) as second:
        rates = in_turn(
            lambda: first.rate([large.request(action) for _ in range(REQUESTS)]),
            lambda: second.rate([small.request(action) for _ in range(REQUESTS)]),
            ROUNDS,
        )
    name = f"{action} among {ROLES:,} roles"
    return Ratio(name, *rates, "one role", "requests/s", 0.8, at_least=True)


def _fill(cloud: LocalCloud) -> None:
    """Puts the roles into the account through the side door, all like the one that is there."""
    connection = http.client.HTTPConnection(cloud.endpoint, timeout=120)
    connection.request("GET", "/_local/state")
    state = json.loads(connection.getresponse().read())
    ram = next(account for account in state["accounts"] if account["id"] == ACCOUNT)["ram"]
    [pattern] = ram["roles"]
    ram["roles"] += [
        {**pattern, "name": f"role-{number}", "roleId": f"3{number:017}"} for number in range(ROLES)
    ]
    connection.request("PUT", "/_local/state", json.dumps(state))
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"the roles were not taken: {answer.status} {body[:300]!r}")


def _stop_time() -> float:
    """How long a cloud with an open connection takes to stop, in milliseconds."""
    cloud = Cloud([ACCOUNT])
    cloud.start()
    key = cloud.accounts[ACCOUNT].root_key
    request = signed_request(cloud.endpoint, (key.key_id, key.secret), "GetCallerIdentity", "2015-04-01", {})
    with KeepAlive(int(cloud.endpoint.rpartition(":")[2])) as connection:
        connection.rate([request])
        begun = time.perf_counter()
        cloud.stop()
        return 1000 * (time.perf_counter() - begun)


if __name__ == "__main__":
    for ratio in ratios():
        print(ratio.name, f"{ratio.value:.2f}", statistics.median(ratio.ours))
