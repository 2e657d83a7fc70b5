// The receipt's code is mixed from what the server draws and what this browser draws: neither alone can choose it.

function draw() {
  for (const field of document.querySelectorAll("[data-randomness]")) {
    const drawn = crypto.getRandomValues(new Uint8Array(32));
    field.value = [...drawn].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}
document.addEventListener("step", draw);
draw();
