package instagramtest

import "github.com/igv1/instagram/instagramtest/internal/limits"

func (m Mode) budget() limits.Budget {
	if m == Sandbox {
		return limits.Budget{Calls: 500, Writes: 30}
	}
	return limits.Budget{Calls: 5000, Writes: 60}
}
