"""An authenticator (RFC 6238) as people have it on their phones: made from the secret that a page shows."""

import base64
import hashlib
import hmac
import struct
import time


class Authenticator:
    """Gives each code once: when the one of now was given, the next, which is taken half a minute early."""

    def __init__(self, secret):
        self.key = base64.b32decode(secret.replace(" ", "").upper())
        self.last = 0

    def code(self):
        step = max(int(time.time()) // 30, self.last + 1)
        self.last = step
        digest = hmac.new(self.key, struct.pack(">Q", step), hashlib.sha1).digest()
        start = digest[-1] & 15
        number = struct.unpack(">I", digest[start:start + 4])[0] & 0x7FFFFFFF
        return f"{number % 1_000_000:06d}"
