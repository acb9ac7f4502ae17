// Mail: a customer's first sign-in by a link that was received, and a link that is made anew.
import { type Browser, type Page } from "@playwright/test";
import { linkIn, mailbox, mailsTo } from "../support/mailbox";
import { stack } from "../support/stack";
import { expect, look, open, signIn, slips, test } from "../support/test";

test.describe.configure({ mode: "serial" });

let owner: Page;
const PASSWORD = "copper lanterns over 41 quays";
const newPage = async (browser: Browser) => (await browser.newContext({ baseURL: stack().address })).newPage();

test.beforeAll(async ({ browser }) => {
  owner = await newPage(browser);
  await signIn(owner, stack().partners[0]);
});
test.afterAll(async () => owner.context().close());

/** Fills in the form for a new organization and sends it. */
async function create(name: string, email: string) {
  await open(owner, "/partner/organizations/new");
  await owner.getByLabel("First name").fill("Nils");
  await owner.getByLabel("Last name").fill("Amundsen");
  await owner.getByLabel("E-mail", { exact: true }).fill(email);
  await owner.getByLabel("Country").selectOption("NO");
  await owner.getByRole("combobox", { name: "Partner" }).selectOption("Lighthouse Distribution");
  const plan = owner.getByRole("combobox", { name: "Plan", exact: true });
  await plan.selectOption((await plan.locator("option", { hasText: "Entra Backup" }).getAttribute("value"))!);
  await owner.getByRole("textbox", { name: "Organization", exact: true }).fill(name);
}

test("an organization is created with a mail, and its link leads in", async ({ browser }) => {
  await create("Bergen Ferries", "it@bergen.example");
  await expect(owner.getByLabel("Send sign-in e-mail")).toBeChecked();
  await owner.getByRole("button", { name: "Create organization" }).click();
  await expect(owner.getByText("is on its way").first()).toBeVisible();
  await expect(owner.getByRole("textbox", { name: "Link" })).toHaveCount(0);
  await look(owner, "mail-organization-created");

  const mail = await mailbox("it@bergen.example");
  expect(mail.subject).toContain("Bergen Ferries");
  expect(mail.from).toContain("backup@lighthouse.example");
  expect(mail.html).toContain("Choose a password");
  const customer = await newPage(browser);
  await open(customer, linkIn(mail, "/invite/"));
  await customer.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await customer.getByRole("button", { name: "Set the password and sign in" }).click();
  await expect(customer).toHaveURL(/\/connect$/);
  await customer.context().close();
});

test("a link is sent anew, and the one before it ends", async ({ page, expected }) => {
  expected.push(/409/);
  await create("Fjord Power", "it@fjord.example");
  await owner.getByRole("button", { name: "Create organization" }).click();
  await owner.getByRole("link", { name: "Go to Fjord Power" }).click();
  await expect(owner.getByText("They have not signed in yet")).toBeVisible();
  await look(owner, "mail-organization-waiting");
  const first = await mailbox("it@fjord.example");
  await owner.getByRole("button", { name: "Send a new link" }).click();
  await expect(owner.getByText("is on its way")).toBeVisible();
  const second = await mailbox("it@fjord.example", /./, 1);
  await open(page, linkIn(first, "/invite/"));
  await expect(page.getByText("not good any more")).toBeVisible();
  await open(page, linkIn(second, "/invite/"));
  await expect(page.getByText("Fjord Power")).toBeVisible();

  await owner.getByRole("button", { name: "Show a new link" }).click();
  const shown = await owner.getByRole("textbox", { name: "Link" }).inputValue();
  await open(page, linkIn(second, "/invite/"));
  await expect(page.getByText("not good any more")).toBeVisible();
  await open(page, new URL(shown).pathname);
  await expect(page.getByText("Fjord Power")).toBeVisible();
  expect(await mailsTo("it@fjord.example")).toHaveLength(2);
});

