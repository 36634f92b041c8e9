package instagram

// newChain returns the way that every call takes, from a service method to the network and back.
// Each stage does its part and calls the next one. No stage knows an endpoint: what differs between
// endpoints is a property of the call, and what differs between servers one of the api.
func newChain(middleware []func(CallFunc) CallFunc) handler {
	stages := []func(next handler) handler{
		logCall,          // writes a line when the call is over
		redactErrors,     // takes secrets out of the error of the call
		checkCall,        // ends a call that cannot be sent
		retryRequest,     // repeats what follows as often as is allowed and helps
		authorizeRequest, // asks for the credentials of this attempt
		limitRequest,     // waits for the limiter
		recordRateLimit,  // keeps what the answer says of the budget
		recordAnswer,     // hands the answer to who keeps or prints it
	}
	h := sendRequest // makes the request and reads the answer
	for i := len(stages) - 1; i >= 0; i-- {
		h = stages[i](h)
	}
	return callMiddleware(middleware, h) // what users put around a call
}
