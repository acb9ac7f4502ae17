// People: invited, changed, switched off, handed over; partners below; visits that a customer reads of and forbids; an
// organization that changes hands.
import { type Browser, type Page } from "@playwright/test";
import { stack } from "../support/stack";
import { expect, hydrated, look, open, signIn, slips, test } from "../support/test";

test.describe.configure({ mode: "serial" });

const PASSWORD = "tamarind quay 88 lanterns";
const newPage = async (browser: Browser) => (await browser.newContext({ baseURL: stack().address })).newPage();
const title = (page: Page) => page.getByRole("heading", { level: 1 });

let owner: Page;
let guest: Page;
let below: Page;
test.beforeAll(async ({ browser }) => {
  owner = await newPage(browser);
  guest = await newPage(browser);
  below = await newPage(browser);
});
test.afterAll(async () => {
  for (const page of [owner, guest, below]) await page.context().close();
});

/** Follows a link that a page showed, and chooses a password. */
async function takeUp(page: Page, link: string) {
  await open(page, new URL(link, stack().address).pathname);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Set the password and sign in" }).click();
}

const shownLink = (page: Page) => page.getByRole("textbox", { name: "Link" }).inputValue();
const row = (page: Page, name: RegExp) => page.getByRole("row", { name });

test("somebody with two roles says where to, and can change", async () => {
  await signIn(below, stack().both);
  await expect(below).toHaveURL(/\/choose$/);
  await expect(title(below)).toHaveText("Where to?");
  await look(below, "choose");
  await below.getByRole("button", { name: /Adventure Works/ }).click();
  // Where that leads depends on whether somebody has connected a tenant there.
  await expect(below).toHaveURL(/\/(connect|t\/[^/]+)$/);
  await open(below, "/choose");
  await below.getByRole("button", { name: /Harbour IT/ }).click();
  await expect(below).toHaveURL(/\/partner$/);
});

test("a colleague is invited, comes by the link, and gets another role", async () => {
  await signIn(owner, stack().partners[0]);
  await open(owner, "/partner/users");
  await look(owner, "users");
  await owner.getByRole("link", { name: "Invite somebody" }).click();
  await expect(owner.getByRole("heading", { name: /Invite somebody to/ })).toBeVisible();
  await look(owner, "users-invite");
  await owner.getByLabel("Name", { exact: true }).fill("Noor Haddad");
  await owner.getByLabel("E-mail").fill("sten@lighthouse.example");
  await owner.getByLabel("Send the link by mail").uncheck();
  await owner.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(owner.getByText(/has a role here already, Support/)).toBeVisible();
  await expect(owner.getByLabel("Name", { exact: true })).toHaveValue("Noor Haddad");
  await owner.getByLabel("E-mail").fill("noor@lighthouse.example");
  await owner.getByLabel("Role").selectOption("admin");
  await owner.getByLabel("Send the link by mail").uncheck();
  await owner.getByRole("button", { name: "Invite", exact: true }).click();
  const first = await shownLink(owner);
  await expect(row(owner, /Noor Haddad/)).toContainText("alba@lighthouse.example");
  await look(owner, "users-invited");

  await row(owner, /Noor Haddad/).getByRole("button", { name: /New link/ }).click();
  await expect(owner.getByRole("textbox", { name: "Link" })).not.toHaveValue(first);
  const second = await shownLink(owner);
  await guest.goto(new URL(first, stack().address).pathname);
  await expect(guest.getByText("not good any more")).toBeVisible();
  await takeUp(guest, second);
  await expect(guest).toHaveURL(/\/partner$/);

  await open(owner, "/partner/users");
  await row(owner, /Noor Haddad/).getByRole("link", { name: "Change" }).click();
  await look(owner, "users-person");
  await owner.getByLabel("Role").selectOption("support");
  await owner.getByRole("button", { name: "Save the role" }).click();
  await expect(row(owner, /Noor Haddad/)).toContainText("Support");
});

