"""AWS's behaviours as data, and the run that compares an endpoint with them."""
