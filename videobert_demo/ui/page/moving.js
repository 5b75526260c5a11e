// Ways around the page: arrow keys move between tabs, on a phone the page goes to the answer when a clip arrives, and a button
// changes the language.
(() => {
  const narrow = window.matchMedia("(max-width: 760px)");

  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.("[role=tab]");
    if (!tab || event.ctrlKey || event.altKey || event.metaKey) return;
    const tabs = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")].filter((one) => one.offsetParent !== null);
    const at = tabs.indexOf(tab);
    const next = {
      ArrowRight: tabs[(at + 1) % tabs.length],
      ArrowLeft: tabs[(at - 1 + tabs.length) % tabs.length],
      Home: tabs[0],
      End: tabs[tabs.length - 1],
    }[event.key];
    if (!next) return;
    event.preventDefault();
    next.click();
    next.focus();
  });

  // Only when somebody has just chosen a clip, not while they read.
  let chosenAt = -Infinity;
  for (const name of ["click", "drop", "change"]) {
    document.addEventListener(name, (event) => {
      if (event.target.closest?.("#vb-left, #vb-search-use") || name === "drop") chosenAt = performance.now();
    }, true);
  }
  document.addEventListener("loadstart", (event) => {
    if (!narrow.matches || !event.target.closest?.("#vb-clip") || performance.now() - chosenAt > 120000) return;
    chosenAt = -Infinity;
    document.querySelector("#vb-right")?.scrollIntoView({ behavior: "smooth", block: "start" });
  }, true);

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-language]");
    if (!button) return;
    document.cookie = `vb_language=${button.dataset.language}; path=/; max-age=31536000; samesite=lax`;
    location.reload();
  });
})();
