"""Starting, stopping, keeping apart: the cloud as a guest in somebody else's process."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import logging
import socket
import threading
from pathlib import Path

import pytest

from crossaccount.localcloud import Cloud, control
from crossaccount.localcloud.clock import Clock
from crossaccount.localcloud.server import Server
from crossaccount.localcloud.wire import Wire
from tests.localcloud import raw

A, B = "1234567890120000", "1345678901230000"


def open_descriptors():
    """How many files and sockets this process has open; the same number where nobody can tell."""
    listing = Path("/proc/self/fd")
    return len(list(listing.iterdir())) if listing.exists() else 0


def test_a_thousand_starts_leave_no_thread_and_no_file():
    """Starting and stopping costs nothing that stays: no thread, no socket, no descriptor."""
    with Cloud([A]):
        pass
    threads, descriptors = threading.active_count(), open_descriptors()
    cloud = Cloud([A])
    for _ in range(1000):
        with cloud:
            pass

    assert threading.active_count() == threads
    assert open_descriptors() == descriptors


def test_answers_have_the_wall_time():
    """Every answer has a `Date`, as the services' do: the time that signatures are held to."""
    with Cloud([A], clock=Clock(lambda: 1_700_000_000.0, offset=86400.0)) as cloud:
        connection = http.client.HTTPConnection(cloud.endpoint)
        with contextlib.closing(connection):
            connection.request("GET", "/")
            answer = connection.getresponse()
            answer.read()

    assert answer.headers["Date"] == "Tue, 14 Nov 2023 22:13:20 GMT"


def test_fifty_starts_leave_no_thread_and_no_port():
    """A cloud can be started and stopped again and again; each time its thread ends and its port is free."""
    before = threading.active_count()
    for _ in range(50):
        with Cloud([A]) as cloud:
            port = int(cloud.endpoint.split(":")[1])
            assert (
                raw.acs3(cloud.accounts[A].root_key, "GetCallerIdentity").sent_to(cloud.endpoint).status
                == 200
            )
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=1)

    assert threading.active_count() == before


