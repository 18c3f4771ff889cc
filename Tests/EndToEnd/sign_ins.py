"""A server of sign-ins by OAuth 2 on loopback: gives access tokens for a refresh token, and tells whose they are."""

import http.server
import json
import threading
import urllib.parse


class SignIns:
    def __init__(self, user):
        self.user = user
        self.refresh = "first-refresh"
        self.valid = set()
        self.given = []
        sign_ins = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                fields = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                ask = sign_ins.give if self.path == "/token" else sign_ins.tell
                status, answer = ask({name: values[0] for name, values in fields.items()})
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def give(self, fields):
        if fields.get("grant_type") != "refresh_token" or fields.get("refresh_token") != self.refresh:
            return 400, {"error": "invalid_grant"}
        token = f"token-{len(self.given) + 1}"
        self.given.append(token)
        self.valid.add(token)
        return 200, {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}

    def tell(self, fields):
        if fields.get("token") in self.valid:
            return 200, {"active": True, "username": self.user, "scope": "mail"}
        return 200, {"active": False}

    def grant(self):
        return json.dumps({
            "tokenURL": self.base + "/token", "clientID": "desk", "clientSecret": "hush",
            "refreshToken": self.refresh})

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
