// Whoever waits reads a sentence instead of Gradio's "queue: 2/3", and sees how far the work is: the bar fills as the seconds
// pass that such work took before, and never says that all is done before it is.
(() => {
  const FULLEST = 0.97;
  const TICK_MILLISECONDS = 200;
  const fill = () => {
    for (const work of document.querySelectorAll(".vb-progress[data-expected]")) {
      const { expected, later, done, share, left, late } = work.dataset;
      const began = Number(work.dataset.began ??= performance.now());
      const seconds = (performance.now() - began) / 1000;
      const passed = Math.min(FULLEST, seconds / Math.max(Number(expected), 0.05));
      const filled = Number(done) + Number(share) * passed;
      const remaining = Number(expected) - seconds + Number(later);
      work.querySelector(".vb-progress-track span").style.width = `${(filled * 100).toFixed(1)}%`;
      work.setAttribute("aria-valuenow", String(Math.round(filled * 100)));
      work.querySelector(".vb-progress-left").textContent = remaining > 0
        ? left.replace("{seconds}", String(Math.ceil(remaining))) : seconds > 2 * (Number(expected) + 1) ? late : "";
    }
  };
  setInterval(fill, TICK_MILLISECONDS);

  // Gradio's own words stay, because Gradio updates them; the style sheet shows the sentence instead of them.
  const tellQueue = () => {
    const sentence = document.querySelector("[data-queue-text]")?.dataset.queueText ?? "";
    for (const words of document.querySelectorAll(".progress-text")) {
      const [, position, size] = words.textContent.match(/queue: (\d+)\/(\d+)/) ?? [];
      if (position === undefined) words.removeAttribute("data-queue");
      else words.dataset.queue = sentence.replace("{position}", position).replace("{size}", size);
    }
  };

  new MutationObserver(tellQueue).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
})();
