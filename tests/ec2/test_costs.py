"""What a call costs: no form is read twice, and what is named is looked up."""

from __future__ import annotations

import pytest

from ec2_keypair_mock.ec2 import filters, query


class OnlyLookups(dict):
    """A dictionary that nobody may look through."""

    def refuse(self, *args):
        raise AssertionError("all key pairs were looked at")

    __iter__ = keys = values = items = refuse


def test_the_form_of_a_request_is_read_once(aws, ec2, monkeypatch):
    read = []
    parse = query.parse_qsl
    monkeypatch.setattr(
        query, "parse_qsl", lambda text, **how: read.append(text) or parse(text, **how)
    )
    ec2.describe_key_pairs()
    assert [each for each in read if each] == ["Action=DescribeKeyPairs&Version=2016-11-15"]


def test_names_and_ids_are_looked_up(aws, ec2, import_key, names, monkeypatch):
    key_pair_id = import_key("k")
    import_key("other")
    backend = aws.backend()
    monkeypatch.setattr(backend, "_key_pairs", OnlyLookups(backend._key_pairs))
    assert names(KeyNames=["k"]) == names(KeyPairIds=[key_pair_id]) == ["k"]
    with pytest.raises(AssertionError):
        names()
    ec2.delete_key_pair(KeyPairId=key_pair_id)
    ec2.delete_key_pair(KeyName="other")


def test_only_wildcards_are_matched(import_key, names, monkeypatch):
    import_key("k", Team="a")
    import_key("other", Team="b")
    matched = []
    monkeypatch.setattr(filters, "_matches", lambda *each: matched.append(each))
    plain = [{"Name": "key-name", "Values": ["x", "k"]}, {"Name": "tag:Team", "Values": ["a"]}]
    assert names(Filters=plain) == ["k"]
    assert matched == []
    names(Filters=[{"Name": "key-name", "Values": ["k", "o*"]}])
    assert matched == [("o*", "other")]
