// Package seeds holds the data that a new agency starts with: pathways,
// occupations and regions (the format of internal/pathway), reference lists,
// our own interest statements, and the pools that demonstration people are
// made of. NOTICES.md says where the figures come from.
package seeds

import "embed"

// FS holds pathways/*.json, grids/*.csv, reference/*.json, interests/statements.json,
// demo/names.json and NOTICES.md.
//
//go:embed pathways/*.json grids/*.csv reference/*.json interests/*.json demo/*.json NOTICES.md
var FS embed.FS
