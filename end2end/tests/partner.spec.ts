// The life of a customer: a plan, an organization, its first sign-in, an upgrade, a pause, a visit, its end.
import { type Browser, type Page } from "@playwright/test";
import { stack } from "../support/stack";
import { expect, look, open, signIn, slips, test } from "../support/test";

test.describe.configure({ mode: "serial" });

let owner: Page;
let customer: Page;
let organization: string;
let link: string;
const PASSWORD = "tamarind quay 88 lanterns";

const newPage = async (browser: Browser) => (await browser.newContext({ baseURL: stack().address })).newPage();

test.beforeAll(async ({ browser }) => {
  owner = await newPage(browser);
  customer = await newPage(browser);
});
test.afterAll(async () => {
  await owner.context().close();
  await customer.context().close();
});

const title = (page: Page) => page.getByRole("heading", { level: 1 });

/** Presses a button and, in the dialog that asks, the one that goes on. */
async function confirm(button: string, go: string = button, fill?: () => Promise<void>) {
  await owner.getByRole("button", { name: button }).click();
  await fill?.();
  await owner.getByRole("dialog").getByRole("button", { name: go }).click();
}

test("an Owner signs in and sees the customers", async () => {
  await signIn(owner, stack().partners[0]);
  await expect(owner).toHaveURL(/\/partner$/);
  await open(owner, "/partner/organizations");
  await expect(title(owner)).toHaveText("Organizations");
  await expect(owner.getByRole("row", { name: /Tailspin Toys/ })).toContainText("No Entra plan");
  await look(owner, "partner-organizations");
});

test("a plan is created; what is wrong is said and nothing is lost", async () => {
  await open(owner, "/partner/plans/new");
  await look(owner, "partner-plan-new");
  await owner.getByLabel("Name").fill("Entra for schools");
  await owner.getByLabel("Product type").selectOption("backup-entra");
  await owner.getByLabel("Price").fill("3.105");
  await owner.getByRole("button", { name: "Create plan" }).click();
  await expect(owner.getByText(/decimal/).first()).toBeVisible();
  await expect(owner.getByLabel("Who takes a seat")).toHaveValue("enabled-members");
  await expect(owner.getByLabel("Name")).toHaveValue("Entra for schools");
  await owner.getByLabel("Price").fill("3.10");
  await owner.getByLabel("Who takes a seat").selectOption("all-members");
  await owner.getByRole("button", { name: "Create plan" }).click();
  await expect(owner).toHaveURL(/\/partner\/plans$/);
  await expect(owner.getByRole("row", { name: /Entra for schools/ })).toContainText("€3.10");
  await look(owner, "partner-plans");
});

test("plans are narrowed to a product, and Back widens the list again", async () => {
  const schools = owner.getByRole("row", { name: /Entra for schools/ });
  await owner.getByLabel("Product type").selectOption("archiver");
  await owner.getByRole("button", { name: "Show" }).click();
  await expect(owner).toHaveURL(/product=archiver(&|$)/);
  await expect(schools).toHaveCount(0);
  await owner.goBack();
  await expect(schools).toBeVisible();
  await expect(owner.getByLabel("Product type")).toHaveValue("");
  await owner.getByLabel("Product type").selectOption("backup-entra");
  await owner.getByRole("button", { name: "Show" }).click();
  await expect(owner).toHaveURL(/product=backup-entra/);
  await expect(schools).toBeVisible();
});

