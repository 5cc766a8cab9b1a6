// Package notetemplate keeps the texts from which staff begin the notes that they write again and again.
package notetemplate

import (
	"time"

	"waymark/internal/id"
)

// ID names a template.
type ID = id.Of[Template]

// Template is a text to begin a note from, in both languages of the pages.
type Template struct {
	ID        ID        `db:"id" json:"id"`
	Title     string    `db:"title" json:"title"`
	TitleES   string    `db:"title_es" json:"title_es"`
	Text      string    `db:"body" json:"body"`
	TextES    string    `db:"body_es" json:"body_es"`
	Archived  bool      `db:"archived" json:"archived"`
	Version   int       `db:"version" json:"version"`
	CreatedAt time.Time `db:"created_at" json:"created_at"`
	UpdatedAt time.Time `db:"updated_at" json:"updated_at"`
}

// Input is what an administrator writes. What has no Spanish is offered in English.
type Input struct {
	Title   string `json:"title" validate:"required,max=80"`
	TitleES string `json:"title_es" validate:"max=80"`
	Text    string `json:"body" validate:"required,max=4000"`
	TextES  string `json:"body_es" validate:"max=4000"`
}

// Input is the template as its form shows it; a change starts from it.
func (t Template) Input() Input { return Input{t.Title, t.TitleES, t.Text, t.TextES} }

// In gives title and text in a language.
func (t Template) In(language string) (title, text string) {
	title, text = t.Title, t.Text
	if language == "es" && t.TitleES != "" {
		title = t.TitleES
	}
	if language == "es" && t.TextES != "" {
		text = t.TextES
	}
	return title, text
}
