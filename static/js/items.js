// Items of live lists (comments, cases): elements that bear an id. One that the page has is replaced
// (only its `data-part`, where it says which: a form open beside stays); a new one joins the list that
// `data-into` names, in the place that `data-order` gives it. A list says by `data-list` which comes
// first, "newest" or "oldest"; one without takes nothing new. `data-more`: it goes on elsewhere.
// Where there is a button, `data-waiting`, new items are counted on it, so that nothing moves under the reader, unless
// the reader wants them at once, `data-flows`.

const held = document.createDocumentFragment();

const find = (id) => document.getElementById(id) ?? held.getElementById(id);

const order = (item) => Number(item.dataset.order);

export function receive(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const item of [...template.content.children]) if (item.id) place(item);
}

// `isOwn`: what the reader has just written goes in at once.
export function place(item, { isOwn = false } = {}) {
  const old = find(item.id);
  if (item.hasAttribute("data-gone")) old?.remove();
  else if (old && !(isOwn && old.parentNode === held)) swap(old, item);
  else join(item, isOwn, old);
  count();
}

function join(item, isOwn, old) {
  old?.remove();
  const list = find(item.dataset.into);
  if (!isOwn && !belongs(item, list)) return;
  const isHeld = !isOwn && list.isConnected && button(list) && !flows(list);
  if (isHeld) held.append(item);
  else if (list) insert(item, list);
}

// Never around what has the focus: it would move.
function flows(list) {
  const whole = list.closest("[data-flows]");
  return whole && !whole.contains(document.activeElement);
}

function belongs(item, list) {
  return list?.dataset.list && !("more" in list.dataset && !following(item, list));
}

function following(item, list) {
  const side = list.dataset.list === "oldest" ? -1 : 1;
  return [...list.children].find((other) => side * order(other) < side * order(item));
}

function insert(item, list) {
  list.insertBefore(item, following(item, list) ?? null);
}

function swap(old, item) {
  const [from, to] = [old, item].map((each) => each.querySelector(":scope > [data-part]") ?? each);
  renew(from, () => (from.replaceWith(to), to));
}

// What the reader had unfolded stays so (where it bears an id), and the same link, line or field of the new text has
// the focus that the old one had.
export function renew(from, replace) {
  const unfolded = [...from.querySelectorAll("details[id][open]")].map(({ id }) => id);
  const focused = from.contains(document.activeElement) && nameOf(document.activeElement);
  const to = replace();
  for (const each of to.querySelectorAll("details[id]")) if (unfolded.includes(each.id)) each.open = true;
  if (focused) [...to.querySelectorAll("a, summary, button, input, select, textarea, [tabindex]")].find((each) => nameOf(each) === focused)?.focus();
}

const nameOf = (element) =>
  element.getAttribute("href") ?? [element.closest("[id]")?.id, element.localName, element.name, element.value].join(" ");

const button = (list) => list.closest("[data-stream]")?.querySelector("[data-waiting]");

function count() {
  const number = held.childElementCount;
  for (const each of document.querySelectorAll("[data-waiting]")) {
    each.hidden = !number;
    each.textContent = number === 1 ? each.dataset.one : each.dataset.many.replace("{number}", number);
  }
}

// What waits goes in, and moves no focus.
export function release() {
  const items = [...held.children];
  for (const item of items) insert(item, document.getElementById(item.dataset.into));
  count();
  return items;
}

// What waits is for a list that the page shows no more.
export function forget() {
  held.replaceChildren();
}

function show() {
  const items = release();
  const [first] = items.sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
  first.tabIndex = -1;
  first.focus();
}

document.addEventListener("click", ({ target }) => target.closest("[data-waiting]") && show());
