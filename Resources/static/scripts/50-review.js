"use strict";
// A comment is about what is marked in the passage; without a mark, about all of it.
document.addEventListener("selectionchange", () => {
  const marked = document.getSelection();
  const node = marked && marked.anchorNode;
  const passage = node && (node.nodeType === 1 ? node : node.parentElement).closest(".review-form .passage");
  const words = passage ? marked.toString().trim() : "";
  if (!words || !passage.querySelector("p.text").contains(node)) return;
  passage.querySelector("input[type=hidden]").value = words;
  passage.querySelector("details").open = true;
});
