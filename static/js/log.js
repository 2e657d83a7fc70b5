// The debate beside a session. What comes is counted on a button, or goes in at once where the reader wants it; screen
// readers can be told nothing of it. When the council moves on, the debate about where it is now is offered, and
// what is being written goes along. What writing needs is loaded by those who write.

import { forget, release } from "./items.js";
import { follow } from "./live.js";

const here = (what) => document.querySelector(`[data-log] ${what}`);
let isWriting = false; // whether debate.js is here, which then hears clicks by itself
const wants = { flow: false, mute: false };

function heed() {
  const news = here("[data-news]");
  news.toggleAttribute("data-flows", wants.flow);
  for (const each of [news, here(".debate__new")]) each.setAttribute("aria-live", wants.mute ? "off" : "polite");
  for (const way in wants) here(`[data-way=${way}]`).checked = wants[way];
  here("[data-ways]").hidden = false;
  if (wants.flow) release();
}

function offer() {
  const link = document.querySelector("[data-live=now] [data-debate]");
  here("[data-offer]").hidden = !link || link.dataset.debate === here("").dataset.log;
  if (link) here("[data-offer] a").href = link.href;
}

async function change(link) {
  const before = here("");
  const form = here("form[data-form-here]");
  const answer = await fetch(link.href).catch(() => null);
  const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  const after = page && page.querySelector("[data-log]");
  if (!after) return form ? undefined : location.assign(link.href);
  forget();
  before.replaceWith(document.importNode(after, true));
  heed();
  offer();
  follow(here(""));
  return form ? carry(form) : here("h2").focus();
}

const write = () => ((isWriting = true), import("./debate.js"));

async function carry(form) {
  const { put } = await write();
  const link = here("a[data-form][href$='/reagir/']");
  // A debate that takes nothing: what was written stays all the same.
  return link ? put(form, link) : here(".debate__state").append(form);
}

document.addEventListener("click", async (event) => {
  const { target } = event;
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const next = target.closest("[data-offer] a");
  const writing = !isWriting && target.closest("a[data-form]");
  if (next || writing) event.preventDefault();
  if (next) change(next);
  if (writing) (await write()).open(writing);
});

document.addEventListener("change", ({ target }) => {
  if (!target.dataset.way) return;
  wants[target.dataset.way] = target.checked;
  heed();
});

document.addEventListener("live", ({ detail: { kind } }) => kind === "now" && offer());
heed();
