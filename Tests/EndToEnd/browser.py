"""A person at a screen: Debian's Chromium, driven by Selenium."""

import shutil

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.support.ui import WebDriverWait

from desk import ADMIN, PASSWORD

SEND = "[data-send], [data-action=send]"


def open_chromium(width=1280, height=900, scripts=True):
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        pytest.skip("chromium and chromedriver are not installed: script/setup --tests")
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                     f"--window-size={width},{height}", "--lang=en"):
        options.add_argument(argument)
    if not scripts:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))


class Person:
    def __init__(self, url, scripts=True):
        self.url = url
        self.driver = open_chromium(scripts=scripts)

    def close(self):
        self.driver.quit()

    def go(self, path):
        self.driver.get(self.url + path)

    def find(self, selector, seconds=20):
        return self.until(
            lambda driver: next(iter(driver.find_elements(By.CSS_SELECTOR, selector)), None), f"no {selector}", seconds)

    def until(self, condition, why, seconds=20):
        """Waits for a page that may be replaced meanwhile: Chromium then says that what is asked about is gone."""
        return WebDriverWait(self.driver, seconds, ignored_exceptions=[WebDriverException]).until(condition, why)

    def says(self, words, selector="body", seconds=20):
        self.until(
            lambda driver: any(words in each.text for each in driver.find_elements(By.CSS_SELECTOR, selector)),
            f"nothing says {words!r} in {selector}", seconds)

    def press(self, selector):
        button = self.find(selector)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
        button.click()

    def sign_in(self, email=ADMIN, password=PASSWORD):
        self.go("/sign-in")
        self.find("[name=email]").send_keys(email)
        self.find("[name=password]").send_keys(password)
        self.find("[name=password]").submit()
        self.until(lambda driver: "/sign-in" not in driver.current_url, "signing in did not work")

    def answer(self, ticket_id, text):
        self.go(f"/tickets/{ticket_id}")
        area = self.find("textarea[name=text]")
        area.clear()
        area.send_keys(text)
        self.press(SEND)
        self.says(text)
