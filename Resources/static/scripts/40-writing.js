"use strict";
// Writing: light formatting, quoting what is selected, copies to all, time to undo. Everything works without it.
(() => {
  const composer = () => document.querySelector("#answer form, form:has(textarea[name=text]):has([data-send])");
  const area = () => composer()?.querySelector("textarea[name=text]");
  const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  const replace = (field, start, end, text, select) => {
    field.focus();
    field.setRangeText(text, start, end, select ? "select" : "end");
    changed(field);
  };
  const wrap = (field, mark) => {
    const { selectionStart: start, selectionEnd: end, value } = field;
    const words = value.slice(start, end);
    replace(field, start, end, mark + words + mark, false);
    field.setSelectionRange(start + mark.length, start + mark.length + words.length);
  };
  const prefix = (field, mark) => {
    const { selectionStart, selectionEnd, value } = field;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const lines = value.slice(start, selectionEnd).split("\n").map((line) => mark + line).join("\n");
    const lead = start > 0 && value[start - 2] !== "\n" ? "\n" : "";
    replace(field, start, selectionEnd, lead + lines, false);
  };
  const link = (field) => {
    const { selectionStart: start, selectionEnd: end, value } = field;
    const words = value.slice(start, end);
    const isAddress = /^https?:\/\/\S+$/.test(words);
    replace(field, start, end, isAddress ? `[](${words})` : `[${words}](https://)`, false);
    const at = isAddress ? start + 1 : start + words.length + 3;
    field.setSelectionRange(at, isAddress ? at : at + 8);
  };
  for (const tools of document.querySelectorAll(".tools")) {
    const field = tools.closest("form").querySelector("textarea[name=text]");
    tools.hidden = false;
    tools.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.mark) wrap(field, button.dataset.mark);
      else if (button.dataset.line) prefix(field, button.dataset.line);
      else link(field);
    });
    field.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      const mark = { KeyB: "**", KeyI: "*" }[event.code];
      if (!mark) return;
      event.preventDefault();
      wrap(field, mark);
    });
  }

  // "Quote" takes the selected passage of its message, or all of it, to where the cursor is.
  const selectedIn = (words) => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !words.contains(selection.anchorNode)) return "";
    return words.contains(selection.focusNode) ? selection.toString() : "";
  };
  document.addEventListener("mousedown", (event) => {
    // A click on the link must not take the selection away first.
    if (event.target.closest("[data-quote]")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const quote = event.target.closest("[data-quote]");
    const field = area();
    if (!quote || !field || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const words = quote.closest(".item")?.querySelector(".words");
    const passage = words && selectedIn(words);
    if (!passage) return;
    event.preventDefault();
    const lines = passage.trim().split("\n").map((line) => (line ? `> ${line}` : ">")).join("\n");
    const at = field.selectionEnd;
    const lead = at > 0 && !field.value.slice(0, at).endsWith("\n") ? "\n\n" : "";
    replace(field, at, at, `${lead}${words.dataset.quoteHead}\n${lines}\n\n`, false);
    field.scrollIntoView({ block: "center" });
  });

  // "Copies to all" fills the field in.
  document.addEventListener("click", (event) => {
    const all = event.target.closest("[data-add-copies]");
    if (!all) return;
    event.preventDefault();
    const field = all.closest("form").elements.cc;
    const known = field.value.split(/[,;]\s*/).filter(Boolean);
    for (const address of all.dataset.addCopies.split(", ")) if (!known.includes(address)) known.push(address);
    field.value = known.join(", ");
    changed(field);
    all.closest(".others").remove();
    field.focus();
  });

  // Completion of one address after the other.
  for (const field of document.querySelectorAll("input[data-several]")) {
    const list = field.list;
    if (!list) continue;
    const all = [...list.options].map((option) => [option.value, option.textContent]);
    field.addEventListener("input", () => {
      const comma = Math.max(field.value.lastIndexOf(","), field.value.lastIndexOf(";"));
      const before = comma < 0 ? "" : `${field.value.slice(0, comma + 1)} `;
      list.replaceChildren(...all.filter(([value]) => !before.includes(value)).map(([value, name]) => {
        const option = document.createElement("option");
        option.value = before + value;
        option.textContent = name;
        return option;
      }));
    });
  }

  // Files that are too large are told of before they travel.
  for (const form of document.querySelectorAll("form[data-most-bytes]")) {
    form.addEventListener("change", (event) => {
      if (event.target.type !== "file") return;
      const size = [...event.target.files].reduce((sum, file) => sum + file.size, 0);
      const isTooLarge = size > Number(form.dataset.mostBytes);
      event.target.setCustomValidity(isTooLarge ? form.dataset.tooLarge : "");
      if (isTooLarge) event.target.reportValidity();
    });
  }

  // Undo counts down, and goes when its time is over.
  const countDown = (button, seconds) => {
    if (!seconds || !button) return;
    const name = button.textContent;
    const end = Date.now() + seconds * 1000;
    const tick = () => {
      const left = Math.ceil((end - Date.now()) / 1000);
      if (left <= 0) {
        button.form.remove();
        return;
      }
      button.textContent = `${name} (${left.toLocaleString(document.documentElement.lang)})`;
      setTimeout(tick, 500);
    };
    tick();
  };
  for (const box of document.querySelectorAll("[data-undo-seconds]")) {
    const seconds = Number(box.dataset.undoSeconds);
    if (box.matches("button")) countDown(box, seconds);
    else {
      const form = box.querySelector("form[action$='/undo']");
      if (!form) continue;
      countDown(form.querySelector("button"), seconds);
      const path = new URL(form.action).pathname;
      countDown(document.querySelector(`.notice form[action="${path}"] button`), seconds);
    }
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
