// The rows of many files: one is opened, the work goes on or is cleared away, and the table is sorted here, in the browser;
// it stays sorted while rows fill. Runs in the component that shows the table, with its `element` and `trigger`.
let sorted = { key: "", descending: false };

const NUMBERS = ["share", "seconds"];
const compare = (one, other) => {
  if (!sorted.key) return one.dataset.row - other.dataset.row;
  const [a, b] = [one.dataset[sorted.key], other.dataset[sorted.key]];
  if (!a || !b) return (a ? 0 : 1) - (b ? 0 : 1) || one.dataset.row - other.dataset.row; // without a value: always last
  const order = NUMBERS.includes(sorted.key) ? a - b : a.localeCompare(b);
  return (sorted.descending ? -order : order) || one.dataset.row - other.dataset.row;
};
const sort = () => {
  const body = element.querySelector("tbody");
  if (!body) return;
  const wanted = [...body.rows].sort(compare);
  if (wanted.some((row, index) => body.rows[index] !== row)) body.append(...wanted);
  for (const button of element.querySelectorAll("[data-sort]")) {
    const direction = sorted.descending ? "descending" : "ascending";
    const now = button.dataset.sort === sorted.key ? direction : "none";
    if (button.parentElement.ariaSort !== now) button.parentElement.ariaSort = now;
  }
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sort]");
  if (button) {
    const { sort: key } = button.dataset;
    if (sorted.key !== key) sorted = { key, descending: false };
    else sorted = sorted.descending ? { key: "", descending: false } : { key, descending: true };
    sort();
  }
  const row = event.target.closest("[data-open]");
  if (row) {
    trigger("select", { index: Number(row.dataset.open) });
    window.videobert.show(document.querySelector("#vb-describe"));
  }
  if (event.target.closest("[data-go-on]")) trigger("submit");
  if (event.target.closest("[data-clear]")) trigger("clear");
});
new MutationObserver(sort).observe(element, { childList: true, subtree: true });
