# Perl's VM::EC2: it breaks the base64 of a key into lines of 76 columns.
use strict;
use warnings;
use VM::EC2;

my $ec2 = VM::EC2->new(
    -access_key => "a", -secret_key => "b", -endpoint => $ENV{AWS_ENDPOINT_URL},
    -raise_error => 1,
);
open(my $file, "<", $ARGV[0]) or die;
my $key = do { local $/; <$file> };
$ec2->import_key_pair("deploy", $key);
print $_->keyName, " ", $_->keyFingerprint, "\n" for $ec2->describe_key_pairs;
$ec2->delete_key_pair("deploy");
print scalar(() = $ec2->describe_key_pairs), "\n";
