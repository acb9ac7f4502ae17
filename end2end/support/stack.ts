// Starts what the tests run against: `holdfast demo`, which is the product on a fresh database beside a simulated
// tenant. Stops it afterwards.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

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

export default async function globalSetup() {
  const binary = process.env.HOLDFAST_BIN;
  if (!binary) throw new Error("HOLDFAST_BIN names no binary. Run `cargo xtask test e2e`, which builds and names it.");
  const [web, graph] = [await freePort(), await freePort()];
  const args = ["demo", "--json", "--users", "600", "--listen", `127.0.0.1:${web}`, "--graph-listen", `127.0.0.1:${graph}`];
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "inherit"] });
  const line = await new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`\`holdfast demo\` ended with ${code} before it was ready`)));
    createInterface({ input: child.stdout }).once("line", resolve);
  });
  child.stdout.resume();
  process.env.HOLDFAST_STACK = line;
  return async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  };
}

export const stack = (): Stack => JSON.parse(process.env.HOLDFAST_STACK ?? "null");
