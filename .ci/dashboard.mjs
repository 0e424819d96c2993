// Drives Chromium by its DevTools protocol; see `.ci/dashboard`.
import { readFile, writeFile } from "node:fs/promises";

import { connect } from "./devtools.mjs";

const [debug, address, axePath, pictures] = process.argv.slice(2);
const axe = await readFile(axePath, "utf8");
const unit = "0".repeat(32);
const pages = {
  sets: "sets",
  ended: "ended",
  better: "set?name=pricing",
  worse: "set?name=delay",
  covered: "set?name=banner",
  early: "set?name=onboarding",
  phase: "set?name=search&phase=1",
  unit: "unit",
  nobody: `unit?id=${unit}`,
  planner: "planner",
  planned: "planner?baseline=10&lift=10&daily=1000",
  refused: "planner?baseline=x&lift=1",
  recorder: "recorder",
  pauses: "pauses",
  missing: "%3Cscript%3Ealert(1)%3C/script%3E",
};

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
const scheme = (value) => tell("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });

let looked = 0;
for (const dark of ["light", "dark"]) {
  await scheme(dark);
  for (const width of [375, 768, 1440]) {
    await size(width);
    for (const [name, path] of Object.entries(pages)) {
      complaints.length = 0;
      await open(`${address}/${path}`);
      const at = `${name} ${width} ${dark}`;
      const expected = name === "missing" ? 1 : 0;
      check(complaints.length <= expected, `${at}: ${complaints.join("; ")}`);
      await tell("Emulation.setScriptExecutionDisabled", { value: false });
      const over = await value("document.documentElement.scrollWidth - document.documentElement.clientWidth");
      check(over <= 0, `${at}: ${over} pixels too wide`);
      check(await value("document.scripts.length") === 0, `${at}: a script`);
      await value(`(() => { for (const all of document.querySelectorAll("details")) all.open = ${name !== "covered"}; })()`);
      await value(`${axe}; 0`);
      const { violations } = await value("axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => ({ violations: violations.map(({ id, nodes }) => id + ' ' + nodes.map((node) => node.target.join(' ')).join(', ')) }))");
      check(violations.length === 0, `${at}: ${violations.join("; ")}`);
      await tell("Emulation.setScriptExecutionDisabled", { value: true });
      if (pictures) {
        const { data } = await tell("Page.captureScreenshot", { captureBeyondViewport: true });
        await writeFile(`${pictures}/${name}-${width}-${dark}.png`, Buffer.from(data, "base64"));
      }
      looked += 1;
    }
  }
}

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

// A pause, by a form, without script; and a look-up that is addressed by its pseudonym.
const submit = async (selector) => {
  await after(() => value(`document.querySelector(${JSON.stringify(selector)}).click()`));
  return value("location.pathname + location.search + ' ' + document.querySelector('main').innerText");
};
await open(`${address}/set?name=pricing`);
const paused = await submit("form[action=pause] button");
check(paused.startsWith("/tracks/set?name=pricing") && paused.includes("Paused by Ann"), `no pause: ${paused.slice(0, 200)}`);
check((await submit("form[action=resume] button")).includes("Resumed by Ann"), "no resumption");
const link = await submit("form[action=link] button");
check(link.startsWith("/tracks/link") && link.includes("/?tracks=v2~pricing~1~control~"), `no link: ${link.slice(0, 200)}`);
await open(`${address}/unit`);
await value("document.querySelector('#key').value = 'visitor 0 of pricing'");
const found = await submit("form[method=post] button");
check(/unit\?id=[0-9a-f]{32} /.test(found) && found.includes("pricing"), `no unit: ${found.slice(0, 200)}`);

// What others wrote is text.
await open(`${address}/set?name=delay`);
check(await value("document.querySelector('blockquote').innerText.includes('<script>alert')"), "the hypothesis is not text");

const host = new URL(address).host;
const strangers = requests.filter((url) => /^(https?|wss?):/.test(url) && new URL(url).host !== host);
check(strangers.length === 0, `requests to others: ${strangers.join(", ")}`);

for (const failure of failures) console.error(failure);
console.log(`${looked} looks at ${Object.keys(pages).length} pages, ${requests.length} requests, ${failures.length} failures`);
process.exit(failures.length === 0 ? 0 : 1);
