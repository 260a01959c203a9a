resource "aws_instance" "web" {
  ami           = "ami-760aaa0f"
  instance_type = "t3.micro"
  key_name      = aws_key_pair.deploy.key_name
}

output "web" {
  value = aws_instance.web
}
