// All pages work without this script. It follows a running check, and says how long ago times are, and copies.
"use strict";

const INTERVAL_RUNNING = 2_000, INTERVAL_IDLE = 15_000; // milliseconds between polls, during and between checks

const strip = document.getElementById("progress");
const LABELS = { links: "Checking links", playlists: "Inspecting playlists" };
const isAwaited = strip.dataset.awaited !== undefined; // a check was requested by the page before
let isRunning = !strip.hidden, hasResults = false;

function show(running) {
  strip.hidden = false;
  const name = document.createElement("b"), bar = document.createElement("progress"), count = document.createElement("span");
  name.textContent = `${LABELS[running.phase]} · ${running.schedule}`;
  bar.max = Math.max(running.total, 1);
  bar.value = running.done;
  bar.setAttribute("aria-label", "Progress of the check");
  count.textContent = `${running.done.toLocaleString("en")} of ${running.total.toLocaleString("en")}`;
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
      const answer = await fetch("/api/v1/progress");
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

// Times: how long ago, from the server's clock, with the local time; UTC stays beside it.
const UNITS = [["day", 86_400], ["hour", 3_600], ["min", 60]]; // words and seconds
const opened = performance.now(), served = Date.parse(document.querySelector("#clock time")?.dateTime ?? new Date().toISOString());

function ago(moment) {
  const seconds = (served + performance.now() - opened - moment) / 1_000;
  const unit = UNITS.find(([, length]) => Math.abs(seconds) >= length);
  if (seconds < 0) return "in the future";
  if (!unit) return "just now";
  const number = Math.floor(seconds / unit[1]);
  return `${number} ${unit[0]}${number === 1 || unit[0] === "min" ? "" : "s"} ago`;
}

const moments = [];
for (const time of document.querySelectorAll("time")) {
  const at = new Date(time.dateTime), utc = time.textContent.replace(" UTC", "");
  const local = at.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  time.title = `${local} here, ${utc} UTC`;
  if (time.className === "ago") {
    moments.push([time, at]);
  } else if (time.className === "moment") {
    const relative = document.createElement("span"), both = document.createElement("small");
    both.textContent = at.getTimezoneOffset() ? `${local} (${utc} UTC)` : `${utc} UTC`;
    time.replaceChildren(relative, " ", both);
    moments.push([relative, at]);
  }
}
function renew() {
  for (const [element, at] of moments) element.textContent = ago(at);
}
renew();
setInterval(renew, 60_000);

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
