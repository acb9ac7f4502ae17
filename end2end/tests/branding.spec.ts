// Branding: chosen by a partner, inherited by the one below, seen by its customers on pages and in mail, and taken back.
import { deflateSync } from "node:zlib";
import { type Browser, type Page } from "@playwright/test";
import { linkIn, mailbox } from "../support/mailbox";
import { stack } from "../support/stack";
import { expect, look, open, signIn, slips, test } from "../support/test";

test.describe.configure({ mode: "serial" });

const BRANDING = "/partner/branding";
const PASSWORD = "copper lanterns over 41 quays";
const newPage = async (browser: Browser) => (await browser.newContext({ baseURL: stack().address })).newPage();

let owner: Page;
let below: Page;
test.beforeAll(async ({ browser }) => {
  owner = await newPage(browser);
  below = await newPage(browser);
  await signIn(owner, stack().partners[0]);
});
test.afterAll(async () => {
  for (const page of [owner, below]) await page.context().close();
});

const SQUARE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#7a1fa2"/><path d="M16 6l9 20H7z" fill="#fff"/></svg>`;

const crc = (bytes: Buffer) => {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
};

/** A picture of stripes. */
function png(width: number, height: number): Buffer {
  const part = (name: string, content: Buffer) => {
    const named = Buffer.concat([Buffer.from(name), content]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc(named));
    return Buffer.concat([length, named, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.alloc(1), ...Array.from({ length: width }, (_, x) => Buffer.from(x % 16 < 8 ? [122, 31, 162] : [255, 180, 60]))]);
  const rows = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), part("IHDR", head), part("IDAT", rows), part("IEND", Buffer.alloc(0))]);
}

const file = (name: string, content: string | Buffer) => {
  const mimeType = name.endsWith("svg") ? "image/svg+xml" : "image/png";
  return { name, mimeType, buffer: Buffer.from(content) };
};
const card = (page: Page, name: string) => page.locator(".card").filter({ has: page.getByRole("heading", { name, exact: true }) });
const brand = (page: Page) => page.locator("a.brand");
/** What a part that is filled with the accent looks like. */
const fill = (page: Page, selector: string) => page.locator(selector).first().evaluate((part) => getComputedStyle(part).backgroundColor);
const PURPLE = "rgb(122, 31, 162)";

test("a name and a colour are seen before they are saved, and stand in the frame after", async () => {
  await open(owner, BRANDING);
  await expect(owner.getByText("From the start")).toHaveCount(4);
  await expect(brand(owner)).toHaveText("Holdfast");
  await look(owner, "branding-start");

  await owner.getByLabel("Name", { exact: true }).fill("Lighthouse Cloud");
  await expect(owner.locator("figure .brand").first()).toContainText("Lighthouse Cloud");
  await expect(brand(owner)).toHaveText("Holdfast");
  await owner.getByRole("button", { name: "Save the name" }).click();
  await expect(brand(owner)).toContainText("Lighthouse Cloud");
  await expect(owner).toHaveTitle(/Branding · .* · Lighthouse Cloud/);
  await expect(card(owner, "Name").getByText("Yours")).toBeVisible();

  await owner.getByLabel("Colour", { exact: true }).fill("#7a1fa2");
  await expect.poll(() => fill(owner, ".brand-preview.light .btn")).toBe(PURPLE);
  expect(await fill(owner, ".brand-preview.dark .btn")).not.toBe(PURPLE);
  await owner.getByRole("button", { name: "Save the colour" }).click();
  await expect(owner.getByText("#7a1fa2 was chosen. Light pages show it as it is")).toBeVisible();
  await open(owner, "/partner/plans/new");
  expect(await fill(owner, ".btn.primary")).toBe(PURPLE);
});

