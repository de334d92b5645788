#!/usr/bin/env python3
"""The foreign server behind a gateway: TLS with a certificate of the client, and a header with a key.

    gateway_server.py --port-file FILE --key VALUE [--pem FILE --client-ca FILE]

Without the header X-Gateway-Key: VALUE every answer is 403. With it, the key comes back in a header. With --pem it speaks TLS, and asks for a certificate that --client-ca issued.
"""
import argparse
import signal
import ssl
import threading

from foreign_server import Handler, Server


class Gateway(Handler):
    def any_method(self):
        if self.headers.get("X-Gateway-Key") != self.server.key:
            self.body()
            self.send_response(403)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        super().any_method()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = any_method

    def fields_of(self, *answer):
        return {**super().fields_of(*answer), "X-Echo": f"key {self.server.key}"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in "port-file", "key", "pem", "client-ca":
        parser.add_argument(f"--{name}")
    options = parser.parse_args()
    server = Server(["any-scheme", "html-errors"])  # with a fault, so that something is shown
    server.RequestHandlerClass, server.key = Gateway, options.key
    if options.pem:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.pem)
        context.load_verify_locations(options.client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 60}, daemon=True).start()
    with open(options.port_file, "w", encoding="ascii") as file:
        file.write(f"http{'s' if options.pem else ''}://127.0.0.1:{server.server_address[1]}\n")
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
