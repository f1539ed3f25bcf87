package exchange

// readQTIDocument reads a single document of questions of any QTI version.
func readQTIDocument(s source) (Result, error) {
	text, encoding, err := xmlText(s.data)
	if err != nil {
		return Result{}, err
	}
	r := newQTIReader(nil, documentVersion(text))
	r.res.Encoding = encoding
	root, fault := parseQTI(text, "xml", r.question)
	switch {
	case fault != nil && (fault.Code != "file.xml" || len(r.entries) == 0):
		return Result{}, fault
	case fault != nil:
		r.broken(root, "", fault)
	case root.first("assessmenttest") != nil || root.first("assessmentsection") != nil:
		r.walkTest(root, "", "")
	}
	return r.finish()
}
