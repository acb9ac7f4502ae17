// Notifications: what somebody chose is told by a mail that is received, and nothing of what their role may not see.
import { type Browser, type Page } from "@playwright/test";
import { linkIn, mailbox } from "../support/mailbox";
import { stack } from "../support/stack";
import { expect, look, open, signIn, slips, test } from "../support/test";

test.describe.configure({ mode: "serial" });

let owner: Page;
let finance: Page;
let customer: Page;
const FINANCE = "fay@lighthouse.example";
const newPage = async (browser: Browser) => (await browser.newContext({ baseURL: stack().address })).newPage();

test.beforeAll(async ({ browser }) => {
  owner = await newPage(browser);
  finance = await newPage(browser);
  customer = await newPage(browser);
  await signIn(owner, stack().partners[0]);
  await signIn(finance, stack().partners.find(({ email }) => email === FINANCE)!);
  await signIn(customer, stack().people[0]);
});
test.afterAll(async () => {
  for (const page of [owner, finance, customer]) await page.context().close();
});

/** The owner enters Northwind's portal with a reason, and leaves it. */
async function visit(reason: string) {
  await open(owner, "/partner/organizations?q=northwind");
  await owner.getByRole("link", { name: /Northwind Harbour/ }).click();
  await owner.getByRole("button", { name: "Log in to Entra Portal" }).click();
  await owner.getByLabel("Reason").fill(reason);
  await owner.getByRole("dialog").getByRole("button", { name: "Log in" }).click();
  await owner.getByRole("button", { name: "Leave" }).click();
  await expect(owner).toHaveURL(/\/partner/);
}

test("one chooses among what one's role may see, and it is kept", async () => {
  await open(finance, "/partner/notifications");
  await expect(finance.getByLabel("Seats")).toHaveValue("daily");
  await expect(finance.getByLabel("Bills")).toHaveValue("at-once");
  for (const hidden of ["Backups", "Connections", "Security"]) await expect(finance.getByLabel(hidden)).toHaveCount(0);
  await finance.getByLabel("Subscriptions").selectOption("At once");
  await finance.getByRole("button", { name: "Save" }).click();
  await expect(finance.getByText("Saved").first()).toBeVisible();
  await open(finance, "/partner/notifications");
  await expect(finance.getByLabel("Subscriptions")).toHaveValue("at-once");
  await look(finance, "notifications-finance");
  await open(owner, "/partner/notifications");
  await expect(owner.getByLabel("Backups")).toHaveValue("daily");
  await owner.getByLabel("The customers of partners below me, too").check();
  await owner.getByRole("button", { name: "Save" }).click();
  await expect(owner.getByText("Saved").first()).toBeVisible();
  await look(owner, "notifications-owner");
});

test("a customer is created, and whoever chose so is told at once", async () => {
  await open(owner, "/partner/organizations/new");
  await owner.getByLabel("First name").fill("Liv");
  await owner.getByLabel("Last name").fill("Strand");
  await owner.getByLabel("E-mail", { exact: true }).fill("it@lights.example");
  await owner.getByLabel("Country").selectOption("NO");
  await owner.getByRole("combobox", { name: "Partner" }).selectOption("Lighthouse Distribution");
  const plan = owner.getByRole("combobox", { name: "Plan", exact: true });
  await plan.selectOption((await plan.locator("option", { hasText: "Entra Backup" }).getAttribute("value"))!);
  await owner.getByRole("textbox", { name: "Organization", exact: true }).fill("Tromsø Lights");
  await owner.getByRole("button", { name: "Create organization" }).click();
  await expect(owner.getByRole("link", { name: "Go to Tromsø Lights" })).toBeVisible();

  const mail = await mailbox(FINANCE, /Tromsø Lights/);
  expect(mail.subject).toBe("Customer created: Tromsø Lights");
  expect(mail.text).toContain("created by alba@lighthouse.example");
  await open(finance, linkIn(mail, "/partner/organizations/"));
  await expect(finance.getByRole("heading", { level: 1 })).toContainText("Tromsø Lights");
  // How it would read in a digest.
  await open(finance, "/partner/notifications");
  await expect(finance.getByText("Northwind Harbour: created by")).toBeVisible();
  await look(finance, "notifications-preview");
});

test("a customer's people are told of a visit, until they switch it off", async () => {
  await visit("Ticket 4711");
  const mail = await mailbox("maya@northwind.example", /Visit/);
  expect(mail.subject).toContain("Northwind Harbour");
  await open(customer, linkIn(mail, "/visit"));
  await expect(customer.getByText("Ticket 4711").first()).toBeVisible();

  await open(customer, "/notifications");
  await expect(customer.getByRole("listitem").filter({ hasText: "Maya Okafor" })).toBeVisible();
  await look(customer, "notifications-organization");
  await customer.getByLabel("A visit began").uncheck();
  await customer.getByRole("button", { name: "Save" }).click();
  await expect(customer.getByText("Saved").first()).toBeVisible();
  await open(customer, "/notifications");
  await expect(customer.getByLabel("A visit began")).not.toBeChecked();
  await expect(customer.getByLabel("A restore finished")).toBeChecked();
  await customer.getByLabel("A visit began").check();
  await customer.getByRole("button", { name: "Save" }).click();
  await expect(customer.getByText("Saved").first()).toBeVisible();
});

test("somebody who only looks sees what is told, and changes nothing", async ({ page }) => {
  await signIn(page, stack().people.find(({ role }) => role === "viewer")!);
  await open(page, "/notifications");
  await expect(page.getByLabel("A visit began")).toBeDisabled();
  await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
});

test("nothing looked wrong", () => {
  expect(slips.join("\n\n")).toBe("");
});
