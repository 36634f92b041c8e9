// The home page: who is here, what they posted, how to call the server, and what was called.
import { admin, copy, find, h, known, limits, picture, secret, statusClass, watch } from "./page.js";
import { loadAPI, matching } from "./api.js";
import { curl } from "./snippets.js";

const { server, world } = known;
let me = world.users.find((u) => u.username === new URLSearchParams(location.search).get("as")) ?? world.users[0];
let token = "";
let api; // once it is there

function say(text) { find("message").textContent = text; }

function attempt(action) {
  return async (event) => {
    event?.preventDefault();
    try {
      await action(event);
    } catch (error) {
      say(error.message);
    }
  };
}

// So many fit beside each other in two rows.
const peopleShown = 16, mediaShown = 12;

function showPeople() {
  find("people").replaceChildren(...world.users.slice(0, peopleShown).map((u) => h("li", {}, h("button", {
    type: "button", "aria-pressed": String(u === me), title: u.full_name + (u.private ? ", private" : ""),
    onclick: attempt(async () => {
      await become(u);
      await showLimits();
    }),
  }, picture(u.profile_picture, { class: "face", alt: "", width: 54, height: 54 }), h("span", {}, u.username)))));
}

// tokens are those that were asked for, by username.
const tokens = { [world.users[0].username]: known.access_token };

async function become(user) {
  me = user;
  history.replaceState(null, "", "?as=" + encodeURIComponent(me.username));
  for (const button of find("people").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.textContent === me.username));
  }
  find("me").textContent = me.username;
  for (const id of ["to-console", "open-console"]) find(id).href = "/console?as=" + encodeURIComponent(me.username);
  for (const a of find("media").querySelectorAll("a")) {
    const u = new URL(a.href);
    u.searchParams.set("as", me.username);
    a.href = u;
  }
  token = tokens[me.username] ??= (await admin("POST", "/tokens", { user: me.id })).access_token;
  find("secrets").replaceChildren(
    secret("base URL", location.origin + "/v1", true), secret("access token", token),
    secret("client id", server.client_id, true), secret("client secret", server.client_secret));
  find("curl").textContent = call("***");
}

const call = (access_token) => curl({
  method: "GET", path: "/v1/users/self/media/recent", query: new URLSearchParams([["count", "3"], ["access_token", access_token]]),
});

async function showLimits(left) {
  find("limits").replaceChildren(...limits(left ?? await admin("POST", "/limits", { access_token: token })));
}

function showMedia() {
  find("world").textContent = `${server.users} people, ${server.media} media`;
  find("media").replaceChildren(...world.media.slice(0, mediaShown).map((m) => h("li", {},
    h("a", { href: `/console?call=getMedia&media-id=${m.id}&as=${encodeURIComponent(me.username)}` },
      picture(m.picture, { alt: m.caption || `A post of ${m.username}`, width: 150, height: 150 }),
      m.type !== "image" && h("span", { class: "kind" }, m.type),
      h("span", { class: "by" }, "@" + m.username)))));
}

function showServer() {
  const facts = {
    Answers: `as in ${server.wire}`, Mode: server.mode, World: server.world,
    Signatures: server.signed ? "required" : "not required",
  };
  find("facts").replaceChildren(...Object.entries(facts).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function showTime({ now }) {
  const at = new Date(now);
  find("now").dateTime = now;
  find("now").textContent = at.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "medium", timeZone: "UTC" }) + " UTC";
}

// What can go wrong, in words. The server knows many more; see its package.
const faults = [
  ["A page of an overloaded gateway (503)", { status: 503 }],
  ["The limit of calls is reached (429)", { status: 429, form: "bare" }],
  ["An error of the API (500)", { status: 500, form: "meta" }],
  ["An answer after two seconds", { delay: "2s" }],
  ["A body that is cut off", { cut: "truncate" }],
  ["No answer at all", { cut: "drop" }],
  ["A body that is no JSON", { malformed: true }],
  ["A write that works and whose answer is lost", { cut: "drop", effect: "after" }],
  ["A next page that names another host", { next_origin: "https://other.example" }],
  ["A next page that names itself", { next_loops: true }],
];

async function showFaults(pending) {
  pending ??= await admin("GET", "/faults");
  find("pending").replaceChildren(...pending.map((f) => {
    const { endpoint, calls, share, ...what } = f;
    const words = faults.find(([, fault]) => Object.entries(fault).every(([k, v]) => what[k] === v))?.[0];
    return h("li", {}, h("code", {}, endpoint || "every call"), ` · ${calls < 0 ? "always" : "next " + calls} · `, words ?? JSON.stringify(what));
  }));
  find("clear-faults").disabled = pending.length === 0;
}