test("a plan that nobody was on is deleted, with and without a script", async ({ browser }) => {
  const create = async (name: string) => {
    await open(owner, "/partner/plans/new");
    await owner.getByLabel("Name").fill(name);
    await owner.getByLabel("Product type").selectOption("archiver");
    await owner.getByLabel("Price").fill("1.00");
    await owner.getByRole("button", { name: "Create plan" }).click();
    await expect(owner.getByRole("row", { name })).toBeVisible();
  };
  await create("Made by mistake");
  const button = owner.getByRole("button", { name: "Delete Made by mistake" });
  await button.click();
  await expect(owner.getByRole("dialog")).toContainText("cannot be undone");
  await owner.getByRole("dialog").getByRole("button", { name: "Keep it" }).click();
  await expect(button).toBeVisible();
  await button.click();
  await owner.getByRole("dialog").getByRole("button", { name: "Delete the plan" }).click();
  await expect(owner.getByRole("row", { name: "Made by mistake" })).toHaveCount(0);
  // One that somebody is on can only be archived.
  await expect(owner.getByRole("button", { name: /^Archive Entra Archive/ })).toBeVisible();
  await expect(owner.getByRole("button", { name: /^Delete Entra Archive/ })).toHaveCount(0);

  await create("Made by mistake again");
  const storage = await owner.context().storageState();
  const context = await browser.newContext({ baseURL: stack().address, storageState: storage, javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto("/partner/plans");
  await plain.getByRole("button", { name: "Delete Made by mistake again" }).click();
  await expect(plain.getByRole("heading", { name: "Delete Made by mistake again?" })).toBeVisible();
  // axe needs a script; the address asks with one as well.
  await open(owner, plain.url());
  await look(owner, "partner-plan-delete");
  await plain.getByRole("button", { name: "Delete the plan" }).click();
  await expect(plain.getByRole("row", { name: "Made by mistake again" })).toHaveCount(0);
  await context.close();
});

test("an organization is created, with a link that is shown once", async () => {
  await open(owner, "/partner/organizations/new");
  await look(owner, "partner-organization-new");
  await owner.getByLabel("First name").fill("Nia");
  await owner.getByLabel("Last name").fill("Boateng");
  await owner.getByLabel("E-mail", { exact: true }).fill("it@northwind.example");
  await owner.getByLabel("Country").selectOption("GH");
  await owner.getByRole("combobox", { name: "Partner" }).selectOption("Lighthouse Distribution");
  const plan = owner.getByRole("combobox", { name: "Plan", exact: true });
  await plan.selectOption((await plan.locator("option", { hasText: "Entra for schools" }).getAttribute("value"))!);
  await owner.getByRole("textbox", { name: "Organization", exact: true }).fill("Accra Grammar School");
  await owner.getByRole("textbox", { name: "Seats" }).fill("300");
  await owner.getByLabel("Send sign-in e-mail").uncheck();
  await owner.getByRole("button", { name: "Create organization" }).click();
  await expect(owner.getByText(/Northwind Harbour \(100001-1\) has this e-mail already/)).toBeVisible();
  await owner.getByLabel("E-mail", { exact: true }).fill("it@accra.example");
  await owner.getByRole("button", { name: "Create organization" }).click();
  link = await owner.getByRole("textbox", { name: "Link" }).inputValue();
  await look(owner, "partner-organization-created");
  await owner.getByRole("link", { name: "Go to Accra Grammar School" }).click();
  // The page before this one says the name, too.
  await expect(owner).toHaveURL(/organizations\/[0-9a-f-]{36}$/);
  organization = new URL(owner.url()).pathname;
});

test("its first Full Admin follows the link and chooses a password", async () => {
  await open(customer, new URL(link, stack().address).pathname);
  await look(customer, "invite");
  await customer.getByLabel("Password", { exact: true }).fill("short");
  await customer.getByRole("button", { name: "Set the password and sign in" }).click();
  await expect(customer.getByText("Use at least 12 characters").first()).toBeVisible();
  await customer.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await customer.getByRole("button", { name: "Set the password and sign in" }).click();
  await expect(customer).toHaveURL(/\/connect$/);
});

test("the subscription grows, and what would shrink it is refused with the reason", async () => {
  for (const [tab, name] of [["", "general"], ["?tab=subscription", "subscription"], ["?tab=credentials", "credentials"], ["?tab=visits", "visits"]]) {
    await open(owner, `${organization}${tab}`);
    await look(owner, `partner-organization-${name}`);
  }
  await open(owner, `${organization}?tab=subscription`);
  await owner.getByRole("textbox", { name: "Seats" }).fill("320");
  await owner.getByRole("button", { name: "Save seats" }).click();
  await expect(owner.getByText("Seats: 300 → 320")).toBeVisible();
  await expect(owner.getByRole("row", { name: /Mail Backup/ })).toContainText("would take Entra away");
  await expect(owner.getByText("All members, also disabled ones")).toBeVisible();
  await owner.getByRole("row", { name: /Entra Archive/ }).getByRole("button").click();
  await owner.getByRole("dialog").getByRole("button", { name: "Change the plan" }).click();
  await expect(owner.getByText("Plan: Entra for schools → Entra Archive")).toBeVisible();
  await expect(owner.getByText("Members who can sign in", { exact: true })).toBeVisible();
  await expect(owner.getByRole("row", { name: /is a downgrade/ }).first()).toContainText("the archive would be lost");
});

test("suspended, its people are out at once; resumed, they are back", async () => {
  await open(owner, organization);
  await confirm("Suspend");
  await expect(owner.getByText("Suspended").first()).toBeVisible();
  await customer.goto("/connect");
  await expect(customer).toHaveURL(/\/signin/);
  await open(owner, organization);
  await confirm("Resume");
  await expect(owner.getByRole("button", { name: "Suspend" })).toBeVisible();
  await signIn(customer, { email: "it@accra.example", password: PASSWORD, name: "", role: "" });
  await expect(customer).toHaveURL(/\/connect$/);
});

test("a visit is marked on every page, and left", async () => {
  await open(owner, organization);
  await confirm("Log in to Entra Portal", "Log in", () => owner.getByLabel("Reason").fill("Ticket 4711"));
  await expect(owner.getByRole("region", { name: "Visit" })).toContainText("Ticket 4711");
  await look(owner, "visit");
  await owner.getByRole("button", { name: "Leave" }).click();
  await expect(owner).toHaveURL(/\/partner/);
  await open(owner, `${organization}?tab=visits`);
  await expect(owner.getByRole("cell", { name: "Ticket 4711" })).toBeVisible();
});

test("unsubscribed, deleted, and taken back", async () => {
  await open(owner, organization);
  await confirm("Unsubscribe");
  await expect(owner.getByRole("button", { name: "Resume" })).toBeVisible();
  await confirm("Delete", "Delete", () => owner.getByRole("dialog").getByLabel(/Type the organization/).fill("Accra"));
  await expect(owner.getByRole("dialog").getByText(/Nothing was changed/).first()).toBeVisible();
  await owner.getByRole("dialog").getByLabel(/Type the organization/).fill("Accra Grammar School");
  await owner.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(owner.getByRole("button", { name: "Undo deletion" })).toBeVisible();
  await look(owner, "partner-organization-deleted");
  await open(owner, "/partner/organizations?state=deleted");
  await expect(owner.getByRole("row", { name: /Accra Grammar School/ })).toBeVisible();
  await open(owner, organization);
  await confirm("Undo deletion");
  await expect(owner.getByText("Unsubscribed").first()).toBeVisible();
});

test("the audit log says it all", async () => {
  await open(owner, "/partner/audit");
  await expect(title(owner)).toHaveText("Audit log");
  for (const event of ["Organization created", "Plan changed", "Visit began", "Organization deleted", "Deletion undone"]) {
    await expect(owner.getByText(event).first()).toBeVisible();
  }
  // By name, though the log holds ids.
  const deleted = owner.getByRole("row", { name: /Organization deleted/ }).first();
  await expect(deleted).toContainText("Accra Grammar School");
  // What was before, and after.
  const changed = owner.getByRole("row", { name: /Plan changed/ }).first();
  await expect(changed).toContainText("Plan: Entra for schools → Entra Archive");
  await look(owner, "partner-audit");
});

test("Support sees no prices and creates nothing; Finance enters no portal", async ({ browser }) => {
  const support = await newPage(browser);
  await signIn(support, stack().partners[1]);
  await open(support, "/partner/organizations");
  await expect(support.getByRole("row", { name: /Fabrikam/ })).toBeVisible();
  await expect(support.getByText("€")).toHaveCount(0);
  await expect(support.getByRole("link", { name: "New organization" })).toHaveCount(0);
  await support.context().close();
  const finance = await newPage(browser);
  await signIn(finance, stack().partners[2]);
  await open(finance, organization);
  await expect(finance.getByRole("button", { name: "Log in to Entra Portal" })).toHaveCount(0);
  await finance.context().close();
});

test("looks", async () => {
  expect(slips.join("\n\n")).toBe("");
});
