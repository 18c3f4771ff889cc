"""A small client of the API, as somebody else's script would write it."""

import requests


class Api:
    def __init__(self, url, token=None):
        self.base = url + "/api/v1"
        self.session = requests.Session()
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def request(self, method, path, **arguments):
        """The answer, whatever its status."""
        return self.session.request(method, self.base + path, timeout=60, **arguments)

    def get(self, path, **parameters):
        answer = self.request("GET", path, params=parameters)
        assert answer.status_code == 200, f"GET {path}: {answer.status_code} {answer.text[:500]}"
        return answer

    def each(self, path, limit=100, **parameters):
        """Every item of a list, page after page."""
        cursor = None
        while True:
            if cursor:
                parameters["cursor"] = cursor
            page = self.get(path, limit=limit, **parameters).json()
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return

    def tickets(self, **parameters):
        return list(self.each("/tickets", **parameters))

    def ticket(self, ticket_id):
        return self.get(f"/tickets/{ticket_id}").json()

    def ticket_about(self, subject):
        """The one ticket with exactly this subject, or None."""
        found = [ticket for ticket in self.tickets() if ticket["subject"] == subject]
        assert len(found) <= 1, f"{len(found)} tickets about {subject!r}"
        return found[0] if found else None

    def change(self, ticket_id, **fields):
        answer = self.request("PATCH", f"/tickets/{ticket_id}", json=fields)
        assert answer.status_code == 200, f"{answer.status_code} {answer.text[:500]}"
        return answer.json()

    def messages(self, ticket_id):
        return list(self.each(f"/tickets/{ticket_id}/messages"))

    def raw(self, message_id):
        return self.get(f"/messages/{message_id}/raw").content
