// The console: one call of the API, in a form. The state is in the URL, so it can be kept and sent
// to others.
import { admin, copy, find, h, known, statusClass } from "./page.js";
import { forwardedFor, loadAPI, missing, request, scopes, sign } from "./api.js";
import { cards, json, nextPage } from "./answer.js";
import { curl, go, javascript } from "./snippets.js";

const { server, world, users } = known;
const api = await loadAPI();
const operation = (id) => api.operations.find((o) => o.id === id);

// nobody is the app without a user: its client id alone.
const nobody = "-";

const state = { call: undefined, values: {}, as: "", scopes };
let language = "curl";
let shown; // the number of the answer that is shown, so that a late one does not replace it

// What this world offers for a parameter, by its name: values with words.
const offers = {
  "user-id": () => [["self", "the caller"], ...users.map((u) => [u.id, u.username + (u.private ? ", private" : "")])],
  "media-id": () => world.media.map((m) => [m.id, m.caption || "of " + m.username]),
  shortcode: () => world.media.map((m) => [m.shortcode, m.caption || "of " + m.username]),
  "comment-id": () => world.comments.map((c) => [c.id, c.text]),
  "tag-name": () => world.tags.map((t) => [t.name, t.media_count + " media"]),
  "location-id": () => world.locations.map((l) => [l.id, l.name]),
  "geo-id": () => world.geographies.map((id) => [id, "an area"]),
  lat: () => world.locations.map((l) => [l.latitude, l.name]),
  lng: () => world.locations.map((l) => [l.longitude, l.name]),
  q: (o) => (o.group === "tags" ? world.tags.map((t) => [t.name, ""]) : users.map((u) => [u.username, u.full_name])),
  url: () => world.media.map((m) => [m.link, m.caption]),
  object_id: () => world.tags.map((t) => [t.name, "a tag"]),
};

// suggested is a value that works, for a field that must have one.
function suggested(o, p) {
  if (!p.required && !(o.id === "searchLocations" && ["lat", "lng"].includes(p.name))) return "";
  if (o.id === "deleteComment" && p.name === "media-id") return world.comments[0]?.media_id ?? "";
  if (o.path.endsWith("/relationship") && p.name === "user-id") return users[1].id;
  if (p.name === "text") return "So good";
  if (p.name === "q" && o.group === "users") return users[0].username.slice(0, 4);
  if (p.schema.const) return p.schema.const;
  if (p.schema.enum) return p.schema.enum[0];
  return String(offers[p.name]?.(o)[0]?.[0] ?? p.example ?? "");
}

// The list of endpoints.
find("endpoints").replaceChildren(...api.groups.flatMap((group) => [
  h("h2", {}, group.name),
  h("ul", {}, ...group.operations.map((o) => h("li", {}, h("a", { href: "?call=" + o.id, "data-call": o.id, onclick: (event) => pick(event, o) },
    h("span", { class: "method " + o.method }, o.method), h("span", {}, ...segments(o.path)))))),
]));
find("chooser").replaceChildren(...api.groups.map((group) => h("optgroup", { label: group.name },
  ...group.operations.map((o) => h("option", { value: o.id }, `${o.method} ${o.path}`)))));
find("chooser").addEventListener("change", () => choose(operation(find("chooser").value), {}));
find("as").replaceChildren(
  ...users.map((u) => h("option", { value: u.username }, u.username + (u.private ? " (private)" : ""))),
  h("option", { value: nobody }, "nobody: the client id alone"));
find("scopes").replaceChildren(...scopes.map((scope) => h("label", { class: "check" },
  h("input", { type: "checkbox", name: "scope", value: scope, disabled: scope === "basic" }), scope)));

// segments keep a path from being broken within a name.
function segments(path) {
  return path.split("/").slice(1).map((name) => h("span", { class: "segment" }, "/" + name));
}

function pick(event, o) {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  choose(o, {});
  find("form").focus();
}

// choose shows an operation with values, and what it needs besides.
function choose(o, values) {
  state.call = o;
  state.values = { ...Object.fromEntries(o.parameters.map((p) => [p.name, suggested(o, p)])), ...values };
  find("title").textContent = o.title;
  document.title = o.title + " · Console";
  find("path").replaceChildren(h("span", { class: "method " + o.method }, o.method), ...segments(o.base + o.path));
  find("about").replaceChildren(...words(o.about));
  find("fields").replaceChildren(...o.parameters.map((p) => field(o, p)));
  find("as").closest(".field").hidden = !o.takesToken;
  find("scopes-box").hidden = !o.takesToken || state.as === nobody;
  find("needs").textContent = o.takesToken ? "Needs the scope " + o.scopes.join(" and ")
    : o.takesSecret ? "Goes with the client id and the client secret" : "Needs no token";
  find("chooser").value = o.id;
  for (const a of find("endpoints").querySelectorAll("a")) {
    if (a.dataset.call === o.id) {
      a.setAttribute("aria-current", "true");
      a.scrollIntoView({ block: "nearest" });
    } else a.removeAttribute("aria-current");
  }
  find("answer").hidden = true;
  showChoice();
  keep(false);
  showCode();
}

