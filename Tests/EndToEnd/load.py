"""Clients that deliver as an MTA does: what was not acknowledged is delivered again, and what was is remembered."""

import smtplib
import threading
import time

from letters import deliver

RETRY = (smtplib.SMTPException, OSError)


class Load:
    """Delivers messages first ..< count to a desk, several clients at once; `make` gives the bytes of a number."""

    def __init__(self, desk, count, make, clients=6, seconds=600, first=0):
        self.desk = desk
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
                deliver(content, self.desk.lmtp_port, timeout=20)
                break
            except RETRY:
                time.sleep(0.05)
        with self.lock:
            self.acknowledged[number] = content
            self.lock.notify_all()

    def wait_for(self, acknowledged, seconds=300):
        """Waits until so many messages are acknowledged; a server that ended by itself acknowledges no more."""
        deadline = time.monotonic() + seconds
        with self.lock:
            while len(self.acknowledged) < acknowledged:
                assert not self.faults, self.faults[0]
                told = f"{len(self.acknowledged)} of {acknowledged} acknowledged"
                assert self.desk.is_running(), f"{told}, and then:\n{self.desk.log_tail()}"
                assert time.monotonic() < deadline, f"{told} in {seconds} s"
                self.lock.wait(0.2)

    def finish(self):
        self.wait_for(self.count - self.first)
        for thread in self.threads:
            thread.join(30)
