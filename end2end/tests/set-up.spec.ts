// The first minutes of an installation in which nobody is yet.
import { startEmpty } from "../support/stack";
import { expect, look, open, slips, test } from "../support/test";

test("whoever runs it follows the link that it prints, and is its Owner", async ({ page, expected }) => {
  const empty = await startEmpty();
  try {
    await open(page, empty.link);
    await look(page, "set-up");
    await page.getByLabel("Your name").fill("Ida Holm");
    await page.getByLabel("E-mail").fill("ida@holm.example");
    await page.getByLabel("Organization").fill("Holm Advisers");
    await page.getByLabel("Password", { exact: true }).fill("four quiet lanterns 83");
    await page.getByRole("button", { name: "Set up" }).click();
    await expect(page).toHaveURL(/\/connect$/);
    await look(page, "set-up-done");
    expected.push(/409/);
    await open(page, empty.link);
    await page.getByLabel("Your name").fill("Somebody Else");
    await page.getByLabel("E-mail").fill("else@holm.example");
    await page.getByLabel("Organization").fill("Elsewhere");
    await page.getByLabel("Password", { exact: true }).fill("four quiet lanterns 84");
    await page.getByRole("button", { name: "Set up" }).click();
    await expect(page.getByText("not valid any more")).toBeVisible();
  } finally {
    await empty.stop();
  }
  expect(slips, "slips of looks").toEqual([]);
});
