// Package openapi holds the description of the Instagram v1 API for programs in any language, in
// OpenAPI 3.1: all endpoints with their parameters, scopes, errors and examples, in all three
// generations of the answers. For people it is in v1.yaml, beside this file.
package openapi

import _ "embed"

// JSON is the description. It is made from v1.yaml; a test keeps the two the same.
//
//go:embed v1.json
var JSON []byte
