// A call as code: for a shell, in Go with the package, and in JavaScript.

const quote = (s) => "'" + s.replaceAll("'", "'\\''") + "'";

// curl is one line for a shell.
export function curl(request, headers = {}) {
  const parts = ["curl"];
  if (location.protocol === "https:") parts.push("--insecure");
  if (request.method === "DELETE") parts.push("-X DELETE");
  for (const [name, value] of Object.entries(headers)) parts.push("-H " + quote(`${name}: ${value}`));
  if (request.method === "POST") parts.push("--data " + quote(request.form.toString()));
  parts.push(quote(target(request)));
  return parts.join(" ");
}

const target = (request) => location.origin + request.path + (request.query.size > 0 ? "?" + request.query : "");

// javascript runs in a module, in a browser or in Node.
export function javascript(request) {
  const options = [];
  if (request.method !== "GET") options.push(`method: ${JSON.stringify(request.method)}`);
  if (request.form.size > 0) options.push(`body: new URLSearchParams(${JSON.stringify(Object.fromEntries(request.form))})`);
  const second = options.length > 0 ? `, { ${options.join(", ")} }` : "";
  return `const response = await fetch(${JSON.stringify(target(request))}${second});
const { meta, data, pagination } = await response.json();
console.log(meta.code, data, pagination);
`;
}

const string = (s) => JSON.stringify(s).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
const user = (s) => (s === "self" || !s ? "instagram.Self" : string(s));
const number = (s) => String(Number(s) || 0);
const time = (s) => `time.Unix(${number(s)}, 0)`;
const title = (s) => s.slice(0, 1).toUpperCase() + s.slice(1);

// options is a literal of a type with what is given, or nil.
function options(type, ...members) {
  const given = members.filter(([, value]) => value !== undefined && value !== "");
  return given.length > 0 ? `&instagram.${type}{${given.map(([name, value, write]) => `${name}: ${write(value)}`).join(", ")}}` : "nil";
}

// What a call comes to: one object, a plain list, a list of pages, or nothing.
const one = (call) => `value, err := ${call}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%+v\\n", value)`;
const plain = (call, member) => `list, err := ${call}
	if err != nil {
		log.Fatal(err)
	}
	for _, item := range list {
		fmt.Println(item.${member})
	}`;
const pages = (call, member) => `for item, err := range ${call}.All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(item.${member})
	}`;
const nothing = (call) => `if err := ${call}; err != nil {
		log.Fatal(err)
	}`;

const count = (p) => ["Count", p.count, number];
const between = (p) => [["MinTimestamp", p.min_timestamp, time], ["MaxTimestamp", p.max_timestamp, time]];
const ids = (p) => [["MinID", p.min_id, string], ["MaxID", p.max_id, string]];
const from = (p) => (p.cursor ? `.From(${string(p.cursor)})` : "");

function place(p) {
  for (const [name, value] of [["FacebookPlacesID", p.facebook_places_id], ["FoursquareID", p.foursquare_id], ["FoursquareV2ID", p.foursquare_v2_id]]) {
    if (value) return `instagram.LocationQuery{${name}: ${string(value)}}`;
  }
  return `instagram.Near(${number(p.lat)}, ${number(p.lng)})`;
}

function subscription(p) {
  const members = [`Object: instagram.Object${title(p.object || "tag")}`];
  if (p.object_id) members.push(`ObjectID: ${string(p.object_id)}`);
  if (p.object === "geography") members.push(`Latitude: ${number(p.lat)}`, `Longitude: ${number(p.lng)}`, `Radius: ${number(p.radius)}`);
  members.push(`CallbackURL: ${string(p.callback_url ?? "")}`);
  if (p.verify_token) members.push(`VerifyToken: ${string(p.verify_token)}`);
  return `instagram.SubscriptionRequest{${members.join(", ")}}`;
}

function filter(p) {
  if (p.id) return `instagram.SubscriptionFilter{ID: ${string(p.id)}}`;
  const object = `Object: instagram.Object${title(p.object || "all")}`;
  return `instagram.SubscriptionFilter{${p.object_id ? `${object}, ObjectID: ${string(p.object_id)}` : object}}`;
}

