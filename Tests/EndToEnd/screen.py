"""The ways in at a screen: one page after another, the main button pressed, codes from an authenticator."""

from selenium.webdriver.common.by import By

from authenticator import Authenticator
from waiting import until


class Screen:
    """A browser at one page after another; fields by name, the main button pressed."""

    def __init__(self, person):
        self.person = person
        self.driver = person.driver

    def fill(self, **fields):
        for name, value in fields.items():
            field = self.person.find(f"[name={name.replace('_', '-')}]")
            field.clear()
            field.send_keys(value)
        button = self.person.find("main form .button.main")
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
        before = button.id
        button.click()
        until(lambda: before not in [found.id for found in self.driver.find_elements(By.CSS_SELECTOR, ".button.main")],
              20, "the form was not sent")

    def set_up(self):
        """The second factor; gives the authenticator and the recovery codes."""
        secret = self.person.find("#secret").get_attribute("textContent")
        authenticator = Authenticator(secret)
        self.fill(code=authenticator.code())
        codes = [code.text for code in self.driver.find_elements(By.CSS_SELECTOR, ".recovery code")]
        return authenticator, codes

    def sign_in(self, address, password, code):
        self.person.go("/sign-in")
        self.fill(email=address, password=password)
        self.fill(code=code)

    def forget(self):
        self.driver.delete_all_cookies()
