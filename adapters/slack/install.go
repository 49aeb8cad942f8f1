package slack

import "net/http"

func (s *Slack) install(w http.ResponseWriter, r *http.Request) {}
func (s *Slack) oauth(w http.ResponseWriter, r *http.Request)   {}
