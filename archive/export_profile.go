package archive

import (
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/igv1/instagram"
)

// The labels of a profile are in the language of the account. These are the ones that are known;
// those of other languages are told by the values.
var (
	usernameLabels = []string{"Username", "Benutzername", "Nutzername", "Nom d’utilisateur", "Nom d'utilisateur", "Nom de profil", "Nombre de usuario",
		"Nome utente", "Nome de usuário", "Nome de utilizador", "Gebruikersnaam", "Användarnamn", "Brukernavn", "Brugernavn",
		"Käyttäjänimi", "Имя пользователя", "Nazwa użytkownika", "Kullanıcı Adı", "Kullanıcı adı", "Uživatelské jméno",
		"ユーザーネーム", "사용자 이름", "用户名", "用戶名稱", "使用者名稱", "उपयोगकर्ता नाम", "Nama pengguna", "اسم المستخدم"}
	nameLabels = []string{"Name", "Nom", "Nombre", "Nome", "Naam", "Namn", "Navn", "Nimi", "Имя", "Nazwa", "Imię", "Ad", "İsim", "Jméno",
		"名前", "이름", "姓名", "नाम", "Nama", "الاسم"}
	bioLabels = []string{"Bio", "Biography", "Steckbrief", "Biografie", "Biographie", "Biografía", "Presentación", "Biografia", "О себе",
		"Biyografi", "自己紹介", "소개", "个人简介", "個人簡介"}
)

// exportProfile reads profile_user of personal_information.json.
func (c *collector) exportProfile(f *found) {
	u := profileOf(f.object, nameInPath(c.file.Name))
	if u == nil {
		c.skip("a profile without a name")
		return
	}
	c.entry(&Entry{Kind: KindUser, User: u, uris: nonEmpty(u.ProfilePicture)})
}

// profileOf makes a user of a profile. The name in the path of the export tells which of the values
// is the username, if there is one.
func profileOf(o object, known string) *instagram.UserInfo {
	u := &instagram.UserInfo{}
	for _, m := range o.object("media_map_data") {
		if picture, err := parseObject(m.value); err == nil && u.ProfilePicture == "" {
			u.ProfilePicture = picture.text("uri")
		}
	}
	rest := map[string]json.RawMessage{}
	at := -1 // which of the values is the username
	var fields []member
	for _, m := range o.object("string_map_data") {
		field, err := parseObject(m.value)
		if err != nil {
			continue
		}
		fields = append(fields, member{m.name, rawString(field.text("value"))})
	}
	for i, m := range fields {
		value := stringOf(m.value)
		switch {
		case known != "" && strings.EqualFold(value, known), slices.Contains(usernameLabels, m.name) && isUsername(value):
			at = i
		}
	}
	for i := 0; at < 0 && i < len(fields); i++ {
		if value := stringOf(fields[i].value); isUsername(value) && strings.ToLower(value) == value && !isNumber(value) {
			at = i
		}
	}
	if at < 0 {
		return nil
	}
	u.Username = stringOf(fields[at].value)
	next := at + 1 // where the name is looked for
	if slices.ContainsFunc(fields, func(m member) bool { return slices.Contains(nameLabels, m.name) }) {
		next = -1
	}
	for i, m := range fields {
		value := stringOf(m.value)
		switch {
		case i == at || value == "":
		case slices.Contains(nameLabels, m.name), i == next && !isLink(value) && !strings.Contains(value, "@"):
			u.FullName = value
		case slices.Contains(bioLabels, m.name):
			u.Bio = value
		case isLink(value) && u.Website == "":
			u.Website = value
		default:
			rest[m.name] = m.value
		}
	}
	if len(rest) > 0 {
		u.Extra = rest
	}
	return u
}

func isNumber(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

func isLink(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "www.")
}

// The names of exports, and of their zips and folders, hold that of the account.
var exportNames = []*regexp.Regexp{
	regexp.MustCompile(`^instagram-([A-Za-z0-9._]{1,30})-20\d\d-?\d\d-?\d\d`),
	regexp.MustCompile(`^([A-Za-z0-9._]{1,30})_20\d{6}(?:_part_\d+)?(?:\.zip)?$`),
}

// nameInPath returns the username in a path, or "".
func nameInPath(name string) string {
	for _, element := range strings.Split(name, "/") {
		for _, pattern := range exportNames {
			if found := pattern.FindStringSubmatch(element); found != nil {
				return found[1]
			}
		}
	}
	return ""
}

// owners are the users that exports are of, by where an export begins.
type owners struct {
	byRoot map[string]instagram.UserShortInfo
	only   instagram.UserShortInfo // if all are one
}

// owner is the user that the export is of that is being read.
func (c *collector) owner() instagram.UserShortInfo {
	known := c.reader.source.owners()
	if u, ok := known.byRoot[rootOf(c.file.Name)]; ok {
		return u
	}
	if name := nameInPath(c.file.Name); name != "" {
		if strings.EqualFold(name, known.only.Username) {
			return known.only
		}
		return instagram.UserShortInfo{Username: name}
	}
	return known.only
}

// folders are the ones that exports have at their top.
var folders = []string{"content", "your_instagram_activity", "personal_information", "account_information", "followers_and_following",
	"connections", "likes", "comments", "media", "saved", "messages", "profile", "photos", "videos", "stories"}

// rootOf returns where the export begins that a file is of.
func rootOf(name string) string {
	elements := strings.Split(name, "/")
	for i, element := range elements[:len(elements)-1] {
		if slices.Contains(folders, element) {
			return strings.Join(elements[:i], "/")
		}
	}
	return path.Dir(name)
}

// maxProfile bounds the files that profiles are looked for in.
const maxProfile = 1 << 20

// findOwners reads the profiles of the exports before all else.
func (s *source) findOwners() owners {
	found := owners{byRoot: map[string]instagram.UserShortInfo{}}
	names := map[string]bool{}
	for _, f := range s.texts {
		base := strings.ToLower(path.Base(f.Name))
		if f.Size > maxProfile || !strings.Contains(base, "personal_information") && !strings.Contains(base, "profile") {
			continue
		}
		if u := readProfile(f); u != nil {
			found.byRoot[rootOf(f.Name)] = *u
			found.only = *u
			names[u.Username] = true
		}
	}
	if len(names) > 1 {
		found.only = instagram.UserShortInfo{}
	}
	return found
}

// readProfile reads a file that may hold the profile of an export.
func readProfile(f *File) *instagram.UserShortInfo {
	file, err := f.openText()
	if err != nil {
		return nil
	}
	defer file.Close()
	text, _, err := decoded(file, f.Name)
	if err != nil {
		return nil
	}
	raw := make([]byte, 0, f.Size)
	raw, err = appendAll(raw, text, maxProfile)
	if err != nil {
		return nil
	}
	o, err := parseObject(rightJSON(raw))
	if err != nil {
		return nil
	}
	if o.has("username") && (o.has("date_joined") || o.has("private_account")) {
		return &instagram.UserShortInfo{Username: o.text("username"), FullName: o.text("name"), ProfilePicture: o.text("profile_pic_url")}
	}
	for _, profile := range objects(o.get("profile_user")) {
		if u := profileOf(profile, nameInPath(f.Name)); u != nil {
			return &instagram.UserShortInfo{Username: u.Username, FullName: u.FullName, ProfilePicture: u.ProfilePicture}
		}
	}
	return nil
}
