"""What stands between a client and the schema: one purpose a file, as hooks of the endpoint and extensions."""
