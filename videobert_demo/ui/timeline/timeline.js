// What the timeline does in the browser: it marks the scene that is playing and shows its sentence, leads to a scene by
// click or arrow key, zooms, tells the server which scene was chosen, and shows what is said at the moment. Gradio runs this once, with `element`, the
// place of the timeline, `trigger`, which sends an event, and `watch`, which tells of another timeline.
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
const MOST_ZOOM = 16;
const SETTLED_MS = 250; // Whoever holds an arrow key down asks for the last scene only.
const INTO_SCENE_SECONDS = 0.005; // A browser that rounds down would show the frame before the cut.

let playing = -1, chosen = -1, zoom = 1, settling = 0, subtitled = "", said = [];

const player = () => document.querySelector("#vb-clip video");
const blocks = () => [...element.querySelectorAll("[data-scene]")];

const sceneAt = (scenes, seconds) => {
  const later = scenes.findIndex((scene) => Number(scene.dataset.start) > seconds + INTO_SCENE_SECONDS);
  return later === -1 ? scenes.length - 1 : Math.max(0, later - 1);
};

const bringIntoView = (block) => {
  const pane = block.closest(".vb-timeline-window");
  const left = block.parentElement.offsetLeft - pane.firstElementChild.offsetLeft, right = left + block.offsetWidth;
  if (left < pane.scrollLeft || right > pane.scrollLeft + pane.clientWidth)
    pane.scrollTo({ left: left - (pane.clientWidth - block.offsetWidth) / 2, behavior: window.videobert.motion() });
};

