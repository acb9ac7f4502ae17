// What every test has: the stack, a page that fails the test when the browser complains, and a few verbs.
import AxeBuilder from "@axe-core/playwright";
import { type Page, expect, test as base } from "@playwright/test";
import { type Person, type Stack, stack } from "./stack";

interface Fixtures {
  stack: Stack;
  /** What the console said that nobody expected; checked at the end of each test. */
  complaints: string[];
  /** Console texts that a test brings about on purpose. */
  expected: RegExp[];
}

export const test = base.extend<Fixtures>({
  stack: async ({}, use) => use(stack()),
  baseURL: async ({}, use) => use(stack().address),
  expected: async ({}, use) => use([]),
  complaints: [
    async ({ page, expected }, use) => {
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (!["error", "warning"].includes(message.type())) return;
        complaints.push(`${message.type()}: ${message.text()}`);
      });
      page.on("pageerror", (error) => complaints.push(`thrown: ${error}`));
      await use(complaints);
      const unexpected = complaints.filter((text) => !expected.some((pattern) => pattern.test(text)));
      expect(unexpected, "the browser's console").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Waits until the page answers: before that a button is there, but nothing listens. */
export async function hydrated(page: Page) {
  await expect(page.locator("html[data-hydrated]")).toBeAttached();
}

export async function open(page: Page, path: string) {
  await page.goto(path);
  await hydrated(page);
}

export async function signIn(page: Page, person: Person = stack().people[0]!) {
  await open(page, "/signin");
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page).not.toHaveURL(/signin/);
}

/** What was found wrong with looks, page by page; the last test of a story says it, so that one slip hides no other. */
export const slips: string[] = [];

/** Notes every rule of axe that the page breaks as it stands. */
export async function accessible(page: Page, name: string) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  for (const { id, help, nodes } of violations) {
    slips.push(`${name}: ${id}: ${help}\n${nodes.map((n) => `    ${n.html}\n    ${n.failureSummary}`).join("\n")}`);
  }
}

/** Asks the simulator for something. */
export async function sim(path: string, body: unknown = {}) {
  const response = await fetch(`${stack().sim.base}/sim${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`/sim${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

const LOOKS = [
  { name: "light-1440x900", scheme: "light", width: 1440, height: 900 },
  { name: "dark-1440x900", scheme: "dark", width: 1440, height: 900 },
  { name: "light-390x844", scheme: "light", width: 390, height: 844 },
  { name: "dark-390x844", scheme: "dark", width: 390, height: 844 },
] as const;

/** Pictures of the page in each look; and in each it is accessible and does not scroll sideways. */
export async function look(page: Page, name: string) {
  // A page looks the same wherever its data lies, and looking takes most of a run.
  if (process.env.HOLDFAST_TEST_DATABASE) return;
  const before = page.viewportSize();
  for (const { name: how, scheme, width, height } of LOOKS) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height });
    // The browser needs a moment to paint links in their new colours.
    await page.waitForTimeout(200);
    const sideways = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const beyond = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > clientWidth);
      const what = beyond.filter((e) => !e.closest(".table-wrap")).map((e) => e.outerHTML.slice(0, 90));
      return { by: scrollWidth - clientWidth, what: what.slice(0, 4).join("\n    ") };
    });
    if (sideways.by > 0) slips.push(`${name}, ${how}: scrolls sideways by ${sideways.by} px:\n    ${sideways.what}`);
    await page.screenshot({ path: `screenshots/${name}-${how}.png`, fullPage: true });
    await accessible(page, `${name}, ${how}`);
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: null });
  if (before) await page.setViewportSize(before);
}
