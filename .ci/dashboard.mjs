// Drives Chromium by its DevTools protocol; see `.ci/dashboard`.
import { readFile, writeFile } from "node:fs/promises";

import { connect } from "./devtools.mjs";

const [debug, address, axePath, pictures] = process.argv.slice(2);
const axe = await readFile(axePath, "utf8");
const unit = "0".repeat(32);
const pages = {
  sets: "sets",
  found: "sets?q=r&state=decided&sort=name",
  none: "sets?q=nothing+like+it",
  glossary: "glossary",
  ended: "ended",
  better: "set?name=pricing",
  worse: "set?name=delay",
  covered: "set?name=banner",
  harm: "set?name=checkout",
  early: "set?name=onboarding",
  phase: "set?name=search&phase=1",
  unit: "unit",
  nobody: `unit?id=${unit}`,
  planner: "planner",
  planned: "planner?baseline=10&lift=10&daily=1000",
  filledIn: "planner?baseline=10&deviation=&lift=&tracks=1&daily=1000&window=7",
  refused: "planner?baseline=x&lift=1",
  recorder: "recorder",
  pauses: "pauses",
  changes: "changes",
  ofSet: "changes?set=pricing",
  unexposed: "set?name=gift",
  share: "change?set=pricing&act=share",
  ramp: "change?set=pricing&act=ramp",
  ship: "change?set=pricing&act=ship",
  exclude: "change?set=pricing&act=exclude",
  pause: "change?set=pricing&act=pause",
  raise: "change?set=gift&act=share&share=10",
  approve: "change?set=gift&act=approve&change=9",
  wrong: "change?set=pricing&act=share&share=x",
  impossible: "change?set=pricing&act=approve&change=99",
  missing: "%3Cscript%3Ealert(1)%3C/script%3E",
};

// Their status is an error, which the browser logs.
const errors = ["missing", "wrong", "impossible"];

const requests = [];
const complaints = [];
const { tell, after, open, value } = await connect(debug, {
  domains: ["Network", "Log"],
  on: {
    "Network.requestWillBeSent": ({ request }) => requests.push(request.url),
    "Log.entryAdded": ({ entry }) => complaints.push(`${entry.source}: ${entry.text}`),
    "Page.javascriptDialogOpening": ({ message }) => complaints.push(`a dialog: ${message}`),
  },
});
const failures = [];
const check = (is, what) => { if (!is) failures.push(what); };

// The pages' own scripts are off; what is evaluated here is not theirs.
await tell("Emulation.setScriptExecutionDisabled", { value: true });

const size = (width) => tell("Emulation.setDeviceMetricsOverride", { width, height: 900, deviceScaleFactor: 1, mobile: width < 500 });
const scheme = (value, media = "") => tell("Emulation.setEmulatedMedia", { media, features: [{ name: "prefers-color-scheme", value }] });

// The weight of a page with its style sheet and icon, in bytes.
const HEAVIEST = 60_000;

