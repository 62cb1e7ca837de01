// All pages work without this. With it, a check that runs is followed as it goes, and times are told in the reader's zone.
"use strict";

const OFTEN = 2_000, SELDOM = 15_000; // milliseconds: while a check runs, and between checks

const strip = document.getElementById("progress");
let wasRunning = !strip.hidden;

function show(running) {
  strip.hidden = false;
  const name = document.createElement("b"), bar = document.createElement("progress"), count = document.createElement("span");
  name.textContent = `Checking ${running.schedule}`;
  bar.max = Math.max(running.total, 1);
  bar.value = running.done;
  bar.setAttribute("aria-label", "How far the check is");
  count.textContent = `${running.done.toLocaleString("en")} of ${running.total.toLocaleString("en")}`;
  strip.replaceChildren(name, " ", bar, " ", count);
}

function ended() {
  wasRunning = false;
  const isRead = document.querySelector("details[open]") || document.activeElement?.matches("input, select");
  if (!isRead) {
    location.reload();
    return;
  }
  // Whoever is filling in a form is not thrown out of it.
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = "show what it found";
  strip.replaceChildren("The check has ended: ", link);
}

async function follow() {
  if (!document.hidden) {
    try {
      const answer = await fetch("/api/v1/progress");
      if (answer.ok) {
        const { running } = await answer.json();
        if (running) {
          wasRunning = true;
          show(running);
        } else if (wasRunning) {
          ended();
        }
      }
    } catch {
      // The daemon restarts, or the machine sleeps: the next time tells.
    }
  }
  setTimeout(follow, wasRunning ? OFTEN : SELDOM);
}

for (const time of document.querySelectorAll("time")) {
  time.title = new Date(time.dateTime).toLocaleString();
}
setTimeout(follow, wasRunning ? OFTEN : SELDOM);
