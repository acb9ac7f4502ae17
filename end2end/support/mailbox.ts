// What arrived by mail.
import { expect } from "@playwright/test";
import type { Mail } from "./mail-server";
import { stack } from "./stack";

export type { Mail };

/** Every mail that a recipient received so far, the newest last. */
export async function mailsTo(recipient: string): Promise<Mail[]> {
  const all = (await (await fetch(stack().mail.base)).json()) as Mail[];
  return all.filter((mail) => mail.to.includes(recipient));
}

/** Waits for a mail to a recipient, with `subject` in its subject, after the first `after` of them. */
export async function mailbox(recipient: string, subject: RegExp = /./, after = 0): Promise<Mail> {
  let found: Mail | undefined;
  await expect
    .poll(
      async () => {
        found = (await mailsTo(recipient)).filter((mail) => subject.test(mail.subject))[after];
        return found !== undefined;
      },
      { message: `a mail to ${recipient} about ${subject}`, timeout: 20_000 },
    )
    .toBe(true);
  return found!;
}

/** The path of the first link of ours in a mail that begins so: `/invite/`. */
export function linkIn(mail: Mail, beginning: string): string {
  const found = mail.text.match(new RegExp(`${stack().address}(${beginning}\\S+)`));
  if (!found) throw new Error(`no link to ${beginning} in:\n${mail.text}`);
  return found[1]!;
}