test("a file that is no picture is refused with words, and a picture is shown", async () => {
  await open(owner, BRANDING);
  const logo = owner.getByLabel("Picture for the logo");
  await logo.setInputFiles(file("logo.png", "GIF89a"));
  await owner.getByRole("button", { name: "Save the logo" }).click();
  await expect(card(owner, "Logo").getByText("This is no PNG, SVG or WebP.")).toBeVisible();
  await look(owner, "branding-refused");

  await open(owner, BRANDING);
  await logo.setInputFiles(file("logo.svg", SQUARE));
  await expect(owner.locator("figure img.new").first()).toBeVisible();
  await owner.getByRole("button", { name: "Save the logo" }).click();
  await expect(card(owner, "Logo").getByText("Yours")).toBeVisible();
  await owner.getByLabel("Picture for the icon").setInputFiles(file("icon.svg", SQUARE));
  await owner.getByRole("button", { name: "Save the icon" }).click();
  await expect(card(owner, "Icon").getByText("Yours")).toBeVisible();
  await expect(brand(owner).locator("img")).toHaveJSProperty("complete", true);
  expect(await brand(owner).locator("img").evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  await expect(owner.locator("link[rel=icon]")).toHaveAttribute("href", /^\/brand\/.*\.svg$/);
  await look(owner, "branding-chosen");
});

test("without a script a file goes along as well", async ({ browser }) => {
  const context = await browser.newContext({ baseURL: stack().address, javaScriptEnabled: false, storageState: await owner.context().storageState() });
  const page = await context.newPage();
  await page.goto(BRANDING);
  await page.getByLabel("Picture for the logo").setInputFiles(file("logo.png", "<svg/>"));
  await page.getByRole("button", { name: "Save the logo" }).click();
  await expect(card(page, "Logo").getByRole("alert")).toContainText("xmlns");
  await page.getByLabel("Picture for the logo").setInputFiles(file("logo.png", png(200, 50)));
  await page.getByRole("button", { name: "Save the logo" }).click();
  await expect(page).toHaveURL(BRANDING);
  // A wide one stands alone.
  await expect(brand(page).locator("img")).toHaveAttribute("width", "112");
  await expect(brand(page)).toHaveText("");
  await context.close();
});

test("a customer sees it in the mail, on the page of the link, and in the portal", async ({ browser }) => {
  await open(owner, "/partner/organizations/new");
  await owner.getByLabel("First name").fill("Nils");
  await owner.getByLabel("Last name").fill("Amundsen");
  await owner.getByLabel("E-mail", { exact: true }).fill("it@purple.example");
  await owner.getByLabel("Country").selectOption("NO");
  await owner.getByRole("combobox", { name: "Partner" }).selectOption("Lighthouse Distribution");
  const plan = owner.getByRole("combobox", { name: "Plan", exact: true });
  await plan.selectOption((await plan.locator("option", { hasText: "Entra Backup" }).getAttribute("value"))!);
  await owner.getByRole("textbox", { name: "Organization", exact: true }).fill("Purple Ferries");
  await owner.getByRole("button", { name: "Create organization" }).click();
  await expect(owner.getByText("is on its way").first()).toBeVisible();

  const mail = await mailbox("it@purple.example");
  expect(mail.subject).toBe("Your sign-in to Lighthouse Cloud for Purple Ferries");
  expect(mail.html).toContain("background:#7a1fa2");
  const logo = mail.html.match(/<img src="([^"]+)" width="144" height="36" alt="Lighthouse Cloud"/)![1]!;
  const picture = await fetch(logo);
  expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/png"]);
  const letter = await newPage(browser);
  await letter.setContent(mail.html);
  await letter.screenshot({ path: "screenshots/branding-mail.png" });
  await letter.context().close();

  const customer = await newPage(browser);
  await open(customer, linkIn(mail, "/invite/"));
  await expect(brand(customer).locator("img")).toBeVisible();
  expect(await fill(customer, ".btn.primary")).toBe(PURPLE);
  await expect(customer).toHaveTitle("Join Purple Ferries · Lighthouse Cloud");
  await look(customer, "branding-invite");
  await customer.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await customer.getByRole("button", { name: "Set the password and sign in" }).click();
  await expect(customer).toHaveURL(/\/connect$/);
  await expect(brand(customer).locator("img")).toBeVisible();
  await look(customer, "branding-customer");
  await customer.context().close();
});

test("a partner below inherits it, chooses parts of its own, and takes them back", async () => {
  await signIn(below, stack().both);
  await below.getByRole("button", { name: /Harbour IT/ }).click();
  await expect(below).toHaveURL(/\/partner$/);
  await open(below, BRANDING);
  await expect(below.getByText("From Lighthouse Distribution")).toHaveCount(4);
  await below.getByLabel("Name", { exact: true }).fill("Harbour Backup");
  await below.getByRole("button", { name: "Save the name" }).click();
  await expect(below).toHaveTitle(/Harbour Backup/);
  await below.getByLabel("Colour", { exact: true }).fill("#ffd400");
  await below.getByRole("button", { name: "Save the colour" }).click();
  await expect(below.getByText(/Light pages show it as #/)).toBeVisible();
  await below.getByLabel("Picture for the logo").setInputFiles(file("logo.svg", SQUARE));
  await below.getByRole("button", { name: "Save the logo" }).click();
  await expect(brand(below)).toHaveText("Harbour Backup");
  await look(below, "branding-below");

  // From one portal to another the looks change with it, in one document.
  await below.evaluate(() => document.documentElement.setAttribute("data-same", ""));
  await below.locator("summary", { hasText: ": account" }).click();
  await below.getByRole("link", { name: "Change role" }).click();
  await below.getByRole("button", { name: /Adventure Works/ }).click();
  await expect(below).toHaveURL(/\/connect$/);
  await expect(below.locator("html[data-same]")).toBeAttached();
  await expect(brand(below)).toHaveText("");
  await expect(below.locator("#brand-style")).toHaveAttribute("href", "/brand/7a1fa2.css");
  await open(below, "/choose");
  await below.getByRole("button", { name: /Harbour IT/ }).click();
  await expect(brand(below)).toHaveText("Harbour Backup");

  await open(below, BRANDING);
  for (const name of ["Name", "Accent colour", "Logo"]) {
    await card(below, name).getByRole("button", { name: /Use the inherited one/ }).click();
    await expect(card(below, name).getByText("From Lighthouse Distribution")).toBeVisible();
  }
});

test("taken back, everything is as it was", async ({ page }) => {
  await page.goto("/signin");
  await expect(page).toHaveTitle("Sign in · Lighthouse Cloud");
  await open(owner, BRANDING);
  for (const name of ["Name", "Accent colour", "Logo", "Icon"]) {
    await card(owner, name).getByRole("button", { name: /Use the inherited one/ }).click();
    await expect(card(owner, name).getByText("From the start")).toBeVisible();
  }
  await expect(brand(owner)).toHaveText("Holdfast");
  await expect(owner.locator("link[rel=icon]")).toHaveAttribute("href", "/favicon.svg");
  await page.reload();
  await expect(page).toHaveTitle("Sign in · Holdfast");
  await expect(page.locator("#brand-style")).toHaveCount(0);
});

test("nothing looked wrong", () => {
  expect(slips.join("\n\n")).toBe("");
});