function showChoice() {
  find("as").value = state.as;
  for (const box of find("scopes").querySelectorAll("input")) box.checked = state.scopes.includes(box.value);
}

function field(o, p) {
  const id = "p-" + p.name;
  const attributes = { id, name: p.name, required: p.in === "path", "aria-required": String(p.required), "aria-describedby": id + "-hint" };
  let input;
  if (p.schema.enum || p.schema.type === "boolean") {
    const choices = p.schema.enum ?? ["true", "false"];
    input = h("select", attributes, ...(p.required ? [] : [h("option", { value: "" }, "")]), ...choices.map((c) => h("option", { value: c }, c)));
  } else {
    const offered = offers[p.name]?.(o) ?? [];
    input = h("input", {
      ...attributes, autocomplete: "off", spellcheck: "false", list: offered.length > 0 ? id + "-list" : null,
      inputmode: ["integer", "number"].includes(p.schema.type) ? "decimal" : null, placeholder: p.schema.default,
    });
    if (offered.length > 0) {
      return h("div", { class: "field" }, label(id, p), fill(input, p),
        h("datalist", { id: id + "-list" }, ...offered.map(([value, words]) => h("option", { value }, words))), hint(id, p));
    }
  }
  return h("div", { class: "field" }, label(id, p), fill(input, p), hint(id, p));
}

function fill(input, p) {
  input.value = state.values[p.name];
  return input;
}

const label = (id, p) => h("label", { for: id }, p.name, p.required ? " *" : "");
const hint = (id, p) => h("div", { class: "hint", id: id + "-hint" }, ...words([p.about, bounds(p.schema)].filter(Boolean).join(" ")));

// words are a text of the description, in which what stands between backquotes is code.
const words = (text) => text.split("`").map((part, i) => (i % 2 ? h("code", {}, part) : part));

function bounds(schema) {
  const low = schema.minimum ?? (schema.exclusiveMinimum !== undefined ? "over " + schema.exclusiveMinimum : undefined);
  if (low !== undefined && schema.maximum !== undefined) return `${low} to ${schema.maximum}.`;
  return schema.maxLength ? `At most ${schema.maxLength} characters.` : "";
}

// The URL says which call it is, but never a secret.
function address() {
  const query = new URLSearchParams({ call: state.call.id });
  for (const p of state.call.parameters) if (state.values[p.name]) query.append(p.name, state.values[p.name]);
  query.append("as", state.as);
  if (state.scopes.length < scopes.length) query.append("scopes", state.scopes.join(" "));
  return "?" + query;
}

function keep(step) {
  const url = address();
  if (url === location.search) return;
  history[step ? "pushState" : "replaceState"](null, "", url);
}

// follow goes where an address says: reads are made at once, writes wait for the button.
function follow(query) {
  const o = operation(query.get("call"));
  state.as = users.some((u) => u.username === query.get("as")) || query.get("as") === nobody ? query.get("as") : state.as || users[0].username;
  state.scopes = query.has("scopes") ? scopes.filter((s) => s === "basic" || query.get("scopes").split(" ").includes(s)) : scopes;
  choose(o ?? operation("getUserMedia"), Object.fromEntries(o ? o.parameters.filter((p) => query.has(p.name)).map((p) => [p.name, query.get(p.name)]) : []));
  return o?.method === "GET" && missing(o, state.values).length === 0 ? send() : undefined;
}

addEventListener("popstate", () => follow(new URLSearchParams(location.search)));

// link leads from an answer to another call, as the same person.
function link(id, values, ...content) {
  const o = id === "*next" ? state.call : operation(id);
  const query = new URLSearchParams({ call: o.id, ...(id === "*next" ? state.values : {}), ...values, as: state.as });
  if (state.scopes.length < scopes.length) query.append("scopes", state.scopes.join(" "));
  for (const [name, value] of [...query]) if (value === "") query.delete(name);
  return h("a", {
    href: "?" + query,
    onclick(event) {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      history.pushState(null, "", "?" + query);
      follow(query)?.then(() => find("answer-title").focus());
    },
  }, ...content);
}

