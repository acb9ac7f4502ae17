// The story of the README: back a tenant up, see what an incident did, put it back.
import { type Page } from "@playwright/test";
import { expect, hydrated, look, open, sim, signIn, slips, test } from "../support/test";

test.describe.configure({ mode: "serial" });

let page: Page;
let tenant: string;

test.beforeAll(async ({ browser, stack }) => {
  page = await (await browser.newContext({ baseURL: stack.address })).newPage();
});
test.afterAll(async () => page.context().close());

const complaints: string[] = [];
test.beforeEach(() => {
  complaints.length = 0;
  page.removeAllListeners("console");
  page.on("console", (m) => {
    if (["error", "warning"].includes(m.type())) complaints.push(`${m.type()}: ${m.text()}`);
  });
});
test.afterEach(() => expect(complaints, "the browser's console").toEqual([]));

async function compareWithLive() {
  await open(page, `/t/${tenant}`);
  await page.getByRole("button", { name: "Compare with live" }).click();
  await expect(page).toHaveURL(/compare\?from=\d+&to=\d+/, { timeout: 60_000 });
  await expect(page.getByText("Showing")).toBeVisible();
}

async function runPlan() {
  await page.getByRole("button", { name: "Start restore" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Start restore" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Restored/, { timeout: 90_000 });
}

test("sign in", async () => {
  await open(page, "/signin");
  await look(page, "sign-in");
  await signIn(page);
  await expect(page).toHaveURL(/\/connect$/);
});

test("connect the tenant, after a test of the connection", async ({ stack }) => {
  await hydrated(page);
  await look(page, "connect");
  await page.getByLabel("Directory (tenant) ID").fill(stack.sim.tenant_id);
  await page.getByLabel("Application (client) ID").fill(stack.sim.client_id);
  await page.getByLabel("Client secret").fill(stack.sim.client_secret);
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByText("Ready for backups")).toBeVisible();
  await expect(page.getByText("User.Read.All").last()).toBeVisible();
  await look(page, "connect-tested");
  await page.getByRole("button", { name: "Connect and back up" }).click();
  await expect(page).toHaveURL(/\/t\/[0-9a-f-]{36}$/);
  tenant = page.url().split("/t/")[1]!;
});

test("the first backup runs and ends", async () => {
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Everything is backed up", { timeout: 60_000 });
  await expect(page.getByRole("region", { name: "Snapshots" }).getByText("#1", { exact: true })).toBeVisible();
});

test("browse, and find a person", async () => {
  await page.getByRole("link", { name: "Browse" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Browse");
  const name = await page.locator("tbody .row-link b").first().textContent();
  await look(page, "browse");
  await page.getByPlaceholder("Name or e-mail").fill(name!);
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/q=/);
  await page.getByRole("link", { name: name! }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name!);
  await expect(page.getByText("Display name")).toBeVisible();
  await look(page, "object");
});

let emptied: string;

test("an incident, compared with live", async () => {
  const played = await sim("/incidents/group-strip");
  expect(played.changes.length).toBeGreaterThan(0);
  await compareWithLive();
  const group = page.locator(".obj", { has: page.getByText(/^−\d/) }).first();
  emptied = (await group.locator("b").textContent())!;
  await group.getByRole("link").click();
  await expect(page.locator(".pane h2")).toHaveText(emptied);
  await expect(page.locator(".pane td.now").getByText("removed").first()).toBeVisible();
  await look(page, "compare");
});

test("everything chosen goes back", async () => {
  await page.getByRole("button", { name: "Choose everything shown" }).click();
  await page.getByRole("button", { name: "Review the plan" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Plan: put \d/);
  await look(page, "restore-planned");
  await runPlan();
  await expect(page.getByText("restored, read back").first()).toBeVisible();
  await look(page, "restore-done");
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
});

test("nothing is left to put back", async () => {
  await compareWithLive();
  await open(page, `/t/${tenant}/compare?from=1&to=${new URL(page.url()).searchParams.get("to")}`);
  await expect(page.getByText("Nothing differs")).toBeVisible();
  await look(page, "compare-same");
});

test("one attribute of one person, and nothing else", async () => {
  await sim("/incidents/hr-sync-gone-wrong");
  await compareWithLive();
  const total = await page.locator(".obj").count();
  expect(total).toBeGreaterThan(1);
  const person = page.locator(".obj", { has: page.getByText(/change/) }).first();
  const name = (await person.locator("b").textContent())!;
  await person.getByRole("link").click();
  await expect(page.locator(".pane h2")).toHaveText(name);
  const box = page.locator(".pane tbody input:enabled").first();
  await box.check();
  await expect(page.getByRole("status").getByText("1 change chosen")).toBeVisible();
  await page.getByRole("button", { name: "Review the plan" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Plan: put 1 change back");
  await runPlan();
  await expect(page.getByText("1 of 1 finished")).toBeVisible();
});

test("the other pages", async () => {
  for (const [path, name, heading] of [
    ["", "overview", /./],
    ["/snapshots", "snapshots", /Snapshots/],
    ["/restores", "restores", /Restores/],
    ["/connection", "connection", /Connection/],
  ] as const) {
    await open(page, `/t/${tenant}${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
    await look(page, name);
  }
});

test("every page looks right and is accessible in every look", () => expect(slips.join("\n")).toBe(""));
