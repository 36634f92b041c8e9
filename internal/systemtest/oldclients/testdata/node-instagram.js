const { assert, given, promise, all } = require('./check.js')

const Instagram = require('node-instagram').default
const api = new Instagram({ clientId: given.clientID, clientSecret: given.clientSecret, accessToken: given.token })
const call = (method, ...args) => promise(api, method, ...args)

// walk takes the parameter of the next page out of next_url, as users of this client did.
async function walk (path, options = {}) {
  const found = []
  for (;;) {
    const { data, pagination } = await call('get', path, options)
    found.push(...data)
    if (!pagination || !pagination.next_url) return found
    const base = 'https://api.instagram.com/v1'
    assert.ok(pagination.next_url.startsWith(base), pagination.next_url)
    const next = new URL(pagination.next_url)
    options = Object.fromEntries(next.searchParams)
    delete options.access_token
  }
}

async function main () {
  assert.strictEqual((await call('get', 'users/self')).data.username, given.username)
  assert.strictEqual((await walk('users/self/media/recent', { count: 33 })).length, given.mediaCount)
  assert.ok((await walk('users/self/followed-by', { count: 10 })).length > 10)
  assert.ok((await walk(`tags/${given.tag}/media/recent`, { count: 2 })).length > 3)
  const comment = (await call('post', `media/${given.media}/comments`, { text: 'so schön ✨' })).data
  assert.strictEqual(comment.text, 'so schön ✨')
  await call('delete', `media/${given.media}/comments/${comment.id}`)
  await call('post', `media/${given.media}/likes`)
  await call('delete', `media/${given.media}/likes`)
  await assert.rejects(call('get', 'media/1'), /invalid media id/)

  const url = api.getAuthorizationUrl(given.redirectURI, { scope: ['basic', 'likes'], state: 'a' })
  assert.match(url, /^https:\/\/api.instagram.com\/oauth\/authorize\/\?/)
  const grant = await call('authorizeUser', given.code, given.redirectURI)
  assert.strictEqual(grant.user.username, given.username)

  const stream = api.stream(`tags/${given.tag}/media/recent`, { interval: 60000, runOnCreation: false })
  const failed = new Promise((resolve, reject) => stream.on('error', reject))
  stream.startDate = new Date(0)
  const posts = new Promise((resolve) => stream.on('messages', resolve))
  stream.makeRequest()
  assert.ok((await Promise.race([posts, failed])).length > 0)
  all(['get', 'post', 'delete', 'authorizeUser'])
}

main().catch((error) => { console.error(error); process.exitCode = 1 })
