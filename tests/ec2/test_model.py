"""Any sequence of calls against a model that is a dictionary."""

from __future__ import annotations

import re

import pytest
from botocore.exceptions import ClientError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule
from hypothesis.stateful import run_state_machine_as_test as run

from ec2_keypair_mock import mock

NAMES = st.sampled_from(["a", "b", "c", "d e"])
TAGS = st.dictionaries(st.sampled_from(["Name", "Team", "x"]), st.sampled_from(["", "1", "2"]))
UNKNOWN = "key-0ffffffffffffffff"


def as_list(tags):
    return [{"Key": key, "Value": value} for key, value in tags.items()]


class KeyPairs(RuleBasedStateMachine):
    """``alive`` holds what a describe must show, by name; ``issued`` every ID there ever was."""

    client = None
    materials: tuple[str, ...] = ()

    ids = Bundle("ids")

    def __init__(self):
        super().__init__()
        self.mock = mock()
        self.mock.__enter__()
        self.alive: dict[str, dict] = {}
        self.issued: list[str] = []

    def teardown(self):
        self.mock.__exit__(None, None, None)

    def expect(self, code, call, **parameters):
        with pytest.raises(ClientError) as caught:
            call(**parameters)
        assert caught.value.response["Error"]["Code"] == code

    def add(self, answer, key_name, key_type, tags):
        assert answer["KeyName"] == key_name
        assert as_list(tags) == answer.get("Tags", [])
        assert re.fullmatch("key-0[0-9a-f]{16}", answer["KeyPairId"])
        assert answer["KeyPairId"] not in self.issued
        self.issued.append(answer["KeyPairId"])
        self.alive[key_name] = {
            "KeyPairId": answer["KeyPairId"],
            "KeyFingerprint": answer["KeyFingerprint"],
            "KeyType": key_type,
            "Tags": dict(tags),
        }
        return answer["KeyPairId"]

    def name_of(self, key_pair_id):
        return next((n for n, each in self.alive.items() if each["KeyPairId"] == key_pair_id), None)

    # A failed call gives no ID, and the invariant shows that it changed nothing.

    @rule(target=ids, key_name=NAMES, tags=TAGS, data=st.data())
    def import_key_pair(self, key_name, tags, data):
        material = data.draw(st.sampled_from(self.materials))
        parameters = {"KeyName": key_name, "PublicKeyMaterial": material, **specification(tags)}
        if key_name in self.alive:
            self.expect("InvalidKeyPair.Duplicate", self.client.import_key_pair, **parameters)
            return multiple()
        answer = self.client.import_key_pair(**parameters)
        key_type = material.split()[0].removeprefix("ssh-")
        return self.add(answer, key_name, key_type, tags)

    @rule(target=ids, key_name=NAMES, tags=TAGS)
    def create_key_pair(self, key_name, tags):
        parameters = {"KeyName": key_name, "KeyType": "ed25519", **specification(tags)}
        if key_name in self.alive:
            self.expect("InvalidKeyPair.Duplicate", self.client.create_key_pair, **parameters)
            return multiple()
        return self.add(self.client.create_key_pair(**parameters), key_name, "ed25519", tags)

    @rule(key_name=NAMES)
    def import_junk(self, key_name):
        code = "InvalidKeyPair.Duplicate" if key_name in self.alive else "InvalidKey.Format"
        self.expect(
            code, self.client.import_key_pair, KeyName=key_name, PublicKeyMaterial="ssh-rsa x"
        )

    @rule(key_name=NAMES)
    def delete_by_name(self, key_name):
        gone = self.alive.pop(key_name, {})
        answer = self.client.delete_key_pair(KeyName=key_name)
        assert answer["Return"] is True
        assert answer.get("KeyPairId") == gone.get("KeyPairId")

    @rule(key_pair_id=ids, key_name=st.none() | NAMES)
    def delete_by_id(self, key_pair_id, key_name):
        by_name = {"KeyName": key_name} if key_name else {}
        answer = self.client.delete_key_pair(KeyPairId=key_pair_id, **by_name)
        gone = self.name_of(key_pair_id)
        assert answer["Return"] is True
        assert answer.get("KeyPairId") == (key_pair_id if gone else None)
        self.alive.pop(gone, None)

    @rule(names=st.lists(NAMES, min_size=1, max_size=3))
    def describe_by_name(self, names):
        missing = [name for name in names if name not in self.alive]
        if missing:
            self.expect("InvalidKeyPair.NotFound", self.client.describe_key_pairs, KeyNames=names)
            return
        found = self.client.describe_key_pairs(KeyNames=names)["KeyPairs"]
        assert sorted(each["KeyName"] for each in found) == sorted(set(names))

    @rule(key_pair_id=ids)
    def describe_by_id(self, key_pair_id):
        name = self.name_of(key_pair_id)
        describe = self.client.describe_key_pairs
        if name is None:
            self.expect("InvalidKeyPair.NotFound", describe, KeyPairIds=[key_pair_id])
            return
        assert describe(KeyPairIds=[key_pair_id])["KeyPairs"][0]["KeyName"] == name

    @rule(tag=st.sampled_from(["Name", "Team"]), value=st.sampled_from(["", "1", "2"]))
    def describe_by_tag(self, tag, value):
        filters = [{"Name": f"tag:{tag}", "Values": [value]}]
        found = self.client.describe_key_pairs(Filters=filters)["KeyPairs"]
        expected = [name for name, each in self.alive.items() if each["Tags"].get(tag) == value]
        assert sorted(each["KeyName"] for each in found) == sorted(expected)

    @rule(key_pair_ids=st.lists(ids, min_size=1, max_size=2), tags=TAGS.filter(bool))
    def create_tags(self, key_pair_ids, tags):
        parameters = {"Resources": key_pair_ids, "Tags": as_list(tags)}
        names = [self.name_of(each) for each in key_pair_ids]
        if None in names:
            self.expect("InvalidKeyPair.NotFound", self.client.create_tags, **parameters)
            return
        self.client.create_tags(**parameters)
        for name in names:
            self.alive[name]["Tags"].update(tags)

    @rule(key_pair_id=ids, tags=TAGS, with_values=st.booleans())
    def delete_tags(self, key_pair_id, tags, with_values):
        doomed = as_list(tags) if with_values else [{"Key": key} for key in tags]
        parameters = {"Resources": [key_pair_id], "Tags": doomed}
        name = self.name_of(key_pair_id)
        if name is None:
            self.expect("InvalidKeyPair.NotFound", self.client.delete_tags, **parameters)
            return
        self.client.delete_tags(**parameters)
        kept = self.alive[name]["Tags"]
        for key in list(kept):
            named = key in tags and (not with_values or tags[key] == kept[key])
            if named or not tags:
                del kept[key]

    @rule(key_name=NAMES)
    def fail_at_the_id(self, key_name):
        call = self.client.delete_key_pair
        self.expect("InvalidParameterValue", call, KeyName=key_name, KeyPairId=UNKNOWN)

    @invariant()
    def describe_shows_the_model(self):
        found = self.client.describe_key_pairs()["KeyPairs"]
        shown = {}
        for each in found:
            tags = {tag["Key"]: tag["Value"] for tag in each["Tags"]}
            shown[each["KeyName"]] = {**each, "Tags": tags}
            del shown[each["KeyName"]]["KeyName"], shown[each["KeyName"]]["CreateTime"]
        assert len(shown) == len(found)
        assert shown == self.alive

    @invariant()
    def describe_tags_shows_the_model(self):
        listed = self.client.describe_tags()["Tags"]
        shown = sorted((tag["ResourceId"], tag["Key"], tag["Value"]) for tag in listed)
        assert shown == sorted(
            (each["KeyPairId"], key, value)
            for each in self.alive.values()
            for key, value in each["Tags"].items()
        )


def specification(tags):
    if not tags:
        return {}
    return {"TagSpecifications": [{"ResourceType": "key-pair", "Tags": as_list(tags)}]}


def test_any_sequence_of_calls_does_what_the_model_does(ec2, rsa_line, ed25519_line):
    machine = type(
        "KeyPairsOfTheClient",
        (KeyPairs,),
        {"client": ec2, "materials": (rsa_line, ed25519_line)},
    )
    run(machine, settings=settings(max_examples=12, stateful_step_count=20))
