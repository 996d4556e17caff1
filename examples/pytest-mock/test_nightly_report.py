import re
from pathlib import Path

import nightly_report
import pytest


@pytest.mark.parametrize(
    ("role", "report"), [("reader", "2 python3.10"), ("gone", r"no report: .*EntityNotExist\.Role")]
)
def test_the_report(cloud, account_a, account_b, mocker, role, report):
    """The mail is mocked, as ever; the SDK clients that the job makes are answered by the local cloud."""
    cloud.seed(Path(__file__).with_name("world.yaml").read_text())
    (key,) = account_b.ram.users["job"].access_keys.values()
    send = mocker.patch("nightly_report.send")
    nightly_report.run(key.key_id, key.secret, f"acs:ram::{account_a.id}:role/{role}")

    (text,) = send.call_args.args
    assert re.match(report, text, re.DOTALL)
