// Package document keeps people's papers: a photo of a pay stub, a diploma as PDF. What is sent is
// held against its content and not its name, photos are painted anew, everything is sealed on the
// disk, and nothing is ever shown inside a page: it is only handed out as a file.
package document

import (
	"time"

	"waymark/internal/access"
	"waymark/internal/civil"
	"waymark/internal/id"
)

// ID names a document.
type ID = id.Of[Document]

// Visibility says who may open a document.
type Visibility string

// The classes: participant and staff; staff only; whoever put it there and the supervisors.
const (
	Shared     Visibility = "shared"
	Staff      Visibility = "staff"
	Restricted Visibility = "restricted"
)

// Visibilities lists the classes for forms.
var Visibilities = []string{string(Shared), string(Staff), string(Restricted)}

// Kinds are what a document shows, in the order of the forms.
var Kinds = []string{"id", "work", "pay", "school", "certificate", "address", "benefits", "health", "signed", "other"}

// OwnKinds are those that a participant is asked for.
var OwnKinds = []string{"id", "work", "pay", "school", "certificate", "address", "benefits", "other"}

// Document is one paper of a case as it is listed; its content is elsewhere.
type Document struct {
	ID            ID            `db:"id" json:"id"`
	CaseID        access.CaseID `db:"case_id" json:"case_id"`
	Kind          string        `db:"kind" json:"kind"`
	Title         string        `db:"title" json:"title"`
	Visibility    Visibility    `db:"visibility" json:"visibility"`
	Media         string        `db:"media_type" json:"media_type"`
	Size          int64         `db:"size_bytes" json:"size"`
	SHA256        []byte        `db:"sha256" json:"-"`
	ExpiresOn     civil.Date    `db:"expires_on" json:"expires_on"`
	Source        string        `db:"source" json:"source"` // staff or participant
	UploadedBy    string        `db:"uploaded_by_name" json:"uploaded_by"`
	UploadedAt    time.Time     `db:"uploaded_at" json:"uploaded_at"`
	SeenAt        *time.Time    `db:"seen_at" json:"seen_at"`
	SeenBy        string        `db:"seen_by_name" json:"seen_by"`
	ArchivedAt    *time.Time    `db:"archived_at" json:"archived_at"`
	ArchiveReason string        `db:"archive_reason" json:"archive_reason"`
	Version       int           `db:"version" json:"version"`
}

// Unseen reports a paper that the participant sent and nobody has looked at.
func (d Document) Unseen() bool {
	return d.Source == "participant" && d.SeenAt == nil && d.ArchivedAt == nil
}

// Name is what the file is called when it is handed out: by what it is and when it came. The name
// that it was sent under is not kept.
func (d Document) Name(on civil.Date) string {
	ext := ".pdf"
	if d.Media == jpegMedia {
		ext = ".jpg"
	}
	return d.Kind + "-" + on.String() + ext
}

// Own is a document as its participant sees it: nothing of what staff noted about it.
type Own struct {
	ID         ID         `json:"id"`
	Kind       string     `json:"kind"`
	Title      string     `json:"title"`
	Media      string     `json:"media_type"`
	Size       int64      `json:"size"`
	ExpiresOn  civil.Date `json:"expires_on"`
	Source     string     `json:"source"`
	UploadedAt time.Time  `json:"uploaded_at"`
	Seen       bool       `json:"seen"`
}

func (d Document) own() Own {
	return Own{d.ID, d.Kind, d.Title, d.Media, d.Size, d.ExpiresOn, d.Source, d.UploadedAt, d.SeenAt != nil}
}

// Input is what staff say about a document they add.
type Input struct {
	Kind       string     `json:"kind" validate:"required,oneof=id work pay school certificate address benefits health signed other"`
	Title      string     `json:"title" validate:"max=120"`
	Visibility Visibility `json:"visibility" validate:"required,oneof=shared staff restricted"`
	ExpiresOn  civil.Date `json:"expires_on"`
}

// OwnInput is what a participant says about a paper they send.
type OwnInput struct {
	Kind string `json:"kind" validate:"required,oneof=id work pay school certificate address benefits other"`
}

// ArchiveInput says why a document is put away.
type ArchiveInput struct {
	Reason string `json:"reason" validate:"required,max=300"`
}
