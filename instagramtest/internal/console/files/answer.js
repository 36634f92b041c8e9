// An answer for people: pictures and cards, and JSON in which ids lead on.
import { h, ownPath, picture } from "./page.js";

// cards shows what has a picture or a name, or nothing.
export function cards(data, link) {
  const items = (Array.isArray(data) ? data : [data]).map((item) => card(item, link, !Array.isArray(data))).filter(Boolean);
  return items.length > 0 ? h("ul", { class: "cards" }, ...items) : undefined;
}

function card(item, link, wide) {
  if (!item || typeof item !== "object") return undefined;
  if (item.images || item.videos || item.carousel_media) return media(item, link, wide);
  if (item.username) return person(item, link);
  if (item.from) return said(item, link);
  if (item.latitude !== undefined && item.name) {
    return plain(link("getLocationMedia", { "location-id": item.id }), item.name, `${item.latitude}, ${item.longitude}`);
  }
  if (item.media_count !== undefined) return plain(link("getTagMedia", { "tag-name": item.name }), "#" + item.name, `${item.media_count} media`);
  return undefined;
}

const url = (rendition) => rendition?.url ?? rendition;
const text = (comment) => comment?.text ?? comment?.message ?? "";

function media(item, link, wide) {
  const images = item.images ?? item.carousel_media?.find((part) => part.images)?.images ?? {};
  const image = url(images.standard_resolution ?? images.high_resolution ?? images.low_resolution);
  const caption = text(item.caption);
  const about = caption || (item.user ? `A post of ${item.user.username}` : "A post");
  const film = wide && item.videos && ownPath(url(item.videos.low_resolution ?? item.videos.standard_resolution));
  const show = film
    ? h("video", { controls: true, preload: "none", src: film, poster: ownPath(image), "aria-label": about })
    : picture(image, { alt: about });
  const likes = item.likes?.count ?? item.like_count ?? 0;
  const comments = item.comments?.count ?? item.comments?.length ?? 0;
  const kind = { 2: "video", video: "video", carousel: "carousel" }[item.type];
  return h("li", { class: wide ? "wide" : null },
    film ? h("div", { class: "picture" }, show) : h("div", { class: "picture" }, link("getMedia", { "media-id": item.id }, show)),
    h("div", { class: "words" },
      item.user && link("getUser", { "user-id": item.user.id }, "@" + item.user.username),
      caption && h("span", { class: "text", dir: "auto" }, caption),
      h("span", { class: "quiet" }, [kind, count(likes, "like"), count(comments, "comment")].filter(Boolean).join(" · ")),
      item.location?.name && link("getLocation", { "location-id": item.location.id }, item.location.name)));
}

const count = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;

function person(item, link) {
  return h("li", { class: "who" }, picture(item.profile_picture, { class: "face", alt: "" }),
    h("div", {}, link("getUser", { "user-id": item.id }, "@" + item.username), h("br"), item.full_name ?? "",
      item.counts && h("div", { class: "quiet" }, `${item.counts.media} media · ${item.counts.followed_by} followers · ${item.counts.follows} followed`)));
}

function said(item, link) {
  return h("li", { class: "who" }, picture(item.from.profile_picture, { class: "face little", alt: "" }),
    h("div", {}, link("getUser", { "user-id": item.from.id }, "@" + item.from.username), " ", h("span", { dir: "auto" }, text(item))));
}

function plain(head, ...lines) {
  return h("li", { class: "who" }, h("div", {}, head, ...lines.flatMap((line) => [h("br"), line])));
}

// json writes a value with its links. What an id leads to is told by the object around it.
export function json(value, link, path = [], around = []) {
  const pad = "  ".repeat(path.length);
  if (value === null) return [span("o", "null")];
  if (Array.isArray(value)) return list(value.map((v, i) => json(v, link, [...path, i], around)), pad, "[", "]");
  if (typeof value === "object") {
    const members = Object.entries(value).map(([key, v]) => [
      span("k", JSON.stringify(key)), ": ", ...json(v, link, [...path, key], [...around, value]),
    ]);
    return list(members, pad, "{", "}");
  }
  const written = span(typeof value === "string" ? "s" : typeof value === "number" ? "n" : "o", JSON.stringify(value));
  const target = leadsTo(value, path, around.at(-1));
  if (!target) return [written];
  return [typeof target === "string" ? h("a", { href: target, target: "_blank", rel: "noopener" }, written) : link(...target, written)];
}

const span = (kind, text) => h("span", { class: kind }, text);

function list(items, pad, open, close) {
  if (items.length === 0) return [open + close];
  return [open, ...items.flatMap((item, i) => [(i ? ",\n  " : "\n  ") + pad, ...item]), "\n" + pad + close];
}

// leadsTo is where a value of an answer leads: an operation with its parameters, a path of this
// server, or nowhere.
function leadsTo(value, path, object) {
  const key = path.at(-1);
  if (key === "next_url" || (key === "next" && path.length === 2)) return ["*next", {}];
  if (key === "id") {
    if (object.username !== undefined) return ["getUser", { "user-id": value }];
    if (object.images || object.carousel_media || /^\d+_\d+$/.test(value)) return ["getMedia", { "media-id": value }];
    if (object.latitude !== undefined) return ["getLocation", { "location-id": value }];
  }
  if (key === "username" && object.id !== undefined) return ["getUser", { "user-id": object.id }];
  if (key === "media_id") return ["getMedia", { "media-id": value }];
  if (key === "name" && object.media_count !== undefined) return ["getTag", { "tag-name": value }];
  if (path.at(-2) === "tags" && typeof key === "number") return ["getTagMedia", { "tag-name": value }];
  if (key === "object_id" && object.object === "geography") return ["getGeographyMedia", { "geo-id": value }];
  if (typeof value === "string" && /^https?:/.test(value)) {
    const u = URL.parse?.(value) ?? new URL(value);
    return u.origin === location.origin ? u.pathname + u.search : undefined;
  }
  return undefined;
}

// nextPage is the parameter that asks for the next page, by name and value.
export function nextPage(answer) {
  const pagination = answer.pagination ?? answer.paging ?? {};
  const next = pagination.next_url ?? pagination.next;
  if (!next) return undefined;
  for (const name of ["max_tag_id", "max_like_id", "cursor", "max_id"]) {
    if (pagination["next_" + name] !== undefined) return { name, value: String(pagination["next_" + name]) };
  }
  return undefined;
}
