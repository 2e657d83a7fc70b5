// A button that a script of allauth takes over: the form isn't sent by itself meanwhile. Without
// scripts it is, and the server says what is missing.

for (const button of document.querySelectorAll("[data-by-script]")) {
  button.addEventListener("click", (event) => event.preventDefault());
}
