package server

import (
	"net/url"
	"path"
)

// The media types of the files we hand out.
const (
	mediaXLSX  = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	mediaAny   = "application/octet-stream" // in the documentation: the format decides
	mediaImage = "image/*"
	mediaPEM   = "application/x-x509-ca-cert"
)

// fileOut is a file, always as an attachment so that no browser renders it in our origin.
type fileOut struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func workbook(name string, body []byte) *fileOut {
	return &fileOut{ContentType: mediaXLSX, Disposition: attachment(name), Body: body}
}

// attachment names the file in a way that survives Chinese names (RFC 6266, RFC 5987).
func attachment(name string) string {
	return "attachment; filename=\"download" + path.Ext(name) + "\"; filename*=UTF-8''" + url.PathEscape(name)
}
