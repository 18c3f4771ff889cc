"""The twin of a server that acknowledges too early: an LMTP relay that says 250 before the next one has the mail."""

import queue
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP

from letters import deliver
from load import RETRY
from waiting import free_port


class EagerRelay:
    """Acknowledges at once, hands on later, and forgets what could not be handed on: what must be caught."""

    def __init__(self, target_port):
        self.target_port = target_port
        self.port = free_port()
        self.waiting = queue.Queue()
        self.handed_on = 0
        handler = self

        class EagerController(Controller):
            def factory(self):
                return LMTP(handler)

        self.controller = EagerController(self, hostname="127.0.0.1", port=self.port)
        self.worker = threading.Thread(target=self.hand_on, daemon=True)

    async def handle_DATA(self, server, session, envelope):
        self.waiting.put(bytes(envelope.content))
        return "250 2.0.0 taken"

    def hand_on(self):
        while (content := self.waiting.get()) is not None:
            try:
                deliver(content, self.target_port)
                self.handed_on += 1
            except RETRY:
                pass

    def start(self):
        self.controller.start()
        self.worker.start()
        return self

    def finish(self):
        """Waits until all that is still there was tried once."""
        self.waiting.put(None)
        self.worker.join()
        self.controller.stop()
