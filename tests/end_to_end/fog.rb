# Ruby's fog-aws: it breaks the base64 of a key into lines of 60 columns.
require "fog/aws"
require "uri"

server = URI(ENV.fetch("AWS_ENDPOINT_URL"))
ec2 = Fog::AWS::Compute.new(
  aws_access_key_id: "a", aws_secret_access_key: "b", region: "us-east-1",
  scheme: server.scheme, host: server.host, port: server.port,
)
ec2.import_key_pair("deploy", File.read(ARGV[0]))
ec2.describe_key_pairs.body["keySet"].each { |each| puts "#{each["keyName"]} #{each["keyFingerprint"]}" }
ec2.delete_key_pair("deploy")
puts ec2.describe_key_pairs.body["keySet"].size
