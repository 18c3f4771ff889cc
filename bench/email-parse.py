#!/usr/bin/env python3
"""What Python's email costs: parses each message of an mbox, decodes every leaf and the usual headers."""

import email
import email.policy
import json
import sys
import time

from mboxes import raw_messages


def decode(raw):
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for name in ("From", "To", "Subject", "Date", "Message-ID", "References"):
        try:
            str(message[name])
        except Exception:  # Hostile headers make the parser itself fail; that is its result.
            pass
    size = 0
    for part in message.walk():
        if part.is_multipart():
            continue
        content = part.get_payload(decode=True) or b""
        size += len(content)
        if part.get_content_maintype() == "text":
            try:
                content.decode(part.get_content_charset() or "utf-8", "replace")
            except LookupError:
                pass
    return size


def main():
    limit = int(sys.argv[2]) if len(sys.argv) > 2 else None
    messages = []
    with open(sys.argv[1], "rb") as lines:
        for raw in raw_messages(lines):
            messages.append(raw)
            if limit and len(messages) == limit:
                break
    started = time.perf_counter()
    size = sum(decode(raw) for raw in messages)
    seconds = time.perf_counter() - started
    print(json.dumps({
        "messages": len(messages), "decodedBytes": size, "seconds": round(seconds, 3),
        "perSecond": round(len(messages) / seconds, 1)}))


if __name__ == "__main__":
    main()
