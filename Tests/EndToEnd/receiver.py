"""A server of somebody else on loopback that takes requests, as a webhook's would."""

import base64
import hashlib
import hmac
import http.server
import threading
import time


class Receiver:
    """Keeps every request; answers with the statuses it was given, the last one for ever."""

    def __init__(self, *statuses):
        self.statuses = list(statuses) or [200]
        self.requests = []
        self.location = None
        self.delay = 0
        self.endless = False
        self.stopping = threading.Event()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                receiver.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                if receiver.delay:
                    receiver.stopping.wait(receiver.delay)
                status = receiver.statuses.pop(0) if len(receiver.statuses) > 1 else receiver.statuses[0]
                self.send_response(status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                if not receiver.endless:
                    self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")
                try:
                    while receiver.endless and not receiver.stopping.is_set():
                        self.wfile.write(b"x" * 65536)
                except OSError:
                    pass
                self.close_connection = True

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/hook"

    def stop(self):
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()


def is_signed(secret, headers, body):
    """As the libraries of Standard Webhooks check it."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    code = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    fresh = abs(time.time() - int(headers["webhook-timestamp"])) < 300
    return fresh and headers["webhook-signature"] == "v1," + base64.b64encode(code).decode()
