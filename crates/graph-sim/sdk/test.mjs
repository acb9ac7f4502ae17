// Microsoft's own JavaScript SDK and identity library against the simulator, over https.
//
//   node sdk/test.mjs <path to the graph-sim binary>
//
// Any mismatch ends with a non-zero status. The script starts the simulator, then itself again with
// the simulator's certificate authority trusted, since Node reads that only when it starts.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

if (process.env.GRAPH_SIM_READY) {
  await drive(JSON.parse(process.env.GRAPH_SIM_READY));
} else {
  process.exitCode = await launch(process.argv[2]);
}

async function launch(binary) {
  if (!binary) {
    console.error("usage: node sdk/test.mjs <path to the graph-sim binary>");
    return 2;
  }
  const folder = await mkdtemp(join(tmpdir(), "graph-sim-sdk-"));
  const ca = join(folder, "ca.pem");
  const sim = spawn(binary, ["--listen", "127.0.0.1:0", "--users", "450", "--seed", "7", "--tls", "--ca-out", ca], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = await once(createInterface({ input: sim.stdout }), "line");
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
      stdio: "inherit",
      env: { ...process.env, GRAPH_SIM_READY: line, NODE_EXTRA_CA_CERTS: ca },
    });
    const [code] = await once(child, "exit");
    return code ?? 1;
  } finally {
    sim.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

async function drive({ base, tenant_id, client_id, client_secret }) {
  const { ClientSecretCredential } = await import("@azure/identity");
  const { Client, PageIterator, BatchRequestContent, BatchResponseContent } = await import(
    "@microsoft/microsoft-graph-client"
  );
  const { TokenCredentialAuthenticationProvider } = await import(
    "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js"
  );

  const credential = new ClientSecretCredential(tenant_id, client_id, client_secret, {
    authorityHost: base,
    disableInstanceDiscovery: true,
  });
  const authProvider = new TokenCredentialAuthenticationProvider(credential, {
    scopes: ["https://graph.microsoft.com/.default"],
  });
  const host = new URL(base).hostname;
  const graph = Client.initWithMiddleware({ authProvider, baseUrl: base, customHosts: new Set([host]) });
  const truth = await (await fetch(`${base}/sim/export`)).json();

  await step("signs in and lists with a selection", async () => {
    const page = await graph.api("/users").select(["id", "displayName", "faxNumber"]).top(5).get();
    assert.equal(page.value.length, 5);
    assert.deepEqual(Object.keys(page.value[0]).sort(), ["displayName", "faxNumber", "id"]);
  });

  await step("pages to the end", async () => {
    const seen = new Set();
    const first = await graph.api("/users").select("id").top(100).get();
    const pages = new PageIterator(graph, first, (user) => {
      assert.ok(!seen.has(user.id), "nobody comes twice");
      seen.add(user.id);
      return true;
    });
    await pages.iterate();
    assert.deepEqual([...seen].sort(), truth.users.map((u) => u.id).sort());
  });

  const user = truth.users.findLast((u) => u.userType === "Member" && !u.onPremisesSyncEnabled);

  await step("follows a delta", async () => {
    const seen = new Map();
    let deltaLink;
    const read = async (url) => {
      const first = await graph.api(url).get();
      const pages = new PageIterator(graph, first, (item) => {
        seen.set(item.id, item);
        return true;
      });
      await pages.iterate();
      deltaLink = pages.getDeltaLink();
      assert.ok(deltaLink, "the last page has a delta link");
    };
    await read("/users/delta?$select=displayName,jobTitle");
    assert.equal([...seen.values()].filter((u) => !u["@removed"]).length, truth.users.length);
    await graph.api(`/users/${user.id}`).patch({ jobTitle: "Navigator" });
    seen.clear();
    await read(deltaLink);
    assert.deepEqual([...seen.keys()], [user.id]);
    assert.equal(seen.get(user.id).jobTitle, "Navigator");
  });

  await step("sends a batch", async () => {
    // The SDK sends what follows the host; the addresses in a batch are relative to the version.
    const content = new BatchRequestContent([
      { id: "1", request: new Request(`${base}/organization`, { method: "GET" }) },
      { id: "2", request: new Request(`${base}/groups?$top=3&$select=id`, { method: "GET" }) },
      { id: "3", request: new Request(`${base}/users/${"0".repeat(8)}-0000-0000-0000-000000000001`, { method: "GET" }) },
    ]);
    const answer = new BatchResponseContent(await graph.api("/$batch").post(await content.getContent()));
    const organization = await answer.getResponseById("1").json();
    assert.equal(organization.value[0].id, tenant_id);
    assert.equal((await answer.getResponseById("2").json()).value.length, 3);
    assert.equal(answer.getResponseById("3").status, 404);
  });

  await step("patches, deletes and restores", async () => {
    await graph.api(`/users/${user.id}`).patch({ department: "Harbour", city: null });
    const patched = await graph.api(`/users/${user.id}`).select(["department", "city"]).get();
    assert.equal(patched.department, "Harbour");
    assert.equal(patched.city, null);
    await graph.api(`/users/${user.id}`).delete();
    await assert.rejects(graph.api(`/users/${user.id}`).get(), (e) => {
      assert.equal(e.statusCode, 404);
      assert.equal(e.code, "Request_ResourceNotFound");
      return true;
    });
    const bin = await graph.api("/directory/deletedItems/microsoft.graph.user").select("id").top(999).get();
    assert.ok(bin.value.some((u) => u.id === user.id));
    const restored = await graph.api(`/directory/deletedItems/${user.id}/restore`).post({});
    assert.equal(restored.id, user.id);
    assert.equal((await graph.api(`/users/${user.id}`).select("department").get()).department, "Harbour");
  });

  await step("adds and removes a member", async () => {
    const group = truth.groups.find(
      (g) => g.groupTypes.length === 0 && !g.mailEnabled && !g.onPremisesSyncEnabled && !g.isAssignableToRole &&
        !truth.members[g.id].includes(user.id),
    );
    await graph.api(`/groups/${group.id}/members/$ref`).post({ "@odata.id": `${base}/v1.0/directoryObjects/${user.id}` });
    const members = await graph.api(`/groups/${group.id}/members`).select("id").top(999).get();
    assert.ok(members.value.some((m) => m.id === user.id && m["@odata.type"] === "#microsoft.graph.user"));
    await graph.api(`/groups/${group.id}/members/${user.id}/$ref`).delete();
  });

  await step("waits out a 429", async () => {
    const rule = { match: { pathContains: "/organization" }, when: { limit: 1 }, action: { type: "status", status: 429, retryAfter: "seconds", retrySeconds: 1 } };
    await fetch(`${base}/sim/faults`, { method: "POST", body: JSON.stringify(rule) });
    const started = Date.now();
    assert.equal((await graph.api("/organization").get()).value.length, 1);
    assert.ok(Date.now() - started >= 900);
  });

  await step("counts with the eventual index", async () => {
    const count = await graph.api("/users/$count").header("ConsistencyLevel", "eventual").get();
    assert.equal(Number(count), truth.users.length);
  });
}

async function step(name, run) {
  await run();
  console.log(`ok  ${name}`);
}
