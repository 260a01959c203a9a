# Ruby's aws-sdk, version 1: it breaks the base64 of a key into lines of 60 columns.
require "aws-sdk-v1"
require "uri"

server = URI(ENV.fetch("AWS_ENDPOINT_URL"))
AWS.config(
  access_key_id: "a", secret_access_key: "b", region: "us-east-1", use_ssl: false,
  ec2_endpoint: server.host, ec2_port: server.port,
)
ec2 = AWS::EC2.new
ec2.key_pairs.import("deploy", File.read(ARGV[0]))
ec2.key_pairs.each { |each| puts "#{each.name} #{each.fingerprint}" }
ec2.key_pairs["deploy"].delete
puts ec2.key_pairs.to_a.size
