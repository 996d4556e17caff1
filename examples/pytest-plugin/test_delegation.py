from pathlib import Path

import pytest
from alibabacloud_fc20230330 import client, models
from alibabacloud_tea_openapi.models import Config


def test_the_partner_reads_and_does_not_delete(cloud, account_a, account_b, assume):
    """B's user opens A's role with the external id, lists A's functions, and may not delete one."""
    cloud.seed(Path(__file__).with_name("world.yaml").read_text())
    (key,) = account_b.ram.users["dev"].access_keys.values()
    role = f"acs:ram::{account_a.id}:role/fc-reader"
    with pytest.raises(Exception, match="NoPermission"):
        assume(key, role)
    session = assume(key, role, external_id="b-2026")
    keys = (session.access_key_id, session.access_key_secret, session.security_token)
    functions = client.Client(Config(*keys, region_id="cn-hangzhou"))
    assert functions.list_functions(models.ListFunctionsRequest()).body.functions[0].function_name == "orders"
    with pytest.raises(Exception, match="fc:DeleteFunction"):
        functions.delete_function("orders")
