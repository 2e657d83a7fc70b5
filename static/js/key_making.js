// Makes a scrutineer's pair of keys. The private half is shown, printed or kept as a file, and never sent: only the
// public one goes into the form.

const maker = document.querySelector("[data-key-maker]");
const field = document.querySelector("[data-public-key]");

const hexadecimal = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const inGroups = (text) => text.match(/.{4}/g).join(" ");
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

function keepIn(link, publicKey, privateKey) {
  const { heading, name, publicLabel, privateLabel } = link.dataset;
  const text = `${heading}\n${location.href}\n\n${publicLabel}\n  ${publicKey}\n\n${privateLabel}\n  ${privateKey}\n`;
  URL.revokeObjectURL(link.href);
  link.download = name;
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
}

function make() {
  const pair = window.nacl.box.keyPair();
  const publicKey = base64(pair.publicKey);
  const privateKey = inGroups(hexadecimal(pair.secretKey));
  field.value = publicKey;
  maker.querySelector("[data-private-half]").textContent = privateKey;
  keepIn(maker.querySelector("[data-keep]"), publicKey, privateKey);
  maker.querySelector("[data-made]").hidden = false;
  maker.querySelector("[data-keep]").focus();
}

if (maker && window.nacl) {
  maker.hidden = false;
  maker.querySelector("[data-make]").addEventListener("click", make);
  maker.querySelector("[data-print]").addEventListener("click", () => window.print());
}
