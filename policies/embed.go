// Package policies carries who may do what, and how far it reaches.
package policies

import _ "embed"

// Model is the casbin model: role × resource × action, with a reach and an effect.
//
//go:embed model.conf
var Model string

// Policy is the table; one line a grant, sorted.
//
//go:embed policy.csv
var Policy string
