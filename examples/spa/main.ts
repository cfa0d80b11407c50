// What is on, how long it lasts, and what comes next: "Period 3 ends in 12:34, next: Lunch".

import createClient from "openapi-fetch";

import type { components, paths } from "../../build/clients/spa/schoolday.js";

type Now = components["schemas"]["Now"];

const LONGEST_WAIT_SECONDS = 300; // a calendar may be changed at any time
const LARGEST_SPREAD_SECONDS = 2; // not every screen of a school asks at the same moment

const asked = new URLSearchParams(location.search);
const school = asked.get("school") ?? "maple-high";
const track = asked.getAll("track");
const client = createClient<paths>({ baseUrl: asked.get("api") ?? location.origin });

let now: Now | undefined;
let shown = ""; // which state of which day the list of periods shows
let endsAt = Infinity; // on the page's own clock, which nobody can set

async function askWhatIsOn(): Promise<void> {
  let wait = LONGEST_WAIT_SECONDS;
  try {
    const params = { path: { school }, query: { track } };
    const { data, error, response } = await client.GET("/api/v1/schools/{school}/now", { params });
    if (data) {
      now = data;
      if (shown !== stateOf(data)) await showPeriods(data);
      const left = data.interval.seconds_left ?? Infinity;
      endsAt = performance.now() + left * 1000;
      wait = Math.min(left, wait);
    } else {
      show(error.detail);
      wait = Number(response.headers.get("Retry-After") ?? wait);
    }
  } catch {
    wait = 10; // the network is away: the countdown goes on meanwhile
  }
  setTimeout(askWhatIsOn, (wait + Math.random() * LARGEST_SPREAD_SECONDS) * 1000);
}

// The browser keeps the answer with its ETag: asked again, an unchanged day costs a 304.
async function showPeriods(answer: Now): Promise<void> {
  const date = answer.local_time.slice(0, 10);
  const { data } = await client.GET("/api/v1/schools/{school}/days/{date}", {
    params: { path: { school, date }, query: { track } },
  });
  if (!data) return; // shows what it knows, and asks again along with the next `now`
  const lines = data.periods.map((period) => {
    const line = document.createElement("li");
    line.textContent = `${period.start}–${period.end} ${period.name}`;
    return line;
  });
  element("periods").replaceChildren(...lines);
  shown = stateOf(answer);
}

function stateOf(answer: Now): string {
  return `${answer.local_time.slice(0, 10)} ${answer.revision}`;
}

function tick(): void {
  if (now) show(sentence(now, Math.max(0, (endsAt - performance.now()) / 1000)));
}

function sentence(answer: Now, left: number): string {
  const next = answer.next_period ? `, next: ${answer.next_period.name}` : "";
  return Number.isFinite(left)
    ? `${answer.interval.name} ends in ${clock(left)}${next}`
    : `${answer.interval.name}${next}`;
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const parts = hours ? [hours, minutes, whole % 60] : [minutes, whole % 60];
  return parts.map((part, place) => (place ? String(part).padStart(2, "0") : part)).join(":");
}

function show(text: string): void {
  element("headline").textContent = text;
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found;
}

setInterval(tick, 1000);
void askWhatIsOn();
