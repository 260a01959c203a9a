// What test_node.py runs: prints what the SDK for JavaScript makes of the answers, as JSON.
const {
  EC2Client,
  CreateKeyPairCommand,
  DeleteKeyPairCommand,
  DescribeKeyPairsCommand,
  ImportKeyPairCommand,
  waitUntilKeyPairExists,
} = require("@aws-sdk/client-ec2");
const fs = require("node:fs");

const client = new EC2Client({ maxAttempts: 1 });
const send = async (Command, input) => {
  try {
    const { $metadata, ...output } = await client.send(new Command(input));
    return output;
  } catch (error) {
    return { error: error.name, message: error.message, status: error.$metadata?.httpStatusCode };
  }
};

(async () => {
  const material = (name) => fs.readFileSync(`${process.argv[2]}/${name}.pub`);
  const imports = (name, more = {}) =>
    send(ImportKeyPairCommand, { KeyName: name, PublicKeyMaterial: material(name), ...more });
  const tags = [{ ResourceType: "key-pair", Tags: [{ Key: "team", Value: "web" }] }];

  const printed = {
    rsa: await imports("rsa", { TagSpecifications: tags }),
    ed25519: await imports("ed25519"),
    duplicate: await imports("rsa"),
    dryRun: await send(CreateKeyPairCommand, { KeyName: "dry", DryRun: true }),
    created: await send(CreateKeyPairCommand, { KeyName: "created", KeyFormat: "ppk" }),
    byTag: await send(DescribeKeyPairsCommand, {
      Filters: [{ Name: "tag:team", Values: ["w*"] }],
      IncludePublicKey: true,
    }),
    missing: await send(DescribeKeyPairsCommand, { KeyNames: ["missing"] }),
  };
  const waiter = { client, maxWaitTime: 10 };
  printed.waited = (await waitUntilKeyPairExists(waiter, { KeyNames: ["rsa"] })).state;
  const { KeyPairId } = printed.ed25519;
  printed.byId = await send(DescribeKeyPairsCommand, { KeyPairIds: [KeyPairId] });
  printed.deleted = await send(DeleteKeyPairCommand, { KeyPairId });
  console.log(JSON.stringify(printed));
})();
