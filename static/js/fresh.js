// Two at one desk: when a colleague acts, the parts of the page that bear `data-fresh` are fetched anew and take the
// place of those that stand. What was typed or chosen and not sent stays, and so do what is unfolded and the focus.

import { renew } from "./items.js";

const OTHERS = new Set(["now", "floor", "head", "present", "item", "poll", "changed", "feed"]);
const PAUSE = 150; // one act sends several frames
const STARTLED = 700; // a click that follows so soon was meant for what stood there before

const said = document.querySelector("[data-said]");
let timer = 0;
let isFetching = false;
let isLeaving = false;
let changedAt = -Infinity;

function soon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, PAUSE);
}

async function refresh() {
  if (isFetching) return soon();
  isFetching = true;
  const answer = await fetch(location.href).catch(() => null);
  const text = answer?.ok ? await answer.text() : "";
  isFetching = false;
  // Ended by a colleague, or signed out: what was typed is still there to be copied.
  if (answer?.redirected) return say("over");
  if (text && !isLeaving) take(new DOMParser().parseFromString(text, "text/html"));
  return undefined;
}

function take(page) {
  let isOther = false;
  for (const old of document.querySelectorAll("[data-fresh]")) {
    const part = page.querySelector(`[data-fresh="${old.dataset.fresh}"]`);
    // A form that came back with its mistakes is being corrected.
    if (!part || print(part) === prints.get(old) || old.querySelector("[aria-invalid]")) continue;
    isOther = true;
    exchange(old, document.adoptNode(part));
  }
  if (!isOther) return;
  changedAt = performance.now();
  say("changed");
}

function exchange(old, part) {
  const before = document.activeElement;
  const hadFocus = old.contains(before);
  const [start, end] = hadFocus && before.localName === "input" ? [before.selectionStart, before.selectionEnd] : [];
  const kept = [...old.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(isTouched);
  prints.set(part, print(part));
  renew(old, () => {
    old.replaceWith(part);
    for (const field of kept) giveBack(field);
    return part;
  });
  if (!hadFocus) return;
  const after = document.activeElement;
  if (!part.contains(after)) {
    // What had the focus is gone: the keyboard goes on from where it was.
    part.tabIndex = -1;
    part.focus();
  } else if (start != null) after.setSelectionRange(start, end);
}

function isTouched(field) {
  if (field.localName === "select") return [...field.options].some((each) => each.selected !== each.defaultSelected) && !isFirst(field);
  return "checked" in field && /^(checkbox|radio)$/.test(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

// A menu in which nothing was marked shows its first choice, which nobody chose.
const isFirst = (field) => field.selectedIndex === 0 && ![...field.options].some((each) => each.defaultSelected);

function giveBack(field) {
  const now = document.getElementById(field.id);
  if (!now) return;
  if (/^(checkbox|radio)$/.test(field.type)) now.checked = field.checked;
  else if (field.localName !== "select" || [...now.options].some(({ value }) => value === field.value)) now.value = field.value;
}

// What the server sent, but for what differs in each answer.
function print(part) {
  const copy = part.cloneNode(true);
  for (const token of copy.querySelectorAll("[name=csrfmiddlewaretoken]")) token.remove();
  return copy.innerHTML;
}

function say(what) {
  // A new node, even where the words are the same: they are said again.
  said?.replaceChildren(said.dataset[what]);
}

const prints = new WeakMap();
for (const part of document.querySelectorAll("[data-fresh]")) prints.set(part, print(part));

document.addEventListener("live", ({ detail: { kind } }) => OTHERS.has(kind) && soon());
addEventListener("pagehide", () => (isLeaving = true));
addEventListener("pageshow", () => (isLeaving = false));

// Before anyone else hears of it: nothing was sent.
addEventListener(
  "submit",
  (event) => {
    if (!event.target.closest("[data-fresh]") || performance.now() - changedAt > STARTLED) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say("startled");
  },
  true,
);
