// Help in both portals: the guide, what is permitted and why, whom to ask.
import { expect, look, open, signIn, slips, test } from "../support/test";
import { stack } from "../support/stack";

test("a partner reads the guide and the permissions", async ({ page }) => {
  await signIn(page, stack().partners[0]);
  await page.getByRole("link", { name: "Help" }).click();
  await expect(page.getByRole("heading", { name: "Suspend, unsubscribe, delete" })).toBeVisible();
  await expect(page.getByText("Whoever runs this installation")).toBeVisible();
  await look(page, "help-partner");
  await page.getByRole("navigation", { name: "Help" }).getByRole("link", { name: "Permissions" }).click();
  await expect(page.getByRole("cell", { name: "User.Read.All", exact: true })).toBeVisible();
  await look(page, "help-permissions");
});

test("a customer reads its own guide, and learns whom to ask", async ({ page }) => {
  await signIn(page);
  await open(page, "/help");
  await expect(page.getByRole("heading", { name: "Put it back" })).toBeVisible();
  await expect(page.getByText("Lighthouse Distribution").first()).toBeVisible();
  await page.getByRole("link", { name: "Put it back" }).click();
  await expect(page).toHaveURL(/#put-it-back$/);
  await look(page, "help-customer");
});

test("looks", () => {
  expect(slips.join("\n\n")).toBe("");
});
