package server

import (
	"io"
	"net/http"

	"waymark/internal/access"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/document"
	"waymark/internal/msg"
	"waymark/internal/page"
	documentpage "waymark/web/page/document"
)

func (s *Server) documentRoutes() {
	s.page("GET", "/cases/:case/documents", (*request).showDocuments)
	s.upload("/cases/:case/documents", (*request).addDocument)
	s.page("GET", "/cases/:case/documents/:document", (*request).showDocument)
	s.page("GET", "/cases/:case/documents/:document/file", (*request).fetchDocument)
	s.button("/cases/:case/documents/:document/seen", (*request).seeDocument)
	s.page("POST", "/cases/:case/documents/:document/archive", (*request).archiveDocument)
	s.page("GET", "/me/documents", (*request).showMyDocuments)
	s.upload("/me/documents", (*request).sendMyDocument)
	s.page("GET", "/me/documents/:document/file", (*request).fetchMyDocument)

	s.api("GET", "/cases/:case/documents", (*request).apiDocuments)
	s.uploadAPI("/cases/:case/documents", (*request).apiAddDocument)
	s.api("GET", "/cases/:case/documents/:document/file", (*request).fetchDocument)
	s.action("POST", "/cases/:case/documents/:document/seen", (*request).apiSeeDocument)
	s.api("POST", "/cases/:case/documents/:document/archive", (*request).apiArchiveDocument)
	s.api("GET", "/me/documents", (*request).apiMyDocuments)
	s.uploadAPI("/me/documents", (*request).apiSendMyDocument)
	s.api("GET", "/me/documents/:document/file", (*request).fetchMyDocument)
}

func documentsPath(caseID access.CaseID) string { return casePath(caseID, "/documents") }

func (r *request) showDocuments() error { return r.showDocumentsWith(nil) }

func (r *request) showDocumentsWith(refused error) error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	of, list, err := r.s.document.List(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	c := r.chrome("caseload", "document.title_of", msg.Args{"name": of.Name()})
	f := page.NewForm(c, "document", documentsPath(caseID), document.Input{Visibility: document.Shared})
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	v := documentpage.List{Chrome: c, Case: of, List: list, Form: f, MayWrite: c.May(access.WriteDocument)}
	return r.show(status, c, v.Body())
}

func (r *request) addDocument() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in document.Input
	if err = r.bindUpload(&in); err == nil {
		_, err = r.s.document.Add(r.ctx(), r.by, caseID, in, r.file)
	}
	if correctable(err) {
		return r.showDocumentsWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("document.saved", documentsPath(caseID))
}

// ofCase is the case and the document that the address names.
func (r *request) ofCase() (caseID access.CaseID, documentID document.ID, err error) {
	if caseID, err = r.caseID(); err == nil {
		documentID, err = param[document.Document](r, "document")
	}
	return caseID, documentID, err
}

func (r *request) showDocument() error { return r.showDocumentWith(nil) }

func (r *request) showDocumentWith(refused error) error {
	caseID, documentID, err := r.ofCase()
	if err != nil {
		return err
	}
	of, d, err := r.s.document.Get(r.ctx(), r.by, caseID, documentID)
	if err != nil {
		return err
	}
	return r.documentPage(of, d, refused)
}

func (r *request) documentPage(of casefile.Case, d document.Document, refused error) error {
	c := r.chrome("caseload", "document.one_of", msg.Args{"name": of.Name()})
	f := page.NewForm(c, "archive_document", documentsPath(of.ID)+"/"+d.ID.String()+"/archive", nil)
	f.Version = d.Version
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	v := documentpage.One{Chrome: c, Case: of, Doc: d, Form: f, MayWrite: c.May(access.WriteDocument)}
	return r.show(status, c, v.Body())
}

func (r *request) fetchDocument() error {
	caseID, documentID, err := r.ofCase()
	if err != nil {
		return err
	}
	_, d, err := r.s.document.Get(r.ctx(), r.by, caseID, documentID)
	if err != nil {
		return err
	}
	return r.sendDocument(d)
}

func (r *request) sendDocument(d document.Document) error {
	on := civil.Of(r.by.Local(d.UploadedAt))
	return r.sendFile(d.Name(on), d.Media, d.Size, func() (io.ReadCloser, error) { return r.s.document.Content(r.by, d) })
}

