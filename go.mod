module github.com/igv1/instagram

go 1.26.0
