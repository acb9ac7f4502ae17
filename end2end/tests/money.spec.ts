// What a partner sees of many customers at once: the first page, bills, prices before a change, and one thing done to
// several. Steps follow each other, so they run in order.
import type { Browser, Page } from "@playwright/test";
import { stack } from "../support/stack";
import { expect, look, open, signIn, slips, test } from "../support/test";

test.describe.configure({ mode: "serial" });

let owner: Page;
const newPage = async (browser: Browser, script = true) =>
  (await browser.newContext({ baseURL: stack().address, javaScriptEnabled: script })).newPage();
const title = (page: Page) => page.getByRole("heading", { level: 1 });

test.beforeAll(async ({ browser }) => {
  owner = await newPage(browser);
});
test.afterAll(async () => owner.context().close());

test("the first page says how everybody stands, and each figure leads to its list", async () => {
  await signIn(owner, stack().partners[0]);
  await open(owner, "/partner");
  await expect(title(owner)).toHaveText("Overview");
  await expect(owner.getByText(/Billing, /)).toBeVisible();
  await expect(owner.getByText("Seats, day by day")).toBeVisible();
  await look(owner, "partner-overview");
  await owner.getByRole("link", { name: /Nothing connected/ }).click();
  await expect(owner).toHaveURL(/\/partner\/organizations\?health=not-connected/);
  await expect(owner.getByRole("row", { name: /Fabrikam/ })).toBeVisible();
  await expect(owner.getByRole("row", { name: /Tailspin/ })).toHaveCount(0);
});

test("a month's bill, with every line and as a file", async () => {
  await open(owner, "/partner/bills");
  await expect(title(owner)).toHaveText("Bills");
  await owner.locator("summary", { hasText: "Adventure Works" }).click();
  await expect(owner.locator("details[open]").getByText("150", { exact: true })).toBeVisible();
  await look(owner, "partner-bills");
  const [file] = await Promise.all([
    owner.waitForEvent("download"),
    owner.getByRole("link", { name: "Export CSV" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("bills.csv");
});

test("a change says what it costs before it is made, and stands on the bill afterwards", async () => {
  await open(owner, "/partner/organizations?words=Adventure");
  await owner.getByRole("link", { name: /Adventure Works/ }).click();
  await owner.getByRole("link", { name: "Subscription" }).click();
  await owner.getByRole("textbox", { name: "Seats" }).fill("160");
  await owner.getByRole("button", { name: "What does it cost?" }).click();
  await expect(owner.getByText("€672.00 a month")).toBeVisible();
  await owner.getByRole("textbox", { name: "Seats" }).fill("0");
  await owner.getByRole("button", { name: "What does it cost?" }).click();
  await expect(owner.getByText(/from 1 to 1,000,000/).first()).toBeVisible();
  await owner.getByRole("textbox", { name: "Seats" }).fill("160");
  await owner.getByRole("button", { name: "What does it cost?" }).click();
  await expect(owner.getByText("€672.00 a month")).toBeVisible();
  await look(owner, "partner-organization-price");
  await owner.getByRole("button", { name: "Save seats" }).click();
  await expect(owner.getByText("Seats: 150 → 160")).toBeVisible();
  await owner.getByRole("row", { name: /Entra Archive/ }).getByRole("button").click();
  await expect(owner.getByRole("dialog").getByText("€944.00 a month")).toBeVisible();
  await owner.getByRole("dialog").getByRole("button", { name: "Leave as it is" }).click();
  await owner.getByRole("link", { name: "Billing" }).click();
  await expect(owner.getByRole("cell", { name: "160", exact: true }).first()).toBeVisible();
  await look(owner, "partner-organization-billing");
});

test("several are suspended and resumed together, and what cannot be is left out with the reason", async () => {
  await open(owner, "/partner/organizations");
  for (const name of ["Choose Fabrikam GmbH", "Choose Tailspin Toys"]) await owner.getByRole("checkbox", { name }).check();
  await look(owner, "partner-organizations-chosen");
  await owner.getByRole("button", { name: "Back up now" }).click();
  await expect(title(owner)).toHaveText("Back up now 2 organizations");
  await expect(owner.getByRole("row", { name: /Fabrikam/ })).toContainText("Nothing is connected yet");
  await expect(owner.getByRole("row", { name: /Tailspin/ })).toContainText("has no Entra portal");
  await expect(owner.getByRole("button", { name: "Back up now 0 organizations" })).toBeDisabled();
  await open(owner, "/partner/organizations");
  for (const name of ["Choose Fabrikam GmbH", "Choose Tailspin Toys"]) await owner.getByRole("checkbox", { name }).check();
  await owner.getByRole("button", { name: "Suspend" }).click();
  await expect(owner.getByText(/Nobody of this organization can sign in/)).toBeVisible();
  await look(owner, "partner-organizations-several");
  await owner.getByRole("button", { name: "Suspend 2 organizations" }).click();
  await expect(owner.getByText("2 done")).toBeVisible();
  await look(owner, "partner-organizations-several-done");
});

test("without a script, several are resumed as well", async ({ browser }) => {
  const plain = await newPage(browser, false);
  await plain.goto("/signin");
  await plain.getByLabel("E-mail").fill(stack().partners[0]!.email);
  await plain.getByLabel("Password").fill(stack().partners[0]!.password);
  await plain.getByRole("button", { name: "Continue" }).click();
  await plain.goto("/partner/organizations?state=suspended");
  for (const name of ["Choose Fabrikam GmbH", "Choose Tailspin Toys"]) await plain.getByRole("checkbox", { name }).check();
  await plain.getByRole("button", { name: "Resume" }).click();
  await plain.getByRole("button", { name: "Resume 2 organizations" }).click();
  await expect(plain.getByText("2 done")).toBeVisible();
  await plain.context().close();
});

test("the audit log is narrowed to a person and to an event", async () => {
  await open(owner, "/partner/audit?event=organization-suspended");
  await expect(owner.getByText("Organization suspended").first()).toBeVisible();
  await expect(owner.getByText("Organization created")).toHaveCount(0);
  await look(owner, "partner-audit-filtered");
  await owner.getByRole("link", { name: /^All about / }).first().click();
  await expect(owner).toHaveURL(/organization=/);
});

test("Finance sees no health and Support no money", async ({ browser }) => {
  const [support, finance] = [await newPage(browser), await newPage(browser)];
  await signIn(support, stack().partners[1]);
  await open(support, "/partner");
  await expect(support.getByText("Failing and late backups")).toBeVisible();
  await expect(support.getByText("€")).toHaveCount(0);
  await expect(support.getByRole("link", { name: "Bills" })).toHaveCount(0);
  await signIn(finance, stack().partners[2]);
  await open(finance, "/partner");
  await expect(finance.getByText(/Billing, /)).toBeVisible();
  await expect(finance.getByText("Failing and late backups")).toHaveCount(0);
  for (const page of [support, finance]) await page.context().close();
});

test("looks", async () => {
  expect(slips.join("\n\n")).toBe("");
});
