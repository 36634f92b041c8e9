const { assert, given } = require('./check.js')

const api = require('instagram-node-lib')
const called = new Set()

// call gives [data, pagination] of a method that is told complete and error.
const call = (group, method, params = {}) => new Promise((resolve, reject) => {
  called.add(group + '.' + method)
  api[group][method]({
    ...params,
    complete: (data, pagination) => resolve([data, pagination]),
    error: (type, message, where) => reject(new Error(`${group}.${method}: ${type} ${message} in ${where}`)),
  })
})

// pages passes on what a page says of the next one, under the name of the parameter.
async function pages (group, method, param, params) {
  const found = []
  for (let next = {}; ;) {
    const [data, pagination] = await call(group, method, { ...params, ...next })
    found.push(...data)
    if (!pagination || !pagination['next_' + param]) return found
    next = { [param]: pagination['next_' + param] }
  }
}

async function main () {
  api.set('client_id', given.clientID)
  api.set('client_secret', given.clientSecret)
  api.set('callback_url', given.callback)
  api.set('redirect_uri', given.redirectURI)

  // What an app reads without a user.
  assert.ok((await call('media', 'popular'))[0].length > 0)
  assert.strictEqual(String((await call('media', 'info', { media_id: given.media }))[0].id), given.media)
  assert.ok((await call('media', 'search', { lat: given.lat, lng: given.lng }))[0].length > 0)
  assert.ok((await call('media', 'comments', { media_id: given.media }))[0])
  assert.ok((await call('media', 'likes', { media_id: given.media }))[0])
  assert.strictEqual((await call('tags', 'info', { name: given.tag }))[0].name, given.tag)
  assert.ok((await pages('tags', 'recent', 'max_tag_id', { name: given.tag })).length > 3)
  assert.ok((await call('tags', 'search', { q: given.tag.slice(0, 3) }))[0].length > 0)
  assert.ok((await call('locations', 'info', { location_id: given.place }))[0].name)
  assert.ok((await pages('locations', 'recent', 'max_id', { location_id: given.place })).length > 0)
  assert.ok((await call('locations', 'search', { lat: given.lat, lng: given.lng }))[0].length > 0)
  assert.ok((await call('users', 'info', { user_id: given.me }))[0].username === given.username)
  assert.ok((await call('users', 'search', { q: 'mira' }))[0].length > 0)
  assert.strictEqual((await pages('users', 'recent', 'max_id', { user_id: given.me })).length, given.mediaCount)
  // The client does not pass a cursor on.
  assert.ok((await call('users', 'follows', { user_id: given.me }))[0].length > 0)
  assert.ok((await call('users', 'followed_by', { user_id: given.me }))[0].length > 0)

  // Real time.
  await call('users', 'subscribe')
  const [area] = await call('media', 'subscribe', { lat: given.lat, lng: given.lng, radius: 1000 })
  const [near] = await call('geographies', 'subscribe', { lat: given.lat, lng: given.lng, radius: 500 })
  const [tag] = await call('tags', 'subscribe', { object_id: given.tag })
  const [place] = await call('locations', 'subscribe', { object_id: given.place })
  const [other] = await call('subscriptions', 'subscribe', { object: 'tag', object_id: 'other' })
  assert.strictEqual((await call('subscriptions', 'list'))[0].length, 6)
  await call('geographies', 'recent', { geography_id: area.object_id })
  await call('tags', 'unsubscribe', { id: tag.id })
  await call('locations', 'unsubscribe', { id: place.id })
  await call('media', 'unsubscribe', { id: area.id })
  await call('geographies', 'unsubscribe', { id: near.id })
  await call('subscriptions', 'unsubscribe', { id: other.id })
  for (const group of ['users', 'media', 'tags', 'locations', 'geographies']) await call(group, 'unsubscribe_all')
  await call('subscriptions', 'subscribe', { object: 'tag', object_id: 'other' })
  await call('subscriptions', 'unsubscribe_all')
  assert.strictEqual((await call('subscriptions', 'list'))[0].length, 0)

  // Signing in.
  assert.match(api.oauth.authorization_url({ scope: 'likes', display: 'touch' }), /^https:\/\/api.instagram.com\/oauth\/authorize\/\?/)
  const grant = await new Promise((resolve, reject) => api.oauth.ask_for_access_token({
    request: { url: '/back?code=' + given.code }, response: {}, complete: resolve, error: reject,
  }))
  assert.strictEqual(grant.user.username, given.username)

  // What a user may do. The forms of this client have no Content-Type.
  api.set('access_token', given.token)
  assert.ok((await pages('users', 'self', 'max_id', {})).length > 0)
  assert.ok((await pages('users', 'liked_by_self', 'max_like_id', {})).length > 0)
  await call('users', 'requested_by')
  await call('users', 'relationship', { user_id: given.other })
  assert.strictEqual((await call('users', 'follow', { user_id: given.other }))[0].outgoing_status, 'follows')
  assert.strictEqual((await call('users', 'unfollow', { user_id: given.other }))[0].outgoing_status, 'none')
  await call('users', 'block', { user_id: given.other })
  await call('users', 'unblock', { user_id: given.other })
  await call('users', 'approve', { user_id: given.asking[0] })
  await call('users', 'ignore', { user_id: given.asking[1] })
  await call('media', 'like', { media_id: given.media })
  await call('media', 'unlike', { media_id: given.media })
  const [comment] = await call('media', 'comment', { media_id: given.media, text: 'so schoen' })
  await call('media', 'uncomment', { media_id: given.media, comment_id: comment.id })

  const methods = ['media', 'tags', 'users', 'locations', 'geographies', 'subscriptions'].flatMap((group) =>
    Object.keys(Object.getPrototypeOf(api[group])).filter((name) => !name.startsWith('_') && !['handshake', 'verified'].includes(name)).map((name) => group + '.' + name))
  assert.deepStrictEqual(methods.filter((name) => !called.has(name)), [], 'methods that were not called')
  console.log(called.size + ' methods')
}

main().catch((error) => { console.error(error); process.exitCode = 1 })
