"""Waiting for something to become true: looked at often, given up at a deadline, never a fixed sleep."""

import random
import socket
import time


def until(what, seconds=30, message="it did not happen", longest=0.25):
    """Calls `what` until it gives something true and returns that; AssertionError after `seconds`.

    Calls come ever later, at most `longest` seconds apart: more for what is costly to ask.
    """
    deadline = time.monotonic() + seconds
    pause = 0.01
    while True:
        result = what()
        if result:
            return result
        assert time.monotonic() < deadline, f"{message} within {seconds} s"
        time.sleep(pause)
        pause = min(pause * 1.5, longest)


def free_port():
    """A port nobody listens on, below those the system gives to connections: a server that comes back finds it free."""
    while True:
        port = random.SystemRandom().randrange(10_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def is_listening(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
