// The page's address says what is shown: tab, example, question, word, sentence. So a link to an example's answer can be
// shared, and a reload, or coming back, brings everything back. A clip of one's own is not in the address: only this window
// remembers it, for as long as the server keeps it, and to anyone else the link says that the clip is gone.
(() => {
  const page = (window.videobert ??= {});
  const opened = new URLSearchParams(location.search); // before anything writes into it
  const pending = { q: opened.get("q"), word: opened.get("word"), s: opened.get("s") };
  let isGone = false;
  let isBack = false; // whether what the address named has been brought back

  const memory = {
    read(name) {
      try { return JSON.parse(sessionStorage.getItem(`vb-${name}`)); } catch { return null; }
    },
    keep(name, value) {
      try { sessionStorage.setItem(`vb-${name}`, JSON.stringify(value)); } catch { /* storage is turned off */ }
    },
  };

  page.note = (changes) => {
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(changes)) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(history.state, "", address);
  };

  // The name of the tab that is open. That one of them was opened may be told after the next one was.
  page.openedTab = () => document.querySelector("#vb-right [role=tab][aria-selected=true]")?.id.match(/^vb-tab-(\w+)-button$/)?.[1] ?? "";
  // Until all is back the first tab is open, which must not take the place of the one that is still to be opened.
  page.noteTab = () => { if (isBack) page.note({ tab: page.openedTab() }); };

  const exampleAt = (path) => {
    const name = path.includes("/examples/") ? path.split("/").pop() : "";
    return name && document.querySelector(`[data-example][data-file="${CSS.escape(name)}"]`) ? name.replace(/\.[^.]*$/, "") : "";
  };
  const keyOf = (example, clip) => (example ? `example ${example}` : clip ? clip.path : "");

  // Another clip: what was asked about the one before is forgotten.
  page.rememberClip = (clip) => {
    const example = clip ? exampleAt(clip.path) : "";
    const key = keyOf(example, clip);
    const isSame = memory.read("key") === key || (example && opened.get("example") === example && !memory.read("key"));
    page.note({ example, clip: clip && !example ? "mine" : "", ...(isSame ? {} : { q: "", word: "" }) });
    if (!isSame) memory.keep("asked", null);
    memory.keep("key", key);
    memory.keep("clip", clip && !example ? clip : null);
  };
  // Many files: the server finds this window's rows again after a reload by a name that only this window knows.
  page.manyWindow = () => {
    if (!memory.read("many")) memory.keep("many", [...crypto.getRandomValues(new Uint8Array(16))].join("-"));
    return memory.read("many");
  };
  page.noteQuestion = (q) => { if (q.trim()) page.note({ q }); };
  page.rememberAsked = (q, asked) => {
    if (!asked) return; // the answer was about a clip that is gone
    page.note({ q });
    memory.keep("asked", asked);
  };

  // What the server needs in order to bring things back.
  page.wanted = async () => {
    const example = opened.get("example") ?? "";
    const mine = opened.get("clip") ? memory.read("clip") : null;
    if (opened.get("clip")) {
      const isThere = mine && await fetch(new URL(mine.url).pathname, { method: "HEAD" }).then((answer) => answer.ok, () => false);
      if (isThere) page.mine = mine;
      else {
        isGone = true;
        page.note({ clip: "", q: "", word: "" });
        pending.q = pending.word = null;
      }
    }
    const key = keyOf(example, page.mine);
    const isKnown = key !== "" && memory.read("key") === key;
    if (!isKnown) memory.keep("key", null);
    return { tab: opened.get("tab"), example, ...pending, asked: isKnown ? memory.read("asked") : null, many: memory.read("many") };
  };
  page.bringBack = () => {
    isBack = true;
    page.noteTab();
    if (page.mine) page.bring(page.mine);
    if (isGone) page.tell(document.querySelector("[data-uploading]").dataset.gone, true);
  };

  // Presses the buttons once what they need is there: the text that the server has filled in, the words of the caption.
  const filled = (selector) => document.querySelector(`${selector} :is(textarea, input)`)?.value;
  const resume = {
    q: (q) => {
      const button = document.querySelector("#vb-ask-button:not([disabled])");
      if (!button || !document.querySelector("#vb-ask-chips [data-question]") || filled("#vb-ask-question") !== q) return false;
      button.click();
      return true;
    },
    word: (word) => {
      const words = [...document.querySelectorAll("#vb-attend-words [data-word]")];
      if (!words.length || filled("#vb-attend-word") !== word) return false;
      (words.find((one) => one.textContent === word) ?? document.querySelector("#vb-attend-typed button")).click();
      return true;
    },
    s: (sentence) => {
      const button = document.querySelector("#vb-search-row button");
      if (!button || filled("#vb-search-text") !== sentence) return false;
      button.click();
      return true;
    },
  };
  const resumeAll = () => {
    for (const [name, value] of Object.entries(pending)) if (value && resume[name](value)) pending[name] = null;
    if (Object.values(pending).some(Boolean)) return;
    observer.disconnect();
    clearInterval(looking);
  };
  const observer = new MutationObserver(resumeAll);
  observer.observe(document.documentElement, { childList: true, subtree: true });
  const looking = setInterval(resumeAll, 500); // a text that is filled in, or a button that is set free, is no such change

  document.addEventListener("click", (event) => {
    const word = event.target.closest?.("#vb-attend-words [data-word]");
    if (word) page.note({ word: word.textContent });
  });
})();
