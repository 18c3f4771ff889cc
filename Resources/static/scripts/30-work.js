"use strict";
// Keys of lists and tickets, picking rows, completion of queries. Everything works without it.
(() => {
  const isTyping = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const bulk = document.getElementById("bulk");
  const boxes = () => [...document.querySelectorAll(".pick input")];

  // Picking: the bar shows itself, with how many; Shift picks a stretch.
  const show = () => {
    if (!bulk) return;
    const count = boxes().filter((box) => box.checked).length;
    const isAll = bulk.elements.all.checked;
    bulk.classList.toggle("open", count > 0 || isAll);
    bulk.querySelector("[data-picked]").textContent =
      count > 0 && !isAll ? count.toLocaleString(document.documentElement.lang) : "";
  };
  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest(".pick input");
    if (!box) return;
    const all = boxes();
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const each of all.slice(from, to + 1)) each.checked = box.checked;
    }
    last = box;
    show();
  });
  bulk?.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  // While "all" is picked, single boxes say nothing.
  bulk?.elements.all.addEventListener("change", (event) => {
    for (const box of boxes()) box.disabled = event.target.checked;
  });

  // Keys: by letter, or by place where the keyboard writes another script.
  const letter = (event) => {
    if (event.code === "Slash" && !/^[-/?!_=§:;+*#'a-z0-9]$/i.test(event.key)) return event.shiftKey ? "?" : "/";
    if (event.key === "№") return "#";
    if (/^[\x21-\x7e]$/.test(event.key) || event.key.length > 1) return event.key;
    if (event.code.startsWith("Key")) return event.code.slice(3).toLowerCase();
    return event.code === "Digit3" && event.shiftKey ? "#" : event.key;
  };
  const focused = () => document.activeElement?.closest("[data-list] > li");
  const pickFocused = () => {
    if (boxes().some((box) => box.checked) || bulk?.elements.all.checked) return true;
    const box = focused()?.querySelector(".pick input");
    if (box) box.checked = true;
    show();
    return Boolean(box);
  };
  const open = (target) => {
    const field = target.matches("form") ? target.querySelector("select, input:not([type=hidden])") : target;
    for (let menu = field.closest("details"); menu; menu = menu.parentElement.closest("details")) menu.open = true;
    field.focus();
    return true;
  };
  // Where g and a letter lead: rooms by the rail, a new ticket, the search.
  const room = (key) => {
    if (key === "s") return "/search";
    return document.querySelector(key === "w" ? ".top .new" : `.rail [data-go="${CSS.escape(key)}"]`)?.href;
  };
  let went = 0;
  const act = (key) => {
    if (key === "x") {
      const box = focused()?.querySelector(".pick input");
      box?.click();
      return Boolean(box);
    }
    if (bulk && "eas#t".includes(key)) {
      const button = bulk.querySelector(`[data-list-key="${key}"]`);
      const field = bulk.querySelector(`[data-focus-key="${key}"]`);
      if (!(button || field) || !pickFocused()) return false;
      if (button) button.click();
      return button ? true : open(field);
    }
    const field = document.querySelector(`[data-focus-key="${CSS.escape(key)}"]`);
    return field ? open(field) : false;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.body.dataset.keys !== "on" || document.querySelector("dialog[open]")) return;
    if (isTyping(event.target)) return;
    const key = letter(event);
    const isSecond = Date.now() - went < 1500;
    went = 0;
    let done = false;
    const place = isSecond && room(key);
    if (place) {
      location.assign(place);
      done = true;
    } else if (key === "g") {
      went = Date.now();
      done = true;
    } else if (key === "/" && event.key !== "/") {
      document.getElementById("search")?.select();
      done = true;
    } else if (key === "?" && event.key !== "?") {
      document.getElementById("keys")?.showModal();
      done = true;
    } else {
      done = act(key);
    }
    if (!done) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  // The list comes back to where one was; a ticket opens at what is new.
  if (!location.hash) document.querySelector(".item.unread")?.scrollIntoView({ block: "start" });

  // Cells of a table on a phone say what they are.
  for (const table of document.querySelectorAll(".scroll table")) {
    const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
    for (const row of table.querySelectorAll("tbody tr")) {
      [...row.children].forEach((cell, index) => {
        if (cell.matches("td") && cell.textContent.trim() && heads[index]) cell.dataset.label = heads[index];
      });
    }
  }

  // A query's last word goes on: a list below the field, by arrows and Enter.
  for (const input of document.querySelectorAll("[data-complete]")) {
    input.removeAttribute("list");
    const list = document.createElement("ul");
    list.className = "complete";
    list.id = `${input.name}-words`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.getAttribute("aria-label") ?? "");
    list.hidden = true;
    input.after(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    let at = -1;
    let asked = "";
    let timer = 0;
    const close = () => {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const word = () => input.value.slice(0, input.selectionStart).match(/(?:[^\s"]|"[^"]*"?)*$/)[0];
    const mark = (next) => {
      const items = [...list.children];
      at = (next + items.length) % items.length;
      items.forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
      items[at].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", items[at].id);
    };
    const take = (value) => {
      const begun = word();
      const start = input.selectionStart - begun.length;
      const rest = input.value.slice(input.selectionStart);
      const space = value.endsWith(":") || rest.startsWith(" ") ? "" : " ";
      input.value = input.value.slice(0, start) + value + space + rest;
      const end = start + value.length + space.length;
      input.setSelectionRange(end, end);
      close();
      if (value.endsWith(":")) ask();
    };
    const fill = (items) => {
      list.replaceChildren(...items.map((item, index) => {
        const line = document.createElement("li");
        line.id = `${list.id}-${index}`;
        line.setAttribute("role", "option");
        line.setAttribute("aria-selected", "false");
        const value = document.createElement("bdi");
        value.textContent = item.value;
        line.append(value);
        if (item.name) {
          const name = document.createElement("span");
          name.className = "meta";
          name.textContent = item.name;
          line.append(name);
        }
        line.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(item.value);
        });
        return line;
      }));
      at = -1;
      list.hidden = items.length === 0;
      input.setAttribute("aria-expanded", String(items.length > 0));
    };
    const ask = async () => {
      const begun = word();
      asked = begun;
      try {
        const answer = await fetch(`${input.dataset.complete}?word=${encodeURIComponent(begun)}`);
        if (answer.ok && asked === begun && document.activeElement === input) fill(await answer.json());
      } catch {
        close();
      }
    };
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 120);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown") mark(at + 1);
      else if (event.key === "ArrowUp") mark(at - 1);
      else if (["Enter", "Tab"].includes(event.key) && at >= 0) take(list.children[at].firstChild.textContent);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }
})();
