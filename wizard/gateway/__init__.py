"""The gateway: everything that touches the world. Only here is boto3, HTTP and SQL known."""
