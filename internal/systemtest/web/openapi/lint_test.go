package openapi_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/internal/systemtest/web/npm"
)

const redocly = "@redocly/cli@2.77.0"

// TestLint finds nothing: no error and no warning.
func TestLint(t *testing.T) {
	program := filepath.Join(npm.Install(t, redocly), "node_modules", ".bin", "redocly")
	dir, err := filepath.Abs(folder)
	require.NoError(t, err)
	npm.Run(t, dir, program, "lint", "--config", "redocly.yaml", "v1.yaml")
}
