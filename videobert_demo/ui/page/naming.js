// Gradio has names for some of its buttons that a screen reader reads out in English on every page, such as
// "play-pause-replay-button". Here they are called in the page's language; the header says how.
(() => {
  const ATTRIBUTES = ["aria-label", "title"];
  let names = null;

  const nameOf = (theirs) => {
    if (Object.hasOwn(names, theirs)) return names[theirs];
    const start = Object.keys(names).find((one) => one.endsWith(" ") && theirs.startsWith(one));
    return start && names[start].replace("{label}", theirs.slice(start.length));
  };
  const rename = (element) => {
    for (const attribute of ATTRIBUTES) {
      const name = element.hasAttribute(attribute) && nameOf(element.getAttribute(attribute));
      if (name && name !== element.getAttribute(attribute)) element.setAttribute(attribute, name);
    }
  };
  const renameAll = (root) => {
    rename(root);
    for (const element of root.querySelectorAll("[aria-label], [title]")) rename(element);
  };

  new MutationObserver((changes) => {
    if (names === null) {
      const header = document.querySelector("[data-names]");
      if (!header) return;
      names = JSON.parse(header.dataset.names);
      renameAll(document.body);
    }
    for (const { type, target, addedNodes } of changes) {
      if (type === "attributes") rename(target);
      for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) renameAll(node);
    }
  }).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ATTRIBUTES });
})();
