resource "aws_instance" "web" {
  ami           = "ami-760aaa0f"
  instance_type = "t3.micro"
  key_name      = aws_key_pair.deploy.key_name
}

output "web" {
  value = aws_instance.web
}

resource "aws_instance" "windows" {
  ami               = "ami-03cf127a"
  instance_type     = "t3.micro"
  key_name          = "windows"
  get_password_data = true
}

output "windows" {
  value = {
    id       = aws_instance.windows.id
    password = rsadecrypt(aws_instance.windows.password_data, file("windows.pem"))
  }
  sensitive = true
}
