"""Clients that deliver as an MTA does: what was not acknowledged is delivered again, and what was is remembered."""

import smtplib
import threading
import time

from letters import deliver

RETRY = (smtplib.SMTPException, OSError)


class Load:
    """Delivers messages first ..< count with several clients at once; `make` gives the bytes of a number."""

    def __init__(self, port, count, make, clients=6, seconds=600, first=0):
        self.port = port
        self.count = count
        self.make = make
        self.deadline = time.monotonic() + seconds
        self.lock = threading.Condition()
        self.first = self.next = first
        self.acknowledged = {}
        self.attempts = 0
        self.faults = []
        self.threads = [threading.Thread(target=self.work, daemon=True) for _ in range(clients)]

    def start(self):
        for thread in self.threads:
            thread.start()
        return self

    def work(self):
        try:
            while (number := self.take()) is not None:
                self.hand_over(number)
        except Exception as fault:  # A fault of the test itself must not look like a quiet end.
            with self.lock:
                self.faults.append(fault)
                self.lock.notify_all()

    def take(self):
        with self.lock:
            number = self.next
            self.next += 1
        return number if number < self.count else None

    def hand_over(self, number):
        content = self.make(number)
        while True:
            assert time.monotonic() < self.deadline, f"message {number} was never acknowledged"
            try:
                with self.lock:
                    self.attempts += 1
                deliver(content, self.port, timeout=20)
                break
            except RETRY:
                time.sleep(0.05)
        with self.lock:
            self.acknowledged[number] = content
            self.lock.notify_all()

    def wait_for(self, acknowledged, seconds=300):
        """Waits until so many messages are acknowledged."""
        with self.lock:
            done = self.lock.wait_for(lambda: len(self.acknowledged) >= acknowledged or self.faults, seconds)
        assert not self.faults, self.faults[0]
        assert done, f"{len(self.acknowledged)} of {acknowledged} acknowledged in {seconds} s"

    def finish(self):
        self.wait_for(self.count - self.first)
        for thread in self.threads:
            thread.join(30)
