// Features that a partner switches off, and tokens with which programs call: on the tenant that the story connected,
// whose file comes before this one by its name.
import { type APIRequestContext, type Browser, type Page, request } from "@playwright/test";
import { stack } from "../support/stack";
import { expect, look, open, signIn, slips, test } from "../support/test";

test.describe.configure({ mode: "serial" });

let owner: Page;
let admin: Page;
let organization: string;

const newPage = async (browser: Browser) => (await browser.newContext({ baseURL: stack().address })).newPage();

/** A program: no cookies, only the token. */
const program = (token: string): Promise<APIRequestContext> =>
  request.newContext({ baseURL: stack().address, extraHTTPHeaders: { authorization: `Bearer ${token}` } });

test.beforeAll(async ({ browser }) => {
  owner = await newPage(browser);
  admin = await newPage(browser);
  await signIn(owner, stack().partners[0]);
  await signIn(admin, stack().people[0]);
});
test.afterAll(async () => {
  await owner.context().close();
  await admin.context().close();
});

test("an Admin makes a token; it is shown once, and a program calls with it", async () => {
  await open(admin, "/api-access");
  await expect(admin.getByRole("heading", { name: "No token yet" })).toBeVisible();
  await look(admin, "api-empty");
  await admin.getByLabel("What it is for").fill("Night watch");
  await admin.getByLabel("It may also start backups").check();
  await admin.getByRole("button", { name: "Make token" }).click();
  const token = await admin.getByRole("textbox", { name: "Token" }).inputValue();
  expect(token).toMatch(/^hf_[0-9A-Za-z]{38}$/);
  await expect(admin.getByRole("row", { name: /Night watch/ })).toContainText("Back up");
  await look(admin, "api-made");

  const watch = await program(token);
  const { items } = await (await watch.get("/api/v1/organizations")).json();
  expect(items).toHaveLength(1);
  const tenants = await (await watch.get(`/api/v1/organizations/${items[0].id}/tenants`)).json();
  const asked = { headers: { "idempotency-key": "e2e" } };
  const first = await watch.post(`/api/v1/tenants/${tenants.items[0].id}/backups`, asked);
  expect(first.status()).toBe(202);
  const again = await watch.post(`/api/v1/tenants/${tenants.items[0].id}/backups`, asked);
  expect((await again.json()).id).toBe((await first.json()).id);

  await open(admin, "/api-access");
  await expect(admin.getByRole("textbox", { name: "Token" })).toHaveCount(0);
  await expect(admin.getByText(token)).toHaveCount(0);
  await admin.getByRole("button", { name: "Revoke Night watch" }).click();
  await expect(admin.getByRole("dialog")).toContainText("are refused from now on");
  await look(admin, "api-revoke");
  await admin.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(admin.getByRole("heading", { name: "No token yet" })).toBeVisible();
  const refused = await watch.get("/api/v1/organizations");
  expect([refused.status(), refused.headers()["content-type"]]).toEqual([401, "application/problem+json"]);
  await watch.dispose();
});

test("a feature is switched off for a customer, and refused there at once", async () => {
  await admin.goto("/");
  await expect(admin.getByRole("link", { name: "Compare" }).first()).toBeVisible();
  const tenant = new URL(admin.url()).pathname;

  await open(owner, "/partner/organizations?words=Northwind+Harbour");
  await owner.getByRole("link", { name: /Northwind Harbour/ }).first().click();
  await expect(owner).toHaveURL(/organizations\/[0-9a-f-]{36}$/);
  organization = new URL(owner.url()).pathname;
  await open(owner, `${organization}?tab=features`);
  await look(owner, "partner-organization-features");
  await expect(owner.getByRole("row", { name: /Compare/ })).toContainText("from the start");
  await owner.getByLabel("Compare, set here").selectOption("off");
  await owner.getByRole("button", { name: "Save features" }).click();
  await expect(owner.getByRole("row", { name: /Compare/ })).toContainText("set for this customer");

  await open(owner, "/partner/features");
  await expect(owner.getByRole("row", { name: /Download/ })).toContainText("unless the plan says otherwise");
  await look(owner, "partner-features");

  await admin.goto(`${tenant}/compare?from=1&to=1`);
  await expect(admin.getByText("Compare is switched off for your organization").first()).toBeVisible();
  await look(admin, "feature-off");
  await admin.goto(tenant);
  await expect(admin.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Compare" })).toHaveCount(0);
  await open(owner, `${organization}?tab=features`);
  await owner.getByLabel("Compare, set here").selectOption("");
  await owner.getByRole("button", { name: "Save features" }).click();
  await expect(owner.getByRole("row", { name: /Compare/ })).toContainText("from the start");
});

test("a partner's token reaches every customer of the branch", async () => {
  await open(owner, `${organization}?tab=api`);
  await look(owner, "partner-organization-api");
  await open(owner, "/partner/api");
  await owner.getByLabel("What it is for").fill("Monitoring");
  await owner.getByRole("button", { name: "Make token" }).click();
  const token = await owner.getByRole("textbox", { name: "Token" }).inputValue();
  await look(owner, "partner-api");
  const monitoring = await program(token);
  const { items } = await (await monitoring.get("/api/v1/organizations")).json();
  expect(items.length).toBeGreaterThan(1);
  expect(items.map((o: { name: string }) => o.name)).toContain("Northwind Harbour");
  await monitoring.dispose();
});

test("without JavaScript a token is made and told once all the same", async ({ browser }) => {
  const context = await browser.newContext({ baseURL: stack().address, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/signin");
  await page.getByLabel("E-mail").fill(stack().people[0]!.email);
  await page.getByLabel("Password").fill(stack().people[0]!.password);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.goto("/api-access");
  await page.getByLabel("What it is for").fill("Plain");
  await page.getByRole("button", { name: "Make token" }).click();
  await expect(page.getByRole("textbox", { name: "Token" })).toHaveValue(/^hf_/);
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Token" })).toHaveCount(0);
  await page.getByRole("button", { name: "Revoke Plain" }).click();
  await expect(page.getByRole("heading", { name: "No token yet" })).toBeVisible();
  await context.close();
});

test("looks", async () => {
  expect(slips.join("\n\n")).toBe("");
});
