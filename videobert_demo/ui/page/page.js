// What the page does by itself: a frame leads to its moment in the clip, the card of the example that plays is marked and
// credited, a clip that the browser cannot play says so, and who waits reads a sentence in place of Gradio's "queue: 2/3".
// All of it listens on the document, because Gradio redraws what is inside.
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
    event.stopImmediatePropagation(); // Gradio would raise an alarm; a file that only the server can read is fine.
    tellUnplayable(true);
  });
  // Gradio's words stay where they are, for Gradio to change; the style sheet shows the sentence in their place.
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
