// Keeps what the page shows of a stream up to date: `data-stream` marks where, `data-seq` how far
// the page was rendered, `data-live="<kind>"` what a frame of that kind replaces; other frames bring
// items of lists. The server is the truth: a socket only pushes, and whatever is missing is fetched by
// HTTP from the last number seen.

import { receive, renew } from "./items.js";

const SILENCE = 50_000; // the server speaks every 20 seconds: a socket that is silent for longer is dead

// While neither socket nor HTTP answers, the page says so (`data-unreached`).
const reached = (isReached) => {
  for (const each of document.querySelectorAll("[data-unreached]")) each.hidden = isReached;
};

const between = (low, high) => low + Math.random() * (high - low);

export class Follower {
  #failures = 0;
  #fetching = null;
  #socket = null;
  #timers = {};
  #wanted = 0;

  constructor({ stream, seq, language }, apply) {
    Object.assign(this, { stream, seq, language, apply, isOver: false });
  }

  open() {
    if (this.isOver || this.#socket) return;
    const address = new URL(`/ws/${this.stream}/?lang=${this.language}`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = (this.#socket = new WebSocket(address));
    socket.onmessage = ({ data }) => {
      this.#failures = 0;
      this.#listen();
      reached(true);
      const message = JSON.parse(data);
      for (const frame of message.frames ?? [message]) this.take(frame);
    };
    socket.onclose = () => this.#lost(socket);
    this.#listen();
  }

  close() {
    const socket = this.#socket;
    this.#socket = null;
    for (const name in this.#timers) clearTimeout(this.#timers[name]);
    socket?.close();
  }

  take(frame) {
    if (frame.kind === "reset") return this.#later("reset", between(0, 5_000), () => location.reload());
    if (frame.kind === "heartbeat") return frame.seq > this.seq && this.#missing(frame.seq);
    if (frame.seq <= this.seq) return;
    // `prev` says that what lies between was replaced on purpose.
    if ((frame.prev ?? frame.seq - 1) > this.seq) return this.#missing(frame.seq);
    this.seq = frame.seq;
    return this.apply(frame);
  }

  // Everybody learns of a gap at the same moment: spread the questions, the cache answers them.
  #missing(seq) {
    this.#wanted = Math.max(this.#wanted, seq);
    this.#later("gap", between(50, 1_000), () => this.catchUp());
  }

  async catchUp() {
    if (this.isOver || this.#fetching) return this.#fetching;
    this.#fetching = this.#fetch().then(() => reached(true), () => reached(false));
    await this.#fetching;
    this.#fetching = null;
    // A cache may have answered with what it knew a second ago.
    if (this.seq < this.#wanted) this.#later("gap", between(1_500, 3_000), () => this.catchUp());
    return;
  }

  async #fetch() {
    for (let head = Infinity; this.seq < head; ) {
      const answer = await fetch(`/streams/${this.stream}/?since=${this.seq}&lang=${this.language}`, { cache: "no-store" });
      if (answer.status === 404) return this.#end();
      if (!answer.ok) throw new Error(answer.status);
      const page = await answer.json();
      if (page.reset) return this.take({ kind: "reset" });
      const before = this.seq;
      for (const frame of page.frames) {
        if (frame.seq <= this.seq) continue;
        this.seq = frame.seq;
        this.apply(frame);
      }
      if (this.seq === before) return;
      head = page.head;
    }
    return;
  }

  // No longer for this reader, or no longer there.
  #end() {
    this.isOver = true;
    this.close();
  }

  #listen() {
    this.#later("silence", SILENCE, () => this.#lost(this.#socket));
  }

  #lost(socket) {
    if (!socket || socket !== this.#socket) return;
    this.close();
    this.#failures += 1;
    this.#later("poll", between(500, 3_000), () => this.#poll());
    this.#reopen();
  }

  #reopen() {
    // Thousands lose their socket when a server restarts: they come back spread out, and ever slower.
    this.#later("open", between(0.2, 1) * Math.min(60_000, 2_500 * 2 ** this.#failures), () =>
      document.hidden ? this.#reopen() : this.open(),
    );
  }

  // In place of a socket that can't be had; nobody looks at a hidden tab.
  #poll() {
    if (this.#socket?.readyState === WebSocket.OPEN) return;
    if (!document.hidden) this.catchUp();
    this.#later("poll", between(10_000, 15_000), () => this.#poll());
  }

  #later(name, delay, act) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(act, delay);
  }
}

function followers(page) {
  const found = new Map();
  for (const { dataset } of page.querySelectorAll("[data-stream]")) {
    const { stream, lang: language } = dataset;
    const seq = Math.min(Number(dataset.seq), found.get(stream)?.seq ?? Infinity);
    found.set(stream, { stream, seq, language });
  }
  return [...found.values()].map((each) => new Follower(each, (frame) => show(page, frame)));
}

function show(page, frame) {
  const { stream, kind, html } = frame;
  const places = page.querySelectorAll(`[data-stream="${stream}"] [data-live="${kind}"]`);
  for (const element of places) renew(element, () => ((element.innerHTML = html), element));
  if (!places.length) receive(html);
  page.dispatchEvent(new CustomEvent("live", { detail: frame }));
}

// A part that was fetched later than the page: what happened since the server made it comes once more.
export function follow(part) {
  for (const { dataset } of part.querySelectorAll("[data-stream]")) {
    const follower = all.find(({ stream }) => stream === dataset.stream);
    if (!follower) continue;
    follower.seq = Math.min(follower.seq, Number(dataset.seq));
    follower.catchUp();
  }
}

const all = followers(document);
for (const follower of all) follower.open();
// A page that is put aside keeps no socket, and so may come back from the browser's memory as it was.
addEventListener("pagehide", () => all.forEach((follower) => follower.close()));
addEventListener("pageshow", ({ persisted }) => persisted && all.forEach((follower) => follower.open()));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) all.forEach((follower) => follower.catchUp());
});
