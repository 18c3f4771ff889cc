"use strict";
// On a narrow screen the tab one is on is brought into view, without moving the page.
(() => {
  for (const tabs of document.querySelectorAll(".tabs")) {
    const current = tabs.querySelector("[aria-current]");
    if (!current || tabs.scrollWidth <= tabs.clientWidth) continue;
    const [outer, inner] = [tabs.getBoundingClientRect(), current.getBoundingClientRect()];
    tabs.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
  }
})();
