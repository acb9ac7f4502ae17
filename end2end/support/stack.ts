// Starts what the tests run against: `holdfast demo`, which is the product on a fresh database beside a simulated
// tenant. Stops it afterwards.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Interface, createInterface } from "node:readline";
import { startMailServer } from "./mail-server";

export interface Person {
  name: string;
  email: string;
  password: string;
  role: string;
}

export interface Stack {
  address: string;
  organization: string;
  people: Person[];
  partners: Person[];
  /** Somebody with a role at the partner below and one in a customer. */
  both: Person;
  sim: { base: string; tenant_id: string; client_id: string; client_secret: string };
  /** The SMTP server that receives everything, and where what it received is asked for. */
  mail: { port: number; base: string };
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))));
    });
  });

/** An empty database: on PostgreSQL where a program is named that starts one, else the demo's own. */
async function startDatabase() {
  const program = process.env.HOLDFAST_TEST_DATABASE;
  if (!program) return { args: [], stop: async () => {} };
  const child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
  const url = await nextLine(child, createInterface({ input: child.stdout }), "the database");
  return {
    args: ["--database-url", url],
    stop: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.stdin.end();
      await ended;
    },
  };
}

/** A demo that runs, and what can be done to it from outside. */
export interface Running {
  stack: Stack;
  /** Lets days pass in it, with all that they bring. */
  later(days: number): Promise<void>;
  stop(): Promise<void>;
}

/** What a program says next, of what is waited for; fails when it ends before it does. */
const nextLine = (child: ChildProcess, lines: Interface, what: string, wanted = /^/) =>
  new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${what} ended with ${code} before it answered`)));
    const hear = (line: string) => {
      if (!wanted.test(line)) return;
      lines.off("line", hear);
      resolve(line);
    };
    lines.on("line", hear);
  });

function binary() {
  const path = process.env.HOLDFAST_BIN;
  if (!path) throw new Error("HOLDFAST_BIN names no binary. Run `cargo xtask test e2e`, which builds and names it.");
  return path;
}

async function end(child: ChildProcess) {
  child.removeAllListeners("exit");
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

/** Starts an installation in which nobody is yet, as its operator does. */
export async function startEmpty() {
  const [web, database, data] = [await freePort(), await startDatabase(), await mkdtemp(join(tmpdir(), "holdfast-"))];
  const args = ["serve", "--listen", `127.0.0.1:${web}`, "--data-dir", data, "--log", "warn", ...database.args];
  const child = spawn(binary(), args, { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const line = await nextLine(child, lines, "`holdfast serve`", /^Set it up: /);
  return {
    /** Where its first person becomes its Owner. */
    link: line.slice("Set it up: ".length),
    stop: async () => {
      await end(child);
      await database.stop();
      await rm(data, { recursive: true });
    },
  };
}

/** Starts a demo of its own. */
export async function start(): Promise<Running> {
  const [web, graph, mail, database] = [await freePort(), await freePort(), await startMailServer(), await startDatabase()];
  const args = ["demo", "--json", "--users", "600", "--listen", `127.0.0.1:${web}`, "--graph-listen", `127.0.0.1:${graph}`];
  args.push("--mail-url", `smtp://127.0.0.1:${mail.port}`, "--mail-from", "backup@lighthouse.example", "--notice-delay", "1");
  const child = spawn(binary(), [...args, ...database.args], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const line = () => nextLine(child, lines, "`holdfast demo`");
  const first = await line();
  return {
    stack: { ...JSON.parse(first), mail: { port: mail.port, base: mail.base } },
    later: async (days) => {
      const answer = line();
      child.stdin.write(`later ${days}\n`);
      const { error } = JSON.parse(await answer);
      if (error) throw new Error(error);
    },
    stop: async () => {
      await end(child);
      await database.stop();
      await mail.stop();
    },
  };
}

export default async function globalSetup() {
  const running = await start();
  use(running.stack);
  return running.stop;
}

/** What the tests of this process run against from now on. */
export const use = (stack: Stack) => {
  process.env.HOLDFAST_STACK = JSON.stringify(stack);
};

export const stack = (): Stack => JSON.parse(process.env.HOLDFAST_STACK ?? "null");