def test_stopping_does_not_wait_for_an_idle_or_unfinished_connection():
    """Clients that hold a connection open, or never finish a request, do not keep the cloud from stopping."""
    with Cloud([A]) as cloud:
        host, port = cloud.endpoint.split(":")
        idle = socket.create_connection((host, int(port)))
        unfinished = socket.create_connection((host, int(port)))
        unfinished.sendall(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab")
        assert raw.acs3(cloud.accounts[A].root_key, "GetCallerIdentity").sent_to(cloud.endpoint).status == 200

    with idle, unfinished:
        for connection in (idle, unfinished):
            connection.settimeout(5)
            with contextlib.suppress(ConnectionResetError):
                assert connection.recv(1) == b""


def test_two_clouds_share_nothing(delegation):
    """A key of one cloud is unknown in another, and so are its roles, under the same account ids."""
    delegation.role(delegation.trust())
    with Cloud([A, B]) as other:
        key = delegation.owner.root_key

        assert (
            raw.acs3(key, "GetCallerIdentity").sent_to(other.endpoint).code == "InvalidAccessKeyId.NotFound"
        )
        assert other.accounts[A].ram.is_empty()
        answer = raw.acs3(other.accounts[A].root_key, "GetRole", {"RoleName": "fc-reader"})
        assert answer.sent_to(other.endpoint).code == "EntityNotExist.Role"


def test_two_clouds_share_no_switch_and_no_log(cloud, account_a):
    """Faults, late visibility, a record, observing, logs and the authority are each cloud's own."""
    with Cloud([A, B]) as other:
        other.inject("refuse", times=None)
        other.delay_visibility(reads=5)
        other.record()
        other.observe = True
        raw.acs3(other.accounts[A].root_key, "Nonsense").sent_to(other.endpoint)

        reply = raw.acs3(account_a.root_key, "ListRoles").sent_to(cloud.endpoint)
        assert (reply.status, "x-local-cloud-mode" in reply.headers) == (200, False)
        assert (cloud.recorder, cloud.consistency.delays, len(cloud.injections)) == (None, False, 0)
        assert (cloud.unimplemented, len(cloud.decisions.to_json())) == ({}, 1)
        assert cloud.ca_file.read_bytes() != other.ca_file.read_bytes()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com", ""])
def test_other_machines_are_let_in_only_when_it_is_said_twice(host):
    """An address that others can reach needs `exposed` as well; without it nothing listens."""
    cloud = Cloud([A])

    with pytest.raises(ValueError, match="say so twice"):
        cloud.start(host=host)
    with pytest.raises(RuntimeError, match="not served"):
        _ = cloud.endpoint


def test_an_exposed_cloud_answers_under_any_name_but_keeps_its_side_door_local():
    """Clients may call it by a name of their network; the side door still asks for a loopback Host."""
    cloud = Cloud([A])
    cloud.start(host="0.0.0.0", exposed=True)
    try:
        request = raw.acs3(cloud.accounts[A].root_key, "GetCallerIdentity", host="cloud.internal:8600")
        assert request.sent_to(cloud.endpoint).json["AccountId"] == A
        door = raw.Request("GET", "/_local/state", {"host": "cloud.internal:8600"})
        assert door.sent_to(cloud.endpoint).code == "ForeignHost"
    finally:
        cloud.stop()


def test_the_side_door_is_closed_to_other_machines():
    """A client on another machine gets nothing, whatever Host it sends."""
    cloud = Cloud([A])
    wire = Wire("GET", "/_local/state", {}, {"host": "127.0.0.1"}, b"", client="192.0.2.7")

    answer = control.respond(cloud, wire)

    assert (answer.status, b"ForeignClient" in answer.body) == (403, True)


def test_ipv6_loopback_is_served_like_the_other():
    """`::1` is a loopback address, too."""
    cloud = Cloud([A])
    try:
        cloud.start(host="::1")
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    try:
        assert cloud.endpoint.startswith("[::1]:")
        request = raw.acs3(cloud.accounts[A].root_key, "GetCallerIdentity", host=cloud.endpoint)
        assert request.sent_to(cloud.endpoint).status == 200
    finally:
        cloud.stop()


def test_a_connection_is_kept_and_used_again(cloud, account_a):
    """Several requests go over one connection, after an error too, and one with a body that nobody reads."""
    connection = http.client.HTTPConnection(cloud.endpoint, timeout=5)
    try:
        for method, target, body in (
            ("GET", "/?Action=X&Version=2015-05-01", None),
            ("GET", "/2023-03-30/functions", "{}"),
            ("POST", "/", "a=b"),
        ):
            connection.request(method, target, body)
            first = connection.sock
            connection.getresponse().read()
            assert connection.sock is first
    finally:
        connection.close()


def test_a_body_may_come_in_chunks(cloud, account_a):
    """Transfer-Encoding chunked, as Node streams send it, is the same body."""
    body = b'{"functionName": "f", "runtime": "python3.10", "handler": "a.b"}'
    request = raw.acs3(
        account_a.root_key, "CreateFunction", path="/2023-03-30/functions", version="2023-03-30", body=body
    )
    connection = http.client.HTTPConnection(cloud.endpoint, timeout=5)
    try:
        parts = (body[:10], body[10:40], body[40:])
        connection.request("POST", request.target, iter(parts), dict(request.headers), encode_chunked=True)
        assert connection.getresponse().status == 200
    finally:
        connection.close()


def test_a_port_that_is_taken_is_an_error(cloud):
    """Starting on a taken port says so at once."""
    with pytest.raises(OSError, match="in use"):
        Cloud().start(int(cloud.endpoint.split(":")[1]))


def test_a_cloud_that_is_not_served_has_no_endpoint():
    """Asking for the endpoint says what to do; starting twice is refused; stopping twice is not."""
    cloud = Cloud()
    with pytest.raises(RuntimeError, match="not served"):
        _ = cloud.endpoint
    with cloud, pytest.raises(RuntimeError, match="served already"):
        cloud.start()
    cloud.stop()


def test_a_server_that_fails_to_start_says_why():
    """What goes wrong while starting is raised where the cloud was started, and leaves no thread."""
    before = threading.active_count()

    with pytest.raises(RuntimeError, match="did not start"):
        Server("no.such:application")

    assert threading.active_count() == before


def test_serving_touches_no_logger(caplog):
    """The server changes no logger's level or handlers and logs nothing, whatever arrives."""
    names = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")
    before = [(logging.getLogger(name).level, list(logging.getLogger(name).handlers)) for name in names]
    with caplog.at_level(logging.DEBUG), Cloud([A]) as cloud:
        raw.Request("GET", "/nonsense", {"host": "127.0.0.1"}).sent_to(cloud.endpoint)

    after = [(logging.getLogger(name).level, list(logging.getLogger(name).handlers)) for name in names]
    assert after == before
    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []


def test_work_can_be_done_between_two_calls(cloud):
    """A function runs on the server's thread; what it raises is raised here."""
    assert cloud._server.run(lambda: threading.current_thread().name).startswith("localcloud-")
    with pytest.raises(ZeroDivisionError):
        cloud._server.run(lambda: 1 / 0)


def test_a_handler_that_never_ends_does_not_hold_up_a_stop_for_ever(mocker):
    """Stopping waits a bounded time for work that was given away, and then says what runs on."""
    mocker.patch("crossaccount.localcloud.server.STOP_LIMIT", 0.2)
    free = threading.Event()
    cloud = Cloud([A])
    cloud.start()
    cloud._server.run(lambda: asyncio.get_running_loop().run_in_executor(None, free.wait, 10))

    with pytest.raises(RuntimeError, match="handler did not end"):
        cloud.stop()
    free.set()


def test_a_fault_inside_is_an_error_outside_and_is_kept(mocker):
    """A bug in an operation is a 500 without a traceback on the wire; the cloud's faults have it."""
    with Cloud([A]) as cloud:
        mocker.patch.object(cloud.decisions, "note", side_effect=ZeroDivisionError("secret detail"))

        reply = raw.acs3(cloud.accounts[A].root_key, "ListRoles").sent_to(cloud.endpoint)

    assert (reply.status, reply.code) == (500, "InternalError")
    assert "secret detail" not in reply.body.decode()
    assert "secret detail" in cloud.faults[0]
