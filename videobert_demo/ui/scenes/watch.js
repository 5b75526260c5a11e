// The rows of a watch list, and the camera. Runs in the component that shows the rows, with its `element` and `trigger`.
// Pictures of the camera are drawn small, sent one at a time while the page is seen, and kept nowhere.
const PICTURE_SIDE = 384, SENT_EVERY_MS = 1000, LOOKS_EVERY_MS = 50, PATIENCE_MS = 8000;
let camera = null, timer = 0, sent = 0;

const rows = () =>
  [...element.querySelectorAll("[data-watch-row]")].map((row) =>
    Object.fromEntries([...row.querySelectorAll("[data-field]")].map((field) => [field.dataset.field, field.value])),
  );
const isDemo = () => Boolean(element.querySelector("[data-watch-about]")); // what is said of a list stays above its rows
const note = (name) => {
  const told = element.querySelector("[data-live-note]");
  if (told) told.textContent = name ? told.dataset[name] : "";
};
const show = (isLive) => {
  element.querySelector("[data-live-picture]")?.toggleAttribute("hidden", !isLive);
  element.querySelector("[data-live]")?.toggleAttribute("hidden", isLive);
  element.querySelector("[data-live-stop]")?.toggleAttribute("hidden", !isLive);
};
const stop = (why = "") => {
  if (!camera) return;
  clearTimeout(timer);
  for (const track of camera.getTracks()) track.stop();
  camera = null;
  show(false);
  note(why);
  trigger("stop");
};
const answered = () => {
  const told = document.querySelector("#vb-live-view [data-sent]");
  return !sent || (told && Number(told.dataset.sent) >= sent);
};
const look = async (canvas = document.createElement("canvas")) => {
  const video = element.querySelector("[data-live-picture]");
  if (!camera || !video) return;
  if (!element.checkVisibility()) return stop("hidden"); // another tab of the page was opened
  const waited = Date.now() - sent;
  if (video.videoWidth && ((answered() && waited >= SENT_EVERY_MS) || waited > PATIENCE_MS)) {
    const scale = Math.min(1, PICTURE_SIDE / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    const isFirst = !sent;
    sent = Date.now();
    trigger("upload", { at: sent, picture: canvas.toDataURL("image/jpeg", 0.8), rows: isFirst ? rows() : null });
  }
  timer = setTimeout(look, LOOKS_EVERY_MS, canvas);
};
const start = async () => {
  if (!navigator.mediaDevices?.getUserMedia) return note("missing");
  note("asking");
  try {
    camera = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 } }, audio: false });
  } catch {
    return note("refused");
  }
  const video = element.querySelector("[data-live-picture]");
  video.srcObject = camera;
  sent = 0;
  show(true);
  note("running");
  await video.play().catch(() => {});
  look();
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("watchCheck" in button.dataset) trigger("submit", { action: "check", rows: rows() });
  if ("watchAdd" in button.dataset) trigger("submit", { action: "add", rows: rows(), demo: isDemo() });
  if ("watchDrop" in button.dataset) 
    trigger("submit", { action: "drop", rows: rows(), demo: isDemo(), index: Number(button.dataset.watchDrop) });
  if ("watchPreset" in button.dataset) trigger("submit", { action: "preset", name: button.dataset.watchPreset });
  if ("live" in button.dataset) start();
  if ("liveStop" in button.dataset) stop();
});
element.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.closest("[data-field]")) return;
  event.preventDefault();
  trigger("submit", { action: "check", rows: rows() });
});
document.addEventListener("visibilitychange", () => { if (document.hidden) stop("hidden"); });
// The delay is measured here: from the moment the picture was taken to the moment its sentence is seen.
new MutationObserver(() => {
  const told = document.querySelector("#vb-live-view [data-sent]");
  const delay = told?.querySelector("[data-delay]");
  if (delay && !delay.textContent) delay.textContent = delay.dataset.delay.replace("{seconds}", ((Date.now() - Number(told.dataset.sent)) / 1000).toFixed(1));
}).observe(document.body, { childList: true, subtree: true });
