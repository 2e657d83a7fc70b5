// What is chosen and what is left, while one chooses: a basket of projects, or points to share out. The server
// counts again when the form is sent; without a script a button asks it to.

const language = document.documentElement.lang;

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-counts]") || !sumsOf(target)) return;
  settle(target, target.type === "checkbox" && target.checked ? () => (target.checked = false) : null);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest(".points__buttons button[name=do]");
  const field = button?.parentElement.querySelector("[data-counts]");
  if (!field || !sumsOf(field)) return;
  event.preventDefault();
  const before = field.value;
  const wanted = points(field) + (button.value.includes(":more:") ? 1 : -1);
  const { each } = sumsOf(field).dataset;
  if (wanted < 0 || (each && wanted > Number(each))) return;
  field.value = wanted || "";
  settle(field, () => (field.value = before));
});

const hideButtons = () => document.querySelectorAll("[data-recount]").forEach((button) => (button.hidden = true));
document.addEventListener("step", hideButtons);
hideButtons();

const sumsOf = (field) => field.closest(".question").querySelector("[data-sums]");
const points = (field) => Math.max(Number.parseInt(field.value, 10) || 0, 0);
const nameOf = (field) => field.labels[0].firstChild.textContent.trim();
const isNamed = (field) => (field.type === "checkbox" ? field.checked : points(field) > 0);

function worth(field, unit) {
  if (unit === "money") return isNamed(field) ? Number(field.dataset.counts) : 0;
  return points(field);
}

function format(amount, { unit, currency }) {
  const style = unit === "money" ? { style: "currency", currency, maximumFractionDigits: 0 } : {};
  return new Intl.NumberFormat(language, style).format(amount);
}

// What was just added by a button or a box is taken back when there is not enough left; a sentence says so.
function settle(field, undo) {
  const sums = sumsOf(field);
  const fields = [...sums.closest(".question").querySelectorAll("[data-counts]")];
  const spent = () => fields.reduce((sum, each) => sum + worth(each, sums.dataset.unit), 0);
  const missing = spent() - Number(sums.dataset.limit);
  const said = sums.querySelector("[data-said]");
  const over = () => said.dataset.over.replace("{label}", nameOf(field)).replace("{over}", format(missing, sums.dataset));
  said.textContent = missing > 0 ? over() : "";
  if (missing > 0) undo?.();
  draw(sums, fields, spent());
}

function draw(sums, fields, spent) {
  const left = Number(sums.dataset.limit) - spent;
  sums.querySelector("[data-spent]").textContent = format(spent, sums.dataset);
  sums.querySelector("[data-left]").textContent = format(Math.max(left, 0), sums.dataset);
  sums.classList.toggle("is-over", left < 0);
  const share = Math.min(100, Math.round((100 * spent) / Number(sums.dataset.limit)));
  sums.querySelector("[data-bar]")?.setAttribute("width", share);
  for (const field of fields) field.closest(".points__row")?.classList.toggle("is-chosen", isNamed(field));
}
