"""A stand-in for nscd at /run/nscd/socket, which knows no host and says so. See nscd-client.h of glibc."""
import os
import socket
import struct

GETFDHST, GETHOSTBYNAME, GETAI = 13, 4, 14

server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
server.bind("/run/nscd/new")
server.listen(16)
os.rename("/run/nscd/new", "/run/nscd/socket")
while True:
    connection, _ = server.accept()
    with connection:
        head = connection.recv(12)
        if len(head) < 12:
            continue
        version, kind, length = struct.unpack("iii", head)
        connection.recv(length)
        if kind == GETAI:  # version, found, naddrs, addrslen, canonlen, error (HOST_NOT_FOUND)
            connection.send(struct.pack("iiiiii", version, 0, 0, 0, 0, 1))
        elif kind == GETHOSTBYNAME:  # version, found, h_name_len, h_aliases_cnt, h_addrtype, h_length, h_addr_list_cnt, error
            connection.send(struct.pack("iiiiiiii", version, 0, 0, 0, -1, -1, 0, 1))
