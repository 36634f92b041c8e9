// What the scripts share: the things to ask for, and a count of the methods that were called.
const assert = require('node:assert')

const called = new Set()

module.exports = {
  assert,
  given: JSON.parse(process.env.GIVEN),

  // callback calls a method that takes (error, ...results) last, and gives its results.
  callback: (object, method, ...args) => new Promise((resolve, reject) => {
    called.add(method)
    object[method](...args, (error, ...results) => error ? reject(Object.assign(error, { message: method + ': ' + error.message })) : resolve(results))
  }),

  // promise calls a method that gives a promise.
  promise: async (object, method, ...args) => {
    called.add(method)
    try {
      return await object[method](...args)
    } catch (error) {
      throw new Error(method + ': ' + (error.message || JSON.stringify(error)))
    }
  },

  // all wants every one of the methods to have been called.
  all: (methods) => {
    assert.deepStrictEqual(methods.filter((name) => !called.has(name)), [], 'methods that were not called')
    console.log(called.size + ' methods')
  },
}
