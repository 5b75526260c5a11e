// Ways around the page: arrow keys move between tabs, on a phone the page goes to the answer when a clip arrives or something
// is asked, what is read stays in its place, and a button changes the language.
(() => {
  const page = (window.videobert ??= {});
  const narrow = window.matchMedia("(max-width: 760px)");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  // Every script scrolls by these two, so that nothing glides past somebody who wants no motion.
  page.motion = () => (still.matches ? "auto" : "smooth");
  page.show = (element, block = "nearest") => element?.scrollIntoView({ behavior: page.motion(), block });

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
    page.show(document.querySelector("#vb-right"), "start");
  }, true);

  // Scenes and chapters come above what is read, which stays in its place. Most browsers see to that; Safari does not.
  const keepsPlaces = () => getComputedStyle(document.documentElement).overflowAnchor === "auto";
  let height = null; // of what stands above, in pixels
  const above = new ResizeObserver(([{ target }]) => {
    const by = target.offsetHeight - (height ?? target.offsetHeight);
    height = target.offsetHeight;
    if (!by || !narrow.matches || keepsPlaces() || window.scrollY === 0) return;
    const top = document.querySelector("#vb-right").getBoundingClientRect().top - by;
    if (top < innerHeight / 2) window.scrollBy({ top: by, behavior: "instant" });
  });
  new MutationObserver((_, observer) => {
    const left = document.querySelector("#vb-left");
    if (!left) return;
    above.observe(left);
    observer.disconnect();
  }).observe(document.documentElement, { childList: true, subtree: true });

  // What was asked comes into sight if it is not: first the place where a bar tells how far the work is, then the answer, which
  // comes to the same place, or the sentence that refuses. Whoever scrolls meanwhile is left where they are.
  const BEGINS_WITHIN_MS = 10000;
  const SETTLES_AFTER_MS = 200; // what belongs to the answer, such as the player above the hits, takes its place with it
  let asked = null; // when, and in which place the answer is awaited
  let settling = 0;
  const forget = () => { asked = null; clearTimeout(settling); };
  const ask = () => { if (narrow.matches) asked = { at: performance.now(), place: null }; };
  const isSeen = (place) => {
    const { top, bottom } = place.getBoundingClientRect();
    const covered = parseFloat(getComputedStyle(place).scrollMarginTop);
    return top >= covered - 1 && (bottom <= innerHeight || top <= covered + innerHeight / 2);
  };
  const showUnseen = (place) => { if (!isSeen(place)) page.show(place, "start"); };

  document.addEventListener("click", ({ target }) => {
    if (target.closest?.("#vb-right :is(button, label, summary), #vb-neutral") && !target.closest("[role=tab], [data-take]")) ask();
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.closest?.("#vb-right :is(input, textarea)")) ask();
  }, true);
  for (const name of ["wheel", "touchmove"]) document.addEventListener(name, forget, { passive: true, capture: true });

  new MutationObserver((changes) => {
    if (!asked) return;
    if (asked.place) {
      if (asked.place.querySelector(".vb-progress")) return;
      const { place } = asked;
      asked = null;
      settling = setTimeout(() => showUnseen(place), SETTLES_AFTER_MS);
      return;
    }
    if (performance.now() - asked.at > BEGINS_WITHIN_MS) {
      asked = null;
      return;
    }
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        const told = node.matches?.(".vb-progress, [role=alert]") ? node : node.querySelector?.(".vb-progress, [role=alert]");
        const place = told?.offsetParent && told.closest("#vb-right [id^=vb-]");
        if (!place) continue;
        showUnseen(place);
        asked = told.matches(".vb-progress") ? { ...asked, place } : null;
        return;
      }
    }
  }).observe(document.documentElement, { childList: true, subtree: true });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-language]");
    if (!button) return;
    document.cookie = `vb_language=${button.dataset.language}; path=/; max-age=31536000; samesite=lax`;
    location.reload();
  });
})();
