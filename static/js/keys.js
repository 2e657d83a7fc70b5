// Single keys of the desk. What has `data-key` is pressed by that letter; with `data-digits`, the letter arms
// it and the reason's own key chooses it: a digit and, from the tenth on, a letter. J and K walk the rows, X chooses one. Keys can be switched off (WCAG 2.1.4).

const MEMORY = "desk-keys";
const REASONS = "123456789abcdefghijklmnopqrstuvwxyz"; // as _reasons.html and forms.py number them
const TEXTS = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const status = document.querySelector("[data-armed]");
const dialog = document.getElementById("keys");
const rows = () => [...document.querySelectorAll("[data-row]")];
let armed = null;
let isLeaving = false;

const areOn = () => localStorage.getItem(MEMORY) !== "off";
const show = () => document.documentElement.classList.toggle("has-keys", areOn());

function arm(button) {
  armed = button;
  status.textContent = button?.dataset.digits ?? "";
}

// The reason is a list of buttons on a case and a menu in the queue: the first choice is number 1.
function choose({ form }, number) {
  const { reason } = form.elements;
  if (reason instanceof HTMLSelectElement) {
    if (number < reason.length) reason.selectedIndex = number;
    return number < reason.length;
  }
  const chosen = (reason.length === undefined ? [reason] : reason)[number - 1];
  chosen?.click();
  return Boolean(chosen);
}

function walk(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const row = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step))];
  row.querySelector("a").focus();
  row.scrollIntoView({ block: "nearest" });
  return true;
}

function pick() {
  const box = rows().find((row) => row.contains(document.activeElement))?.querySelector("input:not(:disabled)");
  box?.click();
  return Boolean(box);
}

// For the chosen rows; with none chosen, for the one that has the focus.
function pressForRows(button) {
  const isForRows = button.form?.querySelector("[data-row]");
  if (isForRows && !button.form.querySelector("[data-row] :checked") && !pick()) return;
  press(button);
}

function press(target) {
  target.click();
  // What is chosen by a key is then put into words.
  if (target.type === "radio") target.form.querySelector("textarea").focus();
  if (target.localName === "summary") target.parentElement.querySelector(":is(textarea, select, input):not([type=hidden])")?.focus();
}

function act(key) {
  if (armed && REASONS.includes(key)) {
    const button = armed;
    arm(null);
    if (choose(button, REASONS.indexOf(key) + 1)) pressForRows(button);
    return true;
  }
  if (key === "Escape") return arm(null);
  if ((key === "j" && walk(1)) || (key === "k" && walk(-1)) || (key === "x" && pick())) return true;
  const target = document.querySelector(`[data-key~="${CSS.escape(key)}"]`);
  if (!target) return false;
  if (target.dataset.digits) arm(target);
  else pressForRows(target);
  return true;
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || isLeaving || !areOn()) return;
  if (dialog?.open || event.key.length > 1 && event.key !== "Escape") return;
  if (event.target.closest?.(TEXTS)) return;
  if (act(event.key.length > 1 ? event.key : event.key.toLowerCase())) event.preventDefault();
});

// One form is sent once: what is typed after it is for the next page.
addEventListener("submit", () => (isLeaving = true));
addEventListener("pageshow", () => (isLeaving = false));

const box = document.querySelector("[data-keys-on]");
const opener = document.querySelector("[data-opens]");
if (box && opener) {
  box.checked = areOn();
  box.addEventListener("change", () => {
    localStorage.setItem(MEMORY, box.checked ? "on" : "off");
    show();
  });
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
  show();
}