test("switched off, they are out at once; an Admin decides about nobody above", async () => {
  await row(owner, /Noor Haddad/).getByRole("link", { name: "Change" }).click();
  await owner.getByRole("link", { name: "Switch sign-in off…" }).click();
  await look(owner, "users-off");
  await owner.getByRole("button", { name: "Switch off" }).click();
  await expect(row(owner, /Noor Haddad/)).toContainText("Sign-in off");
  await guest.goto("/partner");
  await expect(guest).toHaveURL(/\/signin/);
  await row(owner, /Noor Haddad/).getByRole("link", { name: "Change" }).click();
  await owner.getByRole("link", { name: "Switch sign-in on…" }).click();
  await owner.getByRole("button", { name: "Switch on" }).click();
  await expect(row(owner, /Noor Haddad/)).not.toContainText("Sign-in off");
  await row(owner, /Noor Haddad/).getByRole("link", { name: "Change" }).click();
  await owner.getByLabel("Role").selectOption("admin");
  await owner.getByRole("button", { name: "Save the role" }).click();
  await expect(row(owner, /Noor Haddad/)).toContainText("Admin");
  await signIn(guest, { name: "", email: "noor@lighthouse.example", password: PASSWORD, role: "" });
  await open(guest, "/partner/users");
  await expect(row(guest, /Alba Reyes/)).toBeVisible();
  await expect(row(guest, /Alba Reyes/).getByRole("link")).toHaveCount(0);
  await expect(row(guest, /Sten Lund/).getByRole("link", { name: "Change" })).toBeVisible();
});

test("an ownership is handed over, and comes back", async () => {
  await open(owner, "/partner/users");
  await row(owner, /Noor Haddad/).getByRole("link", { name: "Change" }).click();
  await owner.getByRole("link", { name: "Hand ownership over…" }).click();
  await owner.getByLabel(/Type the partner/).fill("Lighthouse");
  await owner.getByRole("button", { name: "Hand over" }).click();
  await expect(owner.getByText(/Nothing was changed/).first()).toBeVisible();
  await look(owner, "users-owner");
  await owner.getByLabel(/Type the partner/).fill("Lighthouse Distribution");
  await owner.getByRole("button", { name: "Hand over" }).click();
  await expect(row(owner, /Noor Haddad/)).toContainText("Owner");
  await expect(row(owner, /Alba Reyes/)).toContainText("Super Admin");
  await open(guest, "/partner/users");
  await row(guest, /Alba Reyes/).getByRole("link", { name: "Change" }).click();
  await guest.getByRole("link", { name: "Hand ownership over…" }).click();
  await guest.getByLabel(/Type the partner/).fill("Lighthouse Distribution");
  await guest.getByRole("button", { name: "Hand over" }).click();
  await expect(row(guest, /Alba Reyes/)).toContainText("Owner");
});

test("a partner below is made with its Owner, opened to Entra, and closed", async () => {
  await open(owner, "/partner/partners");
  await expect(row(owner, /Harbour IT/)).toBeVisible();
  await look(owner, "partners");
  await owner.getByRole("link", { name: "New partner" }).click();
  await look(owner, "partner-new");
  await owner.getByLabel("Below").selectOption({ label: "Harbour IT" });
  await owner.getByRole("textbox", { name: "Partner", exact: true }).fill("Skiff Services");
  await owner.getByLabel("Email Portal").fill("https://mail.skiff.example");
  await owner.getByLabel("Owner’s name").fill("Sol Ito");
  await owner.getByLabel("Owner’s e-mail").fill("sol@skiff.example");
  await owner.getByLabel("Send the link by mail").uncheck();
  await owner.getByRole("button", { name: "Create partner" }).click();
  await expect(title(owner)).toHaveText("Skiff Services is ready");
  const link = await shownLink(owner);
  await look(owner, "partner-created");
  await takeUp(guest, link);
  await expect(guest).toHaveURL(/\/partner$/);
  // It sees its own branch, which is itself, and cannot sell Entra yet.
  await open(guest, "/partner/partners");
  await expect(guest.getByRole("row")).toHaveCount(2);

  await open(below, "/partner/partners");
  await row(below, /Skiff Services/).getByRole("link").click();
  await expect(title(below)).toHaveText("Skiff Services");
  await look(below, "partner-one");
  await below.getByRole("button", { name: "Enable Entra products" }).click();
  await expect(below.getByRole("button", { name: "Close Entra products" })).toBeVisible();
  const tabs = below.getByRole("navigation", { name: "About this partner" });
  await tabs.getByRole("link", { name: "Users" }).click();
  await expect(tabs.locator("[aria-current]")).toHaveText("Users");
  await expect(row(below, /Sol Ito/)).toContainText("Owner");
  await look(below, "partner-users");
  await row(below, /Sol Ito/).getByRole("link", { name: "Change" }).click();
  await below.getByRole("link", { name: "Remove…" }).click();
  await below.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(below.getByText(/only Owner of Skiff Services/)).toBeVisible();

  await below.getByRole("link", { name: "General" }).click();
  await below.getByRole("link", { name: "Close…" }).click();
  await below.getByLabel(/Type the partner/).fill("Skiff Services");
  await below.getByRole("main").getByRole("button", { name: "Close", exact: true }).click();
  await expect(below).toHaveURL(/\/partner\/partners$/);
  await expect(row(below, /Skiff Services/)).toHaveCount(0);
  await guest.goto("/partner");
  await expect(guest).toHaveURL(/\/signin/);
});

