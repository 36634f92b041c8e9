package instagram

// ErrorType is the error_type of an answer.
type ErrorType string
