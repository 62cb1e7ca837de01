// All pages work without this script. It follows a running check, and copies.
"use strict";

const INTERVAL_RUNNING = 2_000, INTERVAL_IDLE = 15_000; // milliseconds between polls, during and between checks

const PROGRESS = new URL("../api/v1/progress", document.currentScript.src); // a proxy may serve all below a path
const strip = document.getElementById("progress");
const LABELS = { links: "Checking links", playlists: "Inspecting playlists" };
const isAwaited = strip.dataset.awaited !== undefined; // a check was requested by the page before
let isRunning = !strip.hidden, hasResults = false;

// How fast a phase goes, since it was first seen here, and how long it takes still.
let began = null;
function pace({ phase, schedule, done, total }) {
  const now = performance.now() / 1_000;
  if (began === null || began.phase !== phase || began.schedule !== schedule || done < began.done) began = { phase, schedule, done, now };
  const rate = (done - began.done) / (now - began.now);
  if (!(rate > 0)) return ""; // also before the second poll
  const left = Math.ceil((total - done) / rate);
  return ` · ${rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString("en")}/s · ${left < 60 ? `${left} s` : `${Math.ceil(left / 60)} min`} left`;
}

function show(running) {
  strip.hidden = false;
  const name = document.createElement("b"), bar = document.createElement("progress"), count = document.createElement("span");
  name.textContent = `${LABELS[running.phase]} · ${running.schedule}`;
  bar.max = Math.max(running.total, 1);
  bar.value = running.done;
  bar.setAttribute("aria-label", "Progress of the check");
  count.textContent = `${running.done.toLocaleString("en")} of ${running.total.toLocaleString("en")}${pace(running)}`;
  strip.replaceChildren(name, " ", bar, " ", count);
}

// A check may begin and end between two polls: what tells is that another check is the last one.
function ended() {
  hasResults = true;
  strip.hidden = false;
  const isInUse = document.querySelector("details[open]") || document.activeElement?.matches("input, select") || document.querySelector(".pick input:checked");
  if (!isInUse) {
    location.reload();
    return;
  }
  // A form that is being filled in is not lost.
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = "show the results";
  strip.replaceChildren("The check has finished: ", link);
}

async function follow() {
  if (!document.hidden) {
    try {
      const answer = await fetch(PROGRESS);
      if (answer.ok) {
        const { running, last_run } = await answer.json();
        const wasRunning = isRunning;
        isRunning = running !== null;
        if (isRunning) {
          show(running);
        } else if (wasRunning || String(last_run ?? "") !== strip.dataset.lastRun) {
          ended();
        } else {
          strip.hidden = true;
        }
      }
    } catch {
      // The daemon restarts, or the machine sleeps: the next poll will show.
    }
  }
  if (!hasResults) {
    setTimeout(follow, isRunning || isAwaited ? INTERVAL_RUNNING : INTERVAL_IDLE);
  }
}

if (navigator.clipboard) {
  for (const group of document.querySelectorAll(".copies")) group.hidden = false;
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.addEventListener("click", async () => {
      const words = button.textContent;
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = words; }, 2_000);
    });
  }
}
setTimeout(follow, isRunning || isAwaited ? INTERVAL_RUNNING : INTERVAL_IDLE);
