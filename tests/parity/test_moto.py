"""A run against moto's server: it differs where ``docs/moto.md`` says that moto does."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from ec2_keypair_mock.commands.parity import Options, parity
from ec2_keypair_mock.parity.behaviours import BEHAVIOURS

DOCUMENT = (Path(__file__).parents[2] / "docs" / "moto.md").read_text("utf-8")
ROWS = set(re.findall(r"^\| [^|]+ \| ([A-Z]-\d+) \|", DOCUMENT, re.MULTILINE))
RUNNABLE = {behaviour.id for behaviour in BEHAVIOURS if behaviour.steps}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> dict[str, str]:
    file = tmp_path_factory.mktemp("moto") / "run.json"
    application = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    status = parity(Options(f"http://127.0.0.1:{server.server_port}", json=file), patience=[0])
    server.shutdown()
    thread.join()
    server.server_close()
    assert status == 1
    return {each["id"]: each["result"] for each in json.loads(file.read_text())["behaviours"]}


def test_every_behaviour_was_run(outcomes):
    assert set(outcomes) == RUNNABLE
    assert set(outcomes.values()) == {"same", "different"}


@pytest.mark.parametrize("row", sorted(ROWS & RUNNABLE))
def test_what_the_document_says_differs(row, outcomes):
    assert outcomes[row] == "different"


# In every version of moto.
ALIKE = ("K-1", "K-2", "I-3", "C-9", "D-11", "F-5", "X-4", "T-1")


@pytest.mark.parametrize("key", ALIKE)
def test_what_moto_does_as_ec2_is_the_same(key, outcomes):
    assert outcomes[key] == "same"
