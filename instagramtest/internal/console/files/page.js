// What both pages share: calls to the server under /admin, and small pieces of HTML.

const session = document.querySelector("meta[name=session]").content;

// known is what the page was sent with.
export const known = JSON.parse(document.getElementById("known").textContent);

// admin makes a call under /admin with the token of this page's session.
export async function admin(method, path, body) {
  const response = await fetch("/admin" + path, {
    method,
    headers: { Authorization: "Bearer " + session },
    body: body && JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

// watch tells each event that a path under /admin sends, for as long as the page is there.
// EventSource cannot send the session, so the stream is read here.
export async function watch(path, told) {
  let last = "";
  for (;;) {
    try {
      const response = await fetch("/admin" + path, {
        headers: { Authorization: "Bearer " + session, "Last-Event-ID": last },
      });
      if (!response.ok) return;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        const events = (rest + value).split("\n\n");
        rest = events.pop();
        for (const event of events) {
          const data = /^data: (.*)$/m.exec(event);
          last = /^id: (.*)$/m.exec(event)?.[1] ?? last;
          if (data) told(JSON.parse(data[1]));
        }
      }
    } catch {
      // The server may come back.
    }
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

// h makes an element. What it holds is text, never HTML: captions come from anybody.
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null && child !== false && child !== ""));
  return element;
}

export const find = (id) => document.getElementById(id);

// picture is an image of this server. One of another host is not asked for; its place is kept.
export function picture(url, attributes) {
  const own = ownPath(url);
  return h("img", { ...attributes, src: own, loading: "lazy", decoding: "async" });
}

// ownPath is the path of a file on this server, whichever of its names the URL has; undefined for
// another host's.
export function ownPath(url) {
  try {
    const u = new URL(url, location.origin);
    return u.origin === location.origin || /^\/(images|videos|profiles)\//.test(u.pathname) ? u.pathname : undefined;
  } catch {
    return undefined;
  }
}

// copy puts a text on the clipboard, and says so on the button.
export async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { class: "away" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const label = button.dataset.label ??= button.textContent;
  button.textContent = "Copied";
  clearTimeout(button.timer);
  button.timer = setTimeout(() => { button.textContent = label; }, 1500);
}

// secret is a row with a value that is shown when asked for, and can be copied unseen.
export function secret(name, value, shown = false) {
  const code = h("code", {}, shown ? value : "••••••••••••");
  const row = h("div", { class: "secret" }, code);
  if (!shown) {
    row.append(h("button", {
      type: "button", class: "small", "aria-label": "Show the " + name, "aria-pressed": "false",
      onclick(event) {
        const open = row.classList.toggle("open");
        code.textContent = open ? value : "••••••••••••";
        event.currentTarget.setAttribute("aria-pressed", open);
        event.currentTarget.textContent = open ? "Hide" : "Show";
      },
    }, "Show"));
  }
  row.append(h("button", {
    type: "button", class: "small", "aria-label": "Copy the " + name,
    onclick: (event) => copy(value, event.currentTarget),
  }, "Copy"));
  return h("div", {}, h("div", { class: "quiet small" }, name), row);
}

// statusClass is how a status looks.
export const statusClass = (status) => "status" + (status >= 200 && status < 300 ? " ok" : status >= 500 || !status ? "" : " odd");

// limits draws how much of the hour is left to a token.
export function limits(left) {
  return Object.entries(left).map(([name, { limit, remaining }]) => h("div", {},
    h("div", { class: "row spread small" }, h("span", {}, name), h("span", { class: "quiet" }, `${remaining} of ${limit}`)),
    h("meter", { "aria-label": `${name} left`, min: 0, max: limit, value: remaining, low: limit * 0.1 }, `${remaining} of ${limit}`)));
}