// Until a scene is chosen, the buttons that choose one name the scene that is playing.
const nameScope = (scenes) => {
  const { start, end } = scenes[playing].dataset;
  for (const button of document.querySelectorAll('[data-scope-text][aria-pressed="false"]')) {
    button.dataset.scope = playing;
    button.textContent = button.dataset.scopeText
      .replace("{number}", playing + 1).replace("{start}", clock(start)).replace("{end}", clock(end));
  }
};
const clock = (seconds) => {
  const tenths = Math.round(seconds * 10), minutes = Math.floor(tenths / 600), hours = Math.floor(minutes / 60);
  const tail = String(Math.floor(tenths / 10) % 60).padStart(2, "0") + "." + tenths % 10;
  return hours ? `${hours}:${String(minutes % 60).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
};

// The line that is said now; a line that was said last stays until the next one, a little paler.
const tellSaid = (seconds) => {
  const line = element.querySelector("[data-said]");
  if (!line) return;
  const last = said.findLast(([start]) => start <= seconds + INTO_SCENE_SECONDS);
  if (line.textContent !== (last?.[2] ?? "")) line.textContent = last?.[2] ?? "";
  line.classList.toggle("vb-said-over", Boolean(last) && last[1] < seconds);
};

const mark = (seconds) => {
  const scenes = blocks();
  if (!scenes.length) return;
  tellSaid(seconds);
  const index = sceneAt(scenes, seconds), { start, end } = scenes[index].dataset;
  scenes[index].style.setProperty("--played", Math.min(1, Math.max(0, (seconds - start) / (end - start))));
  if (index !== playing || !scenes[index].hasAttribute("aria-current")) {
    playing = index;
    scenes.forEach((scene, at) => {
      if (at === index) scene.setAttribute("aria-current", "true");
      else { scene.removeAttribute("aria-current"); scene.style.removeProperty("--played"); }
      if (!element.contains(document.activeElement)) scene.tabIndex = at === index ? 0 : -1;
    });
    for (const line of element.querySelectorAll("[data-sentence]")) line.hidden = Number(line.dataset.sentence) !== index;
    bringIntoView(scenes[index]);
  }
  nameScope(scenes);
};

const lead = (index) => {
  const start = Number(blocks()[index].dataset.start), video = player();
  if (video && video.readyState > 0) video.currentTime = start + INTO_SCENE_SECONDS;
  mark(start);
  chosen = index;
  markChosen();
  clearTimeout(settling);
  settling = setTimeout(() => trigger("select", { index }), SETTLED_MS);
};

const drawZoomed = () => {
  element.querySelector(".vb-timeline-track").style.setProperty("--zoom", zoom);
  for (const button of element.querySelectorAll("[data-zoom]"))
    button.disabled = button.dataset.zoom > 1 ? zoom === MOST_ZOOM : zoom === 1;
};

// The scenes' sentences, or what is said, as subtitles, for who watches on the full screen. One of the two is shown at a
// time. The tracks belong to the player, and go with it.
const cuesOf = {
  scenes: () => blocks().map((scene, at) => [
    Number(scene.dataset.start), Number(scene.dataset.end),
    element.querySelector(`[data-sentence="${at}"] .vb-scene-caption`).textContent,
  ]),
  said: () => said,
};
const showSubtitles = (chosen) => {
  const video = player();
  if (!video) return;
  subtitled = chosen;
  for (const button of element.querySelectorAll("[data-subtitles]")) {
    const name = button.dataset.subtitles, label = button.textContent.trim(), wanted = name === chosen;
    button.setAttribute("aria-pressed", String(wanted));
    const track = [...video.textTracks].find((one) => one.label === label) ?? video.addTextTrack("subtitles", label, "en");
    track.mode = wanted ? "showing" : "hidden"; // a disabled track has no cues
    for (const cue of [...track.cues]) track.removeCue(cue);
    if (wanted) for (const [start, end, text] of cuesOf[name]()) track.addCue(new VTTCue(start, end, text));
  }
};

element.addEventListener("click", (event) => {
  const block = event.target.closest("[data-scene]"), zooming = event.target.closest("[data-zoom]");
  const subtitles = event.target.closest("[data-subtitles]");
  if (block) lead(Number(block.dataset.scene));
  if (event.target.closest("[data-stop-scenes]")) trigger("stop");
  if (subtitles) showSubtitles(subtitles.getAttribute("aria-pressed") === "true" ? "" : subtitles.dataset.subtitles);
  if (zooming) {
    zoom = Math.min(MOST_ZOOM, Math.max(1, zoom * Number(zooming.dataset.zoom)));
    drawZoomed();
    if (playing >= 0) bringIntoView(blocks()[playing]);
  }
});

element.addEventListener("keydown", (event) => {
  const block = event.target.closest("[data-scene]");
  if (!block || event.altKey || event.ctrlKey || event.metaKey) return;
  const scenes = blocks(), ends = { Home: 0, End: scenes.length - 1 };
  let index = ends[event.key];
  if (event.key in STEPS) index = Math.min(scenes.length - 1, Math.max(0, Number(block.dataset.scene) + STEPS[event.key]));
  if (index === undefined) return;
  event.preventDefault();
  scenes.forEach((scene, at) => { scene.tabIndex = at === index ? 0 : -1; });
  scenes[index].focus({ preventScroll: true });
  lead(index);
});

// The block of the scene that questions are about has a dot. A tab that nobody has opened yet has no buttons to ask.
const markChosen = () => {
  for (const scene of blocks()) scene.toggleAttribute("data-chosen", Number(scene.dataset.scene) === chosen);
};
document.addEventListener("vb-scope-drawn", () => {
  const pressed = document.querySelector('[data-scope][aria-pressed="true"]');
  if (pressed) chosen = Number(pressed.dataset.scope);
  markChosen();
  if (playing >= 0 && blocks().length) nameScope(blocks());
});

// Media events do not bubble: they are caught on their way down.
for (const name of ["timeupdate", "seeking", "loadedmetadata"])
  document.addEventListener(name, (event) => { if (event.target === player()) mark(event.target.currentTime); }, true);

watch("value", () => {
  if (!blocks().length) {
    zoom = 1;
    chosen = -1;
    subtitled = "";
    said = [];
    return;
  }
  said = JSON.parse(element.querySelector("[data-lines]")?.dataset.lines ?? "[]");
  playing = -1;
  drawZoomed();
  mark(player()?.currentTime ?? 0);
  markChosen();
  if (subtitled) showSubtitles(subtitled);
});
