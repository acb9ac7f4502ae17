// A consent link: made by the partner, followed by the customer's administrator in a browser of their own.
import { type Browser, type Page } from "@playwright/test";
import { stack } from "../support/stack";
import { expect, look, open, signIn, sim, slips, test } from "../support/test";

test.describe.configure({ mode: "serial" });

interface Directory {
  tenantId: string;
  displayName: string;
  globalAdministrators: string[];
}

let owner: Page;
let admin: Page;
let link: string;
let credentials: string;
let adventure: Directory;

const newPage = async (browser: Browser) => (await browser.newContext({ baseURL: stack().address })).newPage();
const title = (page: Page) => page.getByRole("heading", { level: 1 });

test.beforeAll(async ({ browser }) => {
  owner = await newPage(browser);
  admin = await newPage(browser);
  adventure = await sim("/tenants", { displayName: "Adventure Works", domain: "adventure.example" });
});
test.afterAll(async () => {
  await owner.context().close();
  await admin.context().close();
});

async function makeLink() {
  await open(owner, credentials);
  await owner.getByRole("button", { name: "Make a link" }).click();
  return new URL(await owner.getByRole("textbox", { name: "Link" }).inputValue(), stack().address).pathname;
}

async function signInAtMicrosoft(page: Page, who: string) {
  await page.getByLabel("User principal name").fill(who);
  await page.getByLabel("Password").fill("any");
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("an Owner makes a link, which is shown once", async () => {
  await signIn(owner, stack().partners[0]);
  await open(owner, "/partner/organizations");
  await owner.getByRole("link", { name: "Adventure Works" }).click();
  await owner.getByRole("link", { name: "Credentials" }).click();
  await expect(owner.getByText("Nothing is connected yet")).toBeVisible();
  credentials = new URL(owner.url()).pathname + "?tab=credentials";
  link = await makeLink();
  await look(owner, "partner-consent-link");
  await open(owner, credentials);
  await expect(owner.getByRole("textbox", { name: "Link" })).toHaveCount(0);
  await expect(owner.getByRole("row", { name: /alba@lighthouse/ })).toContainText("Open");
});

test("the link explains in plain words, without an account", async () => {
  await open(admin, link);
  await expect(title(admin)).toHaveText("Let Holdfast back up the Entra ID of Adventure Works");
  await expect(admin.getByText("Lighthouse Distribution").first()).toBeVisible();
  await expect(admin.getByRole("row", { name: /User\.Read\.All/ })).toContainText("Read users");
  await look(admin, "consent-offer");
});

test("who is no administrator, and whose directory is connected elsewhere, get no further", async ({ browser }) => {
  const clerk = await newPage(browser);
  await clerk.goto(link);
  await clerk.getByRole("link", { name: "Continue to Microsoft" }).click();
  await signInAtMicrosoft(clerk, "eve.marchetti@contoso.example");
  await expect(clerk.getByText(/takes a Global Administrator or a Privileged Role Administrator/)).toBeVisible();
  await look(clerk, "consent-refused");
  await clerk.context().close();
});

test("a forged return that names another directory binds nothing", async ({ browser }) => {
  const thief = await newPage(browser);
  const other: Directory = await sim("/tenants", { displayName: "Thief", domain: "thief.example" });
  await thief.goto(link);
  await thief.getByRole("link", { name: "Continue to Microsoft" }).click();
  await signInAtMicrosoft(thief, other.globalAdministrators[0]!);
  const state = new URL(thief.url()).searchParams.get("state")!;
  await expect(thief.getByRole("heading", { name: "Permissions requested" }).or(thief.getByRole("heading", { name: "Sign in" }))).toBeVisible();
  await thief.goto(`/consent/return?admin_consent=True&tenant=${adventure.tenantId}&state=${state}`);
  await expect(thief.getByText(/names another directory than the one that you signed in to/)).toBeVisible();
  await thief.goto(`/consent/return?admin_consent=True&tenant=${adventure.tenantId}&state=${state}`);
  await expect(thief.getByText(/does not belong to anything that this browser asked/)).toBeVisible();
  await open(owner, credentials);
  await expect(owner.getByText("Nothing is connected yet")).toBeVisible();
  await thief.context().close();
});

test("the administrator signs in, accepts, and the first backup runs", async () => {
  await open(admin, link);
  await admin.getByRole("link", { name: "Continue to Microsoft" }).click();
  await signInAtMicrosoft(admin, adventure.globalAdministrators[0]!);
  await expect(admin.getByRole("heading", { name: "Permissions requested" })).toBeVisible();
  await admin.getByRole("button", { name: "Accept" }).click();
  await expect(title(admin)).toHaveText(/is connected$/);
  await look(admin, "consent-done");
  await admin.goto(link);
  await expect(title(admin)).toHaveText("This link is not good any more");
});

test("the partner sees the connection, tests it, and takes another link back", async () => {
  await open(owner, credentials);
  await expect(owner.getByText("Admin consent").first()).toBeVisible();
  await expect(owner.getByRole("row", { name: /alba@lighthouse/ }).first()).toContainText(adventure.globalAdministrators[0]!);
  await look(owner, "partner-credentials");
  await owner.getByRole("button", { name: "Test now" }).click();
  await expect(owner.getByText("Signed in").first()).toBeVisible();
  await owner.getByRole("link", { name: "Renew" }).click();
  await owner.getByLabel("Application (client) ID").fill(stack().sim.client_id);
  await owner.getByLabel("Client secret").fill("not the secret");
  await owner.getByRole("button", { name: "Test and renew" }).click();
  await expect(owner.getByText(/secret/i).first()).toBeVisible();
  await expect(owner.getByLabel("Application (client) ID")).toHaveValue(stack().sim.client_id);
  await look(owner, "partner-credentials-renew");
  await owner.getByLabel("Client secret").fill(stack().sim.client_secret);
  const soon = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
  await owner.getByLabel("Secret ends on").fill(soon);
  await owner.getByRole("button", { name: "Test and renew" }).click();
  await expect(owner.getByText("Ends soon").first()).toBeVisible();
  await open(owner, "/partner/organizations?credential=expiring");
  await expect(owner.getByRole("row", { name: /Adventure Works/ })).toBeVisible();

  const another = await makeLink();
  await open(owner, credentials);
  await owner.getByRole("button", { name: "Take back" }).click();
  await expect(owner.getByText("Revoked").first()).toBeVisible();
  await admin.goto(another);
  await expect(title(admin)).toHaveText("This link is not good any more");
});

test("Finance sees no credentials", async ({ browser }) => {
  const finance = await newPage(browser);
  await signIn(finance, stack().partners[2]);
  await open(finance, credentials);
  await expect(finance.getByText("Admin consent")).toHaveCount(0);
  await expect(finance.getByRole("button", { name: "Make a link" })).toHaveCount(0);
  await finance.context().close();
});

test("looks", async () => {
  expect(slips.join("\n\n")).toBe("");
});
