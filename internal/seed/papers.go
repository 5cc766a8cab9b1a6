package seed

import (
	"bytes"
	"image"
	"image/jpeg"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"waymark/internal/access"
	"waymark/internal/document"
	"waymark/internal/rights"
)

// papers are in Rosa's file: a pay stub that she sent from her phone and Dana looked at, a card that ends, and a
// letter that only Dana and the supervisors open.
func (s *stage) papers(t *teller, rosa access.Actor) {
	papers := document.New(t.db, t.policy, s.Files.Trusted())
	t.at(s.day("2026-11-10"), 18, 40)
	t.do("pay stub", func() error {
		file, err := photographed(papers, "TIBBETTS METALWORKS", "PAY STUB", "Rosa Jimenez, assembler", "40 hours at $18.00", "Gross pay  $720.00")
		if err != nil {
			return err
		}
		defer file.Drop()
		sent, err := papers.AddOwn(t.ctx, rosa, document.OwnInput{Kind: "pay"}, file)
		if err != nil {
			return err
		}
		_, err = papers.Seen(t.ctx, t.by, t.caseID, sent.ID)
		return err
	})
	t.at(s.day("2026-08-24"), 9, 20)
	t.paper(papers, document.Input{Kind: "id", Title: "Maine ID", Visibility: document.Shared, ExpiresOn: s.day("2029-04-30")}, "STATE OF MAINE", "IDENTIFICATION CARD", "Rosa Jimenez", "Made up for the demonstration")
	t.at(s.day("2026-09-14"), 11, 20)
	t.paper(papers, document.Input{Kind: "health", Title: "Letter of the clinic", Visibility: document.Restricted}, "RIVER CLINIC", "To whom it may concern", "Made up for the demonstration")
}

// paper puts a paper into the file.
func (t *teller) paper(papers *document.Service, in document.Input, lines ...string) {
	t.do("paper "+in.Title, func() error {
		file, err := photographed(papers, lines...)
		if err != nil {
			return err
		}
		defer file.Drop()
		_, err = papers.Add(t.ctx, t.by, t.caseID, in, file)
		return err
	})
}

// photographed is a paper with some lines on it, as a phone sends it.
func photographed(papers *document.Service, lines ...string) (*document.Spool, error) {
	const scale, height, margin = 3, 24, 20
	sheet := image.NewGray(image.Rect(0, 0, 280, 2*margin+height*len(lines)))
	draw.Draw(sheet, sheet.Bounds(), image.White, image.Point{}, draw.Src)
	pen := font.Drawer{Dst: sheet, Src: image.Black, Face: basicfont.Face7x13}
	for i, line := range lines {
		pen.Dot = fixed.P(margin, margin+height*i+height/2)
		pen.DrawString(line)
	}
	picture := image.NewGray(image.Rect(0, 0, scale*sheet.Rect.Dx(), scale*sheet.Rect.Dy()))
	draw.NearestNeighbor.Scale(picture, picture.Bounds(), sheet, sheet.Bounds(), draw.Src, nil)
	var file bytes.Buffer
	if err := jpeg.Encode(&file, picture, nil); err != nil {
		return nil, err
	}
	return papers.Receive(io.Reader(&file))
}

// complaint is one that Rosa made, with what the officer has done about it: what she is told, and what she is not.
func (s *stage) complaint(t *teller, rosa, officer access.Actor) {
	complaints := rights.New(t.db, t.policy, s.Files)
	t.do("complaint", func() error {
		t.at(s.day("2026-11-14"), 19, 20)
		made, err := complaints.Complain(t.ctx, rosa, rights.OwnComplaintInput{
			Bases: []string{"national_origin"}, About: "La entrada de la oficina", HappenedOn: s.day("2026-11-13"),
			What: "Fui a la oficina el viernes. En la entrada me dijeron que ahí se habla inglés, y no llamaron a un intérprete. Perdí mi turno.",
		})
		if err != nil {
			return err
		}
		t.at(s.day("2026-11-16"), 10, 0)
		for _, in := range []rights.EventInput{
			{Kind: "acknowledged", Words: "Recibimos su queja. El martes la llamo, con un intérprete.", Shared: true},
			{Kind: "note", Words: "Asked Main Street who was at the front desk on that Friday."},
		} {
			if _, err := complaints.Note(t.ctx, officer, made.ID, in); err != nil {
				return err
			}
		}
		return nil
	})
}
