// What colleagues do while the queue is looked at: a row says it and greys where it stands, what is
// new is only counted. And choosing rows, by hand or all at once.

const fresh = new Set();
const button = document.querySelector("[data-fresh]");
const chosen = document.querySelector("[data-chosen]");
const all = document.querySelector("[data-choose-all]");

const boxes = () => [...document.querySelectorAll("[data-row] input[type=checkbox]:not(:disabled)")];
// Numbers of cases grow: a case above the highest that waited here is new, another only changed hands.
const isNew = (id) => button && Number(id.slice("case-".length)) > Number(button.dataset.newest);
const say = ({ dataset }, count) => (count === 1 ? dataset.one : dataset.many.replace("{}", count));

function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

function mark(row, isTaken, isOver) {
  const box = row?.querySelector("input[type=checkbox]");
  row?.classList.toggle("row--over", isOver);
  if (!box) return;
  // A box that goes while it has the focus takes the focus along: the row's link is the nearest thing that stays.
  if (isTaken && box === document.activeElement) row.querySelector("a").focus();
  if (isTaken) box.checked = false;
  box.disabled = isTaken;
}

function count() {
  if (!button) return;
  button.hidden = fresh.size === 0;
  if (fresh.size) button.textContent = say(button, fresh.size);
}

// Items of live lists are replaced by their ids (items.js): here, what follows from it for the row.
document.addEventListener("live", ({ detail: { kind, html } }) => {
  if (kind !== "case") return;
  const { id, dataset } = fragment(html);
  const shown = document.getElementById(id);
  if (shown) {
    mark(shown.closest("[data-row]"), dataset.standing !== "waiting", dataset.standing === "over");
    tell();
  } else {
    if (dataset.standing === "over") fresh.delete(id);
    else if (isNew(id)) fresh.add(id);
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
