const { assert, given } = require('./check.js')

const { Strategy } = require('passport-instagram')

// authenticate runs the strategy on a request as passport does.
function authenticate (query, session) {
  return new Promise((resolve, reject) => {
    const strategy = Object.create(new Strategy({
      clientID: given.clientID, clientSecret: given.clientSecret, callbackURL: given.redirectURI, state: true,
    }, (accessToken, refreshToken, profile, done) => done(null, { accessToken, profile })))
    strategy.success = resolve
    strategy.redirect = (url) => resolve(url)
    strategy.error = reject
    strategy.fail = (challenge) => resolve({ failed: challenge })
    strategy.authenticate({ query, session, headers: {}, connection: {} }, {})
  })
}

async function main () {
  const session = {}
  const url = new URL(await authenticate({}, session))
  assert.strictEqual(url.origin + url.pathname, 'https://api.instagram.com/oauth/authorize/')
  assert.strictEqual(url.searchParams.get('client_id'), given.clientID)
  const state = url.searchParams.get('state')
  const { accessToken, profile } = await authenticate({ code: given.code, state }, session)
  assert.strictEqual(profile.provider, 'instagram')
  assert.strictEqual(profile.id, given.me)
  assert.strictEqual(profile.username, given.username)
  assert.ok(profile.displayName)
  assert.ok(accessToken.startsWith(given.me + '.'))
  const denied = await authenticate({ error: 'access_denied', error_reason: 'user_denied', error_description: 'The user denied your request' }, session)
  assert.strictEqual(denied.failed.message, 'The user denied your request')
  console.log('sign in and denial: 2 methods')
}

main().catch((error) => { console.error(error); process.exitCode = 1 })
