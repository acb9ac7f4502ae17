// Every page without a mouse: Tab reaches all that can be pressed or filled in, it shows where it is, and it leaves
// again. After all other stories, so that there is something on the pages.
import { type Page } from "@playwright/test";
import { stack } from "../support/stack";
import { expect, look, open, signIn, slips, test } from "../support/test";

test.describe.configure({ timeout: 300_000 });

/** What Tab has to reach on the page as it stands; marked, so that what was reached can be told. */
const count = (page: Page) =>
  page.evaluate(() => {
    const all = document.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, summary, [tabindex]");
    const group = (radio: HTMLInputElement) =>
      [...document.querySelectorAll<HTMLInputElement>("input[type=radio]")].filter((r) => r.name === radio.name && r.form === radio.form);
    const stops = [...all].filter((e) => {
      if (e.tabIndex < 0 || (e as HTMLInputElement).disabled || !e.checkVisibility({ visibilityProperty: true })) return false;
      if (!(e instanceof HTMLInputElement) || e.type !== "radio") return true;
      // Of a group, Tab stops at the one that is chosen, or at the first.
      const radios = group(e);
      return e === (radios.find((r) => r.checked) ?? radios[0]);
    });
    stops.forEach((e) => (e.dataset.stop = "ahead"));
    return stops.length;
  });

/** What has the focus now: whether it can be seen to have it, and how many stops are ahead still. */
const here = (page: Page) =>
  page.evaluate(() => {
    const e = document.activeElement as HTMLElement;
    e.dataset.stop = "reached";
    const rings = (e: Element, part?: string) => {
      const { outlineStyle, boxShadow } = getComputedStyle(e, part);
      return outlineStyle !== "none" || boxShadow !== "none";
    };
    // A row shows it around itself for its link, a search field for its input.
    const field = e.closest(".find");
    const shows = rings(e) || rings(e, "::after") || (field !== null && rings(field));
    const ahead = document.querySelectorAll<HTMLElement>("[data-stop=ahead]");
    return { what: e === document.body ? "" : e.outerHTML.slice(0, 200), shows, ahead: [...ahead].map((a) => a.outerHTML.slice(0, 200)) };
  });

async function walk(page: Page, path: string) {
  await open(page, path);
  const stops = await count(page);
  let last = await here(page);
  for (let presses = 0; last.ahead.length > 0 && presses < stops * 2 + 40; presses += 1) {
    await page.keyboard.press("Tab");
    last = await here(page);
    if (last.what && !last.shows) throw new Error(`${path}: the focus does not show on ${last.what}`);
  }
  expect(last.ahead, `${path}: what Tab does not reach`).toEqual([]);
}

/** Where the links of a kind on a page lead. */
const linked = (page: Page, pattern: RegExp) =>
  page.evaluate(
    (source) => [
      ...new Set([...document.querySelectorAll("a")].map((a) => a.getAttribute("href")!).filter((href) => new RegExp(source).test(href ?? ""))),
    ],
    pattern.source,
  );

test("the Partner Portal", async ({ page }) => {
  await signIn(page, stack().partners[0]);
  // No story leads here.
  await open(page, "/partner/security");
  await look(page, "partner-security");
  await open(page, "/partner");
  const pages = await linked(page, /^\/partner/);
  expect(pages.length).toBeGreaterThan(12);
  await open(page, "/partner/organizations?words=Northwind");
  const [organization] = await linked(page, /^\/partner\/organizations\/[0-9a-f-]{36}$/);
  await open(page, organization!);
  const tabs = await linked(page, /\?tab=/);
  expect(tabs.length).toBeGreaterThan(5);
  await open(page, "/partner/partners");
  const [below] = await linked(page, /^\/partner\/partners\/[0-9a-f-]{36}$/);
  const more = ["/partner/organizations/new", "/partner/plans/new", "/partner/partners/new", "/partner/account", "/partner/account/second-factor"];
  for (const path of [...pages, organization!, ...tabs, below!, ...more, "/partner/help/permissions"]) await walk(page, path);
});

test("the End-User Portal", async ({ page }) => {
  const { sim, people } = stack();
  await signIn(page, people[0]);
  await expect(page).toHaveURL(/\/(connect|t\/[^/]+)$/);
  if (new URL(page.url()).pathname === "/connect") {
    await page.getByLabel("Directory (tenant) ID").fill(sim.tenant_id);
    await page.getByLabel("Application (client) ID").fill(sim.client_id);
    await page.getByLabel("Client secret").fill(sim.client_secret);
    await page.getByRole("button", { name: "Connect and back up" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Everything is backed up", { timeout: 90_000 });
  }
  await expect(page).toHaveURL(/\/t\//);
  const tenant = new URL(page.url()).pathname;
  await open(page, tenant);
  const pages = await linked(page, /^\/(t\/|users|visits|notifications|help|api-access|connect)/);
  expect(pages.length).toBeGreaterThan(8);
  await open(page, `${tenant}/browse`);
  const [object] = await linked(page, /\/objects\//);
  const restores = await open(page, `${tenant}/restores`).then(() => linked(page, /\/restores\/\d+$/));
  for (const path of [...pages, object!, ...restores.slice(0, 1), "/account", "/account/second-factor", "/help/permissions"]) await walk(page, path);
});

test("before the sign-in", async ({ page }) => {
  for (const path of ["/signin", "/forgot"]) await walk(page, path);
});

test("nothing looked wrong", () => {
  expect(slips.join("\n\n")).toBe("");
});
