// The page can be read without this script, which searches, filters and sorts it.
"use strict";

const PAGE = 500; // resources that are shown at once
const BLOCK = 50; // resources that are laid out at once
const form = document.getElementById("find"), matches = document.getElementById("matches");
const listed = document.getElementById("listed"), results = document.getElementById("results");
const states = [...form.elements.state.options].map((option) => option.value); // the worst first
const compare = new Intl.Collator([], { numeric: true }).compare;

// Without accents and case: “Algebre” finds “Algèbre”.
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

let resources, findings; // read at the first search: a report may have very many

function read() {
  const stateOf = new Map(), rulesOf = new Map();
  resources = [];
  let file = "";
  for (const element of listed.querySelectorAll("h3, li")) {
    if (element.localName === "h3") {
      file = element.textContent;
      continue;
    }
    const link = element.querySelector("a"), url = link.getAttribute("href");
    const state = element.querySelector(".state").classList[1];
    stateOf.set(url, state);
    resources.push({
      element, file, state, url, name: link.textContent,
      text: folded(`${element.textContent} ${file} ${url}`),
      videos: Number(element.dataset.videos ?? -1),
      checked: element.querySelector("time")?.dateTime ?? "",
    });
  }
  findings = [];
  for (const element of document.querySelectorAll(".findings > li")) {
    const url = element.querySelector("a")?.getAttribute("href") ?? "", rule = element.querySelector(".rule")?.textContent ?? "";
    if (!rulesOf.has(url)) rulesOf.set(url, new Set());
    rulesOf.get(url).add(rule);
    findings.push({ element, rule, state: stateOf.get(url) ?? "", text: folded(`${element.textContent} ${url}`) });
  }
  for (const resource of resources) resource.rules = rulesOf.get(resource.url) ?? new Set();
}

const ORDERS = {
  worst: (a, b) => states.indexOf(a.state) - states.indexOf(b.state) || b.rules.size - a.rules.size,
  name: (a, b) => compare(a.name, b.name),
  videos: (a, b) => b.videos - a.videos,
  checked: (a, b) => (a.checked < b.checked ? -1 : a.checked > b.checked ? 1 : 0),
};

function search() {
  const { words: input, state: { value: state }, order: { value: order }, rule: rules } = form.elements;
  const words = folded(input.value).split(/\s+/).filter(Boolean), rule = rules?.value ?? "";
  const isFiltered = words.length > 0 || state !== "" || rule !== "";
  if (!resources && (isFiltered || order)) read();
  if (!resources) return;
  const hasWords = (text) => words.every((word) => text.includes(word));

  let count = 0;
  for (const finding of findings) {
    const isMatch = hasWords(finding.text) && (!rule || finding.rule === rule) && (!state || finding.state === state);
    finding.element.hidden = !isMatch;
    count += isMatch;
  }
  for (const section of document.querySelectorAll("main > section:not(#all)")) {
    section.hidden = !section.querySelector(".findings > li:not([hidden])");
    const fold = section.querySelector("details");
    if (fold && isFiltered) fold.open = true;
  }

  const matching = resources.filter((each) => hasWords(each.text) && (!state || each.state === state) && (!rule || each.rules.has(rule)));
  if (ORDERS[order]) matching.sort(ORDERS[order]); // it is stable: what is equal stays as listed
  listed.hidden = isFiltered || order !== "";
  results.hidden = !listed.hidden;
  results.replaceChildren();
  if (listed.hidden) show(matching, 0);
  const counted = (number, what) => `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
  matches.textContent = isFiltered ? `${counted(count, "finding")} and ${counted(matching.length, "resource")}` : "";
}

// Copies of the rows; those of the list stay where they are.
function show(matching, start) {
  const files = new Set(resources.map((each) => each.file));
  for (let at = start; at < Math.min(start + PAGE, matching.length); at += BLOCK) {
    const block = document.createElement("ul"), rows = matching.slice(at, at + BLOCK);
    if (rows.length === BLOCK) block.className = "far";
    for (const { element, file } of rows) {
      const row = element.cloneNode(true);
      if (files.size > 1) {
        const name = document.createElement("bdi");
        name.textContent = file;
        row.querySelector(".what > p:last-child").append(" · ", name);
      }
      block.append(row);
    }
    results.append(block);
  }
  const left = matching.length - start - PAGE;
  if (left > 0) {
    const further = document.createElement("button");
    further.type = "button";
    further.className = "further";
    further.textContent = `Show ${Math.min(left, PAGE).toLocaleString("en")} more of ${left.toLocaleString("en")}`;
    further.addEventListener("click", () => {
      further.remove();
      show(matching, start + PAGE);
    });
    results.append(further);
  }
}

let timer;
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, 150); // milliseconds: not at every letter of a word
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(search));
form.hidden = false;
search(); // a page that was left and comes back keeps what was typed
