// Package archive reads what people hold of Instagram, whatever it is: recorded answers of v1, the
// cassettes of test tools, the exports that Instagram itself makes ("Download your information"),
// lists of the Graph, the files of instaloader. All of it comes out as the models of package
// instagram.
//
//	a, err := archive.Open("pictures", "instagram-mira.solane-2024-05-01.zip")
//	if err != nil { ... }
//	defer a.Close()
//	for item, err := range a.Media(ctx) {
//		if err != nil {
//			log.Print(err) // one entry that could not be read; the loop goes on
//			continue
//		}
//		fmt.Println(item.Value.CreatedTime, item.Value.Link, item.Source.File)
//	}
//	fmt.Print(a.Report())
//
// A path is a file, a folder, a .zip or - for standard input. Files are known by what is in them,
// not by their names: see [Format] for what is read. Compressed files are read as they are, a zip
// without unpacking it, and the parts of one
// export may be given together.
//
// # Reading
//
// An Archive is read in two passes. The first finds out what is there, and which of several entries
// of one id says most: duplicates are dropped, and the fuller one is kept. The second yields the
// entries, in the order of the paths and of the files in them. The first pass is made once for an
// Archive; [KeepDuplicates] does without it.
//
// All cores read; see [Workers]. Memory does not grow with the size of the archive but with the
// number of ids, by 40 to 90 bytes for each; past 16 million of them, further duplicates are not
// noticed, and [Report] says so.
//
// # What is not read
//
// No file stops the others. What could not be read comes as an [*Error] in its place, and is
// counted in the [Report], as is what v1 has no models for, such as messages. [Strict] ends the
// walk at the first error instead.
//
// Nothing outside the paths is opened, whatever the files say: no link on disk is followed, and a
// picture is looked for among the files of the archive alone.
//
// # More formats
//
// Formats that need other modules are modules too, and register themselves when they are imported:
// archive/yaml reads cassettes in YAML, archive/xz the .json.xz of instaloader.
//
//	import _ "github.com/igv1/instagram/archive/yaml"
package archive
