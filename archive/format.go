package archive

// A Format is how entries were written.
type Format string

// The formats that are read. Those in YAML need the package archive/yaml, those in .xz the package
// archive/xz.
const (
	// Answers of v1, of any generation: as such, in arrays, one a line, and inside other objects,
	// as caches and the exports of mongoexport have them.
	FormatV1 Format = "v1"
	// FormatPublic is {"status": "ok", "items": [...]}, which instagram.com/{user}/media/ answered
	// until 2017.
	FormatPublic Format = "public"
	// FormatGraph is lists and media of the Graph.
	FormatGraph Format = "graph"

	// Recordings of test tools.
	FormatVCR     Format = "vcr"     // Ruby
	FormatVCRPy   Format = "vcrpy"   // Python
	FormatBetamax Format = "betamax" // Python
	FormatPHPVCR  Format = "php-vcr"
	FormatExVCR   Format = "exvcr"  // Elixir
	FormatGoVCR   Format = "go-vcr" // of any version
	FormatNock    Format = "nock"   // JavaScript
	FormatHAR     Format = "har"    // browsers and proxies

	// Exports by Instagram, "Download your information", in JSON.
	FormatExport2018 Format = "export-2018" // flat files, until 2021
	FormatExport     Format = "export"      // from 2021 on

	// FormatInstaloader is the JSON of instaloader, and FormatWeb the same posts and profiles as
	// pages of instagram.com held them and scrapers keep them.
	FormatInstaloader Format = "instaloader"
	FormatWeb         Format = "web"
)

// A format knows its objects and reads them.
type format struct {
	name  Format
	match func(*found) bool
	read  func(*collector, *found)
}

// formats are tried in this order. It is filled by init, as formats find others in what they read.
var formats []format

func init() {
	formats = []format{
		{FormatInstaloader, isInstaloader, (*collector).instaloader},
		{FormatWeb, isWebPost, (*collector).webPost},
		{FormatWeb, isWebProfile, (*collector).webProfile},
		{FormatHAR, isHAR, (*collector).har},
		{FormatNock, isNock, (*collector).nock},
		{FormatBetamax, isBetamax, (*collector).cassette},
		{FormatVCR, isVCR, (*collector).cassette},
		{FormatExVCR, isExVCR, (*collector).cassette},
		{FormatGoVCR, isGoVCR, (*collector).cassette},
		{FormatVCRPy, isVCRPy, (*collector).cassette},
		{FormatPHPVCR, isPHPVCR, (*collector).cassette},
		{FormatExport, isExport, (*collector).export},
		{FormatExport2018, isExport2018, (*collector).export2018},
		{FormatPublic, isPublic, (*collector).public},
		{FormatGraph, isGraph, (*collector).graph},
		{FormatV1, isV1, (*collector).v1},
	}
}