test("an organization's people are managed by itself and by its partner", async () => {
  const maya = stack().people[0]!;
  await signIn(guest, maya);
  await open(guest, "/users");
  await expect(row(guest, /Lin Chen/)).toContainText("Viewer");
  await look(guest, "organization-users");
  await row(guest, /Lin Chen/).getByRole("link", { name: "Change" }).click();
  await guest.getByLabel("Role").selectOption("restore-operator");
  await guest.getByRole("button", { name: "Save the role" }).click();
  await expect(row(guest, /Lin Chen/)).toContainText("Restore Operator");
  await row(guest, /Lin Chen/).getByRole("link", { name: "Change" }).click();
  await guest.getByLabel("Role").selectOption("viewer");
  await guest.getByRole("button", { name: "Save the role" }).click();
  await expect(row(guest, /Lin Chen/)).toContainText("Viewer");

  await open(owner, "/partner/organizations");
  await owner.getByRole("link", { name: "Northwind Harbour" }).click();
  await owner.getByRole("navigation", { name: "About this organization" }).getByRole("link", { name: "Users" }).click();
  await expect(row(owner, /maya@northwind/)).toContainText("Full Admin");
  await look(owner, "partner-organization-users");
  await owner.getByRole("link", { name: "Invite somebody" }).click();
  await owner.getByLabel("Name", { exact: true }).fill("Ravi Sen");
  await owner.getByLabel("E-mail").fill("ravi@northwind.example");
  await owner.getByLabel("Role").selectOption("full-admin");
  await owner.getByLabel("Send the link by mail").uncheck();
  await owner.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(owner.getByRole("textbox", { name: "Link" })).toBeVisible();
  await row(owner, /Ravi Sen/).getByRole("button", { name: /Revoke/ }).click();
  await expect(row(owner, /Ravi Sen/)).toHaveCount(0);
});

test("a customer reads of a visit and forbids them; the door says so", async () => {
  await open(owner, "/partner/organizations");
  await owner.getByRole("link", { name: "Northwind Harbour" }).click();
  await owner.getByRole("button", { name: "Log in to Entra Portal" }).click();
  await owner.getByLabel("Reason").fill("Ticket 815");
  await owner.getByRole("dialog").getByRole("button", { name: "Log in" }).click();
  await expect(owner.getByRole("region", { name: "Visit" })).toContainText("Ticket 815");
  await open(guest, "/visits");
  await expect(guest.getByText("Ticket 815")).toBeVisible();
  await expect(guest.getByText("Here now")).toBeVisible();
  await guest.getByRole("button", { name: "Forbid visits" }).click();
  await expect(guest.getByText("Visits are forbidden")).toBeVisible();
  await look(guest, "visits-forbidden");
  await open(owner, "/connect");
  await expect(owner).toHaveURL(/\/partner\/organizations\/.*visit=ended/);
  await expect(owner.getByText("Your visit is over")).toBeVisible();
  await expect(owner.getByText(/has forbidden visits since/)).toBeVisible();
  await look(owner, "partner-organization-forbidden");
  await guest.getByRole("button", { name: "Allow visits" }).click();
  await expect(guest.getByText("Visits are forbidden")).toHaveCount(0);
  await open(owner, new URL(owner.url()).pathname);
  await expect(owner.getByRole("button", { name: "Log in to Entra Portal" })).toBeEnabled();
});

