// What test_cdk.py synthesises: prints the templates of two stacks, by their names, as JSON.
// Arguments: a folder for the CDK's own output, and a public key.
const { App, CfnOutput, Stack, Tags, aws_ec2: ec2 } = require("aws-cdk-lib");

const [, , outdir, publicKeyMaterial] = process.argv;
const app = new App({ outdir, analyticsReporting: false });
const show = (stack, values) =>
  Object.entries(values).forEach(([id, value]) => new CfnOutput(stack, id, { value }));

{
  const stack = new Stack(app, "KeyPair");
  const created = new ec2.KeyPair(stack, "Created", {
    keyPairName: "created",
    type: ec2.KeyPairType.ED25519,
    format: ec2.KeyPairFormat.PEM,
  });
  Tags.of(created).add("team", "web");
  const imported = new ec2.KeyPair(stack, "Imported", { publicKeyMaterial });
  const launch = { imageId: "ami-12c6146b", keyName: created.keyPairName };
  new ec2.CfnInstance(stack, "Instance", launch);
  show(stack, {
    Name: created.keyPairName,
    Id: created.keyPairId,
    Fingerprint: created.keyPairFingerprint,
    Parameter: created.privateKey.parameterName,
    ImportedFingerprint: imported.keyPairFingerprint,
  });
}
{
  const stack = new Stack(app, "CfnKeyPair");
  const tags = [{ key: "team", value: "web" }];
  const created = new ec2.CfnKeyPair(stack, "Created", { keyName: "created", tags });
  const imported = new ec2.CfnKeyPair(stack, "Imported", {
    keyName: "imported",
    publicKeyMaterial,
  });
  show(stack, {
    Name: created.ref,
    Id: created.attrKeyPairId,
    Fingerprint: created.attrKeyFingerprint,
    Parameter: `/ec2/keypair/${created.attrKeyPairId}`,
    ImportedFingerprint: imported.attrKeyFingerprint,
  });
}

const stacks = app.synth().stacks.map((stack) => [stack.stackName, stack.template]);
process.stdout.write(JSON.stringify(Object.fromEntries(stacks)));
