// Opens the results in Chromium by its DevTools protocol, as a person does who has the password; see
// `.ci/newcomer`.
import { connect } from "./devtools.mjs";

const [debug, results, username, password] = process.argv.slice(2);

let asked = 0;
const { tell, after, open, value } = await connect(debug, {
  on: {
    "Fetch.requestPaused": ({ requestId }, tell) => tell("Fetch.continueRequest", { requestId }),
    // The dialog for name and password, which appears only where the server asks.
    "Fetch.authRequired": ({ requestId }, tell) => {
      asked += 1;
      const authChallengeResponse = { response: "ProvideCredentials", username, password };
      tell("Fetch.continueWithAuth", { requestId, authChallengeResponse });
    },
  },
});
const click = (link) => after(() => value(`
  [...document.querySelectorAll("main a, nav a")].find((a) => a.textContent === ${JSON.stringify(link)}).click()`));
const check = async (what, ...parts) => {
  const text = await value("document.title + '\\n' + document.querySelector('main').innerText");
  const missing = parts.filter((part) => !text.includes(part));
  if (missing.length === 0) return console.log(`${what}: ${await value("location.href")}`);
  console.error(`${what} at ${await value("location.href")} has no ${missing.join(", ")}:\n${text}`);
  process.exit(1);
};

await tell("Fetch.enable", { handleAuthRequests: true });

for (const entry of [results, `${results}/`]) {
  await open(entry);
  await check("the sets", "pricing");
  await click("pricing");
  await check("the results of the set", "pricing", "purchase", "control", "cheap");
  await click("Pauses");
  await check("the pauses", "pricing", "running");
}
if (asked === 0) {
  console.error("the browser was never asked for the password");
  process.exit(1);
}
console.log(`asked for the password ${asked} times`);
process.exit(0);
