// "Copy" beside what is worth keeping, and "Print": buttons that only a script can offer, hidden without it.

const offer = () => {
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
};
document.addEventListener("step", offer);
offer();

document.addEventListener("click", async ({ target }) => {
  if (target.matches("[data-print]")) print();
  if (!target.matches("[data-copy]")) return;
  await navigator.clipboard.writeText(document.getElementById(target.dataset.copy).textContent.trim());
  target.parentElement.querySelector("[data-copied]").textContent = target.dataset.done;
});
