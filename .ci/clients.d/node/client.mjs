// Reads the flags of the shop as a service, by the provider of OpenFeature for Node:
//   node client.mjs ADDRESS AUTHORIZATION <ASKED
// Each line of the input is a key and its flags, with tabs between them.
import { readFileSync } from "node:fs";
import { OpenFeature } from "@openfeature/server-sdk";
import { OFREPProvider } from "@openfeature/ofrep-provider";

/** How many keys are asked about at the same time. */
const AT_ONCE = 32;

const [baseUrl, authorization] = process.argv.slice(2);
const provider = new OFREPProvider({ baseUrl, headersFactory: () => [["Authorization", authorization]] });
await OpenFeature.setProviderAndWait(provider);
const client = OpenFeature.getClient();

const DEFAULTS = { delay: -1, pricing: -99, banner: "unset" };
const asked = readFileSync(0, "utf8").split("\n").slice(0, -1).map((line) => line.split("\t"));
const answers = new Array(asked.length);
let next = 0;

function read(flag, targetingKey) {
  const value = DEFAULTS[flag];
  const context = { targetingKey };
  return typeof value === "string" ? client.getStringDetails(flag, value, context) : client.getNumberDetails(flag, value, context);
}

async function ask() {
  while (next < asked.length) {
    const index = next++;
    const [key, ...flags] = asked[index];
    answers[index] = "";
    for (const flag of flags) {
      const { value, variant = "", reason = "", errorCode = "" } = await read(flag, key);
      answers[index] += `${[key, flag, JSON.stringify(value), variant, reason, errorCode].join("\t")}\n`;
    }
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, ask));
process.stdout.write(answers.join(""));
