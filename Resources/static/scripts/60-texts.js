"use strict";
// Texts that may help: asked for when an answer is begun or the box is opened, and looked for while one types. Without
// it the box holds a link to a page of its own.
for (const box of document.querySelectorAll("details.suggestions[data-part]")) {
  const inside = box.querySelector("[data-inside]");
  const count = box.querySelector("[data-count]");
  let asked = 0;
  const ask = async (query) => {
    const mine = (asked += 1);
    try {
      const answer = await fetch(`${box.dataset.part}&part=1&query=${encodeURIComponent(query)}`);
      if (!answer.ok || answer.redirected) return null;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      return mine === asked ? page : null;
    } catch {
      return null;
    }
  };
  let isBegun = false;
  const begin = async () => {
    if (isBegun) return;
    isBegun = true;
    const page = await ask("");
    isBegun = page !== null;
    if (!page) return;
    inside.replaceChildren(...page.body.children);
    const number = inside.querySelectorAll("li").length;
    count.textContent = number > 0 ? number.toLocaleString(document.documentElement.lang) : "";
  };
  box.addEventListener("toggle", () => {
    if (box.open) begin();
  });
  box.closest("form").addEventListener("focusin", begin);

  let timer = 0;
  box.addEventListener("input", (event) => {
    // What is looked for is no part of the draft.
    event.stopPropagation();
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const page = await ask(event.target.value);
      const lines = page?.querySelector("[data-lines]");
      if (lines) inside.querySelector("[data-lines]")?.replaceWith(lines);
    }, 200);
  });
  box.addEventListener("keydown", (event) => {
    // Enter would send the form.
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
  });
}
