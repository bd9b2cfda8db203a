"""What stands between a client and the schema, one purpose a file."""
