// The API as the description has it.

export const scopes = ["basic", "public_content", "follower_list", "comments", "relationships", "likes"];

// loadAPI reads the operations out of the description, group by group as it has them.
export async function loadAPI() {
  const description = await (await fetch("/openapi.json")).json();
  const resolve = (value) => value?.$ref
    ? { ...value.$ref.slice(2).split("/").reduce((at, key) => at[key], description), ...value, $ref: undefined }
    : value;
  const operations = [];
  for (const [path, item] of Object.entries(description.paths)) {
    const servers = item.servers ?? description.servers;
    for (const method of ["get", "post", "delete"]) {
      const operation = item[method];
      if (!operation || operation.tags[0] === "oauth") continue;
      operations.push(read(method.toUpperCase(), path, new URL(servers[0].url).pathname.replace(/\/$/, ""), item, operation, resolve));
    }
  }
  const groups = description.tags.map((tag) => ({ name: tag.name, operations: operations.filter((o) => o.group === tag.name) }));
  return { operations, groups: groups.filter((group) => group.operations.length > 0) };
}

// What every call takes has no field of its own.
const general = ["sig", "callback", "X-Insta-Forwarded-For"];

function read(method, path, base, item, operation, resolve) {
  const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve)
    .filter((p) => !general.includes(p.name))
    .map((p) => ({ name: p.name, in: p.in, required: p.required ?? false, about: p.description, schema: resolve(p.schema), example: p.example }));
  const form = resolve(operation.requestBody?.content["application/x-www-form-urlencoded"]?.schema);
  for (const [name, property] of Object.entries(form?.properties ?? {})) {
    if (["access_token", "client_id", "client_secret"].includes(name)) continue;
    const schema = resolve(property);
    parameters.push({ name, in: "form", required: form.required?.includes(name) ?? false, about: schema.description, schema });
  }
  const token = operation.security.find((s) => s.access_token)?.access_token;
  return {
    id: operation.operationId, method, path, base, group: operation.tags[0],
    title: operation.summary, about: operation.description, deprecated: operation.deprecated ?? false,
    parameters, scopes: token ?? [],
    takesToken: token !== undefined,
    takesClient: operation.security.some((s) => s.client_id && !s.client_secret),
    takesSecret: operation.security.some((s) => s.client_secret),
  };
}

// request is what an operation with values comes to: a method, a path with its query, and a form.
export function request(operation, values, credentials) {
  let path = operation.path;
  const query = new URLSearchParams(), form = new URLSearchParams();
  for (const p of operation.parameters) {
    const value = values[p.name] ?? "";
    if (p.in === "path") path = path.replace(`{${p.name}}`, encodeURIComponent(value || `{${p.name}}`));
    else if (value !== "") (p.in === "form" ? form : query).append(p.name, value);
  }
  for (const [name, value] of Object.entries(credentials)) query.append(name, value);
  return { method: operation.method, path: operation.base + path, endpoint: path, query, form };
}

// missing names the required parameters that have no value yet.
export const missing = (operation, values) => operation.parameters.filter((p) => p.required && !values[p.name]).map((p) => p.name);

const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");

async function hmac(secret, text) {
  const encode = (s) => new TextEncoder().encode(s);
  const key = await crypto.subtle.importKey("raw", encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return hex(await crypto.subtle.sign("HMAC", key, encode(text)));
}

// sign adds the signature where the server wants one.
export async function sign(request, secret) {
  const all = [...request.query, ...request.form].sort(([a], [b]) => (a < b ? -1 : 1));
  request.query.append("sig", await hmac(secret, request.endpoint + all.map(([k, v]) => `|${k}=${v}`).join("")));
}

// forwardedFor is the header that writes are signed with.
export const forwardedFor = async (secret) => "127.0.0.1|" + await hmac(secret, "127.0.0.1");

// matching is the query of the console for a request that was made, undefined if no operation fits.
export function matching(api, method, path) {
  const have = path.replace(/^(\/v1)+/, "").replace(/(\.json)?\/*$/, "").split("/");
  const fits = (o) => {
    const want = o.path.split("/");
    return o.method === method && want.length === have.length && want.every((s, i) => s === have[i] || s.startsWith("{"));
  };
  const found = api.operations.filter(fits).sort((a, b) => a.path.split("{").length - b.path.split("{").length)[0];
  if (!found) return undefined;
  const query = new URLSearchParams({ call: found.id });
  found.path.split("/").forEach((s, i) => s.startsWith("{") && query.append(s.slice(1, -1), decodeURIComponent(have[i])));
  return query;
}
