// The clip stays in sight and is silent until somebody wants to hear it; on a phone it plays on in a corner once it has been
// scrolled away. The film with the heat plays in step with it.
(() => {
  const narrow = window.matchMedia("(max-width: 760px)");
  const clip = () => document.querySelector("#vb-clip video");
  const film = () => document.querySelector("#vb-attend-video video");
  const MAX_LAG_SECONDS = 0.25;

  // Silent at first, whatever is loaded: nothing speaks before somebody turns its sound on.
  document.addEventListener("loadstart", (event) => {
    if (event.target instanceof HTMLVideoElement) event.target.muted = true;
  }, true);

  // Smaller once the page is scrolled. Two marks, so that the page does not tremble between them. What the style sheet asks
  // for is on an element inside Gradio's, because Gradio puts its own class before every rule for small windows.
  const mark = (name, isSet) => document.querySelector("#vb-main")?.toggleAttribute(name, isSet);
  // On a phone the clip is gone for two frames on its way into the corner and back, so that for the browser nothing jumps.
  let isMoving = false;
  const shrink = (isSmall) => {
    if (!narrow.matches) {
      mark("data-scrolled", isSmall);
      return;
    }
    isMoving = true;
    mark("data-moving", true);
    requestAnimationFrame(() => requestAnimationFrame(() => {
      mark("data-scrolled", isSmall);
      mark("data-moving", false);
      isMoving = false;
      lookSoon();
    }));
  };
  const isInSight = (video) => {
    const { top, bottom, height } = video.getBoundingClientRect();
    return height > 0 && bottom > 0 && top < innerHeight;
  };
  const look = () => {
    mark("data-other-player", [...document.querySelectorAll("#vb-right video")].some(isInSight)); // one is enough for a phone
    if (isMoving) return;
    const stage = document.querySelector("#vb-stage");
    if (!stage || !clip()) {
      mark("data-scrolled", false);
      return;
    }
    const isSmall = document.querySelector("#vb-main").hasAttribute("data-scrolled");
    const away = narrow.matches ? 80 - stage.getBoundingClientRect().bottom : window.scrollY - 140;
    if (isSmall ? away < -60 : away > 0) shrink(!isSmall);
  };
  let isWaiting = false;
  const lookSoon = () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => { isWaiting = false; look(); });
  };
  document.addEventListener("scroll", lookSoon, { passive: true, capture: true });
  narrow.addEventListener("change", lookSoon);
  document.addEventListener("loadstart", () => { mark("data-mini-off", false); lookSoon(); }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.(".vb-mini-close")) mark("data-mini-off", true);
  });

  // Of all hits and rows, the one that plays is marked.
  (window.videobert ??= {}).markPlaying = (chosen) => {
    for (const one of document.querySelectorAll("[data-hit], [data-play]")) one.setAttribute("aria-pressed", String(one === chosen));
  };

  // In step: what one of the two does, the other does too; not if the film is of a part, whose time is its own.
  const other = (video) => {
    if (!film() || film().offsetParent === null) return null;
    if (!clip() || !(Math.abs(film().duration - clip().duration) < 1)) return null;
    if (video === clip()) return film();
    return video === film() ? clip() : null;
  };
  const inStep = (name, act) => document.addEventListener(name, ({ target }) => {
    const twin = target instanceof HTMLVideoElement ? other(target) : null;
    if (twin && twin.readyState > 0) act(target, twin);
  }, true);
  const follow = (video, twin) => {
    if (Math.abs(video.currentTime - twin.currentTime) > MAX_LAG_SECONDS) twin.currentTime = video.currentTime;
  };
  inStep("play", (video, twin) => { follow(video, twin); if (twin.paused) twin.play().catch(() => {}); });
  inStep("pause", (video, twin) => { if (!video.ended && !twin.paused) twin.pause(); });
  inStep("seeked", (video, twin) => { if (!twin.seeking) follow(video, twin); });
  inStep("timeupdate", (video, twin) => { if (video === film() && !video.seeking && !twin.seeking) follow(video, twin); });
})();
