"use strict";
// The posts of the archive, in parts that are loaded when they come near. From a disk a
// page can load scripts and nothing else, so that each part is one.
const archive = (() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const loaded = new Map(); // scripts: name -> promise
  const waiting = new Map(); // what a script is to bring: key -> resolve
  const sections = [...document.querySelectorAll("section[data-part]")];
  const parts = new Array(sections.length);
  let shown = null; // [part, index] in the lightbox
  let results = null; // of a search: [[part, index], ...]

  // load runs a script of the page once, and returns what it brings.
  function load(name, key) {
    if (!loaded.has(name)) {
      loaded.set(name, new Promise((resolve, reject) => {
        waiting.set(key, resolve);
        const script = document.createElement("script");
        script.src = "page/" + name;
        script.onerror = () => { loaded.delete(name); reject(new Error(name)); };
        document.head.append(script);
      }));
    }
    return loaded.get(name);
  }
  const bring = (kind) => (key, data) => {
    const resolve = waiting.get(kind + key);
    waiting.delete(kind + key);
    if (resolve) resolve(data);
  };
  const postsOf = async (i) => (parts[i] ||= await load(`posts-${i}.js`, "posts" + i));
  const detailsOf = (i) => load(`details-${i}.js`, "details" + i);

  function element(name, text, className) {
    const e = document.createElement(name);
    if (text !== undefined) e.textContent = text;
    if (className) e.className = className;
    return e;
  }
  const day = (post) => post.t ? new Date(post.t * 1000).toLocaleDateString(undefined, { dateStyle: "long", timeZone: "UTC" }) : "";

  // tile makes the button of a post in a grid.
  function tile(post, part, index) {
    const button = element("button", undefined, "tile");
    button.type = "button";
    const label = [post.c || post.k || "Post", day(post)].filter(Boolean).join(", ");
    button.setAttribute("aria-label", label.slice(0, 200));
    const file = post.f && post.f[0];
    if (!file) {
      button.append(element("span", post.c || "No picture", "words"));
    } else if (file[0] === "*") {
      const video = element("video");
      video.preload = "metadata";
      video.muted = true;
      video.src = file.slice(1) + "#t=0.1";
      button.append(video);
    } else {
      const image = element("img");
      image.loading = "lazy";
      image.decoding = "async";
      image.alt = "";
      image.onerror = () => image.replaceWith(element("span", post.c || "This browser cannot show the picture", "words"));
      image.src = file;
      button.append(image);
    }
    const mark = post.k ? post.k.toLowerCase() : post.f && post.f.length > 1 ? post.f.length : file && file[0] === "*" ? "▶" : "";
    if (mark) button.append(element("span", mark, "mark"));
    button.onclick = () => open(part, index);
    return button;
  }

  async function fill(section) {
    if (section.dataset.filled) return;
    section.dataset.filled = "1";
    const part = Number(section.dataset.part);
    try {
      const posts = await postsOf(part);
      section.replaceChildren(...posts.map((post, i) => tile(post, part, i)));
      section.style.minHeight = "";
    } catch {
      delete section.dataset.filled;
      section.replaceChildren(element("p", "This part of the page is missing: page/posts-" + part + ".js"));
    }
  }

  // Parts that are not loaded take the room that they will need.
  function makeRoom() {
    const columns = Number(getComputedStyle(document.documentElement).getPropertyValue("--columns"));
    for (const section of sections) {
      if (section.dataset.filled) continue;
      const side = section.clientWidth / columns;
      section.style.minHeight = Math.ceil(section.dataset.count / columns) * side + "px";
    }
  }
  makeRoom();
  addEventListener("resize", makeRoom);
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) fill(entry.target);
  }, { rootMargin: "1200px" });
  for (const section of sections) near.observe(section);

  // The year strip shows where the page is.
  const years = [...document.querySelectorAll("#years a")];
  const heads = years.map((a) => document.getElementById("y" + a.dataset.year));
  let marked = null;
  function mark() {
    const at = heads.findLastIndex((h) => h.getBoundingClientRect().top < innerHeight / 3);
    const a = years[Math.max(at, 0)];
    if (a && a !== marked) {
      if (marked) marked.removeAttribute("aria-current");
      a.setAttribute("aria-current", "true");
      a.parentElement.scrollTo({ left: a.offsetLeft - a.parentElement.offsetLeft - 40 });
      marked = a;
    }
  }
  addEventListener("scroll", mark, { passive: true });
  mark();

  // The lightbox.
  const box = $("#box"), stage = $(".stage", box), text = $(".text", box);
  async function open(part, index, file = 0) {
    const posts = await postsOf(part);
    const post = posts[index];
    shown = [part, index, file];
    const name = post.f && post.f[file];
    let view;
    if (!name) {
      view = element("p", "The archive does not hold the picture.");
    } else if (name[0] === "*") {
      view = element("video");
      view.controls = true;
      view.src = name.slice(1);
    } else {
      view = element("img");
      view.alt = post.c || "";
      view.onerror = () => stage.replaceChildren(element("p", "This browser cannot show the picture: " + decodeURI(name)));
      view.src = name;
    }
    stage.replaceChildren(view);
    const lines = [];
    const when = [day(post), post.p, post.k && post.k.toLowerCase(), post.f && post.f.length > 1 && `${file + 1} of ${post.f.length}`].filter(Boolean).join(" · ");
    if (post.a) lines.push(element("p", post.a));
    if (when) lines.push(element("p", when, "soft"));
    if (post.c) lines.push(element("p", post.c, "caption"));
    const more = element("div");
    lines.push(more);
    text.replaceChildren(...lines);
    if (!box.open) box.showModal();
    history.replaceState(null, "", "#m" + post.i);
    const details = (await detailsOf(part).catch(() => []))[index] || {};
    if (shown[0] !== part || shown[1] !== index) return;
    more.replaceChildren(...extras(details));
  }

  function extras(details) {
    const list = [];
    if (details.u) {
      const link = element("a", details.u);
      link.href = details.u;
      link.rel = "noreferrer";
      const p = element("p", undefined, "soft");
      p.append(link);
      list.push(p);
    }
    if (details.m) list.push(foldable(`♥ ${details.m}`, (details.l || []).map((name) => element("li", name)), details.m - (details.l || []).length));
    if (details.n) {
      const comments = (details.c || []).map(([name, words, when]) => {
        const li = element("li");
        li.title = when;
        li.append(element("b", name), words);
        return li;
      });
      const part = foldable(details.n === 1 ? "1 comment" : details.n + " comments", comments, details.n - comments.length);
      part.open = true;
      list.push(part);
    }
    return list;
  }

  function foldable(title, items, missing) {
    const part = element("details");
    const ul = element("ul");
    ul.append(...items);
    if (missing > 0) ul.append(element("li", `and ${missing} that the archive does not hold`, "soft"));
    part.append(element("summary", title), ul);
    return part;
  }

  // step goes to the next picture: of the post, or else of the next post.
  async function step(by) {
    if (!shown) return;
    let [part, index, file] = shown;
    const post = (await postsOf(part))[index];
    const files = post.f ? post.f.length : 1;
    if (file + by >= 0 && file + by < files) return open(part, index, file + by);
    if (results) {
      const at = results.findIndex(([p, i]) => p === part && i === index) + by;
      if (at >= 0 && at < results.length) return enter(...results[at], by);
      return;
    }
    index += by;
    if (index < 0) {
      if (part === 0) return;
      index = Number(sections[--part].dataset.count) - 1;
    } else if (index >= Number(sections[part].dataset.count)) {
      if (part === sections.length - 1) return;
      part++;
      index = 0;
    }
    return enter(part, index, by);
  }
  // enter opens a post at its first picture, or going back at its last.
  async function enter(part, index, by) {
    const post = (await postsOf(part))[index];
    return open(part, index, by < 0 && post.f ? post.f.length - 1 : 0);
  }
  $(".back", box).onclick = () => step(-1);
  $(".on", box).onclick = () => step(1);
  box.addEventListener("close", () => {
    stage.replaceChildren();
    if (shown && !results) {
      const button = sections[shown[0]].children[shown[1]];
      if (button) { button.scrollIntoView({ block: "nearest" }); button.focus(); }
    }
    shown = null;
    history.replaceState(null, "", location.pathname + location.search);
  });
  addEventListener("keydown", (e) => { // the focus may be nowhere, when what had it has gone
    if (!box.open || document.activeElement.tagName === "VIDEO") return;
    if (e.key === "ArrowLeft") step(-1);
    else if (e.key === "ArrowRight") step(1);
    else return;
    e.preventDefault();
  });
  for (const dialog of document.querySelectorAll("dialog")) {
    $(".close", dialog).onclick = () => dialog.close();
    dialog.addEventListener("click", (e) => { if (e.target === dialog) dialog.close(); });
  }

  // The search reads all parts, and shows what it finds as it goes.
  const field = $("#search"), found = $("#found"), all = $("#posts"), status = $("#status");
  let asked = 0;
  field.addEventListener("input", async () => {
    const mine = ++asked;
    const words = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    await new Promise((resolve) => setTimeout(resolve, 150));
    if (mine !== asked) return;
    all.hidden = words.length > 0;
    found.hidden = words.length === 0;
    found.replaceChildren();
    results = words.length ? [] : null;
    status.textContent = "";
    if (!words.length) return makeRoom();
    for (let part = 0; part < sections.length; part++) {
      const posts = await postsOf(part).catch(() => []);
      if (mine !== asked) return;
      posts.forEach((post, i) => {
        const where = `${post.c || ""} ${post.p || ""} ${post.a || ""}`.toLowerCase();
        if (!words.every((word) => where.includes(word))) return;
        results.push([part, i]);
        if (results.length <= 1000) found.append(tile(post, part, i));
      });
      status.textContent = results.length === 1 ? "1 post found" : `${results.length} posts found` + (results.length > 1000 ? ", the latest 1,000 are shown" : "");
    }
  });
  addEventListener("keydown", (e) => {
    if (e.key === "/" && !/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName) && !box.open) {
      e.preventDefault();
      field.focus();
    }
  });

  // Followers, and who is followed.
  const people = $("#people"), names = $("ul", people), filter = $("input", people);
  for (const button of document.querySelectorAll("[data-people]")) {
    button.onclick = async () => {
      const list = await load(button.dataset.people + ".js", "people" + button.dataset.people);
      $("h2", people).textContent = button.textContent;
      filter.value = "";
      const show = () => {
        const word = filter.value.trim().toLowerCase();
        const some = list.filter((names) => names.some((name) => (name || "").toLowerCase().includes(word)));
        names.replaceChildren(...some.slice(0, 500).map(([name, full]) => {
          const li = element("li", name);
          if (full) li.append(element("span", full));
          return li;
        }));
        if (some.length > 500) names.append(element("li", `and ${some.length - 500} more: search for them`));
      };
      filter.oninput = show;
      show();
      people.showModal();
    };
  }

  // A link to one post opens it.
  if (location.hash.startsWith("#m")) {
    const id = location.hash.slice(2);
    (async () => {
      for (let part = 0; part < sections.length; part++) {
        const index = (await postsOf(part).catch(() => [])).findIndex((post) => post.i === id);
        if (index >= 0) return open(part, index);
      }
    })();
  }

  return { posts: bring("posts"), details: bring("details"), people: bring("people") };
})();
