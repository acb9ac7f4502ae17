// What people do by links that come by mail: an invitation, a forgotten password, another e-mail, a consent.
import { type Browser, type Page } from "@playwright/test";
import { linkIn, mailbox, mailsTo } from "../support/mailbox";
import { stack } from "../support/stack";
import { expect, look, open, signIn, slips, test } from "../support/test";

test.describe.configure({ mode: "serial" });

const FIRST = "tamarind quay 88 lanterns";
const SECOND = "copper lanterns over 41 quays";
const newPage = async (browser: Browser) => (await browser.newContext({ baseURL: stack().address })).newPage();
const as = (email: string, password: string) => ({ name: "", email, password, role: "" });
const title = (page: Page) => page.getByRole("heading", { level: 1 });

let owner: Page;
let ines: Page;
let customer: Page;
let organization: string;
test.beforeAll(async ({ browser }) => {
  owner = await newPage(browser);
  ines = await newPage(browser);
  customer = await newPage(browser);
  await signIn(owner, stack().partners[0]);
});
test.afterAll(async () => {
  for (const page of [owner, ines, customer]) await page.context().close();
});

/** Follows the link of an invitation, and chooses a password. */
async function takeUp(page: Page, path: string) {
  await open(page, path);
  await page.getByLabel("Password", { exact: true }).fill(FIRST);
  await page.getByRole("button", { name: "Set the password and sign in" }).click();
}

/** Agrees to a change by the link in a mail. */
async function agree(page: Page, path: string, name?: string) {
  await open(page, path);
  await expect(title(page)).toHaveText("Change this e-mail?");
  if (name) await look(page, name);
  await page.getByRole("button", { name: "Agree" }).click();
  await expect(title(page)).not.toHaveText("Change this e-mail?");
}

test("a colleague is invited by mail, again, and comes by the newer link", async ({ page, expected }) => {
  expected.push(/409/);
  await open(owner, "/partner/users?ask=invite");
  await owner.getByLabel("Name", { exact: true }).fill("Ines Duarte");
  await owner.getByLabel("E-mail").fill("ines@lighthouse.example");
  await owner.getByLabel("Role").selectOption("support");
  await expect(owner.getByLabel("Send the link by mail")).toBeChecked();
  await look(owner, "account-mail-invite");
  await owner.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(owner.getByText("is on its way")).toBeVisible();
  await expect(owner.getByRole("textbox", { name: "Link" })).toHaveCount(0);
  const first = await mailbox("ines@lighthouse.example", /invites you to Lighthouse Distribution/);
  const waiting = owner.getByRole("row", { name: /Ines Duarte/ });
  await look(owner, "account-mail-invited");
  await waiting.getByRole("button", { name: /Send again/ }).click();
  const second = await mailbox("ines@lighthouse.example", /invites you/, 1);
  await open(page, linkIn(first, "/invite/"));
  await expect(page.getByText("not good any more")).toBeVisible();
  await takeUp(ines, linkIn(second, "/invite/"));
  await expect(ines).toHaveURL(/\/partner$/);
});

test("a forgotten password is replaced by a link, which works once", async ({ page, expected }) => {
  expected.push(/409/, /422/);
  await open(page, "/signin");
  await look(page, "signin");
  await page.getByRole("link", { name: "Forgotten your password?" }).click();
  await expect(title(page)).toHaveText("Forgotten your password?");
  await look(page, "forgot");
  await page.getByLabel("E-mail").fill("nobody-here@lighthouse.example");
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(title(page)).toHaveText("Look into your mailbox");
  await look(page, "forgot-sent");
  await open(page, "/forgot");
  await page.getByLabel("E-mail").fill("Ines@lighthouse.example");
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(title(page)).toHaveText("Look into your mailbox");
  const link = linkIn(await mailbox("ines@lighthouse.example", /new password/), "/password/");
  expect(await mailsTo("nobody-here@lighthouse.example")).toHaveLength(0);

  await open(page, link);
  await expect(page.getByText("ines@lighthouse.example")).toBeVisible();
  await look(page, "password-choose");
  await page.getByLabel("New password").fill("short");
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByText("Use at least 12 characters. A few unrelated words are easy to remember.")).toBeVisible();
  await page.getByLabel("New password").fill(SECOND);
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByText("The password is the new one")).toBeVisible();
  await look(page, "signin-renewed");
  // Wherever she was signed in, she is not any more.
  await ines.goto("/partner");
  await expect(ines).toHaveURL(/signin/);
  await signIn(ines, as("ines@lighthouse.example", SECOND));
  await mailbox("ines@lighthouse.example", /password was changed/);
  await open(page, link);
  await expect(title(page)).toHaveText("This link is not good any more");
  await look(page, "password-spent");
});

