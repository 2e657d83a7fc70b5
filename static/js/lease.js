// Keeps a moderator's case while its page is looked at; a tab left aside lets it go.

const EVERY = 60_000;

export function keepLease(form, notice, { every = EVERY } = {}) {
  const timer = setInterval(renew, every);

  async function renew() {
    if (document.visibilityState !== "visible" || !document.hasFocus()) return;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const answer = await fetch(form.dataset.lease, { method: "POST", body, redirect: "manual" }).catch(() => null);
    // The network or the server may come back before the lease ends: only an answer that refuses is final
    // (a redirection, to sign in, has status 0 here).
    if (answer && !answer.ok && answer.status < 500) {
      clearInterval(timer);
      notice.hidden = false;
    }
  }
}

const form = document.querySelector("[data-lease]");
if (form) keepLease(form, document.querySelector("[data-lease-lost]"));
