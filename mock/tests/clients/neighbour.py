"""Uses another host, by its name: a database of the company."""
import socket

with socket.create_connection(("database.example", 5432), timeout=20) as connection:
    if connection.makefile().readline() != "ready\n":
        raise SystemExit("not the database")
