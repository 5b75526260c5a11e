// A clip from this computer: dropped anywhere on the page, pasted, or chosen. It takes the place of the one that is there,
// also while work runs; nothing is erased before the new one has arrived. Gradio's own way would open a second clip in
// place of the page, erase the first before the chooser opens, and refuse animated GIFs. Several files or a folder that are
// dropped have a row each, below the caption (describe/many.js).
(() => {
  const page = (window.videobert ??= {});
  let latest = 0;

  const tell = page.tell = (sentence, isProblem = false) => {
    const note = document.querySelector(".vb-taking");
    if (!note) return;
    note.textContent = sentence;
    note.hidden = sentence === "";
    note.classList.toggle("vb-problem", isProblem);
  };

  // Why an upload was refused: the server's sentence, if it gave one (answers.py), else `otherwise`.
  page.whyRefused = (error, otherwise) => {
    try {
      return JSON.parse(error.message.replace(/^HTTP \d+: /, "")).error || otherwise;
    } catch {
      return otherwise; // it never reached the server, or somebody on the way answered
    }
  };

  // `upload` and `trigger` are those of the component that shows the "Replace" button.
  page.takeClipsWith = (element, upload, trigger) => {
    page.bring = (clip) => {
      page.arrived = clip;
      trigger("upload");
    };
    page.take = async (files) => {
      const words = element.querySelector("[data-uploading]").dataset;
      const [file] = files;
      if (!file) return;
      const mine = ++latest;
      if (file.size > Number(words.maxBytes)) {
        tell(words.tooLarge.replace("{name}", file.name), true);
        return;
      }
      tell(words.uploading.replace("{name}", file.name));
      try {
        const { path, url } = await upload(file);
        if (mine !== latest) return; // another one was dropped meanwhile
        const meta = { _type: "gradio.FileData" };
        page.bring({ path, url, orig_name: file.name, size: file.size, mime_type: file.type, meta });
        tell("");
      } catch (error) {
        if (mine === latest) tell(page.whyRefused(error, words.failed.replace("{name}", file.name)), true);
      }
    };
    element.addEventListener("click", (event) => {
      if (event.target.closest("[data-replace]")) element.querySelector("input[type=file]").click();
    });
    element.addEventListener("change", (event) => {
      const files = [...event.target.files];
      event.target.value = ""; // so that the same file can be chosen again
      page.take(files);
    });
  };

  const chooser = (target) => target instanceof HTMLInputElement && target.type === "file" && target.closest("#vb-clip");
  document.addEventListener("change", (event) => {
    if (!chooser(event.target) || !page.take) return;
    event.stopImmediatePropagation();
    page.take([...event.target.files]);
  }, true);
  document.addEventListener("click", (event) => {
    if (chooser(event.target)) {
      event.target.accept = document.querySelector("[data-uploading] + input").accept;
      return;
    }
    // With a clip there, Gradio's upload icon would erase it first.
    const icon = event.target.closest?.("#vb-clip [data-testid=source-select] button:first-child");
    if (!icon || !document.querySelector("#vb-clip video[src]")) return;
    event.stopImmediatePropagation();
    document.querySelector("[data-uploading] + input")?.click();
  }, true);

  // Only files are caught: text that is dragged into a question goes where it is dropped.
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (isOver) => document.documentElement.classList.toggle("vb-dropping", isOver);
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    mark(true);
  }, true);
  document.addEventListener("dragleave", (event) => { if (event.relatedTarget === null) mark(false); }, true);
  document.addEventListener("drop", (event) => {
    mark(false);
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const files = [...event.dataTransfer.files];
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const isMany = files.length > 1 || entries.some((entry) => entry.isDirectory) || event.target.closest?.("#vb-many, #vb-many-rows");
    if (!isMany || !page.takeMany) page.take?.(files);
    else if (entries.length) page.takeDropped(entries);
    else page.takeMany(files);
  }, true);
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    page.take?.(files);
  }, true);
})();
