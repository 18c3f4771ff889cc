"use strict";
// An empty field with dir=auto is written from the left, whatever the page: it begins where the page does.
(() => {
  const follow = (field) => {
    if (!field.matches?.("input[dir=auto], textarea[dir=auto]")) return;
    const isMirrored = document.documentElement.dir === "rtl";
    field.style.direction = isMirrored && field.value === "" ? "rtl" : "";
  };
  for (const kind of ["focusin", "input"]) document.addEventListener(kind, (event) => follow(event.target));
})();