test("a partner's own server is tried, refuses in its own words, and is removed", async () => {
  await open(owner, "/partner/mail");
  await expect(owner.getByText("Through the server of this installation.")).toBeVisible();
  await look(owner, "mail-settings");
  const fill = async (password: string) => {
    await owner.getByLabel("Server", { exact: true }).fill("127.0.0.1");
    await owner.getByLabel("Protection").selectOption("plain");
    await owner.getByLabel("Port").fill("smtp");
    await owner.getByLabel(/^User/).fill("harbour");
    await owner.getByLabel(/^Password/).fill(password);
    await owner.getByLabel("Sender’s name").fill("Lighthouse Post");
    await owner.getByLabel("Sender’s e-mail").fill("post@lighthouse.example");
    await owner.getByRole("button", { name: "Save the server" }).click();
    await expect(owner.getByText("Enter a port").first()).toBeVisible();
    await expect(owner.getByLabel(/^User/)).toHaveValue("harbour");
    await owner.getByLabel("Port").fill(String(stack().mail.port));
    await owner.getByRole("button", { name: "Save the server" }).click();
    await expect(owner.getByText("Through your own server.")).toBeVisible();
  };
  await fill("wrong");
  await owner.getByRole("button", { name: "Send me a test" }).click();
  await expect(owner.getByText(/Invalid login/)).toBeVisible();
  await owner.getByLabel(/^Password/).fill("harbour-mail");
  await owner.getByRole("button", { name: "Save the server" }).click();
  await expect(owner.getByText("Saved").first()).toBeVisible();
  await owner.getByRole("button", { name: "Send me a test" }).click();
  await expect(owner.getByText("The server took it")).toBeVisible();
  const arrived = await mailbox(stack().partners[0]!.email, /arrives/);
  expect(arrived.user).toBe("harbour");
  expect(arrived.from).toContain("Lighthouse Post");
  await look(owner, "mail-settings-own");
  await owner.getByRole("button", { name: "Remove the server" }).click();
  await expect(owner.getByText("Through the server of this installation.")).toBeVisible();
});

test("what could not be delivered says why, and is tried again", async () => {
  await create("Nowhere Ltd", "nobody@nowhere.example");
  await owner.getByRole("button", { name: "Create organization" }).click();
  await expect(owner.getByText("is on its way").first()).toBeVisible();
  await expect
    .poll(async () => {
      await open(owner, "/partner/mail");
      return owner.getByRole("row", { name: /nobody@nowhere/ }).textContent();
    })
    .toContain("No such mailbox here");
  const row = owner.getByRole("row", { name: /nobody@nowhere/ });
  await expect(row).toContainText("Failed");
  await expect(owner.getByRole("row", { name: /it@bergen/ })).toContainText("Sent");
  await look(owner, "mail-outbox");
  await row.getByRole("button", { name: /Try again/ }).click();
  await expect(owner.getByText("It is tried again")).toBeVisible();
});

test("the box is hidden, and the link is shown", async () => {
  await open(owner, "/partner/mail");
  await owner.getByLabel("Offer the sign-in e-mail").uncheck();
  await owner.getByRole("button", { name: "Save", exact: true }).click();
  await expect(owner.getByText("Saved").first()).toBeVisible();
  await create("Quiet Harbour", "it@quiet.example");
  await expect(owner.getByLabel("Send sign-in e-mail")).toHaveCount(0);
  await owner.getByRole("button", { name: "Create organization" }).click();
  await expect(owner.getByRole("textbox", { name: "Link" })).toHaveValue(/\/invite\//);
  expect(await mailsTo("it@quiet.example")).toHaveLength(0);
  await open(owner, "/partner/mail");
  await owner.getByLabel("Offer the sign-in e-mail").check();
  await owner.getByRole("button", { name: "Save", exact: true }).click();
  await expect(owner.getByText("Saved").first()).toBeVisible();
});

test("nothing looked wrong", () => {
  expect(slips.join("\n\n")).toBe("");
});
