"""Where the facts are from: recordings, issues, code and documentation, all of them public."""

from __future__ import annotations

from .behaviour import Source

_GITHUB = "https://github.com/"
_STACKD = "radkawar/stackd/blob/9dc356f5e5cc49d2d334178a09c1398dd1c62617/testdata/aws/ec2/"
DOCS = "https://docs.aws.amazon.com/"
_READ = "2026-11-24"


def text(what: str, date: str = "", url: str = "") -> Source:
    return Source(what, date, url)


def stackd(calls: str = "", file: str = "key_pairs", date: str = "2026-09-25") -> Source:
    """Answers of EC2 in us-east-1, with the bytes of every body; ``calls`` in one of the files."""
    where = f", {calls}" if calls else ""
    return Source(f"radkawar/stackd, {file}.json{where}", date, f"{_GITHUB}{_STACKD}{file}.json")


def issue(repository: str, number: int, date: str = "") -> Source:
    """An issue or a pull request: GitHub redirects from one to the other."""
    return Source(f"{repository}#{number}", date, f"{_GITHUB}{repository}/issues/{number}")


def code(repository: str, commit: str, where: str, date: str = "") -> Source:
    """Code or data in a repository, at a commit where it is known."""
    tree = f"/tree/{commit}" if commit else ""
    return Source(f"{repository}, {where}", date, f"{_GITHUB}{repository}{tree}")


def api(action: str) -> Source:
    """What the EC2 API Reference says of an action."""
    path = f"AWSEC2/latest/APIReference/API_{action}.html"
    return Source(f"EC2 API Reference, {action}", _READ, DOCS + path)


def guide(title: str, name: str) -> Source:
    """A topic of the EC2 User Guide."""
    return Source(f"EC2 User Guide, {title}", _READ, f"{DOCS}AWSEC2/latest/UserGuide/{name}.html")


VERIFY_KEYS = guide("verify the fingerprint of your key pair", "verify-keys")
FILTERING = guide("filter resources", "Using_Filtering")
KEY_PAIRS = guide("key pairs", "ec2-key-pairs")
DELETING = guide("delete your key pair", "delete-key-pair")
ERROR_CODES = text(
    "EC2 API Reference, error codes",
    _READ,
    DOCS + "AWSEC2/latest/APIReference/errors-overview.html",
)
LOCALSTACK = code("localstack/localstack", "", "snapshots validated on AWS", "2024-01-30")
CDK_REAL_DRIFT = code("go-to-k/cdk-real-drift", "c00ed982", "live corpus")
JENKINS = code("jenkinsci/ec2-plugin", "05f9d511", "EC2PrivateKeyTest")
CHEFFISH = code("chef/cheffish", "0e08131", "keys made by EC2")
OPENSTACK = code("openstack/ec2-api", "d61398b5", "functional tests, run against AWS too")
RUBY_SDK = code("aws/aws-sdk-ruby", "", "version 1, key_pair_collection.rb")
FOG = code("fog/fog-aws", "", "import_key_pair.rb")
VM_EC2 = text("VM::EC2 (CPAN), REST/keys.pm")
CDK_PREFLIGHT = code(
    "badmintoncryer/cdk-preflight", "", "rule pf-ec2-key-pair-name-whitespace", "2026-09-08"
)
PERFKIT = code("GoogleCloudPlatform/PerfKitBenchmarker", "", "a test that quotes the error")
CANNED_RESPONSES = text("Recorded answers in a public test suite, AWSCannedResponses", "2022-06-15")
CUSTODIAN = code("cloud-custodian/cloud-custodian", "", "recorded answers, tests/data/placebo")
