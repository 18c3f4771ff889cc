"""The administrator at work on pages, and Ben, whom she trains."""

import re

from pages import Visitor

BEN = "ben@desk.example"


def post(visitor, path, page="/account", **fields):
    """Sends what a form of ours would, with the token of a page that has one."""
    form = next(form for form in visitor.forms(page) if "form-token" in form.fields)
    values = {name.replace("_", "-"): value for name, value in fields.items()}
    return visitor.session.post(
        visitor.url + path, data={"form-token": form.fields["form-token"]} | values,
        headers={"Origin": visitor.url}, timeout=60)


def trainer(desk):
    """The administrator, who gave Ben his rights and began his training."""
    visitor = Visitor(desk.url)
    visitor.queue = re.search(r'/queues/(\d+)', visitor.get("/queues").text).group(1)
    rights = f"/queues/{visitor.queue}/rights"
    ben = re.search(r'value="(\d+)"[^>]*>[^<]*Ben Example', visitor.get(rights).text).group(1)
    assert post(visitor, f"{rights}/members", holder=ben, right_see="on", right_note="on", right_draft="on",
                right_send="on").ok
    assert post(visitor, f"/queues/{visitor.queue}/review/trainees", member=ben).ok
    return visitor
