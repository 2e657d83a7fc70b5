// Writing, replying, correcting and supporting without leaving the page: the form is taken from its own
// page, which also works by itself. What was typed stays until the server has taken it.

import { place } from "./items.js";

const parse = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

document.addEventListener("click", (event) => {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("a[data-form]");
  const close = event.target.closest("[data-form-here] a[data-close]");
  if (link ?? close) event.preventDefault();
  if (link) open(link);
  if (close) leave(close.closest("form"));
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-form-here]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

const links = new WeakMap(); // where each open form came from

export async function open(link) {
  const opened = document.querySelector(`form[data-form-here][action="${link.href}"]`);
  if (opened) return focusOn(opened);
  const answer = await fetch(link.href).catch(() => null);
  const page = answer?.ok ? await parse(answer) : null;
  const form = page?.querySelector("form[data-in-place]");
  // To sign in, or a refusal with its reason: pages of their own.
  if (!form) return location.assign(link.href);
  await bringStyles(page);
  // The text around may have been replaced meanwhile: the same link stands there.
  const here = link.isConnected ? link : document.querySelector(`a[data-form][href="${link.getAttribute("href")}"]`);
  if (!here) return undefined;
  put(form, here);
  return "atOnce" in form.dataset ? form.requestSubmit() : undefined;
}

// What is being written there goes on here, too (log.js).
export function put(form, link) {
  links.set(form, link);
  show(form, link.href, (element) => (link.closest("[data-part]") ?? link.closest("p")).after(element));
}

function show(form, action, enter) {
  form.action = action;
  form.toggleAttribute("data-form-here", true);
  enter(form);
  focusOn(form);
}

function focusOn(form) {
  const first = form.querySelector("#errors") ?? form.querySelector("textarea, input:not([type=hidden]), button");
  first.focus({ preventScroll: true });
  form.scrollIntoView({ block: "nearest" });
}

// The page may show no form of its own, and so not know how one looks; it must before the form has the
// focus, which would be pushed off the screen.
function bringStyles(page) {
  const isHere = (sheet) => document.querySelector(`link[href="${sheet.getAttribute("href")}"]`);
  const missing = [...page.querySelectorAll("link[rel=stylesheet]")].filter((sheet) => !isHere(sheet));
  return Promise.all(missing.map((sheet) => bring(document.importNode(sheet))));
}

function bring(sheet) {
  return new Promise((resolve) => {
    sheet.onload = sheet.onerror = resolve;
    document.head.append(sheet);
  });
}

async function send(form, button) {
  // A player on the page says by how many seconds its picture is late.
  const { behind } = document.querySelector("[data-behind]")?.dataset ?? {};
  if (behind && form.elements.behind) form.elements.behind.value = behind;
  const body = new FormData(form, button);
  const buttons = form.querySelectorAll("button");
  for (const each of buttons) each.disabled = true;
  const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
  for (const each of buttons) each.disabled = false;
  if (!answer) return say(form, form.dataset.offline);
  const page = await parse(answer);
  const item = answer.ok && page.querySelector("[data-here]");
  if (item) return taken(form, item, page);
  const corrected = page.querySelector("form[data-in-place]");
  if (![422, 429].includes(answer.status) || !corrected) return say(form, page.querySelector(".lead")?.textContent ?? form.dataset.offline);
  links.set(corrected, links.get(form));
  return show(corrected, form.action, (element) => form.replaceWith(element));
}

function say(form, sentence) {
  form.querySelector("[data-problem]").textContent = sentence;
}

function taken(form, item, page) {
  const link = links.get(form);
  form.remove();
  // A reply's own item stands within the one that it answers.
  for (const replies of item.querySelectorAll(":scope > ol")) if (document.getElementById(item.id)) replies.remove();
  const own = item.querySelector(":scope > .comment__own");
  keepLive(item);
  place(item, { isOwn: true });
  const shown = document.getElementById(item.id);
  if (!shown) return location.assign(item.querySelector(".comment__by a").href);
  shown.querySelector(":scope > .comment__own")?.remove();
  if (own) shown.querySelector(":scope > [data-part]").after(own);
  tell(page.querySelector(".messages"), shown);
  if (link?.isConnected && shown.contains(link)) return link.focus();
  shown.tabIndex = -1;
  return shown.focus();
}

// What follows the events by itself may be newer on the page than in an answer that was long on its way.
function keepLive(item) {
  for (const part of item.querySelectorAll("[data-live]")) {
    const here = document.getElementById(part.id);
    if (here) part.replaceWith(here.cloneNode(true));
  }
}

function tell(messages, shown) {
  document.querySelector(".debate .messages")?.remove();
  if (messages) shown.querySelector(":scope > [data-part]").after(messages);
}

function leave(form) {
  form.remove();
  links.get(form)?.focus();
}
