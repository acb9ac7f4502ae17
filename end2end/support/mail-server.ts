// A real SMTP server on this machine. What it received is kept and given out over HTTP, because tests run in processes
// of their own.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

/** A mail as it arrived. */
export interface Mail {
  /** To whom the envelope said. */
  to: string[];
  from: string;
  subject: string;
  text: string;
  html: string;
  /** Content ids of what travelled along. */
  inline: string[];
  id: string;
  /** The user who signed in to the server to send it. */
  user: string | null;
}

export async function startMailServer() {
  const mails: Mail[] = [];
  const smtp = new SMTPServer({
    authOptional: true,
    // The tests send on this machine only, without TLS, and with a password where they test that.
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS"],
    onAuth: ({ username, password }, _session, answer) =>
      password === "harbour-mail" ? answer(null, { user: username }) : answer(new Error("Invalid login")),
    onRcptTo: ({ address }, _session, answer) =>
      address.startsWith("nobody@") ? answer(Object.assign(new Error("No such mailbox here"), { responseCode: 550 })) : answer(),
    onData: (stream, session, answer) => {
      simpleParser(stream)
        .then((mail) => {
          mails.push({
            to: session.envelope.rcptTo.map((to) => to.address),
            from: mail.from?.text ?? "",
            subject: mail.subject ?? "",
            text: mail.text ?? "",
            html: mail.html || "",
            inline: mail.attachments.map((part) => part.cid ?? ""),
            id: mail.messageId ?? "",
            user: (session.user as string | undefined) ?? null,
          });
          answer();
        })
        .catch(answer);
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    smtp.once("error", reject);
    const listening = smtp.listen(0, "127.0.0.1", () => resolve((listening.address() as AddressInfo).port));
  });
  smtp.on("error", (error) => console.error("mail server:", error.message));
  const http = createServer((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(mails));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    port,
    base: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    stop: async () => {
      http.closeAllConnections();
      await Promise.all([
        new Promise<void>((resolve) => smtp.close(() => resolve())),
        new Promise<void>((resolve) => http.close(() => resolve())),
      ]);
    },
  };
}
