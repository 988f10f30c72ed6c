// A fact and its cell find each other: a click on either marks both, and brings the other into view.
"use strict";

const facts = [...document.querySelectorAll(".fact")];
const boxes = [...document.querySelectorAll("svg rect, .cells td")];
const specific = { issue: 0, fund: 1, indicator: 2, line: 3 };

function within(cell, part) {
  const table = cell.closest("table");
  if (part.first_line) return +cell.dataset.row <= part.last_line && +cell.dataset.lastRow >= part.first_line;
  return (part.sheet || "") === table.dataset.sheet && String(part.table || "") === table.dataset.table &&
    +cell.dataset.row <= part.last_row && +cell.dataset.lastRow >= part.row &&
    +cell.dataset.column <= part.last_column && +cell.dataset.lastColumn >= part.column;
}

for (const cell of document.querySelectorAll(".cells td")) {
  cell.keys = facts.filter((fact) => JSON.parse(fact.dataset.parts).some((part) => within(cell, part)))
    .map((fact) => fact.dataset.key);
  if (cell.keys.length) cell.classList.add("told");
}

const keysOf = (box) => box.keys || [box.dataset.key];

function choose(key, { scrollFact = false, scrollBox = false } = {}) {
  for (const fact of facts) fact.classList.toggle("chosen", fact.dataset.key === key);
  for (const box of boxes) box.classList.toggle("chosen", keysOf(box).includes(key));
  const near = { block: "nearest", behavior: "smooth" };
  if (scrollFact) facts.find((fact) => fact.dataset.key === key)?.scrollIntoView(near);
  if (scrollBox) boxes.find((box) => keysOf(box).includes(key))?.scrollIntoView({ ...near, block: "center" });
  const address = new URL(location.href);
  address.hash = encodeURIComponent(key);
  history.replaceState(null, "", address);
}

for (const fact of facts) {
  const chosen = () => choose(fact.dataset.key, { scrollBox: true });
  fact.addEventListener("click", (event) => { if (!event.target.closest("a, details")) chosen(); });
  fact.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target === fact) chosen(); });
}

// Boxes lie in each other: the amount in its line. A click means the smallest; a further one, the next larger.
function keysAt(x, y) {
  const keys = document.elementsFromPoint(x, y).filter((element) => boxes.includes(element)).flatMap(keysOf);
  const kind = (key) => specific[key.split(":")[0]];
  return [...new Set(keys)].sort((one, other) => kind(one) - kind(other));
}

for (const place of document.querySelectorAll("svg, .cells")) {
  place.addEventListener("click", (event) => {
    const keys = keysAt(event.clientX, event.clientY);
    if (!keys.length) return;
    const now = keys.indexOf(facts.find((fact) => fact.classList.contains("chosen"))?.dataset.key);
    choose(keys[(now + 1) % keys.length], { scrollFact: true });
  });
}

// What a reviewer decides about is one value of a fact; the form says what the page showed of it.
for (const select of document.querySelectorAll(".decide select")) {
  select.addEventListener("change", () => {
    select.form.elements.printed.value = select.selectedOptions[0].dataset.printed;
  });
}

const asked = facts.find((fact) => fact.classList.contains("chosen"))?.dataset.key ||
  decodeURIComponent(location.hash.slice(1));
if (asked) choose(asked, { scrollFact: true, scrollBox: true });
