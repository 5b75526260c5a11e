// What the page does in the browser: a click on a frame leads to its moment in the clip; the card of the example that is
// playing is marked, and its makers are named; a note says if the browser cannot play the clip; and whoever waits reads a
// sentence instead of Gradio's "queue: 2/3". It listens on the document, because Gradio redraws everything inside it.
(() => {
  const narrow = window.matchMedia("(max-width: 760px)");

  document.addEventListener("click", (event) => {
    const frame = event.target.closest("[data-seek-seconds]");
    const video = document.querySelector("#vb-clip video");
    if (!frame || !video) return;
    video.pause();
    video.currentTime = Number(frame.dataset.seekSeconds);
    if (narrow.matches) video.scrollIntoView({ behavior: "smooth", block: "center" });
  });

  const tellUnplayable = (unplayable) => {
    const note = document.querySelector(".vb-unplayable");
    if (note) note.hidden = !unplayable;
  };

  const markExample = (address) => {
    let playing = null;
    for (const card of document.querySelectorAll("[data-example]")) {
      const chosen = address !== "" && decodeURIComponent(address).endsWith("/" + card.dataset.file);
      card.setAttribute("aria-pressed", String(chosen));
      if (chosen) playing = card;
    }
    const credit = document.querySelector(".vb-credit");
    const limits = document.querySelector(".vb-limits");
    if (!credit || !limits) return;
    credit.textContent = playing ? playing.title : "";
    credit.hidden = !playing;
    limits.hidden = Boolean(playing);
  };

  // Media events do not bubble: they are caught on their way down.
  const onClip = (name, act) => document.addEventListener(name, (event) => {
    if (event.target instanceof HTMLVideoElement && event.target.closest("#vb-clip")) act(event);
  }, true);
  onClip("loadstart", (event) => { tellUnplayable(false); markExample(event.target.currentSrc || event.target.src); });
  onClip("emptied", () => { tellUnplayable(false); markExample(""); });
  onClip("error", (event) => {
    event.stopImmediatePropagation(); // Gradio would show an error, but it is fine if only the server can read the file.
    tellUnplayable(true);
  });
  // Gradio's own words stay, because Gradio updates them; the style sheet shows the sentence instead of them.
  const tellQueue = () => {
    const sentence = document.querySelector("[data-queue-text]")?.dataset.queueText ?? "";
    for (const words of document.querySelectorAll(".progress-text")) {
      const [, position, size] = words.textContent.match(/queue: (\d+)\/(\d+)/) ?? [];
      if (position === undefined) words.removeAttribute("data-queue");
      else words.dataset.queue = sentence.replace("{position}", position).replace("{size}", size);
    }
  };

  new MutationObserver(() => {
    if (!document.querySelector("#vb-clip video")) { tellUnplayable(false); markExample(""); }
    tellQueue();
  }).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
})();
