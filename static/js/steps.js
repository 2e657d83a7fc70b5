// The pages of a vote without leaving the page: the next one takes the place of this one, and the browser's "back"
// brings this one again as it was filled in. Answers that are sent by POST and kept by no cache could not be gone back
// to otherwise. All of it lives in this tab's memory; without a script the same forms are sent as they are.

const shown = new Map(); // the pages of this journey, as they stand, by their place in the history
let place = 0;

const main = () => document.querySelector("main");

history.replaceState({ place }, "");

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.submitter || !event.target.matches(".journey form[method=post]")) return;
  event.preventDefault();
  next(event.target, event.submitter);
});

async function next(form, button) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const body = new URLSearchParams(new FormData(form));
  body.append(button.name, button.value);
  const answer = await fetch(location.href, { method: "POST", body }).catch(() => null);
  form.ariaBusy = null;
  // No connection: the browser says so better, and asks again by itself.
  if (!answer) return send(form, button);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.querySelector(".journey")) return send(form, button);
  shown.set(place, { page: main(), title: document.title });
  place += 1;
  show(document.adoptNode(page.querySelector("main")), page.title);
  history.pushState({ place }, "");
  await Promise.all([...page.querySelectorAll("script[src]")].map(({ src }) => import(src)));
  document.dispatchEvent(new Event("step"));
}

// As if there were no script; what the button says goes along.
function send(form, button) {
  const said = document.createElement("input");
  Object.assign(said, { type: "hidden", name: button.name, value: button.value });
  form.append(said);
  HTMLFormElement.prototype.submit.call(form);
}

function show(page, title) {
  const first = page.querySelector("[autofocus]");
  first?.removeAttribute("autofocus");
  const heading = page.querySelector("h1");
  heading.tabIndex = -1;
  main().replaceWith(page);
  document.title = title;
  scrollTo(0, 0);
  (first ?? heading).focus({ preventScroll: !first });
}

addEventListener("popstate", ({ state }) => {
  // A link to a field of this page, which the browser follows by itself.
  if (!state) return history.replaceState({ place }, "");
  if (state.place === place) return undefined;
  const kept = shown.get(state.place);
  // Of another journey, or from before a reload: the first page is what the address shows.
  if (!kept) return location.reload();
  // A receipt is shown once: who comes back to it is told that the vote is recorded.
  if (!document.querySelector(".receipt")) shown.set(place, { page: main(), title: document.title });
  place = state.place;
  return show(kept.page, kept.title);
});
