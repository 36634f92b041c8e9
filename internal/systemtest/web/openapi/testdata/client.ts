// Prints the caller's media. The arguments are the base URL and an access token.
import createClient from "openapi-fetch";
import type { components, paths } from "./v1.d.ts";

type Media = components["schemas"]["MediaEntry"];

const [baseUrl, token] = process.argv.slice(2);
const client = createClient<paths, "application/json">({ baseUrl });
client.use({
  onRequest({ request }) {
    const url = new URL(request.url);
    url.searchParams.set("access_token", token);
    return new Request(url, request);
  },
});

const all: Media[] = [];
let max_id: string | undefined;
do {
  const { data, error } = await client.GET("/users/{user-id}/media/recent", {
    params: { path: { "user-id": "self" }, query: { count: 20, max_id } },
  });
  if (!data) throw new Error(JSON.stringify(error));
  all.push(...data.data);
  const next = (data.pagination ?? data.paging)?.next_max_id;
  max_id = next === undefined ? undefined : String(next);
} while (max_id);

console.log(JSON.stringify(all.map((media) => ({
  id: String(media.id),
  username: media.user.username,
  picture: media.images.low_resolution?.url,
}))));
