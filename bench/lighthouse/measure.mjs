/* Lighthouse on the mobile profile, for bench/scores.py. Reads on stdin a list of {name, url, cookie}, where cookie is
   {name, value} or null, and writes for each one a line of JSON with what Lighthouse said.
   Throttling is applied, not simulated: Chromium slows its processor and each request, and times are measured.
   It does not slow websockets, so only bench/slow_phone.py says when the app can be used. */
import { readFileSync } from "node:fs";
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const FLAGS = {
  logLevel: "silent",
  output: "json",
  onlyCategories: ["performance", "accessibility", "best-practices"],
  formFactor: "mobile",
  throttlingMethod: "devtools",
  disableStorageReset: true,
};

async function measured({ name, url, cookie }) {
  /* A browser of its own each time, so that its cache is cold. */
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROME_PATH,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    const page = await browser.newPage();
    if (cookie) {
      await browser.setCookie({ ...cookie, domain: new URL(url).hostname, path: "/" });
    }
    const { lhr } = await lighthouse(url, FLAGS, undefined, page);
    const score = (category) => Math.round(100 * lhr.categories[category].score);
    const value = (audit) => lhr.audits[audit].numericValue ?? null;
    return {
      name,
      performance: score("performance"),
      accessibility: score("accessibility"),
      bestPractices: score("best-practices"),
      firstPaint: value("first-contentful-paint"),
      largestPaint: value("largest-contentful-paint"),
      blocked: value("total-blocking-time"),
      bytes: value("total-byte-weight"),
      failed: Object.values(lhr.audits)
        .filter((audit) => audit.score === 0 && audit.scoreDisplayMode === "binary")
        .map((audit) => audit.id),
    };
  } finally {
    await browser.close();
  }
}

for (const wanted of JSON.parse(readFileSync(0, "utf8"))) {
  console.log(JSON.stringify(await measured(wanted)));
}