find("form").addEventListener("input", () => {
  for (const p of state.call.parameters) state.values[p.name] = find("p-" + p.name).value;
  state.as = find("as").value;
  state.scopes = scopes.filter((s) => s === "basic" || find("scopes").querySelector(`[value=${s}]`).checked);
  find("scopes-box").hidden = !state.call.takesToken || state.as === nobody;
  keep(false);
  showCode();
});
find("form").addEventListener("submit", (event) => {
  event.preventDefault();
  keep(true);
  send();
});

// credentials are what the call goes with.
const tokens = { [JSON.stringify([users[0].username, true])]: known.access_token };
async function credentials() {
  const app = { client_id: server.client_id };
  if (state.call.takesSecret) return { ...app, client_secret: server.client_secret };
  if (!state.call.takesToken) return {};
  if (state.as === nobody) return app;
  const all = state.scopes.length === scopes.length;
  const key = JSON.stringify([state.as, all || state.scopes]);
  tokens[key] ??= (await admin("POST", "/tokens", { user: state.as, scopes: all ? [] : state.scopes })).access_token;
  return { access_token: tokens[key] };
}

// prepared is the request with everything that it needs.
async function prepared() {
  const made = request(state.call, state.values, await credentials());
  const headers = {};
  if (server.signed && state.call.takesToken) await sign(made, server.client_secret);
  if (server.forwarded && state.call.takesToken && made.method !== "GET") headers["X-Insta-Forwarded-For"] = await forwardedFor(server.client_secret);
  return { made, headers };
}

async function send() {
  const number = shown = Symbol();
  find("send").disabled = true;
  try {
    const { made, headers } = await prepared();
    const started = performance.now();
    const response = await fetch(made.path + (made.query.size > 0 ? "?" + made.query : ""), {
      method: made.method, headers, body: made.method === "POST" ? made.form : undefined,
    });
    const body = await response.text();
    if (number === shown) showAnswer(response, body, performance.now() - started);
  } catch (error) {
    if (number === shown) showFailure(error);
  } finally {
    find("send").disabled = false;
  }
}

function showFailure(error) {
  find("answer").hidden = false;
  find("outcome").replaceChildren(h("span", { class: "status" }, "No answer: " + error.message));
  for (const id of ["cards", "next", "json"]) find(id).replaceChildren();
}

function showAnswer(response, body, milliseconds) {
  const left = response.headers.get("X-Ratelimit-Remaining");
  find("outcome").replaceChildren(
    h("span", { class: statusClass(response.status) }, `${response.status} ${response.statusText}`),
    h("span", { class: "tag" }, milliseconds.toFixed(milliseconds < 10 ? 1 : 0) + " ms"),
    h("span", { class: "tag" }, size(body)),
    left && h("span", { class: "tag" }, `${left} calls left`));
  let answer;
  try {
    answer = JSON.parse(body);
  } catch {
    // It is no JSON: a page of a gateway, say.
  }
  find("cards").replaceChildren();
  find("next").replaceChildren();
  if (answer === undefined) find("json").textContent = body;
  else {
    const table = cards(answer.data, link);
    if (table) find("cards").append(table);
    else if (response.ok && answer.data === null) find("cards").append(h("p", {}, "Done."));
    const next = nextPage(answer);
    if (next) {
      const a = link("*next", { [next.name]: next.value }, "Next page");
      a.className = "button";
      find("next").append(a);
    }
    find("json").replaceChildren(...json(answer, link));
  }
  find("answer").hidden = false;
}

function size(body) {
  const bytes = new TextEncoder().encode(body).length;
  return bytes < 1000 ? bytes + " B" : (bytes / 1000).toFixed(1) + " kB";
}

// The call as code. What is shown has no secrets; what is copied works.
async function code(name, hide) {
  const { made, headers } = await prepared();
  const { access_token: token, client_id: id, client_secret: secret } = Object.fromEntries(made.query);
  const app = server.signed && token ? { id: server.client_id, secret: server.client_secret } : id && { id, secret };
  const text = {
    curl: () => curl(made, headers),
    js: () => javascript(made),
    go: () => go(state.call, state.values, { token, app, signed: server.signed }),
  }[name]();
  return hide ? [token, secret, app?.secret, made.query.get("sig")].filter(Boolean).reduce((s, value) => s.replaceAll(value, "***"), text) : text;
}

async function showCode() {
  const text = await code(language, true);
  find("code").textContent = text;
}

document.querySelector(".snippets").addEventListener("click", async (event) => {
  const name = event.target.dataset.copy;
  if (!name) return;
  language = name;
  await copy(await code(name, false), event.target);
  await showCode();
});

await follow(new URLSearchParams(location.search));
document.documentElement.dataset.ready = performance.now();
