// A customer's whole life, in a demo of its own: created by mail, protected, grown, stopped, deleted, taken back, and
// erased when its time was over.
import { type Page } from "@playwright/test";
import { linkIn, mailbox } from "../support/mailbox";
import { type Running, type Stack, stack, start, use } from "../support/stack";
import { expect, look, open, signIn, slips, test } from "../support/test";
import { code } from "../support/totp";

test.describe.configure({ mode: "serial" });
test.setTimeout(240_000);

const NAME = "Kestrel Surveyors";
const EMAIL = "it@kestrel.example";
const PASSWORD = "copper lanterns over 41 quays";

let before: Stack;
let running: Running;
let owner: Page;
let customer: Page;
/** The organization's page in the Partner Portal. */
let page: string;
let secret: string;
let tenant: string;

test.beforeAll(async ({ browser }) => {
  before = stack();
  running = await start();
  use(running.stack);
  const fresh = async () => (await browser.newContext({ baseURL: running.stack.address })).newPage();
  [owner, customer] = [await fresh(), await fresh()];
  await signIn(owner, running.stack.partners[0]);
});
test.afterAll(async () => {
  await owner?.context().close();
  await customer?.context().close();
  await running?.stop();
  use(before);
});

const title = (at: Page) => at.getByRole("heading", { level: 1 });
const subscription = () => open(owner, `${page}?tab=subscription`);

/** Presses a button of the organization's page, and the one of that name in the dialog that opens. */
async function confirm(name: string, fill?: () => Promise<void>) {
  await open(owner, page);
  await owner.getByRole("button", { name }).click();
  await fill?.();
  await owner.getByRole("dialog").getByRole("button", { name, exact: true }).click();
}

