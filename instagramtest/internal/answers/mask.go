package answers

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
)

// Masked stands for the value of a secret.
const Masked = "***"

// secretParams are the parameters whose values are secrets.
var secretParams = []string{"access_token", "client_secret", "sig", "code", "verify_token", "hub.verify_token"}

// secretText is a secret as it stands in a URL or in JSON, whose slashes may be escaped.
var secretText = regexp.MustCompile(`((?:access_token|client_secret|sig|verify_token)(?:=|":\s*")|[?&]code=)[^&"\\\s]+`)

// MaskParams is a copy of parameters without the values of secrets.
func MaskParams(params url.Values) url.Values {
	masked := make(url.Values, len(params))
	for k, v := range params {
		masked[k] = slices.Clone(v)
		if slices.Contains(secretParams, k) {
			for i := range v {
				masked[k][i] = Masked
			}
		}
	}
	return masked
}

// Mask is a copy of an answer without secrets.
func (a Answer) Mask() Answer {
	header := make(http.Header, len(a.Header))
	for k, v := range a.Header {
		for _, s := range v {
			header[k] = append(header[k], maskText(s))
		}
	}
	a.Params, a.Header, a.Body = MaskParams(a.Params), header, maskText(a.Body)
	return a
}

func maskText(s string) string { return secretText.ReplaceAllString(s, "${1}"+Masked) }
