// What is chosen and what is left, while one chooses: a basket of projects, or points to share out. The server
// counts again when the form is sent; without a script a button asks it to.

const language = document.documentElement.lang;

for (const place of document.querySelectorAll("[data-sums]")) follow(place);

function follow(place) {
  const { unit, currency, limit, each } = place.dataset;
  const question = place.closest(".question");
  const fields = [...question.querySelectorAll("[data-counts]")];
  const said = question.querySelector("[data-said]");
  const style = unit === "money" ? { style: "currency", currency, maximumFractionDigits: 0 } : {};
  const format = new Intl.NumberFormat(language, style);

  const points = (field) => Math.max(Number.parseInt(field.value, 10) || 0, 0);
  const isNamed = (field) => (field.type === "checkbox" ? field.checked : points(field) > 0);
  const worth = (field) => (unit === "money" ? (isNamed(field) ? Number(field.dataset.counts) : 0) : points(field));
  const over = () => (limit ? fields.reduce((sum, field) => sum + worth(field), 0) - Number(limit) : 0);

  function draw() {
    const sum = fields.reduce((all, field) => all + worth(field), 0);
    const left = Number(limit) - sum;
    place.querySelector("[data-spent]").textContent = format.format(sum);
    place.querySelector("[data-left]").textContent = format.format(Math.max(left, 0));
    place.classList.toggle("is-over", left < 0);
    for (const field of fields) field.closest(".points__row")?.classList.toggle("is-chosen", isNamed(field));
    place.querySelector("[data-bar]")?.setAttribute("width", Math.min(100, Math.round((100 * sum) / Number(limit))));
  }

  // What was just added by a button or a box is taken back when there is not enough left; a sentence says so.
  function settle(undo) {
    const missing = over();
    said.textContent = missing > 0 ? said.dataset.over.replace("{over}", format.format(missing)) : "";
    if (missing > 0) undo?.();
    draw();
  }

  question.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-counts]")) return;
    settle(target.type === "checkbox" && target.checked ? () => (target.checked = false) : null);
  });
  question.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    if (!button) return;
    event.preventDefault();
    const field = button.parentElement.querySelector("[data-counts]");
    const before = field.value;
    const wanted = points(field) + (button.value.includes(":more:") ? 1 : -1);
    if (wanted < 0 || (each && wanted > Number(each))) return;
    field.value = wanted || "";
    settle(() => (field.value = before));
  });
  for (const button of question.querySelectorAll("[data-recount]")) button.hidden = true;
  draw();
}
