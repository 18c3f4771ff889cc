"""How a page is looked at: axe, how wide it is, what shows where the keyboard is."""

import functools
import json
import os
import pathlib

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Every kind of element that takes the keyboard and is shown must show that it has it.
FOCUS = """
const kinds = new Map();
for (const one of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
  if (one.disabled || one.type === "hidden" || !one.checkVisibility({visibilityProperty: true})) continue;
  const kind = `${one.tagName} ${one.type} ${one.className} ${one.parentElement.className}`;
  if (!kinds.has(kind)) kinds.set(kind, one);
}
const shown = [...kinds.values()];
const silent = shown.filter((one) => {
  one.focus({preventScroll: true});
  if (document.activeElement !== one) return false;
  const style = getComputedStyle(one);
  return (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1) && style.boxShadow === "none";
});
document.activeElement?.blur();
return silent.map((one) => one.outerHTML.slice(0, 120));
"""
# Lines that are made like those before them.
TRIM = """
for (const list of document.querySelectorAll("ol, ul, tbody, select, fieldset")) {
  for (const one of [...list.children].slice(12)) one.remove();
}
"""


@functools.cache
def axe_source():
    import axe_playwright_python
    return next(pathlib.Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()


def faults(driver, rules=None):
    """What axe blames: all of WCAG 2.2 AA, or only these rules. Loads it once into a page."""
    if not driver.execute_script("return Boolean(window.axe)"):
        driver.execute_script(axe_source())
    options = {"runOnly": rules or TAGS, "resultTypes": ["violations"]}
    if not rules:
        options["rules"] = {"target-size": {"enabled": True}}
    result = driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        f"axe.run(document, {json.dumps(options)})"
        ".then(done, fault => done({violations: [String(fault)]}));")
    return [
        violation if isinstance(violation, str)
        else f"{violation['id']}: {violation['help']}: {[node['html'][:160] for node in violation['nodes'][:3]]}"
        for violation in result["violations"]
    ]


def set_size(driver, width, height=6000):
    """Chromium's windows are never narrower than 500 pixels, its emulated screens are; a tall one covers no control."""
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 640})


def set_scheme(driver, scheme):
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})


def sideways(driver, width):
    """Pixels by which a page is wider than a screen of this width."""
    set_size(driver, width, 900)
    return driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")


def trim(driver):
    """Long lists lose what would only be looked at again."""
    driver.execute_script(TRIM)


def without_focus(driver):
    return driver.execute_script(FOCUS)


def look(person, name):
    """A picture for whoever wants to see it: LIAISON_LOOK names a folder."""
    folder = os.environ.get("LIAISON_LOOK")
    if folder:
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        person.driver.save_screenshot(f"{folder}/{name}.png")
