// Many files at once: chosen, or several or a folder dropped anywhere on the page (taking.js). They are sent one after
// another; a file that does not arrive has a row that says so. Runs in the component that shows the buttons, with its
// `element`, `upload` and `trigger`.
const page = (window.videobert ??= {});
const part = () => element.querySelector("[data-many]");
let latest = 0;

const tell = (sentence, isSending = false) => {
  part().querySelector(".vb-many-told").textContent = sentence;
  part().querySelector("[data-stop-sending]").hidden = !isSending;
};
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

page.takeMany = async (files) => {
  const words = part().dataset;
  const mine = ++latest;
  const seen = files.filter((file) => !file.name.startsWith("."));
  if (seen.length === 0 || seen.length > Number(words.maxFiles)) {
    tell(seen.length ? words.tooMany : words.none);
    return;
  }
  const sent = [];
  const unsent = [];
  for (const [index, file] of seen.entries()) {
    tell(fill(words.sending, { name: file.name, number: index + 1, count: seen.length }), true);
    if (file.size > Number(words.maxBytes)) {
      unsent.push({ name: file.name, problem: fill(words.tooLarge, { name: file.name }) });
      continue;
    }
    try {
      const { path, url } = await upload(file);
      const meta = { _type: "gradio.FileData" };
      sent.push({ path, url, orig_name: file.name, size: file.size, mime_type: file.type, meta });
    } catch (error) {
      const problem = page.whyRefused(error, fill(words.failed, { name: file.name }));
      unsent.push({ name: file.name, problem });
    }
    if (mine !== latest) return; // stopped, or others were chosen meanwhile
  }
  tell("");
  page.many = [sent, { unsent, window: page.manyWindow() }];
  trigger("upload");
};

// What was dropped, folders with all that is in them. The entries are those of the drop, which are gone after the event.
page.takeDropped = async (entries) => {
  const files = [];
  const walk = async (entry) => {
    if (entry.name.startsWith(".")) return;
    if (entry.isFile) {
      files.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
      return;
    }
    const reader = entry.createReader();
    for (;;) { // a folder is read in parts
      const inside = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!inside.length) return;
      for (const one of inside.sort((a, b) => a.name.localeCompare(b.name))) await walk(one);
    }
  };
  for (const entry of entries) await walk(entry).catch(() => {}); // it has disappeared meanwhile
  page.takeMany(files);
};

element.addEventListener("click", (event) => {
  const choose = event.target.closest("[data-choose]");
  if (choose) element.querySelector(`[data-input=${choose.dataset.choose}]`).click();
  if (event.target.closest("[data-stop-sending]")) {
    latest += 1;
    tell("");
  }
});
element.addEventListener("change", (event) => {
  const files = [...event.target.files];
  event.target.value = ""; // so that the same files can be chosen again
  if (files.length) page.takeMany(files.sort((one, other) => one.webkitRelativePath.localeCompare(other.webkitRelativePath)));
});
