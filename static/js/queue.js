// What colleagues do while the queue is looked at: a row says it and greys where it stands, what is
// new is only counted. And choosing rows, by hand or all at once.

const fresh = new Set();
const button = document.querySelector("[data-fresh]");
const chosen = document.querySelector("[data-chosen]");
const all = document.querySelector("[data-choose-all]");

const boxes = () => [...document.querySelectorAll("[data-row] input[type=checkbox]:not(:disabled)")];
const say = ({ dataset }, count) => (count === 1 ? dataset.one : dataset.many.replace("{}", count));

function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

function mark(row, isOver) {
  const box = row?.querySelector("input[type=checkbox]");
  row?.classList.toggle("row--over", isOver);
  if (!box) return;
  // A box that goes while it is the focus takes the focus along: the row's link is the nearest thing that stays.
  if (isOver && box === document.activeElement) row.querySelector("a").focus();
  if (isOver) box.checked = false;
  box.disabled = isOver;
}

function count() {
  if (!button) return;
  button.hidden = fresh.size === 0;
  if (fresh.size) button.textContent = say(button, fresh.size);
}

document.addEventListener("live", ({ detail: { kind, html } }) => {
  if (kind !== "case") return;
  const now = fragment(html);
  const before = document.getElementById(now.id);
  const isOver = now.dataset.standing !== "waiting";
  if (before) {
    before.replaceWith(now);
    mark(now.closest("[data-row]"), isOver);
    tell();
  } else {
    if (now.dataset.standing === "over") fresh.delete(now.id);
    else fresh.add(now.id);
    count();
  }
});

function tell() {
  if (!chosen) return;
  const number = boxes().filter((box) => box.checked).length;
  chosen.textContent = number ? say(chosen, number) : chosen.dataset.none;
}

document.addEventListener("change", tell);
if (all) {
  all.hidden = false;
  all.addEventListener("click", () => {
    const isOn = boxes().some((box) => !box.checked);
    for (const box of boxes()) box.checked = isOn;
    tell();
  });
}