test("it works without a script", async ({ browser }) => {
  const context = await browser.newContext({ baseURL: stack().address, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/forgot");
  await page.getByLabel("E-mail").fill("ines@lighthouse.example");
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(title(page)).toHaveText("Look into your mailbox");
  await page.goto(linkIn(await mailbox("ines@lighthouse.example", /Choose a new password/, 1), "/password/"));
  await page.getByLabel("New password").fill(FIRST);
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByText("The password is the new one")).toBeVisible();
  await context.close();
});

test("an e-mail changes when both addresses agree", async ({ page }) => {
  await signIn(ines, as("ines@lighthouse.example", FIRST));
  await open(ines, "/partner/account");
  const card = ines.locator("section, .card").filter({ has: ines.getByLabel("New e-mail") }).last();
  await card.getByLabel("New e-mail").fill("i.duarte@lighthouse.example");
  await card.getByLabel("Password, to change the e-mail").fill("not the password");
  await card.getByRole("button", { name: "Change e-mail" }).click();
  await expect(ines.getByText("This is not your password")).toBeVisible();
  await expect(card.getByLabel("New e-mail")).toHaveValue("i.duarte@lighthouse.example");
  await card.getByLabel("Password, to change the e-mail").fill(FIRST);
  await card.getByRole("button", { name: "Change e-mail" }).click();
  await expect(ines.getByText("awaited")).toHaveCount(2);
  await look(ines, "account-email-waiting");

  const byNew = linkIn(await mailbox("i.duarte@lighthouse.example", /Confirm/), "/email/");
  const byOld = linkIn(await mailbox("ines@lighthouse.example", /is to be changed/), "/email/");
  await agree(page, byNew, "email-agree");
  await expect(title(page)).toHaveText("You have agreed");
  await open(ines, "/partner/account");
  await expect(ines.getByText("has agreed", { exact: true })).toHaveCount(1);
  await agree(page, byOld);
  await expect(title(page)).toHaveText("The e-mail has changed");
  await look(page, "email-agreed");
  // Her session lives on, under the new e-mail.
  await open(ines, "/partner/account");
  await expect(ines.getByRole("main").getByText("i.duarte@lighthouse.example").first()).toBeVisible();
  await look(ines, "account-email");
  await signIn(page, as("i.duarte@lighthouse.example", FIRST));
});

test("a change can be withdrawn, and its links open nothing then", async ({ page, expected }) => {
  expected.push(/409/);
  await ines.getByLabel("New e-mail").fill("elsewhere@lighthouse.example");
  await ines.getByLabel("Password, to change the e-mail").fill(FIRST);
  await ines.getByRole("button", { name: "Change e-mail" }).click();
  const link = linkIn(await mailbox("elsewhere@lighthouse.example", /Confirm/), "/email/");
  await ines.getByRole("button", { name: "Withdraw the change" }).click();
  await expect(ines.getByLabel("New e-mail")).toBeVisible();
  await open(page, link);
  await expect(title(page)).toHaveText("This link is not good any more");
});

test("an organization's e-mail changes, and with it the login", async ({ page }) => {
  await open(owner, "/partner/organizations/new");
  await owner.getByLabel("First name").fill("Liv");
  await owner.getByLabel("Last name").fill("Strand");
  await owner.getByLabel("E-mail", { exact: true }).fill("ti@tromso.example");
  await owner.getByLabel("Country").selectOption("NO");
  await owner.getByRole("combobox", { name: "Partner" }).selectOption("Lighthouse Distribution");
  const plan = owner.getByRole("combobox", { name: "Plan", exact: true });
  await plan.selectOption((await plan.locator("option", { hasText: "Entra Backup" }).getAttribute("value"))!);
  await owner.getByRole("textbox", { name: "Organization", exact: true }).fill("Tromsø Cold Stores");
  await owner.getByRole("button", { name: "Create organization" }).click();
  await owner.getByRole("link", { name: "Go to Tromsø Cold Stores" }).click();
  await expect(owner).toHaveURL(/organizations\/[0-9a-f-]{36}$/);
  organization = new URL(owner.url()).pathname;

  // Mistyped: nobody has signed in with it, so the new address alone is asked.
  await expect(owner.getByText("Changing the e-mail changes the login")).toBeVisible();
  await look(owner, "organization-email");
  await owner.getByLabel("New e-mail").fill("it@tromso.example");
  await owner.getByRole("button", { name: "Change e-mail" }).click();
  await expect(owner.getByText("awaited")).toHaveCount(1);
  await agree(page, linkIn(await mailbox("it@tromso.example", /Confirm/), "/email/"));
  await open(owner, organization);
  await owner.getByRole("button", { name: "Send a new link" }).click();
  await takeUp(customer, linkIn(await mailbox("it@tromso.example", /Your sign-in/), "/invite/"));
  await expect(customer).toHaveURL(/\/connect$/);

  // Now both are.
  await open(owner, organization);
  await owner.getByLabel("New e-mail").fill("desk@tromso.example");
  await owner.getByRole("button", { name: "Change e-mail" }).click();
  await expect(owner.getByText("awaited")).toHaveCount(2);
  await look(owner, "organization-email-waiting");
  await agree(page, linkIn(await mailbox("it@tromso.example", /is to be changed/), "/email/"), "email-agree-organization");
  await agree(page, linkIn(await mailbox("desk@tromso.example", /Confirm/), "/email/"));
  await expect(title(page)).toHaveText("The e-mail has changed");
  await open(owner, organization);
  await expect(owner.getByRole("main").getByText("desk@tromso.example").first()).toBeVisible();
  await signIn(page, as("desk@tromso.example", FIRST));
  await expect(page).toHaveURL(/\/connect$/);
});

test("an e-mail that another organization has is refused by name", async () => {
  await open(owner, organization);
  await owner.getByLabel("New e-mail").fill("IT@northwind.example");
  await owner.getByRole("button", { name: "Change e-mail" }).click();
  await expect(owner.getByText(/Northwind Harbour \(100001-1\) has this e-mail already/)).toBeVisible();
  await expect(owner.getByLabel("New e-mail")).toHaveValue("IT@northwind.example");
});

test("a consent link goes to the administrator by mail, and stands in the list at once", async ({ page }) => {
  await open(owner, `${organization}?tab=credentials`);
  await owner.getByLabel("Their e-mail").fill("admin@tromso.example");
  await owner.getByRole("button", { name: "Make a link" }).click();
  await expect(owner.getByText("It is on its way")).toBeVisible();
  await expect(owner.getByRole("row", { name: /to admin@tromso\.example/ })).toContainText("Open");
  await look(owner, "consent-link-mailed");
  const mail = await mailbox("admin@tromso.example", /Connect the tenant of Tromsø Cold Stores/);
  await open(page, linkIn(mail, "/consent/"));
  await expect(title(page)).toContainText("Tromsø Cold Stores");
  // Without an address it is shown, and listed as well.
  await owner.getByRole("button", { name: "Make a link" }).click();
  await expect(owner.getByRole("textbox", { name: "Link" })).toHaveValue(/\/consent\//);
  await expect(owner.getByRole("row", { name: /alba@lighthouse/ })).toHaveCount(2);
});

test("nothing looked wrong", () => {
  expect(slips.join("\n\n")).toBe("");
});
