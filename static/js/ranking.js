// Ranking without a round trip: the buttons of each line do here what the server does with them, and the
// focus stays on the one that was pressed. Numbers that were typed count as they stand.

const numberOf = (row) => Number.parseInt(row.querySelector("input").value, 10) || 0;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-ranking] button[name=do]");
  if (!button) return;
  event.preventDefault();
  move(button.closest("[data-ranking]"), button.closest("li"), button.value.split(":")[1], button);
});

function move(list, row, verb, button) {
  const rows = [...list.children];
  const order = rows.filter(numberOf).sort((a, b) => numberOf(a) - numberOf(b));
  const place = order.indexOf(row);
  if (verb === "in" && place < 0) order.push(row);
  if (verb === "out" && place >= 0) order.splice(place, 1);
  if (verb === "up" && place > 0) order.splice(place - 1, 2, row, order[place - 1]);
  if (verb === "down" && place >= 0 && place < order.length - 1) order.splice(place, 2, order[place + 1], row);
  for (const each of rows) renumber(each, order.indexOf(each) + 1);
  const rest = rows.filter((each) => !order.includes(each)).sort((a, b) => a.dataset.rank - b.dataset.rank);
  list.append(...order, ...rest);
  (button.hidden ? row.querySelector("button:not([hidden])") : button).focus();
  say(list, row, order.indexOf(row) + 1, order.length);
}

function renumber(row, number) {
  row.querySelector("input").value = number || "";
  row.classList.toggle("is-ranked", number > 0);
  for (const button of row.querySelectorAll("button")) button.hidden = button.value.includes(":in:") === number > 0;
}

function say(list, row, number, all) {
  const said = list.parentElement.querySelector("[data-said]");
  const sentence = number ? said.dataset.ranked : said.dataset.out;
  const label = row.querySelector("label").textContent.trim();
  said.textContent = sentence.replace("{label}", label).replace("{number}", number).replace("{all}", all);
}
