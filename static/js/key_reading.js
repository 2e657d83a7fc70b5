// Reads a private key out of the file in which it was kept, into the field beside it. The file itself is not sent:
// its input has no name.

const KEY = /(?<![0-9a-f])(?:[0-9a-f]{4}[ -]?){15}[0-9a-f]{4}(?![0-9a-f])/;
const MOST = 10_000; // a key file has a few lines

for (const chooser of document.querySelectorAll("[data-key-file]")) {
  const field = document.getElementById(chooser.dataset.keyFile);
  const unread = chooser.parentElement.querySelector("[data-unread]");
  chooser.closest(".key-file")?.removeAttribute("hidden");
  chooser.addEventListener("change", async () => {
    const [file] = chooser.files;
    const text = file && file.size <= MOST ? (await file.text()).toLowerCase() : "";
    field.value = text.match(KEY)?.[0] ?? "";
    unread.hidden = !file || Boolean(field.value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
