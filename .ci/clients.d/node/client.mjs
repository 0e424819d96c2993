// Reads the flags of the shop as a service, by the provider of OpenFeature for Node:
//   node client.mjs ADDRESS AUTHORIZATION <KEYS
import { readFileSync } from "node:fs";
import { OpenFeature } from "@openfeature/server-sdk";
import { OFREPProvider } from "@openfeature/ofrep-provider";

/** How many keys are asked at the same time. */
const AT_ONCE = 32;

const [baseUrl, authorization] = process.argv.slice(2);
const provider = new OFREPProvider({ baseUrl, headersFactory: () => [["Authorization", authorization]] });
await OpenFeature.setProviderAndWait(provider);
const client = OpenFeature.getClient();

const keys = readFileSync(0, "utf8").split("\n").slice(0, -1);
const answers = new Array(keys.length);
let next = 0;

async function ask() {
  while (next < keys.length) {
    const index = next++;
    const context = { targetingKey: keys[index] };
    const details = [
      await client.getNumberDetails("delay", -1, context),
      await client.getNumberDetails("pricing", -99, context),
      await client.getStringDetails("banner", "unset", context),
    ];
    const line = ({ flagKey, value, variant = "", reason = "", errorCode = "" }) =>
      `${[keys[index], flagKey, JSON.stringify(value), variant, reason, errorCode].join("\t")}\n`;
    answers[index] = details.map(line).join("");
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, ask));
process.stdout.write(answers.join(""));