/** Asks the simulated Graph for something, as the application that was registered there. */
async function graph(path: string, body?: unknown) {
  const { base, tenant_id, client_id, client_secret } = running.stack.sim;
  const form = new URLSearchParams({ client_id, client_secret, grant_type: "client_credentials", scope: `${base}/.default` });
  const token = await (await fetch(`${base}/${tenant_id}/oauth2/v2.0/token`, { method: "POST", body: form })).json();
  const headers = { authorization: `Bearer ${token.access_token}`, "content-type": "application/json" };
  const method = body ? "POST" : "GET";
  const answer = await fetch(`${base}/v1.0${path}`, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

test("a plan is created", async () => {
  await open(owner, "/partner/plans/new");
  await owner.getByLabel("Name").fill("Survey Backup");
  await owner.getByLabel("Product type").selectOption("backup-entra");
  await owner.getByLabel("Price").fill("3.10");
  await owner.getByRole("button", { name: "Create plan" }).click();
  await expect(owner.getByRole("row", { name: /Survey Backup/ })).toContainText("Entra");
});

test("an organization is created on it, and its sign-in mail goes out", async () => {
  await open(owner, "/partner/organizations/new");
  await owner.getByLabel("First name").fill("Ada");
  await owner.getByLabel("Last name").fill("Winter");
  await owner.getByLabel("E-mail", { exact: true }).fill(EMAIL);
  await owner.getByLabel("Country").selectOption("IS");
  await owner.getByRole("combobox", { name: "Partner" }).selectOption("Lighthouse Distribution");
  const plan = owner.getByRole("combobox", { name: "Plan", exact: true });
  await plan.selectOption((await plan.locator("option", { hasText: "Survey Backup" }).getAttribute("value"))!);
  await owner.getByRole("textbox", { name: "Organization", exact: true }).fill(NAME);
  await owner.getByLabel("Auto license").check();
  await owner.getByRole("button", { name: "Create organization" }).click();
  await expect(owner.getByText("is on its way").first()).toBeVisible();
  await owner.getByRole("link", { name: `Go to ${NAME}` }).click();
  await expect(owner).toHaveURL(/organizations\/[0-9a-f-]{36}$/);
  page = new URL(owner.url()).pathname;
});

test("the first sign-in, by the link of the mail", async () => {
  const mail = await mailbox(EMAIL);
  await open(customer, linkIn(mail, "/invite/"));
  await customer.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await customer.getByRole("button", { name: "Set the password and sign in" }).click();
  await expect(customer).toHaveURL(/\/connect$/);
});

test("a second factor, asked for from then on", async () => {
  await open(customer, "/account/second-factor");
  secret = await customer.getByRole("textbox", { name: "Secret" }).inputValue();
  await customer.getByLabel(/six figures/).fill(code(secret));
  await customer.getByRole("button", { name: "Set up" }).click();
  await expect(title(customer)).toHaveText("Your recovery codes");
  await customer.context().clearCookies();
  await open(customer, "/signin");
  await customer.getByLabel("E-mail").fill(EMAIL);
  await customer.getByLabel("Password").fill(PASSWORD);
  await customer.getByRole("button", { name: "Continue" }).click();
  await expect(title(customer)).toHaveText("And now a code");
  await customer.getByLabel("Code").fill(code(secret, 1));
  await customer.getByRole("button", { name: "Sign in" }).click();
  await expect(customer).toHaveURL(/\/connect$/);
});

test("a tenant is connected and backed up", async () => {
  const { sim } = running.stack;
  await customer.getByLabel("Directory (tenant) ID").fill(sim.tenant_id);
  await customer.getByLabel("Application (client) ID").fill(sim.client_id);
  await customer.getByLabel("Client secret").fill(sim.client_secret);
  await customer.getByRole("button", { name: "Test connection" }).click();
  await expect(customer.getByText("Ready for backups")).toBeVisible();
  await customer.getByRole("button", { name: "Connect and back up" }).click();
  await expect(title(customer)).toHaveText("Everything is backed up", { timeout: 90_000 });
  tenant = new URL(customer.url()).pathname;
});

/** The seats in use and those bought, as the subscription says. */
async function seats() {
  await subscription();
  const card = owner.locator(".card", { has: owner.getByRole("heading", { name: "In use" }) });
  const text = (await card.locator(".seats").innerText()).replaceAll(/[^\d of]/g, "");
  const [, used, bought] = text.match(/(\d+) of (\d+)/)!;
  return { used: Number(used), bought: Number(bought) };
}

test("seats grow with the people", async () => {
  const short = await seats();
  expect(short.used).toBeGreaterThan(short.bought);
  await running.later(0);
  const enough = await seats();
  expect(enough).toEqual({ used: short.used, bought: short.used });
  await expect(owner.getByText(`Seats: 1 → ${short.used}; by auto license`).first()).toBeVisible();
  const { value } = await graph("/users?$top=1&$select=userPrincipalName");
  await graph("/users", {
    accountEnabled: true,
    displayName: "Newly Hired",
    mailNickname: "newly",
    userPrincipalName: `newly@${value[0].userPrincipalName.split("@")[1]}`,
    passwordProfile: { password: "four-Lanterns-91" },
  });
  await open(customer, tenant);
  await customer.getByRole("button", { name: "Back up now" }).click();
  await expect(customer.getByText("#2", { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  await running.later(0);
  expect(await seats()).toEqual({ used: short.used + 1, bought: short.used + 1 });
  await look(owner, "life-subscription");
});

test("the plan is raised, and lowering it is refused with the reason", async () => {
  await subscription();
  await owner.getByRole("row", { name: /Entra Archive/ }).getByRole("button").click();
  await owner.getByRole("dialog").getByRole("button", { name: "Change the plan" }).click();
  await expect(owner.getByText("Plan: Survey Backup → Entra Archive")).toBeVisible();
  const lower = owner.getByRole("row", { name: /^Survey Backup/ });
  await expect(lower).toContainText("is a downgrade");
  await expect(lower.getByRole("button")).toHaveCount(0);
});

test("suspended, its people are out and backups go on; resumed, they are back", async () => {
  await confirm("Suspend");
  await expect(owner.getByText("Suspended").first()).toBeVisible();
  await customer.goto(tenant);
  await expect(customer).toHaveURL(/\/signin/);
  await running.later(1);
  // The day was long: the owner is asked to sign in again.
  await owner.context().clearCookies();
  await signIn(owner, running.stack.partners[0]);
  await confirm("Resume");
  await expect(owner.getByRole("button", { name: "Suspend" })).toBeVisible();
});

test("unsubscribed, deleted, and taken back", async () => {
  await confirm("Unsubscribe");
  await expect(owner.getByText("Unsubscribed").first()).toBeVisible();
  const typed = () => owner.getByRole("dialog").getByLabel(/Type the organization/).fill(NAME);
  await confirm("Delete", typed);
  await expect(owner.getByRole("button", { name: "Undo deletion" })).toBeVisible();
  await running.later(29);
  await owner.context().clearCookies();
  await signIn(owner, running.stack.partners[0]);
  await confirm("Undo deletion");
  await expect(owner.getByRole("button", { name: "Delete" })).toBeVisible();
  await confirm("Delete", typed);
  await expect(owner.getByRole("button", { name: "Undo deletion" })).toBeVisible();
});

test("after thirty days it is erased, and the log still holds", async () => {
  await running.later(30);
  await owner.context().clearCookies();
  await signIn(owner, running.stack.partners[0]);
  await open(owner, "/partner/organizations?state=deleted");
  await expect(owner.getByText(NAME)).toHaveCount(0);
  await open(owner, "/partner/audit");
  await expect(owner.getByText("Organization erased").first()).toBeVisible();
  await expect(owner.getByText(NAME)).toHaveCount(0);
  await owner.getByRole("button", { name: "Check the log" }).click();
  await expect(owner.getByText(/Nothing was altered/)).toBeVisible();
  await look(owner, "life-audit");
});

test("looks", async () => {
  expect(slips.join("\n\n")).toBe("");
});
