// The picture and the sound of a session, in the browser's own player. Nothing of either is loaded before somebody
// asks for it, and hls.js only where the browser can't play by itself what the server sends.

const HLS = "application/vnd.apple.mpegurl";
const STANDSTILL = 5_000; // a picture that waits for longer is away
const CLOSED = "closed_doors";

const between = (low, high) => low + Math.random() * (high - low);

// Links lead to a moment: `#t=754`.
const asked = () => Number(location.hash.match(/^#t=(\d+)$/)?.[1]) || null;

class Player {
  #at = asked(); // where it begins, in seconds; null: where it is live, or at the beginning
  #hls = null;
  #retry = 0;
  #wait = 0;

  constructor(place) {
    this.place = place;
    this.video = place.querySelector("video");
    this.watch = place.querySelector("[data-watch]");
    this.listen = place.querySelector("[data-listen]");
    this.state = place.dataset.state;
    this.source = place.dataset.picture;
    this.isNative = Boolean(this.video.canPlayType(HLS));
    this.isWanted = false;
    this.#heed();
    this.video.controls = this.isNative;
    this.watch.hidden = this.isNative;
    this.listen.hidden = false;
    if (this.state === CLOSED) this.#say(CLOSED);
  }

  async play(at = asked()) {
    this.drop();
    this.#at = at;
    this.isWanted = this.video.controls = this.watch.hidden = true;
    if (this.isNative) this.video.src = this.source;
    else if (!(await this.#attach())) return;
    // A browser may want another click of whoever has not touched the page for long.
    await this.video.play().catch(() => (this.watch.hidden = false));
  }

  seek(at) {
    if (!this.isWanted) return this.play(at);
    this.video.currentTime = at;
    return this.video.play();
  }

  // Sound alone, or the picture again, from the same moment.
  change() {
    const { picture, sound } = this.place.dataset;
    this.source = this.source === picture ? sound : picture;
    this.listen.setAttribute("aria-pressed", String(this.source === sound));
    return this.play(this.isWanted ? this.video.currentTime : asked());
  }

  // What is held and was not shown yet goes as well.
  drop() {
    clearTimeout(this.#retry);
    this.#moves();
    this.#hls?.destroy();
    this.#hls = null;
    this.video.pause();
    this.video.removeAttribute("src");
    for (const source of this.video.querySelectorAll("source")) source.remove();
    this.video.load();
  }

  follow(state) {
    const before = this.state;
    this.state = state;
    this.place.hidden = state === "convened";
    if (state === CLOSED && before !== CLOSED) {
      this.isWanted &&= !this.video.paused;
      this.video.removeAttribute("poster");
      this.drop();
      this.watch.hidden = this.isWanted;
      this.#say(CLOSED);
    } else if (state !== CLOSED && before === CLOSED) {
      this.#say("");
      if (this.isWanted) this.play(null);
    }
  }

  #heed() {
    const heed = (event, act) => this.video.addEventListener(event, act);
    heed("play", () => (this.isWanted = true));
    heed("waiting", () => this.#stands());
    heed("playing", () => this.#moves());
    heed("timeupdate", () => this.#tell());
    heed("error", () => this.isNative && this.#failed());
    heed("loadedmetadata", () => {
      if (this.isNative && this.#at) this.video.currentTime = this.#at;
      this.#at = null;
    });
    this.watch.addEventListener("click", () => {
      this.play();
      this.video.focus();
    });
    this.listen.addEventListener("click", () => this.change());
  }

  async #attach() {
    const { default: Hls } = await import(this.place.dataset.hls);
    // The doors may have closed, or another click have come, while it was loaded.
    if (this.#hls || this.state === CLOSED) return false;
    if (!Hls.isSupported()) return this.#say("unsupported");
    const hls = (this.#hls = new Hls({ enableWorker: false, startPosition: this.#at ?? -1, backBufferLength: 90 }));
    hls.on(Hls.Events.ERROR, (_event, { fatal, type }) => {
      if (fatal && type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
      else if (fatal) this.#failed();
    });
    hls.loadSource(this.source);
    hls.attachMedia(this.video);
    return true;
  }

  // Not there yet, or the server is away: each player asks again at a moment of its own.
  #failed() {
    if (!this.isWanted || this.state === CLOSED) return;
    const at = this.video.currentTime || this.#at;
    this.drop();
    this.#say(this.state);
    this.#retry = setTimeout(() => this.play(at), between(3_000, 6_000));
  }

  // By how many seconds the picture is late: what is said meanwhile speaks of it. No clock is compared with another.
  #tell() {
    const { currentTime, seekable } = this.video;
    if (this.state !== "live" || !seekable.length) return delete this.place.dataset.behind;
    return (this.place.dataset.behind = Math.max(0, Math.round(seekable.end(seekable.length - 1) - currentTime)));
  }

  #stands() {
    clearTimeout(this.#wait);
    this.#wait = setTimeout(() => this.video.paused || this.#say(this.state), STANDSTILL);
  }

  #moves() {
    clearTimeout(this.#wait);
    if (this.state !== CLOSED) this.#say("");
  }

  #say(what) {
    const note = this.place.querySelector("[data-note]");
    const text = what && (note.dataset[what] ?? note.dataset.away);
    if (note.textContent !== text) note.textContent = text;
    return false;
  }
}

const place = document.querySelector("[data-player]");
const player = place && new Player(place);

if (player) {
  addEventListener("hashchange", () => asked() && player.seek(asked()));
  document.addEventListener("live", ({ detail: { kind } }) => {
    if (kind === "now") player.follow(document.querySelector("[data-live=now] [data-state]").dataset.state);
    // Something was cut: what a player holds of it goes.
    if (kind === "picture" && player.isWanted) player.play(player.video.currentTime);
  });
}
