const { assert, given, promise, all } = require('./check.js')

const api = require('instagram-api')(given.token)
const call = (method, ...args) => promise(api, method, ...args)

// The client has no paging of its own: its users passed next_max_id on.
async function pages (method, param, next, ...args) {
  const found = []
  for (let options = { count: 10 }; ;) {
    const { data, pagination } = await call(method, ...args, options)
    found.push(...data)
    if (!pagination || !pagination[next]) return found
    options = { ...options, [param]: pagination[next] }
  }
}

async function main () {
  const self = await call('userSelf')
  assert.strictEqual(self.data.username, given.username)
  assert.ok(self.limit > 0 && self.remaining > 0)
  assert.strictEqual((await call('user', given.other)).data.id, given.other)
  assert.strictEqual((await pages('userSelfMedia', 'max_id', 'next_max_id')).length, given.mediaCount)
  assert.ok((await pages('userMedia', 'max_id', 'next_max_id', given.other)).length > 0)
  assert.ok((await pages('userSelfMediaLiked', 'max_like_id', 'next_max_like_id')).length > 0)
  assert.ok((await call('userSearch', 'mira')).data.length > 0)
  assert.ok((await call('userSelfFollows')).data.length > 0)
  assert.ok((await call('userSelfFollowedBy')).data.length > 0)
  await call('userSelfRequestedBy')
  assert.ok((await call('userRelationship', given.other)).data.outgoing_status)
  assert.strictEqual((await call('setUserRelationship', given.other, 'follow')).data.outgoing_status, 'follows')

  assert.strictEqual((await call('media', given.media)).data.id, given.media)
  assert.strictEqual((await call('mediaByShortcode', given.shortcode)).data.id, given.media)
  assert.ok((await call('mediaSearch', { lat: given.lat, lng: given.lng, distance: 1000 })).data.length > 0)
  const comment = (await call('postMediaComment', given.media, 'so schön ✨')).data
  assert.ok((await call('mediaComments', given.media)).data.some((each) => each.id === comment.id))
  await call('removeMediaComment', given.media, comment.id)
  await call('postMediaLike', given.media)
  assert.ok((await call('mediaLikes', given.media)).data.some((each) => each.id === given.me))
  await call('removeMediaLike', given.media)

  assert.strictEqual((await call('getTag', given.tag)).data.name, given.tag)
  assert.ok((await pages('getMediasByTag', 'max_tag_id', 'next_max_tag_id', given.tag)).length > 3)
  assert.ok((await call('searchTags', given.tag.slice(0, 3))).data.length > 0)
  assert.ok((await call('getLocation', given.place)).data.name)
  assert.ok((await pages('getMediasByLocation', 'max_id', 'next_max_id', given.place)).length > 0)
  assert.ok((await call('searchLocations', { lat: given.lat, lng: given.lng })).data.length > 0)
  await assert.rejects(call('media', '1'), /invalid media id/)
  all(Object.keys(api))
}

main().catch((error) => { console.error(error); process.exitCode = 1 })