// calls are the methods of the package, by operation.
const calls = {
  getUser: (p) => one(`client.Users.Get(ctx, ${user(p["user-id"])})`),
  getFeed: (p) => pages(`client.Users.Feed(${options("FeedOptions", count(p), ...ids(p))})`, "ID"),
  getUserMedia: (p) => pages(`client.Users.RecentMedia(${user(p["user-id"])}, ${options("UserMediaOptions", count(p), ...between(p), ...ids(p))})`, "ID"),
  getLikedMedia: (p) => pages(`client.Users.LikedMedia(${options("LikedMediaOptions", count(p), ["MaxLikeID", p.max_like_id, string])})`, "ID"),
  searchUsers: (p) => plain(`client.Users.Search(ctx, ${string(p.q ?? "")}, ${options("UserSearchOptions", count(p))})`, "Username"),
  getFollows: (p) => pages(`client.Relationships.Follows(${user(p["user-id"])}, ${options("RelationshipListOptions", count(p))})${from(p)}`, "Username"),
  getFollowedBy: (p) => pages(`client.Relationships.FollowedBy(${user(p["user-id"])}, ${options("RelationshipListOptions", count(p))})${from(p)}`, "Username"),
  getRequestedBy: () => plain("client.Relationships.RequestedBy(ctx)", "Username"),
  getRelationship: (p) => one(`client.Relationships.Get(ctx, ${user(p["user-id"])})`),
  modifyRelationship: (p) => one(`client.Relationships.Modify(ctx, ${user(p["user-id"])}, instagram.Action${title((p.action || "follow").replace("deny", "ignore"))})`),
  getMedia: (p) => one(`client.Media.Get(ctx, ${string(p["media-id"] ?? "")})`),
  getMediaByShortcode: (p) => one(`client.Media.GetByShortcode(ctx, ${string(p.shortcode ?? "")})`),
  searchMedia: (p) => plain(`client.Media.Search(ctx, ${number(p.lat)}, ${number(p.lng)}, ${options("MediaSearchOptions", ...between(p), ["Distance", p.distance, number])})`, "ID"),
  getPopularMedia: () => plain("client.Media.Popular(ctx)", "ID"),
  getComments: (p) => plain(`client.Comments.List(ctx, ${string(p["media-id"] ?? "")})`, "Text"),
  createComment: (p) => one(`client.Comments.Create(ctx, ${string(p["media-id"] ?? "")}, ${string(p.text ?? "")})`),
  deleteComment: (p) => nothing(`client.Comments.Delete(ctx, ${string(p["media-id"] ?? "")}, ${string(p["comment-id"] ?? "")})`),
  getLikes: (p) => plain(`client.Likes.List(ctx, ${string(p["media-id"] ?? "")})`, "Username"),
  like: (p) => nothing(`client.Likes.Like(ctx, ${string(p["media-id"] ?? "")})`),
  unlike: (p) => nothing(`client.Likes.Unlike(ctx, ${string(p["media-id"] ?? "")})`),
  getTag: (p) => one(`client.Tags.Get(ctx, ${string(p["tag-name"] ?? "")})`),
  getTagMedia: (p) => pages(`client.Tags.RecentMedia(${string(p["tag-name"] ?? "")}, ${options("TagMediaOptions", count(p), ["MinTagID", p.min_tag_id, string], ["MaxTagID", p.max_tag_id, string])})`, "ID"),
  searchTags: (p) => plain(`client.Tags.Search(ctx, ${string(p.q ?? "")})`, "Name"),
  getLocation: (p) => one(`client.Locations.Get(ctx, ${string(p["location-id"] ?? "")})`),
  getLocationMedia: (p) => pages(`client.Locations.RecentMedia(${string(p["location-id"] ?? "")}, ${options("LocationMediaOptions", ...between(p), ...ids(p))})`, "ID"),
  searchLocations: (p) => plain(`client.Locations.Search(ctx, ${place(p)})`, "Name"),
  getGeographyMedia: (p) => pages(`client.Geographies.RecentMedia(${string(p["geo-id"] ?? "")}, ${options("GeographyMediaOptions", count(p), ["MinID", p.min_id, string])})`, "ID"),
  listSubscriptions: () => plain("client.Subscriptions.List(ctx)", "ID"),
  createSubscription: (p) => one(`client.Subscriptions.Create(ctx, ${subscription(p)})`),
  deleteSubscriptions: (p) => nothing(`client.Subscriptions.Delete(ctx, ${filter(p)})`),
  getEmbed: (p) => one(`client.Embeds.Get(ctx, ${string(p.url ?? "")}, ${options("EmbedOptions", ["MaxWidth", p.maxwidth, number], ["HideCaption", p.hidecaption, String], ["OmitScript", p.omitscript, String])})`),
};

// go is a whole program. The app is what it needs of the client id and the secret.
export function go(operation, values, { token, app, signed }) {
  const body = calls[operation.id](values);
  const settings = [`instagram.WithBaseURL(${string(location.origin + "/v1")})`];
  if (token) settings.push(`instagram.WithAccessToken(${string(token)})`);
  if (app) settings.push(`instagram.WithClientCredentials(${string(app.id)}, ${string(app.secret ?? "")})`);
  if (signed) settings.push("instagram.WithSignedRequests()");
  const packages = ["context", body.includes("fmt.") && "fmt", "log", body.includes("time.") && "time"].filter(Boolean);
  return `package main

import (
${packages.map((name) => `\t"${name}"\n`).join("")}
	"github.com/igv1/instagram"
)

func main() {
	ctx := context.Background()
	client, err := instagram.NewClient(
${settings.map((setting) => `\t\t${setting},\n`).join("")}	)
	if err != nil {
		log.Fatal(err)
	}
	${body}
}
`;
}
