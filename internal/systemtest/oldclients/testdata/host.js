// Loaded before a client (node --require): connections to api.instagram.com go to the server that the
// test has started, on its port. All else is as the client does it: the name, the certificate, the
// Host header.
const tls = require('node:tls')
const connect = tls.connect
tls.connect = function (options, ...rest) {
  if (options && options.host === 'api.instagram.com') {
    options = { ...options, servername: options.host, host: '127.0.0.1', port: Number(process.env.PORT) }
  }
  return connect.call(this, options, ...rest)
}
