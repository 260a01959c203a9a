resource "aws_key_pair" "deploy" {
  key_name   = "deploy"
  public_key = file("deploy.pub")
  tags       = { team = "web" }
}

import {
  to = aws_key_pair.old
  id = "old"
}

resource "aws_key_pair" "old" {
  key_name   = "old"
  public_key = ""
  tags       = { team = "db" }
  # The provider does not read which public key it has: a difference would replace the key pair.
  lifecycle {
    ignore_changes = [public_key]
  }
}

data "aws_key_pair" "by_name" {
  key_name           = aws_key_pair.deploy.key_name
  include_public_key = true
}

data "aws_key_pair" "by_id" {
  key_pair_id = aws_key_pair.deploy.key_pair_id
}

data "aws_key_pair" "by_filter" {
  filter {
    name   = "tag:team"
    values = ["w?b"]
  }
  depends_on = [aws_key_pair.deploy]
}

output "deploy" {
  value = aws_key_pair.deploy
}

output "found" {
  value = [data.aws_key_pair.by_name, data.aws_key_pair.by_id, data.aws_key_pair.by_filter]
}
