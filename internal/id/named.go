package id

import "github.com/google/uuid"

// Named is the same UUID for the same name each time, for identifiers that others keep.
func Named(name string) string { return uuid.NewSHA1(uuid.NameSpaceURL, []byte(name)).String() }
