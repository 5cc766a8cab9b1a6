package sms

import (
	"strings"
	"unicode"
)

// Word is what a text from somebody means, as far as the program understands it.
type Word string

// The words, as table text_replies has them.
const (
	Stop      Word = "stop"
	Start     Word = "start"
	Help      Word = "help"
	Yes       Word = "yes"
	OtherTime Word = "other_time"
	Message   Word = "message" // anything else: somebody reads it
)

// known are the words in the two languages that the program speaks. The carriers require the English ones;
// STOP in whatever form must never be taken for a message.
var known = map[string]struct {
	word Word
	lang string
}{
	"stop": {Stop, "en"}, "stopall": {Stop, "en"}, "stop all": {Stop, "en"}, "unsubscribe": {Stop, "en"}, "cancel": {Stop, "en"}, "end": {Stop, "en"}, "quit": {Stop, "en"},
	"revoke": {Stop, "en"}, "optout": {Stop, "en"}, "opt out": {Stop, "en"}, "no more texts": {Stop, "en"}, "stop texting me": {Stop, "en"},
	"alto": {Stop, "es"}, "parar": {Stop, "es"}, "pare": {Stop, "es"}, "para": {Stop, "es"}, "cancelar": {Stop, "es"}, "baja": {Stop, "es"}, "detener": {Stop, "es"},
	"terminar": {Stop, "es"}, "no mas": {Stop, "es"}, "no mas mensajes": {Stop, "es"}, "basta": {Stop, "es"},
	"start": {Start, "en"}, "unstop": {Start, "en"}, "resume": {Start, "en"},
	"empezar": {Start, "es"}, "iniciar": {Start, "es"}, "comenzar": {Start, "es"}, "alta": {Start, "es"},
	"help": {Help, "en"}, "info": {Help, "en"}, "ayuda": {Help, "es"}, "auxilio": {Help, "es"},
	"1": {Yes, ""}, "yes": {Yes, "en"}, "y": {Yes, "en"}, "si": {Yes, "es"},
	"2": {OtherTime, ""}, "change": {OtherTime, "en"}, "cambiar": {OtherTime, "es"},
}

var plain = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u")

// Read says what a text means, and the language of the word when that is clear.
func Read(body string) (w Word, lang string) {
	typed := strings.FieldsFunc(plain.Replace(strings.ToLower(body)), func(c rune) bool { return unicode.IsSpace(c) || unicode.IsPunct(c) })
	if k, ok := known[strings.Join(typed, " ")]; ok {
		return k.word, k.lang
	}
	return Message, ""
}
