"use strict";
// Adds keys, autosave and small comforts; everything works without it.
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");

  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]");

  // Keys: by letter, or by the key's place where the keyboard writes another script.
  const letter = (event) => {
    if (/^[\x21-\x7e]$/.test(event.key) || event.key.length > 1) return event.key;
    return event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
  };
  const rows = () => [...document.querySelectorAll("[data-list] > li > a, [data-list] .line > a.subject")];
  const move = (step) => {
    const all = rows();
    if (all.length === 0) return;
    const now = all.indexOf(document.activeElement);
    const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : now + step;
    const row = all[Math.min(Math.max(next, 0), all.length - 1)];
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  };
  const act = (key) => {
    const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!target) return false;
    if (target.matches("textarea")) {
      target.focus();
      target.setSelectionRange(target.value.length, target.value.length);
    } else {
      target.click();
    }
    if (target.matches("summary")) target.parentElement.querySelector("textarea")?.focus();
    return true;
  };
  const help = () => document.getElementById("keys")?.showModal();

  const onKey = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.target.form?.querySelector("[data-send]")?.click();
      return;
    }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.body.dataset.keys !== "on" || document.querySelector("dialog[open]")) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const key = letter(event);
    let done = true;
    if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "/") document.getElementById("search")?.select();
    else if (key === "?") help();
    else done = act(key);
    if (done) event.preventDefault();
  };
  document.addEventListener("keydown", onKey);

  // Menus close by Escape and by a click elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  });

  // A property's button shows itself once the property was changed.
  for (const form of document.querySelectorAll(".properties form")) {
    form.addEventListener("input", () => form.classList.add("changed"));
  }

  // Drafts save themselves two seconds after the last key. The answer is JSON: {"version": "…"}.
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    const state = form.querySelector("[data-state]");
    let timer = 0;
    let isDirty = false;
    let isSaving = false;
    let isStopped = false;
    let pressed = null;
    const save = async () => {
      if (isSaving || !isDirty || isStopped) return;
      isSaving = true;
      isDirty = false;
      const fields = new FormData(form);
      for (const name of [...fields.keys()]) {
        if (fields.get(name) instanceof File) fields.delete(name);
      }
      const body = new URLSearchParams(fields);
      try {
        const options = { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error" };
        const answer = await fetch(form.dataset.autosave, options);
        if (answer.status === 409) {
          // A colleague changed this draft: nothing is overwritten; the next press of a button shows both texts.
          isStopped = true;
          state.textContent = form.dataset.collision;
          isSaving = false;
          if (pressed) form.requestSubmit(pressed);
          return;
        }
        if (!answer.ok) throw new Error(String(answer.status));
        const told = await answer.json();
        form.elements.version.value = told.version;
        form.elements.draft.value = told.draft;
        form.elements["draft-version"].value = told.draftVersion;
        state.textContent = form.dataset.saved;
      } catch {
        isDirty = true;
        state.textContent = form.dataset.unsaved;
      }
      isSaving = false;
      if (pressed) form.requestSubmit(pressed);
    };
    form.addEventListener("input", () => {
      isDirty = true;
      clearTimeout(timer);
      timer = setTimeout(save, 2000);
    });
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      isDirty = false;
      // What is being saved has its version first: a press meanwhile waits for it.
      if (!isSaving) return;
      event.preventDefault();
      pressed = event.submitter;
    });
    window.addEventListener("beforeunload", (event) => {
      if (isDirty) event.preventDefault();
    });
  }
})();
