// All pages work without this script. It says how long ago times are, and what they are here.
"use strict";

// By the server's clock.
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

const format = new Intl.DateTimeFormat([], { dateStyle: "medium", timeStyle: "short" });

// The words of charts, which are shown while a pointer is on a part of them.
for (const title of document.querySelectorAll("svg title")) {
  title.textContent = title.textContent.replace(/(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC/g, (utc, day, hour) => {
    const at = new Date(`${day}T${hour}Z`);
    return isNaN(at) || !at.getTimezoneOffset() ? utc : `${format.format(at)} (${utc})`;
  });
}

const moments = [];
for (const time of document.querySelectorAll("time")) {
  const at = new Date(time.dateTime), utc = time.dateTime.slice(0, 16).replace("T", " ");
  const local = format.format(at);
  time.title = `${local} here, ${utc} UTC`;
  if (time.className === "ago") {
    moments.push([time, at]);
  } else if (time.className === "moment") {
    const relative = part("span", "");
    time.classList.add("both");
    time.replaceChildren(relative, " ", part("small", at.getTimezoneOffset() ? `${local} (${utc} UTC)` : `${utc} UTC`));
    moments.push([relative, at]);
  } else if (time.className === "local" && at.getTimezoneOffset()) {
    time.classList.add("both");
    time.replaceChildren(part("span", local), " ", part("small", `(${utc} UTC)`));
  }
}

// A line breaks between the parts.
function part(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

function renew() {
  for (const [element, at] of moments) element.textContent = ago(at);
}
renew();
setInterval(renew, 60_000);
