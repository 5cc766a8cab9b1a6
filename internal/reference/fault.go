// Package reference keeps what publishers give everybody: O*NET, BLS, NCES and apprenticeship data.
// It belongs to no agency. A set is imported whole or not at all, and every figure keeps its vintage.
package reference

import "fmt"

// Fault says why a file was refused and where: line and column count from 1.
type Fault struct {
	File   string
	Line   int
	Column int
	// Name is the column's name, "" before the header is read.
	Name string
	What string
}

// Error is the sentence for the report.
func (f *Fault) Error() string {
	where := f.File
	if f.Line > 0 {
		where += fmt.Sprintf(", line %d", f.Line)
	}
	if f.Column > 0 {
		where += fmt.Sprintf(", column %d", f.Column)
	}
	if f.Name != "" {
		where += " (" + f.Name + ")"
	}
	return where + ": " + f.What
}
