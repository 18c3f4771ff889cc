"""Pages without a browser: what a form would send, sent with requests. For tests that need many steps or a crash."""

import html.parser
import re
import urllib.parse

import requests

from authenticator import Authenticator
from desk import ADMIN, PASSWORD

VOID = {"input", "br", "img", "meta", "link", "hr"}


class Form:
    def __init__(self, attributes):
        self.attributes = attributes
        self.fields = {}
        self.buttons = []


class FormReader(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.forms = []
        self.classes = []
        self.area = None
        self.feed(page)

    def handle_starttag(self, tag, pairs):
        attributes = dict(pairs)
        self.classes.append(set((attributes.get("class") or "").split()))
        if tag == "form":
            self.forms.append(Form(attributes))
        if not self.forms:
            return
        form = self.forms[-1]
        if tag == "input" and attributes.get("name") and attributes.get("type") not in ("file", "checkbox", "radio"):
            form.fields[attributes["name"]] = attributes.get("value") or ""
        elif tag == "textarea" and attributes.get("name"):
            self.area = attributes["name"]
            form.fields[self.area] = ""
        elif tag == "button":
            form.buttons.append(attributes)

    def handle_data(self, data):
        if self.area:
            self.forms[-1].fields[self.area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = None


class Visitor:
    """One signed-in person; their authenticator is known once they set one up."""

    def __init__(self, url, email=ADMIN, password=PASSWORD, authenticator=None):
        self.url = url
        self.session = requests.Session()
        self.authenticator = authenticator
        if email:
            self.sign_in(email, password)

    def get(self, path):
        answer = self.session.get(urllib.parse.urljoin(self.url, path), timeout=60)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer

    def forms(self, path):
        return FormReader(self.get(path).text).forms

    def send(self, page, form, action=None, **fields):
        target = urllib.parse.urljoin(self.url + page, action or form.attributes.get("action") or "")
        values = form.fields | fields
        headers = {"Origin": self.url}
        if form.attributes.get("enctype") == "multipart/form-data":
            parts = {name: (None, value) for name, value in values.items()}
            return self.session.post(target, files=parts, headers=headers, timeout=60)
        return self.session.post(target, data=values, headers=headers, timeout=60)

    def sign_in(self, email, password):
        form = next(form for form in self.forms("/sign-in") if "password" in form.fields)
        answer = self.send("/sign-in", form, email=email, password=password)
        if "/sign-in/code" in answer.url:
            code = self.authenticator.code()
            form = next(form for form in FormReader(answer.text).forms if "code" in form.fields)
            answer = self.send("/sign-in/code", form, code=code)
        assert answer.status_code == 200 and "/sign-in" not in answer.url, f"{email} could not sign in"

    def set_up_second_factor(self):
        """Reads the secret on the page as somebody would who types it in; gives the recovery codes."""
        page = "/account/second-factor"
        secret = re.search(r'id="secret">([A-Z2-7 ]+)<', self.get(page).text).group(1)
        self.authenticator = Authenticator(secret)
        form = next(form for form in self.forms(page) if "code" in form.fields)
        answer = self.send(page, form, code=self.authenticator.code())
        assert answer.status_code == 200, answer.text
        return re.findall(r"<code>([a-z2-7-]{19})</code>", answer.text)

    def answer(self, ticket_id, text):
        """Writes an answer to the ticket and presses the button that sends it; gives the response."""
        page = f"/tickets/{ticket_id}"
        form = next(form for form in self.forms(page) if any(is_send(button) for button in form.buttons))
        button = next(button for button in form.buttons if is_send(button))
        return self.send(page, form, action=button.get("formaction"), text=text)

    def delivery_states(self, ticket_id):
        """The state of each answer on the ticket's page: queued, delivered, doubt, failed …"""
        reader = FormReader(self.get(f"/tickets/{ticket_id}").text)
        return [next(iter(classes - {"delivery"}), "") for classes in reader.classes if "delivery" in classes]


def is_send(button):
    return "data-send" in button or button.get("data-action") == "send"