func (r *request) seeDocument() error {
	caseID, documentID, err := r.ofCase()
	if err != nil {
		return err
	}
	if _, err := r.s.document.Seen(r.ctx(), r.by, caseID, documentID); err != nil {
		return err
	}
	return r.done("document.was_seen", documentsPath(caseID))
}

func (r *request) archiveDocument() error {
	caseID, documentID, err := r.ofCase()
	if err != nil {
		return err
	}
	version, err := r.version()
	var in document.ArchiveInput
	if err == nil {
		err = r.bind(&in)
	}
	if err == nil {
		_, err = r.s.document.Archive(r.ctx(), r.by, caseID, documentID, version, in)
	}
	if correctable(err) {
		return r.showDocumentWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("document.was_archived", documentsPath(caseID))
}

func (r *request) showMyDocuments() error { return r.showMyDocumentsWith(nil) }

func (r *request) showMyDocumentsWith(refused error) error {
	list, err := r.s.document.Own(r.ctx(), r.by)
	if err != nil {
		return err
	}
	home, err := r.s.portal.Home(r.ctx(), r.by)
	if err != nil {
		return err
	}
	c := r.chrome("documents", "my_documents.title")
	f := page.NewForm(c, "my_document", "/me/documents", nil)
	status := http.StatusOK
	if refused != nil {
		status, c.Failed, f = statusOf(refused), true, f.Refused(r.posted, refused)
	}
	return r.show(status, c, documentpage.Mine{Chrome: c, List: list, Form: f, Helper: home.Helper.FirstName}.Body())
}

func (r *request) sendMyDocument() error {
	var in document.OwnInput
	err := r.bindUpload(&in)
	if err == nil {
		_, err = r.s.document.AddOwn(r.ctx(), r.by, in, r.file)
	}
	if correctable(err) {
		return r.showMyDocumentsWith(err)
	}
	if err != nil {
		return err
	}
	return r.done("my_documents.sent", "/me/documents")
}

func (r *request) fetchMyDocument() error {
	documentID, err := param[document.Document](r, "document")
	if err != nil {
		return err
	}
	d, err := r.s.document.Owned(r.ctx(), r.by, documentID)
	if err != nil {
		return err
	}
	return r.sendDocument(d)
}

func (r *request) apiDocuments() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	_, list, err := r.s.document.List(r.ctx(), r.by, caseID)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiAddDocument() error {
	caseID, err := r.caseID()
	if err != nil {
		return err
	}
	var in document.Input
	if err := r.bindUpload(&in); err != nil {
		return err
	}
	d, err := r.s.document.Add(r.ctx(), r.by, caseID, in, r.file)
	if err != nil {
		return err
	}
	return r.created("/api/v1"+documentsPath(caseID)+"/"+d.ID.String()+"/file", d)
}

func (r *request) apiSeeDocument() error {
	caseID, documentID, err := r.ofCase()
	if err != nil {
		return err
	}
	d, err := r.s.document.Seen(r.ctx(), r.by, caseID, documentID)
	if err != nil {
		return err
	}
	return r.versioned(d.Version).json(http.StatusOK, d)
}

func (r *request) apiArchiveDocument() error {
	caseID, documentID, err := r.ofCase()
	if err != nil {
		return err
	}
	version, err := r.version()
	if err != nil {
		return err
	}
	var in document.ArchiveInput
	if err := r.bind(&in); err != nil {
		return err
	}
	d, err := r.s.document.Archive(r.ctx(), r.by, caseID, documentID, version, in)
	if err != nil {
		return err
	}
	return r.versioned(d.Version).json(http.StatusOK, d)
}

func (r *request) apiMyDocuments() error {
	list, err := r.s.document.Own(r.ctx(), r.by)
	if err != nil {
		return err
	}
	return r.list(list, nil)
}

func (r *request) apiSendMyDocument() error {
	var in document.OwnInput
	if err := r.bindUpload(&in); err != nil {
		return err
	}
	d, err := r.s.document.AddOwn(r.ctx(), r.by, in, r.file)
	if err != nil {
		return err
	}
	return r.created("/api/v1/me/documents/"+d.ID.String()+"/file", d)
}
