"""What boto3 and botocore see while a mock is active: environment, sessions, models."""
