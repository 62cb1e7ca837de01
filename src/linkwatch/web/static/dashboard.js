// All pages work without this script. It follows a running check, and adds the local time to times.
"use strict";

const INTERVAL_RUNNING = 2_000, INTERVAL_IDLE = 15_000; // milliseconds between polls, during and between checks

const strip = document.getElementById("progress");
let wasRunning = !strip.hidden;

function show(running) {
  strip.hidden = false;
  const name = document.createElement("b"), bar = document.createElement("progress"), count = document.createElement("span");
  name.textContent = `Checking ${running.schedule}`;
  bar.max = Math.max(running.total, 1);
  bar.value = running.done;
  bar.setAttribute("aria-label", "Progress of the check");
  count.textContent = `${running.done.toLocaleString("en")} of ${running.total.toLocaleString("en")}`;
  strip.replaceChildren(name, " ", bar, " ", count);
}

function ended() {
  wasRunning = false;
  const isInUse = document.querySelector("details[open]") || document.activeElement?.matches("input, select");
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
      // The daemon restarts, or the machine sleeps: the next poll will show.
    }
  }
  setTimeout(follow, wasRunning ? INTERVAL_RUNNING : INTERVAL_IDLE);
}

for (const time of document.querySelectorAll("time")) {
  time.title = new Date(time.dateTime).toLocaleString();
}
setTimeout(follow, wasRunning ? INTERVAL_RUNNING : INTERVAL_IDLE);
