"""What the benches share: databases, servers, a load client, CPU accounts, the line of JSON."""
