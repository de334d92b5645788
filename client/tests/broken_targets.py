"""Servers that are not the API, or broken ones, to test heymarket check: one port each.

    broken_targets.py FOLDER    makes certificates in FOLDER, then FOLDER/ports, with "NAME URL" lines; serves until TERM
"""
import datetime
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from email.utils import formatdate
from pathlib import Path

BYTES_MAX, SECONDS_MAX = 65536, 120
KIND = "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"
INBOXES = b'[{"id":7001,"name":"Support","team":4821,"members":[1],"phones":["14155550142"]}]'


def answer(status, body=b"", media_type="application/json", *more):
    date = formatdate(usegmt=True)
    lines = [f"HTTP/1.1 {status}", f"Date: {date}", f"Content-Length: {len(body)}", f"Content-Type: {media_type}",
             "X-Request-Id: 0b6ad7a2-5a52-4d30-8f61-9c1ff4f0aa01", "Connection: close", *more, "", ""]
    return "\r\n".join(lines).encode() + body


PAGE = b"<!DOCTYPE html><title>Sign in to the guest network</title>"
ANSWERS = {
    "right": answer("200 OK", INBOXES),
    "page": answer("200 OK", PAGE, "text/html"),
    "page-as-json": answer("200 OK", PAGE),
    "redirect": answer("302 Found", b"", "text/html", "Location: https://login.example.com/"),
    "limited": answer("429 Too Many Requests", b"{}", "application/json", "Retry-After: 60"),
    "error": answer("500 Internal Server Error", b'{"error":"server_error","message":"x"}'),
    "bad-gateway": answer("502 Bad Gateway", PAGE, "text/html"),
    "not-found": answer("404 Not Found", PAGE, "text/html"),
    "empty-body": answer("200 OK"),
    "no-content": b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
    "object": answer("200 OK", b"{}"),
    "half-json": answer("200 OK", INBOXES[:-9]),
    "no-team": answer("200 OK", INBOXES.replace(b"[1]", b"1")),
    "refused": answer("401 Unauthorized", PAGE, "text/html"),
    "closes": b"",
    "not-http": b"220 mail.example.com ESMTP\r\n",
    "black-hole": None,
}


def serve(server, name, context):
    while True:
        connection, _ = server.accept()
        threading.Thread(target=one, args=(connection, name, context), daemon=True).start()


def one(connection, name, context):
    try:
        connection.settimeout(SECONDS_MAX)
        if context is not None:
            connection = context.wrap_socket(connection, server_side=True)
        if name != "not-http":
            connection.recv(BYTES_MAX)
        if ANSWERS[name] is None:
            time.sleep(SECONDS_MAX)
        connection.sendall(ANSWERS[name])
    except OSError:
        pass  # the client has left, or does not believe the certificate
    finally:
        connection.close()


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def certificates(folder):
    """A root, and certificates of it: one for localhost, one that has expired, one for another name."""
    root, key = folder / "root.pem", folder / "root.key"
    openssl("req", "-x509", "-newkey", *KIND, "-nodes", "-subj", "/CN=test root", "-days", 30, "-keyout", key, "-out", root,
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    contexts = {}
    for name, host, expired in [("tls", "localhost", False), ("expired", "localhost", True), ("other-name", "example.com", False)]:
        own, request, made, names = (folder / f"{name}.{end}" for end in ("key", "csr", "pem", "ext"))
        names.write_text(f"subjectAltName=DNS:{host}\n", encoding="ascii")
        openssl("req", "-newkey", *KIND, "-nodes", "-subj", f"/CN={host}", "-keyout", own, "-out", request)
        # A validity that has ended: openssl x509 of 3.0 cannot write one, ca can.
        end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=-1 if expired else 20)
        start = end - datetime.timedelta(days=25)
        config = folder / f"{name}.cnf"
        config.write_text(f"[ca]\ndefault_ca=d\n[d]\nnew_certs_dir={folder}\ndatabase={folder}/{name}.db\nrand_serial=yes\n"
                          "default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n", encoding="ascii")
        (folder / f"{name}.db").write_text("", encoding="ascii")
        openssl("ca", "-batch", "-notext", "-config", config, "-cert", root, "-keyfile", key, "-in", request, "-out", made,
                "-startdate", start.strftime("%Y%m%d%H%M%SZ"), "-enddate", end.strftime("%Y%m%d%H%M%SZ"), "-extfile", names)
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexts[name].load_cert_chain(made, own)
    return contexts


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    lines = []
    rows = [(name, name, None, "http://127.0.0.1") for name in ANSWERS]
    rows += [(name, "right", context, "https://localhost") for name, context in certificates(folder).items()]
    for name, behavior, context, start in rows:
        server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=serve, args=(server, behavior, context), daemon=True).start()
        lines.append(f"{name} {start}:{server.getsockname()[1]}\n")
    (folder / "ports.part").write_text("".join(lines), encoding="ascii")
    os.rename(folder / "ports.part", folder / "ports")
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