test("an organization changes hands when both want it", async () => {
  await open(below, "/partner/plans/new");
  await below.getByLabel("Name", { exact: true }).fill("Harbour Mail");
  await below.getByLabel("Product type").selectOption("backup-entra");
  await below.getByLabel("Price").fill("3.90");
  await below.getByRole("button", { name: "Create plan" }).click();
  await expect(below).toHaveURL(/\/partner\/plans$/);
  await open(below, "/partner/transfers");
  await below.getByRole("button", { name: "Make a transfer code" }).click();
  const code = await below.getByRole("textbox", { name: "Transfer code" }).inputValue();
  await look(below, "transfers-code");

  await open(owner, "/partner/organizations");
  await owner.getByRole("link", { name: "Tailspin Toys" }).click();
  await owner.getByRole("navigation", { name: "About this organization" }).getByRole("link", { name: "Transfer" }).click();
  await look(owner, "transfer-give");
  await owner.getByLabel("Transfer code").fill(code);
  await owner.getByLabel("Note").fill("As agreed on the phone");
  await owner.locator("[name=confirmed]").fill("Tailspin");
  await owner.getByRole("button", { name: "Propose" }).click();
  await expect(owner.getByText(/Nothing was changed/).first()).toBeVisible();
  await owner.locator("[name=confirmed]").fill("Tailspin Toys");
  await owner.getByRole("button", { name: "Propose" }).click();
  await expect(owner.getByRole("heading", { name: "Proposed to Harbour IT" })).toBeVisible();
  await look(owner, "transfer-waiting");

  await open(below, "/partner/transfers");
  await row(below, /Tailspin Toys/).getByRole("link", { name: /Look and answer/ }).click();
  await expect(title(below)).toHaveText("Tailspin Toys");
  await expect(below.getByText("As agreed on the phone")).toBeVisible();
  await look(below, "transfer-preview");
  await below.getByRole("button", { name: "Accept the organization…" }).click();
  await expect(below.getByRole("heading", { name: "Accept Tailspin Toys?" })).toBeVisible();
  await look(below, "transfer-accept");
  await below.getByRole("button", { name: "Accept the organization" }).click();
  await expect(below).toHaveURL(/\/partner\/organizations\//);
  await expect(title(below)).toHaveText("Tailspin Toys");
  await open(below, "/partner/transfers");
  await expect(below.getByText("Accepted")).toBeVisible();
  await look(below, "transfers");
});

test("all of it without a script", async ({ browser }) => {
  const context = await browser.newContext({ baseURL: stack().address, javaScriptEnabled: false });
  const page = await context.newPage();
  const alba = stack().partners[0]!;
  await page.goto("/signin");
  await page.getByLabel("E-mail").fill(alba.email);
  await page.getByLabel("Password").fill(alba.password);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.goto("/partner/users?ask=invite");
  await page.getByLabel("Name", { exact: true }).fill("Paul Plain");
  await page.getByLabel("E-mail").fill("paul@lighthouse.example");
  await page.getByLabel("Send the link by mail").uncheck();
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(page.getByRole("textbox", { name: "Link" })).toHaveValue(/\/invite\//);
  await page.getByRole("row", { name: /Paul Plain/ }).getByRole("button", { name: /Revoke/ }).click();
  await expect(page.getByRole("row", { name: /Paul Plain/ })).toHaveCount(0);
  // Inside of an organization's page as well.
  await page.goto("/partner/organizations");
  await page.getByRole("link", { name: "Northwind Harbour" }).click();
  await page.goto(`${new URL(page.url()).pathname}?tab=users&ask=invite`);
  await page.getByLabel("Name", { exact: true }).fill("Pia Plain");
  await page.getByLabel("E-mail").fill("pia@northwind.example");
  await page.getByLabel("Send the link by mail").uncheck();
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(page.getByRole("textbox", { name: "Link" })).toHaveValue(/\/invite\//);
  await page.goto("/partner/transfers");
  await page.getByRole("button", { name: "Make a transfer code" }).click();
  await expect(page.getByRole("textbox", { name: "Transfer code" })).toHaveValue(/^hft-/);
  await context.close();
});

test("looks", async () => {
  await hydrated(owner);
  expect(slips.join("\n\n")).toBe("");
});
