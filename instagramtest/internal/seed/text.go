package seed

import (
	"slices"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

// What the seeded people are called and what they write is invented. It covers the scripts and the
// oddities that clients meet: right to left, combining marks, emoji of several code points, quotes,
// newlines, markup.

var givenNames = []string{
	"Mira", "Tilo", "Anouk", "Bastian", "Carmo", "Dilara", "Eskil", "Fenna", "Gaspar", "Hanae", "Ilko", "Jorun",
	"Kaveh", "Lumi", "Matteus", "Nandi", "Orla", "Pavlo", "Quirin", "Romy", "Sefa", "Tamsin", "Ulrike", "Vito",
	"Wanja", "Xenia", "Yuna", "Zoltan",
}

var familyNames = []string{
	"Solane", "Brandvik", "Corvela", "Dunmere", "Eisfeld", "Farrowby", "Galvan", "Holloway", "Ibarrola", "Jansky",
	"Kestrel", "Lindqvist", "Marchetti", "Novalis", "Ostrander", "Pellucid", "Quillan", "Ravenna", "Sorbier", "Tamura",
	"Umbra", "Vesterby", "Wolfram", "Yardley", "Zephyr",
}

// nativeNames replace the full name of some users by one in another script.
var nativeNames = []string{
	"Мира Соловьёва", "ليلى الفجر", "花見はな", "Ζωή Θαλασσινή", "김하늘빛", "मीरा सागर", "שירה גלים", "李晓月",
	"Åse Øverby", "Đặng Mây", "ณดา ทะเล", "Mira ☀️ & Co.", "",
}

var bios = []string{
	"Coffee, light, long walks.", "", "Film only. Mostly.", "Берег, туман и кот.", "写真とおやつ 📷🍡", "نصوّر ما لا يُقال",
	"she said \"one more photo\" 🙃", "Köche & Küche · über alles", "a < b && b > c", "📍 here, then there\n✉️ by pigeon",
	"Rien ne presse.", "👩‍👩‍👧‍👦 + 🐕", "Trail maps / bread / C:\\photos",
}

var filters = []string{
	"Normal", "Normal", "Normal", "Clarendon", "Earlybird", "X-Pro II", "Lo-fi", "Valencia", "Amaro", "Mayfair", "Rise",
	"Hudson", "Sierra", "Willow", "Inkwell", "Nashville", "1977", "Hefe", "Kelvin", "Toaster", "Walden", "Brannan", "Sutro",
}

var attributions = []world.Attribution{
	{Name: "Lantern Camera", Website: "http://lantern.example", ITunesURL: "http://itunes.example/app/lantern"},
	{Name: "Gridwork", Website: "http://gridwork.example/about?from=media&lang=en", ITunesURL: "http://itunes.example/app/gridwork"},
}

var captions = []string{
	"Golden hour on the way home #sunset #goldenhour #sky",
	"First coffee of the day ☕️ #coffee #morning #slowliving",
	"Inside the new truck #foodtruck #lunch",
	"No filter needed. #nofilter #snowy #winter",
	"Saturday market, before the crowds #market #streetphotography #nofilter",
	"She said \"just one more\" and took forty. #outtakes",
	"Backlit leaves \\ broken umbrella / all good #rain #nofilter",
	"Morning run, 5 < 10 & that's fine #run #morning",
	"Weekend.\n\n.\n.\n#weekend #friends #sunset",
	"Back on the bike 🚲 #cycling #sky",
	"Bread number 41 came out alright 🍞 #baking #slowliving",
	"Über den Dächern, spät im Jahr #über #dächer #sonnenuntergang",
	"Frühstück für zwei ☕️🥐 #frühstück #coffee",
	"L'été à Paris, enfin #été #paris #sunset",
	"Un café, l'addition et la pluie #café #paris",
	"Otoño en el parque 🍂 #otoño #parque #nofilter",
	"Domingo de praia 🌊 #praia #verão #sunset",
	"Закат над рекой #закат #река #небо",
	"Кот снова занял кресло 🐈 #кот #дом",
	"Перший сніг і тиша #сніг #зима",
	"غروب هادئ على البحر #غروب #بحر",
	"قهوة الصباح مع الأصدقاء ☕️ #قهوة #صباح",
	"夕焼けがきれいだった #夕焼け #空 #sunset",
	"今日のおやつは抹茶パフェ🍵 #おやつ #カフェ",
	"桜がもう少しで満開🌸 #桜 #春",
	"골목길 산책 #산책 #서울",
	"周末的早晨,一杯茶 #早晨 #茶",
	"समुद्र के किनारे एक शाम #शाम #समुद्र",
	"Θάλασσα, αλάτι, φως #θάλασσα #sunset",
	"שקיעה על הגג #שקיעה #sky",
	"พระอาทิตย์ตกที่ริมน้ำ #พระอาทิตย์ตก #sunset",
	"İstanbul'da yağmur #istanbul #yağmur",
	"🌅",
	"👩‍👩‍👧‍👦🏳️‍🌈🇯🇵 #family #love",
	"😂😂😂 you had to be there",
	"e\u0301te\u0301 with combining marks, été without #nofilter",
	"Line one\nLine two\tand a tab",
	"<b>not bold</b> &amp; <script>alert('hi')</script> #html",
	"Separators\u2028and\u2029paragraphs #unicode",
	"A very long walk: " + longWalk,
}

// captionTags are the tags of the captions.
var captionTags = func() [][]string {
	tags := make([][]string, 0, len(captions))
	for _, text := range captions {
		tags = append(tags, slices.Clip(world.TagsIn(text)))
	}
	return tags
}()

const longWalk = "down to the harbour, past the ferry that never leaves on time, along the wall where the fishermen keep " +
	"their radios, up the ninety-nine steps (I counted, twice), through the garden of the closed hotel, over the hill with " +
	"the two pines, and home again by the road that everybody says is shorter and that has never once been shorter. " +
	"Would do it again tomorrow. #walk #slowliving #sky"

var remarks = []string{
	"Beautiful!", "Where is this?", "😍😍😍", "Love the light #goldenhour", "So good to see you there", "Как красиво!",
	"رائع", "きれい!", "Schön!", "Magnifique 👏", "haha, classic", "Need that recipe", "예쁘다", "Que lindo 💙",
	"Same place, 2009: http://example.com/2009", "The \"best\" one so far", "I was *just* there", "👀", "Ωραίο!", "¿Cuándo volvemos?",
}