/** Checks that the open page fits, has no script, and that axe finds nothing. */
const inspect = async (at, opens = true) => {
  await tell("Emulation.setScriptExecutionDisabled", { value: false });
  const over = await value("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  check(over <= 0, `${at}: ${over} pixels too wide`);
  check(await value("document.scripts.length") === 0, `${at}: a script`);
  const loose = await value("[...document.querySelectorAll('table')].filter((table) => !table.closest('.scroll')).length");
  check(loose === 0, `${at}: ${loose} tables that do not scroll`);
  const weight = await value("[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0)");
  check(weight > 1_000 && weight < HEAVIEST, `${at}: ${weight} bytes`);
  await value(`(() => { for (const all of document.querySelectorAll("details")) all.open = ${opens}; })()`);
  await value(`${axe}; 0`);
  const { violations } = await value("axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => ({ violations: violations.map(({ id, nodes }) => id + ' ' + nodes.map((node) => node.target.join(' ')).join(', ')) }))");
  check(violations.length === 0, `${at}: ${violations.join("; ")}`);
  await tell("Emulation.setScriptExecutionDisabled", { value: true });
};

let looked = 0;
for (const dark of ["light", "dark"]) {
  await scheme(dark);
  for (const width of [375, 768, 1280, 1440]) {
    await size(width);
    for (const [name, path] of Object.entries(pages)) {
      complaints.length = 0;
      await open(`${address}/${path}`);
      const at = `${name} ${width} ${dark}`;
      const expected = errors.includes(name) ? 1 : 0;
      check(complaints.length <= expected, `${at}: ${complaints.join("; ")}`);
      await inspect(at, name !== "covered");
      if (pictures) {
        const { data } = await tell("Page.captureScreenshot", { captureBeyondViewport: true });
        await writeFile(`${pictures}/${name}-${width}-${dark}.png`, Buffer.from(data, "base64"));
      }
      looked += 1;
    }
  }
}

// On paper there is no scrolling: everything has to fit.
await scheme("light", "print");
await size(768);
for (const [name, path] of Object.entries(pages)) {
  await open(`${address}/${path}`);
  const over = await value("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  check(over <= 0, `${name} printed: ${over} pixels too wide`);
  const cut = await value("[...document.querySelectorAll('.scroll')].filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.getAttribute('aria-label')).join(', ')");
  check(cut === "", `${name} printed: cut ${cut}`);
  if (pictures) {
    const { data } = await tell("Page.captureScreenshot", { captureBeyondViewport: true });
    await writeFile(`${pictures}/${name}-print.png`, Buffer.from(data, "base64"));
  }
  looked += 1;
}
await scheme("light");

// A reader without a mouse comes to the content first, and to every link.
await open(`${address}/set?name=pricing`);
const key = async (name, code) => {
  for (const type of ["keyDown", "keyUp"]) await tell("Input.dispatchKeyEvent", { type, key: name, code: name, windowsVirtualKeyCode: code, text: type === "keyDown" && name === "Enter" ? "\r" : undefined });
};
await key("Tab", 9);
check(await value("document.activeElement.className") === "skip", "the first tab is not the skip link");
let links = 0;
for (let tab = 0; tab < 60; tab += 1) {
  await key("Tab", 9);
  links += await value("Number(document.activeElement.matches('a, button, summary, .scroll'))");
}
check(links > 20, `only ${links} places are reached by keyboard`);

// A mismatch covers the numbers until it is clicked through, by keyboard, without script.
await open(`${address}/set?name=banner`);
const shows = () => value("document.querySelector('.covered table').checkVisibility()");
check(!(await shows()), "a mismatch does not cover the numbers");
await value("document.querySelector('.covered summary').focus()");
await key("Enter", 13);
check(await shows(), "the covered numbers cannot be opened");

// Every act, by keyboard alone: from its button over its fields to the form that makes it.
const shown = () => value("location.pathname + location.search + ' ' + document.querySelector('main').innerText");
const focus = async (selector) => {
  for (let tab = 0; tab < 80; tab += 1) {
    if (await value(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
    await key("Tab", 9);
  }
  throw new Error(`${selector} is not reached by keyboard`);
};
const type = async (text) => {
  for (const one of text) {
    const code = one.toUpperCase().charCodeAt(0);
    if (one === ">") await key("ArrowRight", 39);
    else if (one === "\n") await key("Enter", 13);
    else for (const kind of ["keyDown", "keyUp"]) await tell("Input.dispatchKeyEvent", { type: kind, key: one, text: kind === "keyDown" ? one : undefined, windowsVirtualKeyCode: /[A-Z0-9]/.test(String.fromCharCode(code)) ? code : 0 });
  }
};
const enter = (selector) => focus(selector).then(() => after(() => key("Enter", 13)));
const acts = [
  ["pricing", "pause", {}, "paused: every request gets control"],
  ["pricing", "resume", {}, "In force in "],
  ["pricing", "share", { share: "12.5" }, "12.5% of the units, over 100% in code"],
  ["pricing", "ramp", { steps: "2999-01-01T08:00 25%\n2999-01-02T08:00 100%" }, "25% at 2999-01-01 08:00 UTC"],
  // As a browser in English asks for it: a month, a day, a year, and a time of twelve hours.
  ["pricing", "exclude", { from: "03012026>0830AM", until: "03012026>0945AM" }, "from 2026-03-01 08:30 UTC until 2026-03-01 09:45 UTC"],
  ["pricing", "close", {}, "closed at "],
  ["pricing", "ship", { track: "" }, "control, for every eligible request"],
  ["pricing", "reset", {}, "reset, by Ann: by keyboard"],
];
for (const width of [375, 1440]) {
  await size(width);
  // A reset is in force after five seconds; until then, a shipped set has no share to change.
  while ((await open(`${address}/set?name=pricing`), await shown()).includes("for every eligible request")) {
    await new Promise((done) => setTimeout(done, 500));
  }
  for (const [set, act, values, expected] of acts) {
    const at = `${act} ${width}`;
    await open(`${address}/set?name=${set}`);
    await enter(`button[value=${act}]`);
    for (const [field, text] of Object.entries(values)) {
      await focus(`#${field}`);
      await type(text);
    }
    if (Object.keys(values).length > 0) {
      await inspect(`fields of ${at}`);
      await enter("form button");
    }
    await focus("#reason");
    await type("by keyboard");
    await inspect(at);
    if (pictures) {
      const { data } = await tell("Page.captureScreenshot", { captureBeyondViewport: true });
      await writeFile(`${pictures}/made-${act}-${width}.png`, Buffer.from(data, "base64"));
    }
    await enter("form button");
    const page = await shown();
    check(page.startsWith(`/tracks/set?name=${set}&phase=1 `) && page.includes(expected), `${at}: ${page.slice(0, 900)}`);
    await inspect(`after ${at}`);
  }
}
await open(`${address}/set?name=gift`);
await enter("button[aria-label='Approve change 9']");
await focus("#reason");
await type("it is ready");
await enter("form button");
const approved = await shown();
check(approved.startsWith("/tracks/set?name=gift") && !approved.includes("Waits for approval"), `no approval: ${approved.slice(0, 400)}`);

// A form that was open while somebody else changed the set.
await open(`${address}/change?set=gift&act=pause`);
await value("document.querySelector('[name=previous]').value = '1'");
await focus("#reason");
await type("too late");
await enter("form button");
check((await shown()).includes("Another change was faster"), "no conflict");
await inspect("conflict");

// A look-up that is addressed by its pseudonym, and a link; by forms, without script.
const submit = async (selector) => {
  await after(() => value(`document.querySelector(${JSON.stringify(selector)}).click()`));
  return shown();
};
await open(`${address}/set?name=pricing`);
const link = await submit("form[action=link] button");
check(link.startsWith("/tracks/link") && link.includes("/?tracks=v2~pricing~1~control~"), `no link: ${link.slice(0, 200)}`);
await open(`${address}/unit`);
await value("document.querySelector('#key').value = 'visitor 0 of pricing'");
const found = await submit("form[method=post] button");
check(/unit\?id=[0-9a-f]{32} /.test(found) && found.includes("pricing"), `no unit: ${found.slice(0, 200)}`);

// What others wrote is text.
await open(`${address}/set?name=delay`);
check(await value("document.querySelector('.hypothesis').innerText.includes('<script>alert')"), "the hypothesis is not text");

const host = new URL(address).host;
const strangers = requests.filter((url) => /^(https?|wss?):/.test(url) && new URL(url).host !== host);
check(strangers.length === 0, `requests to others: ${strangers.join(", ")}`);

for (const failure of failures) console.error(failure);
console.log(`${looked} looks at ${Object.keys(pages).length} pages, ${requests.length} requests, ${failures.length} failures`);
process.exit(failures.length === 0 ? 0 : 1);
