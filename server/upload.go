package server

import (
	"io"
	"mime/multipart"

	"github.com/gofiber/fiber/v2"
)

// uploaded is one received file, in memory; upload routes take at most uploadBodyLimit.
type uploaded struct {
	Name        string // as the client named it; for showing only, never a path
	Body        []byte
	CreateUnits bool // the form's createUnits=true, for imports of people
}

// uploadOf reads the one file of a multipart form, the part "file".
func uploadOf(c *fiber.Ctx) (uploaded, error) {
	header, err := c.FormFile("file")
	if err != nil {
		return uploaded{}, errNoFile.At("file")
	}
	body, err := readPart(header)
	if err != nil {
		return uploaded{}, err
	}
	return uploaded{Name: header.Filename, Body: body, CreateUnits: c.FormValue("createUnits") == "true"}, nil
}

func readPart(header *multipart.FileHeader) (body []byte, err error) {
	f, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, uploadBodyLimit))
}
