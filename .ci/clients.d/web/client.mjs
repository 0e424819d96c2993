// Reads the flags of the shop in a browser, by the provider of OpenFeature for the web:
//   node client.mjs DEVTOOLS ADDRESS BUNDLE FLAGS [report | reportInTrouble] <COOKIES
// Each line of the input is the value of a visitor's cookie, and an empty line is a new visitor. With `report`, what
// they read is reported, and with the other also when the first two attempts fail.
import { readFileSync } from "node:fs";
import { connect } from "../../devtools.mjs";

/** How many visitors come at the same time, each in cookies of its own. */
const AT_ONCE = 4;

const [debug, address, file, flags, report] = process.argv.slice(2);
const bundle = readFileSync(file, "utf8");
const visitors = readFileSync(0, "utf8").split("\n").slice(0, -1);
const answers = new Array(visitors.length);
const read = `visit(${JSON.stringify(flags.split(","))})`;
let next = 0;

/** Opens a page without cookies, and is one visitor after the other there. */
async function visit() {
  const { tell, open, value } = await connect(debug, { apart: true });
  await open(`${address}/`);
  await value(bundle);
  if (report) await value(`${report}()`);
  while (next < visitors.length) {
    const index = next++;
    const known = visitors[index];
    if (known) await tell("Network.setCookie", { name: "tracks", value: known, url: address, httpOnly: true });
    const lines = await value(read);
    const [{ cookies }] = await Promise.all([tell("Network.getCookies", { urls: [address] }), tell("Network.clearBrowserCookies")]);
    const cookie = cookies.find(({ name }) => name === "tracks");
    if (!cookie?.httpOnly) throw new Error(`visitor ${index} has no cookie that scripts cannot read`);
    if (known && cookie.value !== known) throw new Error(`visitor ${index} has another cookie now`);
    const key = cookie.value.split(".")[0];
    answers[index] = lines.map((line) => `${[key, ...line].join("\t")}\t${cookie.value}\n`).join("");
  }
  if (report === "reportInTrouble") {
    const posts = await value("settled");
    if (posts !== 3) throw new Error(`the hook has not waited for its answers: ${posts} posts`);
  }
  // What was read a moment ago is sent when the page is left.
  await open("about:blank");
}

await Promise.all(Array.from({ length: Math.min(AT_ONCE, visitors.length) }, visit));
process.stdout.write(answers.join(""), () => process.exit());
