// A partner's day without a mouse: everything is reached by Tab, chosen by Enter, closed by Escape.
import { type Locator, type Page } from "@playwright/test";
import { stack } from "../support/stack";
import { expect, hydrated, test } from "../support/test";

/** Presses Tab until the wanted thing has the focus, which must show. */
async function reach(page: Page, wanted: Locator) {
  const found = wanted.first();
  for (let presses = 0; presses < 120; presses += 1) {
    if (await found.evaluate((e) => e === document.activeElement).catch(() => false)) {
      // The link of a row shows it around the whole row.
      const shows = await found.evaluate((e) =>
        [null, "::after"].some((part) => {
          const { outlineStyle, boxShadow } = getComputedStyle(e, part);
          return outlineStyle !== "none" || boxShadow !== "none";
        }),
      );
      expect(shows, `the focus on ${wanted} can be seen`).toBe(true);
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`${wanted} is not reached by Tab`);
}

const press = async (page: Page, wanted: Locator) => {
  await reach(page, wanted);
  await page.keyboard.press("Enter");
};

test("sign in, skip to the page, open a customer, suspend nobody, look at seats, sign out", async ({ page }) => {
  const owner = stack().partners[0]!;
  await page.goto("/signin");
  await hydrated(page);
  await reach(page, page.getByLabel("E-mail"));
  await page.keyboard.type(owner.email);
  await reach(page, page.getByLabel("Password"));
  await page.keyboard.type(owner.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/partner$/);

  // The first Tab of a page leads past the side bar.
  await page.reload();
  await hydrated(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the page" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();

  await page.reload();
  await hydrated(page);
  await press(page, page.getByRole("link", { name: "Organizations" }));
  await expect(page).toHaveURL(/\/partner\/organizations/);
  await press(page, page.getByRole("link", { name: "Tailspin Toys" }));
  await expect(page).toHaveURL(/organizations\/[0-9a-f-]{36}$/);
  await hydrated(page);

  const suspend = page.getByRole("button", { name: "Suspend" });
  await press(page, suspend);
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(suspend.first()).toBeFocused();

  await press(page, page.getByRole("navigation", { name: "About this organization" }).getByRole("link", { name: "Subscription" }));
  await expect(page).toHaveURL(/tab=subscription/);
  await reach(page, page.getByRole("textbox", { name: "Seats" }));

  await press(page, page.locator("summary", { hasText: `${owner.name}: account` }));
  await press(page, page.getByRole("button", { name: "Sign out" }));
  await expect(page).toHaveURL(/\/signin/);
});
