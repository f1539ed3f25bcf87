package server

import (
	"context"

	"jingzhong/org"
)

type pictureView struct {
	Hash   string `json:"hash" doc:"A text shows it as ![what it shows](picture:HASH)"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

func (s *Server) uploadPicture(ctx context.Context, by org.Actor, file uploaded) (pictureView, error) {
	p, err := s.cfg.Bank.UploadPicture(ctx, by, file.Name, file.Body)
	return pictureView{p.Hash, p.Width, p.Height}, err
}

type pictureIn struct {
	Hash string `path:"hash" maxLength:"64"`
}

// pictureOut is a picture: never anything else to a browser, kept for good because its address is its content.
type pictureOut struct {
	ContentType string `header:"Content-Type"`
	Cache       string `header:"Cache-Control"`
	Policy      string `header:"Content-Security-Policy"`
	Body        []byte
}

func (s *Server) showPicture(ctx context.Context, by org.Actor, in *pictureIn) (*pictureOut, error) {
	p, err := s.cfg.Contests.ShowPicture(ctx, by, in.Hash)
	return &pictureOut{p.MIME, "private, max-age=31536000, immutable", "sandbox; default-src 'none'", p.Data}, err
}
