package instagram

import (
	"encoding/json"
	"time"
)

// A GraphUpdate is one change that a webhook of the Graph tells.
type GraphUpdate struct {
	Object    string // "instagram"
	AccountID string
	Time      time.Time
	Field     string
	Value     json.RawMessage
}