find("fault-kind").replaceChildren(...faults.map(([words], i) => h("option", { value: i }, words)));
find("fault").addEventListener("submit", attempt(async () => {
  const endpoint = find("fault-endpoint").value.trim();
  await admin("POST", "/faults", { endpoint, calls: Number(find("fault-calls").value), ...faults[find("fault-kind").value][1] });
  say(`It will go wrong for ${endpoint || "every call"}.`);
  await showFaults();
}));
find("clear-faults").addEventListener("click", attempt(async () => {
  await admin("DELETE", "/faults");
  say("Nothing will go wrong.");
  await showFaults();
}));
find("advance").addEventListener("click", attempt(async (event) => {
  const by = event.target.dataset.by;
  if (!by) return;
  showTime(await admin("POST", "/clock", { advance: by }));
  await showLimits();
}));
find("copy-curl").addEventListener("click", (event) => copy(call(token), event.currentTarget));

// The log.
const shown = 200;

function logged(request) {
  find("log-empty").hidden = true;
  const inside = h("div", { class: "inside" });
  const details = h("details", {
    ontoggle: attempt(async () => details.open && inside.replaceChildren(...await opened(request.id, false, inside))),
  },
  h("summary", {},
    h("span", { class: statusClass(request.status) }, String(request.status || "none")),
    h("span", { class: "method " + request.method }, request.method),
    h("span", { class: "path" }, request.path),
    h("span", { class: "quiet small" }, request.failed ? "fault" : duration(request.milliseconds)),
    h("time", { class: "quiet small when", datetime: request.time }, new Date(request.time).toLocaleTimeString("en-GB"))),
  inside);
  find("log").prepend(h("li", { class: "fresh" }, details));
  while (find("log").children.length > shown) find("log").lastChild.remove();
}

const duration = (ms) => (ms < 10 ? ms.toFixed(1) : Math.round(ms)) + " ms";

async function opened(id, secrets, inside) {
  const r = await admin("GET", `/requests/${id}${secrets ? "?secrets=true" : ""}`);
  const table = (pairs) => h("dl", { class: "facts small" }, ...pairs.flatMap(([k, v]) => [h("dt", {}, k), h("dd", {}, h("code", {}, v))]));
  const params = Object.entries(r.params ?? {}).flatMap(([k, all]) => all.map((v) => [k, v]));
  const headers = Object.entries(r.header ?? {}).flatMap(([k, all]) => all.map((v) => [k, v]));
  const operation = api && matching(api, r.method, r.path);
  return [
    h("div", { class: "row" },
      h("button", {
        type: "button", class: "small", "aria-pressed": String(secrets),
        onclick: attempt(async () => inside.replaceChildren(...await opened(id, !secrets, inside))),
      }, secrets ? "Hide secrets" : "Show secrets"),
      operation && h("a", { class: "button small", href: `/console?${operation}&as=${encodeURIComponent(me.username)}` }, "Open in the console")),
    h("h3", {}, "Parameters"), params.length > 0 ? table(params) : h("p", { class: "quiet small" }, "None."),
    h("h3", {}, "Headers of the answer"), table(headers),
    h("h3", {}, "Answer"), h("pre", { role: "region", tabindex: 0, "aria-label": "The answer" }, pretty(r.body) || "No body."),
    r.cut && h("p", { class: "quiet small" }, "The rest is not kept."),
  ];
}

function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

find("clear-log").addEventListener("click", () => {
  find("log").replaceChildren();
  find("log-empty").hidden = false;
});

let soon = 0;
function afterRequests() {
  clearTimeout(soon);
  soon = setTimeout(attempt(async () => {
    showTime(await admin("GET", "/clock"));
    await Promise.all([showLimits(), showFaults()]);
  }), 150);
}

showPeople();
showMedia();
showServer();
showTime(server);
await become(me);
await Promise.all([showLimits(me === world.users[0] ? known.limits : undefined), showFaults(known.faults)]);
document.documentElement.dataset.ready = performance.now();
watch("/requests/events", (request) => {
  logged(request);
  afterRequests();
});
api = await loadAPI();
find("endpoints").replaceChildren(...api.operations.map((o) => h("option", { value: `${o.method} ${o.path}` })));
