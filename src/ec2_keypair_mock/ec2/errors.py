"""The catalogue: every error that EC2 answers here, its code, its text and its HTTP status.

The texts are AWS's own, to the letter, with AWS's own inconsistencies (full stops, quotes and
blanks differ from one to the next). ``docs/fidelity.md`` gives the evidence for each.
"""

from __future__ import annotations

from typing import NamedTuple


class EC2Error(Exception):
    """An error answer of EC2: ``code``, ``message`` and HTTP ``status``."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(code, message, status)
        self.code = code
        self.message = message
        self.status = status

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class ErrorText(NamedTuple):
    """One entry of the catalogue; called with the values its text names, it makes the error."""

    code: str
    text: str
    status: int = 400

    def __call__(self, *values: object) -> EC2Error:
        return EC2Error(self.code, self.text.format(*values), self.status)


def _invalid_value(text: str) -> ErrorText:
    return ErrorText("InvalidParameterValue", text)


# The request as a whole
MISSING_ACTION = ErrorText(
    "MissingAction", "The request is missing an action or a required parameter."
)
INVALID_ACTION = ErrorText("InvalidAction", "The action {} is not valid for this web service.")
UNKNOWN_PARAMETER = ErrorText("UnknownParameter", "The parameter {} is not recognized")
MISSING_PARAMETER = ErrorText("MissingParameter", "The request must contain the parameter {}")
INVALID_REQUEST = ErrorText("InvalidRequest", "The request received was invalid.")
INVALID_HTTP_REQUEST = ErrorText(
    "InvalidHttpRequest", "The HTTP request is invalid. Reason: Unable to parse request"
)
NO_SUCH_VERSION = ErrorText(
    "NoSuchVersion", "The requested version ({}) of service AmazonEC2 does not exist"
)
REPEATED_PARAMETER = ErrorText(
    "InvalidParameterCombination", "The parameter '{}' may only be specified once."
)
NOT_A_BOOLEAN = _invalid_value("Invalid value '{}' for boolean parameter {}")
NOT_AN_INTEGER = _invalid_value("Invalid value '{}' for integer parameter {}")
DRY_RUN = ErrorText("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
UNAUTHORIZED = ErrorText(
    "UnauthorizedOperation", "You are not authorized to perform this operation.{}", 403
)
AUTH_FAILURE = ErrorText(
    "AuthFailure", "AWS was not able to validate the provided access credentials", 401
)
MALFORMED_AUTHORIZATION = ErrorText(
    "AuthFailure", "Authorization header or parameters are not formatted correctly.", 401
)
REQUEST_EXPIRED = ErrorText("RequestExpired", "Request has expired.")
REQUEST_LIMIT_EXCEEDED = ErrorText("RequestLimitExceeded", "Request limit exceeded.", 503)
INTERNAL_ERROR = ErrorText("InternalError", "An internal error has occurred", 500)
UNAVAILABLE = ErrorText("Unavailable", "The service is unavailable. Please try again shortly.", 503)

# Key names, types, formats and material
TOO_LONG = _invalid_value("Value for parameter {} is invalid. Length exceeds maximum of {}.")
NOT_ASCII = _invalid_value(
    "Value for parameter {} is invalid. Character sets beyond ASCII are not supported."
)
NOT_TRIMMED = _invalid_value("Invalid value '{}' for keyName. It should be trimmed")
# AWS swaps its own arguments: the value stands where the parameter's name belongs.
CONTROL_CHARACTER = _invalid_value("Value for parameter {} is invalid. KeyName")
INVALID_KEY_TYPE = _invalid_value(
    "1 validation error detected: Value '{}' at 'keyType' failed to satisfy constraint: "
    "Member must satisfy enum value set: [rsa, ed25519]"
)
INVALID_KEY_FORMAT = _invalid_value(
    "1 validation error detected: Value '{}' at 'keyFormat' failed to satisfy constraint: "
    "Member must satisfy enum value set: [ppk, pem]"
)
INVALID_KEY = ErrorText("InvalidKey.Format", "Key is not in valid OpenSSH public key format")

# Key pairs
DUPLICATE_KEY_PAIR = ErrorText("InvalidKeyPair.Duplicate", "The keypair already exists")
KEY_PAIR_NOT_FOUND = ErrorText("InvalidKeyPair.NotFound", "The key pair '{}' does not exist")
KEY_PAIR_LIMIT_EXCEEDED = ErrorText("KeyPairLimitExceeded", "Maximum of {} keypairs reached.")
BLANK_KEY_NAME = _invalid_value("Invalid value '' for keyPairNames. It should not be blank")
NAMES_WITH_IDS = ErrorText(
    "InvalidParameterCombination",
    "The parameter 'keyPairId' may not be used in combination with 'keyName'",
)
UNKNOWN_KEY_PAIR_ID = _invalid_value("Invalid value '{}' for keyPairId.")
MALFORMED_KEY_PAIR_ID = _invalid_value("Value for parameter keyPairId is invalid.")
NO_SELECTOR = ErrorText("MissingParameter", "KeyName or KeyPairId must be provided")

# Instances
INSTANCE_NOT_FOUND = ErrorText("InvalidInstanceID.NotFound", "The instance ID '{}' does not exist")
ED25519_WITH_WINDOWS = ErrorText(
    "Unsupported",
    "ED25519 key pairs are not supported with Windows AMIs. "
    "Choose a different key pair type and try again.",
)

# Filters and pages
INVALID_FILTER = _invalid_value("The filter '{}' is invalid")
TOO_MANY_FILTERS = ErrorText(
    "FilterLimitExceeded",
    "The maximum number of filters specified on a single call is {}",
)
TOO_MANY_FILTER_VALUES = ErrorText(
    "FilterLimitExceeded",
    "The maximum number of filter values specified on a single call is {}",
)
FILTER_VALUE_TOO_LONG = ErrorText(
    "FilterLimitExceeded", "The maximum length for a filter value is {} characters"
)
MAX_RESULTS_TOO_SMALL = _invalid_value(
    "Value ( {} ) for parameter maxResults is invalid. Expecting a value greater than {}."
)
MAX_RESULTS_TOO_LARGE = _invalid_value(
    "Value ( {} ) for parameter maxResults is invalid. Expecting a value less than {}."
)
INVALID_NEXT_TOKEN = _invalid_value(
    "Value ( {} ) for parameter NextToken is invalid. The token is invalid."
)

# Tags
INVALID_TAGGABLE_TYPE = _invalid_value(
    "'{}' is not a valid taggable resource type for this operation."
)
TAG_TYPE_MISSING = _invalid_value("Tag specification resource type must have a value")
TAGS_MISSING = _invalid_value("Tag specification must have at least one tag")
DUPLICATE_TAG_KEY = _invalid_value("Duplicate tag key '{}' specified.")
RESERVED_TAG_KEY = _invalid_value("Tag keys starting with 'aws:' are reserved for internal use")
RESERVED_TAG_KEY_VALUE = _invalid_value(
    "Value ( {} ) for parameter key is invalid. "
    "Tag keys starting with 'aws:' are reserved for internal use"
)
EMPTY_TAG_KEY = _invalid_value(
    "Value ( '' ) for parameter Tag key is invalid. Tag key cannot be null or empty."
)
NO_TAGS_TO_CREATE = _invalid_value("You must specify one or more tags to create")
TAG_KEY_TOO_LONG = _invalid_value("Tag key exceeds the maximum length of {} characters")
TAG_VALUE_TOO_LONG = _invalid_value("Tag value exceeds the maximum length of {} characters")
TAG_VALUE_MISSING = _invalid_value("Tag value cannot be null. Use empty string instead.")
TAG_LIMIT_EXCEEDED = ErrorText(
    "TagLimitExceeded", "The resultant tag set must not have more than {} user tags."
)
INVALID_RESOURCE_ID = ErrorText("InvalidID", "The ID '{}' is not valid")

CATALOGUE = tuple(entry for entry in list(globals().values()) if isinstance(entry, ErrorText))
