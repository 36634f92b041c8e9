const { assert, given, callback, all } = require('./check.js')

const api = require('instagram-node').instagram({ enforce_signed_requests: given.signed })
const call = (method, ...args) => callback(api, method, ...args)

// pages follows pagination.next to the end of a list.
async function pages (method, ...args) {
  let [list, pagination] = await call(method, ...args)
  const lists = [list]
  while (pagination.next) {
    [list, pagination] = await new Promise((resolve, reject) => pagination.next((error, ...results) => error ? reject(error) : resolve(results)))
    lists.push(list)
  }
  return lists.flat()
}

const distinct = (list) => assert.strictEqual(new Set(list.map((each) => each.id)).size, list.length, 'something came twice')

async function main () {
  api.use({ access_token: given.token, client_secret: given.clientSecret })
  if (given.signed) api.use({ access_token: given.token, client_secret: given.clientSecret, client_id: given.clientID })

  assert.strictEqual((await call('user', given.me))[0].username, given.username)
  assert.ok((await call('user_self_feed', { count: 5 }))[0].length === 5)
  const own = await pages('user_self_media_recent', { count: 33 })
  assert.strictEqual(own.length, given.mediaCount)
  distinct(own)
  assert.ok((await pages('user_media_recent', given.other, {})).length > 0)
  distinct(await pages('user_self_liked', {}))
  assert.ok((await call('user_search', 'mira'))[0].length > 0)
  distinct(await pages('user_followers', given.me, { count: 20 }))
  distinct(await pages('user_follows', given.me, {}))
  await call('user_self_requested_by')
  assert.ok((await call('user_relationship', given.other))[0].outgoing_status)
  assert.strictEqual((await call('set_user_relationship', given.other, 'follow'))[0].outgoing_status, 'follows')

  assert.strictEqual((await call('media', given.media))[0].id, given.media)
  assert.strictEqual((await call('media_shortcode', given.shortcode))[0].id, given.media)
  assert.ok((await call('media_search', given.lat, given.lng, { distance: 1000 }))[0].length > 0)
  if (given.wire === 2017) {
    await assert.rejects(call('media_popular'), /invalid media id/)
  } else {
    assert.ok((await call('media_popular'))[0].length > 0)
  }
  const [comment] = await call('add_comment', given.media, 'so schön ✨', {})
  assert.strictEqual(comment.text, 'so schön ✨')
  assert.ok((await call('comments', given.media))[0].some((each) => each.id === comment.id))
  await call('del_comment', given.media, comment.id, {})
  await call('add_like', given.media, {})
  assert.ok((await call('likes', given.media))[0].some((each) => each.id === given.me))
  await call('del_like', given.media, {})

  assert.strictEqual((await call('tag', given.tag))[0].name, given.tag)
  const tagged = await pages('tag_media_recent', given.tag, { count: 3 })
  assert.ok(tagged.length > 3)
  distinct(tagged)
  assert.ok((await call('tag_search', given.tag.slice(0, 3)))[0].length > 0)
  assert.ok((await call('location', given.place))[0].name)
  assert.ok((await pages('location_media_recent', given.place, {})).length > 0)
  assert.ok((await call('location_search', { lat: given.lat, lng: given.lng }, {}))[0].length > 0)

  if (given.signed) {
    all([])
  } else {
    api.use({ client_id: given.clientID, client_secret: given.clientSecret })
    const [tag] = await call('add_tag_subscription', given.tag, given.callback, {})
    assert.strictEqual(tag.object_id, given.tag)
    const [area] = await call('add_geography_subscription', given.lat, given.lng, 1000, given.callback, {})
    await call('add_user_subscription', given.callback, {})
    await call('add_location_subscription', given.place, given.callback, {})
    assert.strictEqual((await call('subscriptions'))[0].length, 4)
    await call('del_subscription', { id: tag.id })
    api.use({ access_token: given.token })
    await call('geography_media_recent', String(area.object_id))
    api.use({ client_id: given.clientID, client_secret: given.clientSecret })
    await call('del_subscription', { all: true })
    assert.strictEqual((await call('subscriptions'))[0].length, 0)

    assert.match(api.get_authorization_url(given.redirectURI, { scope: ['likes'], state: 'a' }), /^https:\/\/api.instagram.com\/oauth\/authorize\?/)
    const [grant] = await call('authorize_user', given.code, given.redirectURI)
    assert.strictEqual(grant.user.username, given.username)
    api.use({ access_token: grant.access_token })
    assert.ok((await call('user', given.me))[0].id)
    assert.ok((await call('oembed', 'http://instagr.am/p/' + given.shortcode + '/'))[0].media_id)
    all(Object.keys(api).filter((name) => typeof api[name] === 'function' && !['use', 'get_authorization_url', 'limit', 'remaining', 'on'].includes(name)))
  }
}

main().catch((error) => { console.error(error); process.exitCode = 1 })
