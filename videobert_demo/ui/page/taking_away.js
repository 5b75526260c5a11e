// Takes results away: copies them, saves them as text, CSV or JSON, and makes a page of its own of what is shown, with its
// pictures, that needs neither this page nor a network. Files are made here; the server keeps none.
(() => {
  const COLOURS = ["--body-text-color", "--body-text-color-subdued", "--border-color-primary", "--body-background-fill",
    "--background-fill-primary", "--vb-accent", "--vb-warn", "--vb-blank", "--vb-serif", "--font"];
  const FORMATS = { text: ["txt", "text/plain"], csv: ["csv", "text/csv"], json: ["json", "application/json"] };
  const RESULTS = "#vb-describe .vb-view[data-state=done], #vb-ask-view [data-ask=done], #vb-search-view [data-search=done], "
    + "#vb-attend-words [data-attend=words], #vb-attend-result [data-attend=done], #vb-attend-faith [data-attend=faith], "
    + "#vb-attend-heads [data-attend=heads], .vb-tokens:not([data-tokens=busy]), [data-tokens=typed], #vb-scenes-view [data-scenes=done], "
    + "#vb-films-view [data-film]:not([data-film=busy]), #vb-alarms-view [data-alarms=done], #vb-subtitles-view [data-subtitles=done], "
    + "#vb-both-view :is([data-both=done], [data-both=shared]), #vb-models-view [data-models=done]";
  const HEATMAP = "#vb-attend-words [data-attend=words], #vb-attend-result [data-attend=done], "
    + "#vb-attend-faith [data-attend=faith], #vb-attend-heads [data-attend=heads]";

  const save = (name, type, content) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  const copy = async (text) => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const field = document.createElement("textarea"); // without HTTPS there is no clipboard for scripts
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  };

  // The page's own rules; those that Gradio has written once more for its own are left out.
  const style = () => {
    const rules = [...document.styleSheets].flatMap((sheet) => { try { return [...sheet.cssRules]; } catch { return []; } });
    const ours = rules.map((rule) => rule.cssText).filter((text) => /^[^{]*\.vb-/.test(text) && !text.includes(".contain "));
    const look = getComputedStyle(document.querySelector(".gradio-container"));
    const colours = COLOURS.map((name) => `${name}: ${look.getPropertyValue(name)};`).join(" ");
    return `:root { ${colours} } body { max-width: 860px; margin: 40px auto; padding: 0 24px; background: var(--body-background-fill);
      color: var(--body-text-color); font-family: var(--font); } main > section { margin: 0 0 44px; } button { cursor: default !important; }
      h1 { font: 600 26px/1.2 var(--vb-serif); } header p { color: var(--body-text-color-subdued); font-size: 14px; }\n${ours.join("\n")}`;
  };
  const escaped = (text) => { const box = document.createElement("p"); box.textContent = text; return box.innerHTML; };
  const pageOf = (selector, heading) => {
    const parts = [...document.querySelectorAll(selector)].map((one) => {
      const part = one.cloneNode(true);
      const typed = [...one.querySelectorAll("textarea, input")].map((field) => field.value);
      for (const [index, field] of part.querySelectorAll("textarea, input").entries()) {
        const words = document.createElement("span"); // as it was typed, and no longer to be changed
        words.textContent = field.type === "search" ? "" : typed[index];
        field.replaceWith(words);
      }
      // nothing in the page that is saved leads into the clip: what invites to that is left out
      for (const gone of part.querySelectorAll(".vb-take, script, [hidden], [data-deed]")) gone.remove();
      for (const button of part.querySelectorAll("button, [tabindex]")) button.setAttribute("tabindex", "-1");
      return `<section>${part.outerHTML}</section>`;
    });
    const clip = decodeURIComponent(document.querySelector("#vb-clip video")?.src.split("/").pop() ?? "");
    const when = new Date().toLocaleString(document.documentElement.lang);
    const title = document.title;
    return `<!doctype html><html lang="${document.documentElement.lang}"><head><meta charset="utf-8">`
      + `<meta name="viewport" content="width=device-width"><title>${escaped(`${heading} · ${clip}`)}</title><style>${style()}</style></head>`
      + `<body><header><h1>${escaped(heading)}</h1><p>${escaped([clip, when, title].filter(Boolean).join(" · "))}</p></header>`
      + `<main>${parts.join("")}</main></body></html>`;
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-take]");
    if (!button) return;
    const taken = button.dataset.take;
    if (taken === "report") save("report.html", "text/html", pageOf(RESULTS, button.dataset.heading));
    const away = button.closest(".vb-take")?.dataset;
    if (!away) return;
    if (taken === "page") save(`${away.name}.html`, "text/html", pageOf(HEATMAP, away.text.split("\n")[0]));
    else if (taken === "copy") {
      await copy(away.text);
      const words = button.textContent;
      if (words === away.done) return;
      button.textContent = away.done;
      setTimeout(() => { button.textContent = words; }, 2000);
    } else if (FORMATS[taken]) save(`${away.name}.${FORMATS[taken][0]}`, FORMATS[taken][1], away[taken]);
  });
})();
