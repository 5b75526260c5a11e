// Gradio has names for some of its buttons that a screen reader reads out in English on every page, such as
// "play-pause-replay-button", and its panel "Use via API" is English. Here they are in the page's language; the header says
// how. What stands in code is left alone.
(() => {
  const ATTRIBUTES = ["aria-label", "title", "alt"];
  let names = null;
  let panel = []; // pairs: a pattern for a whole piece of text, what to write

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
  const patternOf = (theirs) => {
    const escaped = theirs.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
    return new RegExp(`^${escaped.replace(/\{(\w+)\}/g, "(?<$1>.*)")}$`, "s");
  };
  const translate = (text) => {
    const theirs = text.data.replace(/\s+/g, " ").trim();
    if (!theirs || text.parentElement?.closest("pre, code, .code")) return;
    for (const [pattern, ours] of panel) {
      const found = theirs.match(pattern);
      if (!found) continue;
      text.data = ours.replace(/\{(\w+)\}/g, (_, name) => found.groups[name]);
      return;
    }
  };
  const translateAll = (root) => {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) translate(texts.currentNode);
  };
  const renameAll = (root) => {
    rename(root);
    for (const element of root.querySelectorAll("[aria-label], [title], [alt]")) rename(element);
    if (!panel.length) return;
    if (root.closest(".api-docs-wrap")) translateAll(root);
    else for (const one of root.querySelectorAll(".api-docs-wrap")) translateAll(one);
  };

  new MutationObserver((changes) => {
    if (names === null) {
      const header = document.querySelector("[data-names]");
      if (!header) return;
      names = JSON.parse(header.dataset.names);
      panel = Object.entries(JSON.parse(header.dataset.apiPanel)).map(([theirs, ours]) => [patternOf(theirs), ours]);
      renameAll(document.body);
    }
    for (const { type, target, addedNodes } of changes) {
      if (type === "attributes") rename(target);
      if (type === "characterData" && panel.length && target.parentElement?.closest(".api-docs-wrap")) translate(target);
      for (const node of addedNodes) {
        if (node.nodeType === Node.ELEMENT_NODE) renameAll(node);
        else if (node.nodeType === Node.TEXT_NODE && panel.length && node.parentElement?.closest(".api-docs-wrap")) translate(node);
      }
    }
  }).observe(document.documentElement, { childList: true, subtree: true, characterData: true, attributeFilter: ATTRIBUTES });
})();
