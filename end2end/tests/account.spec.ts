// One's own account: a second factor set up, asked for and used; sessions; sign-in with Microsoft.
import { type Browser, type Page } from "@playwright/test";
import { stack } from "../support/stack";
import { expect, look, open, sim, slips, test } from "../support/test";
import { code } from "../support/totp";

test.describe.configure({ mode: "serial" });

const person = () => stack().people[2]!;

const newPage = async (browser: Browser, javaScriptEnabled = true) =>
  (await browser.newContext({ baseURL: stack().address, javaScriptEnabled })).newPage();
const title = (page: Page) => page.getByRole("heading", { level: 1 });

async function password(page: Page, who = person()) {
  await page.goto("/signin");
  await page.getByLabel("E-mail").fill(who.email);
  await page.getByLabel("Password").fill(who.password);
  await page.getByRole("button", { name: "Continue" }).click();
}

let me: Page;
let secret: string;
let codes: string[];

test.beforeAll(async ({ browser }) => {
  me = await newPage(browser);
});
test.afterAll(async () => {
  await me.context().close();
});

test("the account is in the menu, says where one is signed in, and ends that elsewhere", async ({ browser }) => {
  await open(me, "/signin");
  await password(me);
  await expect(me).not.toHaveURL(/signin/);
  const elsewhere = await newPage(browser);
  await password(elsewhere);
  await expect(elsewhere).not.toHaveURL(/signin/);

  await open(me, "/connect");
  await me.locator("summary", { hasText: `${person().name}: account` }).click();
  await me.getByRole("link", { name: "Your account" }).click();
  await expect(title(me)).toHaveText("Your account");
  const sessions = me.getByRole("region", { name: "Sessions" });
  await expect(sessions.getByRole("row")).toHaveCount(3);
  await expect(sessions.getByRole("row", { name: /this one/ })).toContainText("Chrome on Linux");
  await look(me, "account");
  await sessions.getByRole("row").filter({ hasNotText: "this one" }).getByRole("button", { name: /Sign out/ }).click();
  await expect(sessions.getByRole("row")).toHaveCount(2);
  await elsewhere.goto("/connect");
  await expect(elsewhere).toHaveURL(/signin/);
  await elsewhere.context().close();
});

test("a second factor is set up, with codes that are shown once", async () => {
  await open(me, "/account");
  await me.getByRole("link", { name: "Set up" }).click();
  await expect(title(me)).toHaveText("Set up a second factor");
  secret = await me.getByRole("textbox", { name: "Secret" }).inputValue();
  await look(me, "account-second-factor");
  await me.getByLabel(/six figures/).fill("000000");
  await me.getByRole("button", { name: "Set up" }).click();
  await expect(me.getByText(/This code is not right/)).toBeVisible();
  await expect(me.getByLabel(/six figures/)).toHaveValue("000000");
  await me.getByLabel(/six figures/).fill(code(secret));
  await me.getByRole("button", { name: "Set up" }).click();
  await expect(title(me)).toHaveText("Your recovery codes");
  codes = await me.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").allTextContents();
  expect(codes).toHaveLength(10);
  await look(me, "account-recovery-codes");
  await me.getByRole("link", { name: "I have kept them" }).click();
  await expect(me.getByText(/10 of 10 recovery codes are left/)).toBeVisible();
});

test("whoever has the password alone reaches nothing", async ({ browser }) => {
  const page = await newPage(browser);
  await open(page, "/signin");
  await password(page);
  await expect(title(page)).toHaveText("And now a code");
  await look(page, "signin-code");
  for (const path of ["/account", "/connect", "/partner", "/choose"]) {
    await page.goto(path);
    await expect(page).toHaveURL(/\/signin\?next/);
  }
  await open(page, "/signin/code");
  // The code of the set-up was used up; the next one is good.
  await page.getByLabel("Code").fill(code(secret, 1));
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).not.toHaveURL(/signin/);
  await page.context().close();
});

test("a recovery code works once, also without a script", async ({ browser }) => {
  const page = await newPage(browser, false);
  await password(page);
  await expect(title(page)).toHaveText("And now a code");
  await page.getByLabel("Code").fill("nonsense");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText(/This code is not right/)).toBeVisible();
  await page.getByLabel("Code").fill(codes[0]!);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).not.toHaveURL(/signin/);
  await page.goto("/account");
  await expect(page.getByText(/9 of 10 recovery codes are left/)).toBeVisible();
  await page.context().close();
});

test("a Microsoft account is linked and signs in; Microsoft's second factor counts when Microsoft says so", async ({ browser }) => {
  const tenants = await (await fetch(`${stack().sim.base}/sim/tenants`)).json();
  const upn: string = tenants[0].globalAdministrators[0];
  const atMicrosoft = async (page: Page) => {
    await page.getByLabel("User principal name").fill(upn);
    await page.getByLabel("Password").fill("any");
    await page.getByRole("button", { name: "Sign in" }).click();
  };
  const withMicrosoft = async (page: Page) => {
    await open(page, "/signin");
    await page.getByRole("button", { name: "Sign in with Microsoft" }).click();
    await atMicrosoft(page);
  };
  const stranger = await newPage(browser);
  await withMicrosoft(stranger);
  await expect(stranger.getByText(/No account here is linked/)).toBeVisible();
  await look(stranger, "signin-microsoft-unknown");

  await open(me, "/account");
  await me.getByLabel("Your password").fill("not the password");
  await me.getByRole("button", { name: "Link a Microsoft account" }).click();
  await expect(me.getByText(/This is not your password/)).toBeVisible();
  await me.getByLabel("Your password").fill(person().password);
  await me.getByRole("button", { name: "Link a Microsoft account" }).click();
  await atMicrosoft(me);
  await expect(me.getByText(upn)).toBeVisible();
  await look(me, "account-linked");

  // Without a word about a second factor, ours is asked for.
  const other = await newPage(browser);
  await withMicrosoft(other);
  await expect(title(other)).toHaveText("And now a code");
  await other.context().close();
  await sim("/mfa", { user: upn, used: true });
  const page = await newPage(browser, false);
  await page.goto("/signin");
  await page.getByRole("button", { name: "Sign in with Microsoft" }).click();
  await atMicrosoft(page);
  await expect(page).not.toHaveURL(/signin/);
  await page.goto("/account");
  await expect(page.locator("main").getByText(person().email).first()).toBeVisible();
  await page.context().close();
  await stranger.context().close();
});

test("the second factor is switched off with a code, and the password lets in alone", async ({ browser }) => {
  await open(me, "/account");
  await me.getByRole("link", { name: "Manage" }).click();
  await expect(title(me)).toHaveText("Second factor");
  await look(me, "account-second-factor-on");
  await me.getByLabel("Password").fill(person().password);
  await me.getByLabel(/recovery code/).fill(codes[1]!);
  await me.getByRole("button", { name: "Switch off" }).click();
  await expect(me).toHaveURL(/\/account$/);
  await expect(me.getByRole("link", { name: "Set up" })).toBeVisible();
  const page = await newPage(browser);
  await password(page);
  await expect(page).not.toHaveURL(/signin/);
  await page.context().close();
});

test("nothing of it was wrong to look at", () => {
  expect(slips.join("\n\n")).toBe("");
});
