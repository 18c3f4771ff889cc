"use strict";
// What happens elsewhere: one stream per browser, shared by its pages. Nothing moves until it is asked to.
(() => {
  const source = document.body.dataset;
  if (!source.live) return;
  let cursor = BigInt(source.cursor || "0");
  const listeners = { changes: [], present: [], unread: [] };
  const on = (name, listener) => listeners[name].push(listener);
  const tell = (name, value) => listeners[name].forEach((listener) => listener(value));
  const past = (seq) => BigInt(seq) <= cursor;

  // Each change once, whoever brought it: the stream of this page, another page's, or a question.
  const hear = (news) => {
    if (news.changes) {
      const fresh = news.changes.filter((change) => !past(change.seq));
      if (fresh.length > 0) {
        cursor = BigInt(fresh[fresh.length - 1].seq);
        tell("changes", fresh);
      }
    }
    if (news.cursor && !past(news.cursor)) cursor = BigInt(news.cursor);
    if (news.present) tell("present", news.present);
    if (news.unread !== undefined) tell("unread", news.unread);
  };

  // Asking instead of listening: where browsers cannot share a stream, or there are too many.
  let asking = 0;
  const ask = async () => {
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(`${source.changes}?after=${cursor}`, { redirect: "error" });
      if (answer.ok) hear(await answer.json());
    } catch {
      // The next question will do.
    }
  };
  const startAsking = () => {
    if (asking) return;
    ask();
    asking = setInterval(ask, 20000);
  };

  // One page of this browser listens and tells the others; when it closes, another one takes its place.
  const listen = (channel) =>
    new Promise((release) => {
      const kept = [];
      const latest = {};
      const share = (news) => {
        hear(news);
        channel.postMessage(news);
        if (news.changes) kept.push(...news.changes);
        kept.splice(0, Math.max(0, kept.length - 500));
        for (const name of ["present", "unread"]) if (name in news) latest[name] = news[name];
      };
      const start = cursor;
      const stream = new EventSource(`${source.live}?after=${start}`);
      stream.addEventListener("changes", (event) => share({ changes: JSON.parse(event.data) }));
      stream.addEventListener("present", (event) => share({ present: JSON.parse(event.data) }));
      stream.addEventListener("unread", (event) => share({ unread: JSON.parse(event.data) }));
      stream.addEventListener("reset", (event) => share({ cursor: event.lastEventId, changes: [] }));
      const end = () => {
        stream.close();
        release();
      };
      stream.addEventListener("ended", end);
      stream.onopen = () => root.classList.add("live");
      stream.onerror = () => {
        root.classList.remove("live");
        if (stream.readyState !== EventSource.CLOSED) return;
        startAsking();
        end();
      };
      channel.addEventListener("message", (event) => {
        if (event.data.hello === undefined) return;
        const after = BigInt(event.data.hello);
        channel.postMessage({ ...latest, changes: kept.filter((change) => BigInt(change.seq) > after) });
      });
      window.addEventListener("pagehide", end);
    });

  const root = document.documentElement;
  if (navigator.locks && window.BroadcastChannel && window.EventSource) {
    const channel = new BroadcastChannel("liaison-live");
    channel.addEventListener("message", (event) => {
      if (event.data.hello === undefined) hear(event.data);
    });
    channel.postMessage({ hello: String(cursor) });
    navigator.locks.request("liaison-live", () => listen(channel)).catch(startAsking);
  } else {
    startAsking();
  }
  // A page taken from the browser's memory has missed what came meanwhile.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  const fill = (text, value) => text.replaceAll("$1", () => value);

  // The bell counts.
  on("unread", (count) => {
    const bell = document.querySelector("a.bell");
    if (!bell) return;
    let badge = bell.querySelector(".count");
    if (count === 0) return badge?.remove();
    if (!badge) {
      badge = document.createElement("b");
      badge.className = "count";
      bell.append(badge);
    }
    badge.textContent = count;
    bell.title = bell.dataset.unread.replace("$1", count);
    bell.setAttribute("aria-label", bell.title);
  });

  // A list says how much is new in it; it changes only by the link.
  const news = document.querySelector("[data-live-list]");
  if (news) {
    const start = String(cursor);
    let timer = 0;
    const count = async () => {
      timer = 0;
      const query = new URLSearchParams({ after: start, query: news.dataset.query });
      try {
        const answer = await fetch(`${news.dataset.liveList}?${query}`, { redirect: "error" });
        if (!answer.ok) return;
        const found = await answer.json();
        if (found.count === 0) return;
        news.querySelector("[data-text]").textContent = found.text;
        news.querySelector("a").hidden = false;
      } catch {
        // The next change asks again.
      }
    };
    on("changes", (changes) => {
      if (changes.some((change) => change.ticket && !change.own) && !timer) timer = setTimeout(count, 500);
    });
  }
  // Who reads or writes a ticket of the list, as initials at the line's edge.
  if (document.querySelector(".tickets")) {
    const words = document.querySelector("[data-live-words]")?.dataset;
    on("present", (present) => {
      for (const badge of document.querySelectorAll(".tickets .present")) badge.remove();
      for (const one of present) {
        const row = document.querySelector(`.tickets a.row[href="/tickets/${one.ticket}"]`);
        const line = row?.parentElement;
        if (!line || !words) continue;
        let place = line.querySelector(".present");
        if (!place) {
          place = document.createElement("span");
          place.className = "present";
          line.append(place);
        }
        place.append(sign(one, fill(one.mode === "writing" ? words.writing : words.reading, one.name)));
      }
    });
  }
  const sign = (one, title) => {
    const badge = document.createElement("bdi");
    badge.className = one.mode;
    badge.textContent = one.initials;
    badge.title = title;
    badge.setAttribute("role", "img");
    badge.setAttribute("aria-label", title);
    return badge;
  };

  const ticket = document.querySelector("[data-live-ticket]");
  if (!ticket) return;
  const words = ticket.dataset;

  // The ticket: a line says what came; the reader goes there when they want to.
  const kinds = {
    "message-arrived": "message", "message-joined": "message", "draft-sent": "answer", "note-added": "note",
  };
  const said = new Set();
  const line = ticket.querySelector("[data-news]");
  const announce = (change) => {
    const key = `${change.kind} ${change.subject}`;
    if (said.has(key) || document.getElementById(`m${change.subject}`)) return;
    said.add(key);
    const kind = kinds[change.kind];
    const text = document.createElement("p");
    text.textContent = change.by ? fill(words[`${kind}By`] ?? words[kind], change.by) : words[kind];
    const link = document.createElement("a");
    link.href = `${location.pathname}#m${change.subject}`;
    link.textContent = words.show;
    // The same page with another anchor would not be loaded again; the draft is saved before.
    link.addEventListener("click", (event) => {
      event.preventDefault();
      history.replaceState(null, "", link.href);
      location.reload();
    });
    line.replaceChildren(text, link);
    line.classList.add("shown");
  };

  // State and owner change in place, once the pointer is elsewhere.
  const header = document.querySelector(".ticket-header .line");
  const update = (said) => {
    const state = header.querySelector(".state");
    if (state && state.textContent !== said.label) {
      state.textContent = said.label;
      state.className = `state ${said.state}`;
    }
    const owner = header.querySelector("[data-owner]");
    const name = said.owner ?? said.nobody;
    if (owner && owner.textContent !== name) {
      owner.textContent = name;
      owner.classList.toggle("none", said.owner === null);
    }
  };
  let waiting = null;
  const whenFree = () => {
    if (waiting === null || header.matches(":hover")) return;
    update(waiting);
    waiting = null;
  };
  header?.addEventListener("pointerleave", () => setTimeout(whenFree, 50));
  const refresh = async () => {
    try {
      const answer = await fetch(words.header, { redirect: "error" });
      if (answer.ok) waiting = await answer.json();
      whenFree();
    } catch {
      // The next change asks again.
    }
  };
  on("changes", (changes) => {
    const own = changes.filter((change) => change.ticket === words.liveTicket);
    for (const change of own) if (kinds[change.kind] && change.subject) announce(change);
    if (own.length > 0 && header) refresh();
  });

  // Who else is here.
  const people = ticket.querySelector("[data-people]");
  on("present", (present) => {
    const here = present.filter((one) => one.ticket === words.liveTicket);
    people.replaceChildren(
      ...here.map((one) => {
        const item = document.createElement("li");
        item.className = one.mode;
        item.append(fill(one.mode === "writing" ? words.writing : words.reading, `\u2068${one.name}\u2069`));
        return item;
      }),
    );
  });

  // What this page tells of its reader: reading while it is in view, writing for two minutes after the last key.
  const random = crypto.getRandomValues(new Uint8Array(8));
  const page = [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const token = document.querySelector("input[name=form-token]")?.value;
  let typed = 0;
  let told = "gone";
  const mode = () => {
    if (Date.now() - typed < 120000) return "writing";
    return document.visibilityState === "visible" ? "reading" : "gone";
  };
  const body = (value) => new URLSearchParams({ "form-token": token, page, mode: value });
  const tellPresence = async (isDue) => {
    const now = mode();
    if (now === told && (!isDue || now === "gone")) return;
    told = now;
    const options = { method: "POST", body: body(now), redirect: "error", keepalive: true };
    await fetch(words.presence, options).catch(() => {});
  };
  if (token) {
    document.addEventListener("visibilitychange", () => tellPresence(false));
    document.querySelector(".thread")?.addEventListener("input", (event) => {
      if (!event.target.matches("textarea")) return;
      typed = Date.now();
      tellPresence(false);
    });
    document.addEventListener("submit", () => (typed = 0));
    window.addEventListener("pagehide", () => {
      told = "gone";
      navigator.sendBeacon(words.presence, body("gone"));
    });
    setInterval(() => tellPresence(true), 20000);
    tellPresence(false);
  }

  // @ in a note offers the colleagues who may see it.
  const note = document.querySelector(".note-form textarea");
  if (!note) return;
  let names = null;
  const offer = document.createElement("ul");
  offer.className = "mentions";
  offer.hidden = true;
  offer.setAttribute("role", "listbox");
  offer.setAttribute("aria-label", words.colleagues);
  offer.id = "mentions";
  note.after(offer);
  note.setAttribute("aria-controls", offer.id);
  const begun = () => note.value.slice(0, note.selectionStart).match(/(?:^|[\s(])@([^@\n]{0,30})$/u);
  const choose = (name) => {
    const found = begun();
    if (!found) return;
    const start = note.selectionStart - found[1].length;
    note.setRangeText(`${name} `, start, note.selectionStart, "end");
    offer.hidden = true;
    note.focus();
  };
  const select = (option) => {
    for (const one of offer.children) one.setAttribute("aria-selected", String(one === option));
    note.setAttribute("aria-activedescendant", option?.id ?? "");
  };
  const suggest = async () => {
    const found = begun();
    if (!found) return (offer.hidden = true);
    if (names === null) {
      names = [];
      try {
        const answer = await fetch(words.people, { redirect: "error" });
        if (answer.ok) names = await answer.json();
      } catch {
        names = null;
        return;
      }
    }
    const start = found[1].toLocaleLowerCase();
    const fitting = names.filter(({ name }) => {
      const lower = name.toLocaleLowerCase();
      return [lower, ...lower.split(/\s+/)].some((part) => part.startsWith(start));
    });
    offer.replaceChildren(
      ...fitting.slice(0, 8).map(({ name, away }, index) => {
        const option = document.createElement("li");
        option.id = `mention-${index}`;
        option.setAttribute("role", "option");
        option.dir = "auto";
        option.textContent = name;
        option.dataset.name = name;
        if (away) {
          const sign = document.createElement("span");
          sign.className = "meta";
          sign.textContent = ` (${away})`;
          option.append(sign);
        }
        option.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          choose(name);
        });
        return option;
      }),
    );
    offer.hidden = offer.children.length === 0;
    select(offer.firstElementChild);
  };
  note.addEventListener("input", suggest);
  note.addEventListener("blur", () => (offer.hidden = true));
  note.addEventListener("keydown", (event) => {
    if (offer.hidden || event.isComposing) return;
    const now = offer.querySelector("[aria-selected=true]");
    if (event.key === "Enter" || event.key === "Tab") choose(now.dataset.name);
    else if (event.key === "ArrowDown") select(now.nextElementSibling ?? offer.firstElementChild);
    else if (event.key === "ArrowUp") select(now.previousElementSibling ?? offer.lastElementChild);
    else if (event.key === "Escape") offer.hidden = true;
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
})();
