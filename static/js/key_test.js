// Opens the sealed sample with the key that was kept. A seal is the sealer's public key, then a box; its nonce, which
// libsodium makes of both public keys with BLAKE2b, comes with the page, since it is no secret.

const PUBLIC_BYTES = 32;
const test = document.querySelector("[data-key-test]");
const answer = document.querySelector("[data-answer]");

const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

function privateKey(text) {
  const pairs = text.toLowerCase().replace(/[\s-]/g, "").match(/^[0-9a-f]{64}$/)?.[0].match(/../g);
  return pairs ? Uint8Array.from(pairs, (pair) => parseInt(pair, 16)) : null;
}

function opened(text) {
  const key = privateKey(text);
  const sealed = bytes(test.dataset.sealed);
  const box = sealed.subarray(PUBLIC_BYTES);
  const found = key && window.nacl.box.open(box, bytes(test.dataset.nonce), sealed.subarray(0, PUBLIC_BYTES), key);
  return found ? new TextDecoder().decode(found) : "";
}

function open() {
  const typed = test.querySelector("[data-private-key]");
  answer.value = opened(typed.value);
  test.querySelector("[data-wrong]").hidden = Boolean(answer.value);
  if (!answer.value) return typed.focus();
  typed.value = "";
  answer.form.querySelector("[type=submit]").focus();
}

if (test && window.nacl) {
  test.hidden = false;
  test.querySelector("[data-open]").addEventListener("click", open);
}
