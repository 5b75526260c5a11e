// What the player does beside playing: a click on a frame leads to its moment in the clip; the card of the example that is
// playing is marked, and its makers are named; what the browser cannot play is shown through a small preview. It listens on
// the document, because Gradio redraws everything inside it.
(() => {
  const page = (window.videobert ??= {});
  const narrow = window.matchMedia("(max-width: 760px)");
  let unplayable = ""; // the address of what cannot be played, while its preview is made or shown

  document.addEventListener("click", (event) => {
    const frame = event.target.closest("[data-seek-seconds]");
    const video = document.querySelector("#vb-clip video");
    if (!frame || !video) return;
    video.pause();
    video.currentTime = Number(frame.dataset.seekSeconds);
    if (narrow.matches) page.show(video, "center");
  });

  const tellUnplayable = (state) => {
    const note = document.querySelector(".vb-unplayable");
    if (!note) return;
    note.hidden = state === "";
    note.textContent = state === "" ? "" : note.dataset[state];
  };

  const markExample = (address) => {
    let playing = null;
    for (const card of document.querySelectorAll("[data-example]")) {
      const chosen = address !== "" && decodeURIComponent(address).endsWith("/examples/" + card.dataset.file);
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

  page.showPreview = (file) => {
    const video = document.querySelector("#vb-clip video");
    if (!video || unplayable === "" || video.src !== unplayable) return; // another clip is there by now
    if (!file) {
      tellUnplayable("failed");
      return;
    }
    video.dataset.preview = file.url;
    video.src = file.url;
    tellUnplayable("shown");
  };

  // Media events do not bubble: they are caught on their way down.
  const onClip = (name, act) => document.addEventListener(name, (event) => {
    if (event.target instanceof HTMLVideoElement && event.target.closest("#vb-clip")) act(event);
  }, true);
  onClip("loadstart", ({ target }) => {
    if (target.dataset.preview && target.src.endsWith(target.dataset.preview)) return;
    unplayable = "";
    tellUnplayable("");
    markExample(target.currentSrc || target.src);
  });
  onClip("emptied", ({ target }) => {
    if (target.src && target.src === unplayable) return;
    if (!target.dataset.preview) tellUnplayable("");
    markExample("");
  });
  onClip("error", (event) => {
    event.stopImmediatePropagation(); // Gradio would show an error, but it is fine if only the server can read the file.
    const { src, dataset } = event.target;
    if (dataset.preview) {
      tellUnplayable("failed");
      return;
    }
    unplayable = src;
    tellUnplayable("making");
    page.wantPreview?.();
  });

  new MutationObserver(() => {
    if (document.querySelector("#vb-clip video")) return;
    unplayable = "";
    tellUnplayable("");
    markExample("");
  }).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
})();
