"""What stands between the wire and moto: each layer makes one thing behave as AWS does."""
